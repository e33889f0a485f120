"""The ledger: from YAML files to records that hold, and the documents that they cite."""
