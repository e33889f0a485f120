"""The settings of a book: what `_config.yml` says, checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook.ledger import yaml


@dataclass(frozen=True)
class ExecutionSettings:
    """How notebooks are executed.

    `timeout` is how many seconds a cell may run: infinity where the settings have -1, which is no
    limit, and None where they name none.
    """

    timeout: float | None = None


def execution(root: Path) -> ExecutionSettings:
    """How the settings of a book want its notebooks executed; as if they said nothing where they
    cannot be read.

    >>> execution(Path("no-such-book"))
    ExecutionSettings(timeout=None)
    """
    tree, _ = yaml.read(root / "_config.yml", "_config.yml")
    below: Any = tree.get("execute") if isinstance(tree, dict) else None
    given = below.get("timeout") if isinstance(below, dict) else None
    try:
        seconds = float(given) if isinstance(given, yaml.Plain) else None
    except ValueError:
        seconds = None
    return ExecutionSettings(math.inf if seconds is not None and seconds < 0 else seconds)
