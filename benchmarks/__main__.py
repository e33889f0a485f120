"""The command: measure the book around the working folder, and print the table."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from benchmarks import browser, measure, table
from tallybook import loading


def main() -> None:
    """Print the table. The documents are those in the folder that TALLYBOOK_SOURCES names."""
    folder = os.environ.get("TALLYBOOK_SOURCES")
    root = loading.find_book()
    results = measure.everything(root, Path(folder) if folder else None)
    sys.stdout.write(table.text(results))
    if shutil.which("chromium"):
        sys.stdout.write(table.paints(browser.largest_paints(root)))


if __name__ == "__main__":
    main()
