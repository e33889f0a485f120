"""The command: measure the book around the working folder, and print the table."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks import measure
from tallybook import loading


def main() -> None:
    """Print what is measured as it comes, and then the table."""
    documents = os.environ.get("TALLYBOOK_SOURCES")
    results = measure.everything(loading.find_book(), Path(documents) if documents else None)
    sys.stdout.write(measure.table(results))


if __name__ == "__main__":
    main()
