"""The command `tallybook`."""
