"""The ledger: YAML files, the records in them with their checks, and the documents they cite."""
