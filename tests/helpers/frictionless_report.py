"""What frictionless says of a data package, without the network: its faults, and the rows it read.

`python -m tests.helpers.frictionless_report data/datapackage.json`, in a process of its own: it
imports half a second of libraries.
"""

from __future__ import annotations

import socket
import sys
from typing import Any


def _refuse(*_: Any) -> None:
    raise OSError("a package is whole without the network")


if __name__ == "__main__":
    socket.socket.connect = _refuse  # type: ignore[method-assign, assignment]
    from frictionless import Package

    report = Package(sys.argv[1]).validate()
    for each in report.flatten(["title", "message"]):
        print(*each, sep=": ")
    print(sum(task.stats["rows"] for task in report.tasks), "rows")
