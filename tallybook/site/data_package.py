"""The ledger as a Data Package, version 2 of the standard: what its tables are, and of whom.

`datapackage.json` lies beside the tables that it describes, each as CSV and as Parquet. Nothing in
it is of the day or the machine, so that the audit can make it again and compare.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tallybook.files import write
from tallybook.ledger.ledger import Ledger
from tallybook.site.citations import Edition
from tallybook.site.data_tables import TABLES, DataTable, Details, as_csv, as_parquet

FOLDER = "data"
NAME = "datapackage.json"
FILES = (NAME, *(path for table in TABLES.values() for path in table.paths))
MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


def described(ledger: Ledger, edition: Edition, files: Mapping[str, bytes]) -> str:
    """The description of the package, given the contents of its tables' files by their names."""
    package: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": edition.key,
        "id": edition.at(f"{FOLDER}/{NAME}"),
        "title": edition.title,
        "homepage": edition.base,
        "version": edition.version,
        "contributors": [{"title": edition.author, "roles": ["author"]}] if edition.author else [],
        "licenses": _licences(edition),
        "sources": [
            {"title": source.title, **({"path": source.address} if source.address else {})}
            for source in ledger.sources.values()
        ],
        "resources": [
            each for table in TABLES.values() for each in _resources(table, ledger, files)
        ],
    }
    given = {name: value for name, value in package.items() if value}
    return json.dumps(given, ensure_ascii=False, indent=1) + "\n"


def _licences(edition: Edition) -> list[dict[str, str]]:
    if not edition.licence:
        return []
    if edition.licence == edition.licence_address:
        return [{"path": edition.licence_address}]
    return [{"name": edition.licence, "path": edition.licence_address}]


def _resources(
    table: DataTable, ledger: Ledger, files: Mapping[str, bytes]
) -> Iterator[dict[str, Any]]:
    of_csv, of_parquet = table.paths
    yield {
        **_file(table.name, of_csv, files[of_csv]),
        "title": table.title,
        "encoding": "utf-8",
        "bytes": len(files[of_csv]),
        "schema": table.schema(ledger),
    }
    # Its types are in the file. Validators count no bytes of Parquet, and take nulls for numbers.
    same = {
        "title": table.title,
        "description": f"The same as {of_csv}, with the types of columns.",
    }
    yield {**_file(f"{table.name}-parquet", of_parquet, files[of_parquet]), **same}


def _file(name: str, path: str, content: bytes) -> dict[str, Any]:
    ending = path.rpartition(".")[2]
    return {
        "name": name,
        "path": path,
        "type": "table",
        "format": ending,
        "mediatype": MEDIA_TYPES[ending],
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def write_files(site: Path, ledger: Ledger, details: Details, edition: Edition) -> None:
    """Write the package into a site: a Parquet file where its CSV is not the one that is there."""
    files: dict[str, bytes] = {}
    for table in TABLES.values():
        text = as_csv(table, ledger, details)
        of_csv, of_parquet = (site / FOLDER / path for path in table.paths)
        # A site that another version of the library made is made afresh (`build_state`).
        is_there = of_parquet.is_file() and of_csv.is_file()
        if not is_there or of_csv.read_bytes() != text.encode():
            write(of_parquet, as_parquet(table, text))
            write(of_csv, text)
        files |= {path.name: path.read_bytes() for path in (of_csv, of_parquet)}
    write(site / FOLDER / NAME, described(ledger, edition, files))
