"""The budgets of the built site, checked in headless Chromium and in its files.

Each check takes a page or a file and gives a list of problems; `tests/browser/test_checks.py` shows
that each one finds its fault.
"""
