"""What the ledger's work costs, at its real size and far beyond, and what an author waits for.

`python -m benchmarks`, or `make bench`, measures and prints tables.
"""
