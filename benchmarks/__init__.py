"""How long the ledger's work takes and how much memory it needs, at its real size and far beyond.

`python -m benchmarks`, or `make bench`, measures and prints one table.
"""
