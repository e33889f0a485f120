"""The audit of a built site: each of its numerals comes from a record, by identity."""
