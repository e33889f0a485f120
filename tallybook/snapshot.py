"""Files as they were at a moment, to tell later which of them were changed since.

Sizes and times are compared for being the same, never for being later: clocks are set back, too.
"""

from __future__ import annotations

from pathlib import Path
from time import time

from tallybook.files import files

State = tuple[int, int] | None  # size and time; None of a file that is not there


class Snapshot:
    """The files of some folders as they are now."""

    def __init__(self, *folders: Path) -> None:
        self._began = time()
        found = (entry.path for folder in folders for entry in files(folder))
        self._states = {path: state_of(path) for path in found}

    def state(self, path: str) -> State:
        """A file as it was then; one that was elsewhere, or not there, as it is now."""
        return self._states[path] if path in self._states else state_of(path)

    def is_changed(self, path: Path) -> bool:
        """Whether a file is not as it was, or, elsewhere, its time says so."""
        if str(path) in self._states:
            return self._states[str(path)] != state_of(str(path))
        state = state_of(str(path))
        return state is not None and self._began < state[1] / 1e9 <= time()


def state_of(path: str) -> State:
    """A file as it is now."""
    try:
        stat = Path(path).stat()
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns
