"""Proof by mutation: what is wrong with the book by one fact is found, and it is known by what.

`python -m tests.proof` (or `make prove`) makes one mutant after the other: a value, bound, period,
scope, base or condition of a record, an operator, a figure or a typed number in a notebook, an
output that no execution has made, the data of a chart. Each is put before the checks of the book:
the record alone, the documents, nbval, the audit of the pages, the record of a notebook's outputs.
A mutant that none of them finds has survived, and `survivors.yml` must say why it may.
"""
