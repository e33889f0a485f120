"""The command: measure the book around the working folder, and print the table."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from benchmarks import measure, table
from tallybook import loading


def main() -> None:
    """Print the table. The documents are those in the folder that TALLYBOOK_SOURCES names."""
    folder = os.environ.get("TALLYBOOK_SOURCES")
    results = measure.everything(loading.find_book(), Path(folder) if folder else None)
    sys.stdout.write(table.text(results))


if __name__ == "__main__":
    main()
