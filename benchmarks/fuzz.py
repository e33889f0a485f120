"""Hostile input for every target, by both engines, each in a process of its own.

Of the inputs of a target Hypothesis makes a tenth, from the structure of its seeds, and atheris the
others, from the branches that they reach.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.fuzz_targets import TARGETS
from benchmarks.table import aligned

INPUTS = 100_000
SEED = 2_018
_IN_BETWEEN = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:]).returncode)"
_SHARES = {"hypothesis": 0.1, "atheris": 0.9}


@dataclass(frozen=True, slots=True)
class Run:
    """What one engine found at one target; `failures` are the shortest inputs by place."""

    target: str
    engine: str
    inputs: int
    failures: dict[str, bytes]
    slowest: float
    slowest_input: bytes
    peak: float

    def row(self) -> list[str]:
        """Its cells in the table."""
        slowest = f"{1000 * self.slowest:.0f} ms"
        count = str(len(self.failures))
        return [self.target, self.engine, f"{self.inputs:,}", count, slowest, f"{self.peak:.0f} MB"]


class EngineFailed(Exception):
    """An engine ended without a result."""


def runs(names: tuple[str, ...] = (), number: int = INPUTS, seed: int = SEED) -> Iterator[Run]:
    """Feed each target, or those named, with so many inputs."""
    for name in names or tuple(TARGETS):
        for engine, share in _SHARES.items():
            yield run(name, engine, max(1, round(number * share)), seed)


def run(name: str, engine: str, number: int, seed: int = SEED) -> Run:
    """Feed one target by one engine. Raises EngineFailed."""
    command = [sys.executable, "-m", "benchmarks.fuzz_process", engine, name]
    command += [str(number), str(seed)]
    # A new process counts in its peak what the one that began it held; this one holds nothing.
    command = [sys.executable, "-c", _IN_BETWEEN, *command]
    ended = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if ended.returncode != 0 or not ended.stdout.strip():
        raise EngineFailed(f"{engine}, {name}: {ended.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    failures = {place: b64decode(raw) for place, raw in told["failures"].items()}
    return Run(
        name, engine, told["inputs"], failures, told["slowest"],
        b64decode(told["slowest_input"]), told["peak"],
    )  # fmt: skip


def text(found: list[Run]) -> str:
    """The table, and below it each failure with the shortest input that showed it."""
    head = ["target", "engine", "inputs", "failures", "slowest", "peak memory"]
    lines = [*aligned([head, *(one.row() for one in found)])]
    for one in found:
        for place, raw in one.failures.items():
            lines += ["", f"{one.target}: {place}", f"  {raw[:300]!r}"]
    return "\n".join([*lines, ""])
