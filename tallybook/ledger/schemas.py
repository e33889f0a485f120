"""The JSON Schemas of the data files, made from the records, for editors to complete by."""

from __future__ import annotations

import json
from pathlib import PurePath

from pydantic import TypeAdapter

from tallybook.ledger.records import FILES


def texts() -> dict[str, str]:
    """For each kind of data file, the name of its schema and the schema's text."""
    found = {}
    for name, model in FILES.items():
        stem = PurePath(name).parts[0].removesuffix(".yml")
        schema = TypeAdapter(list[model]).json_schema()  # type: ignore[valid-type]
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = f"data/{name}"
        found[f"{stem}.schema.json"] = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    return found
