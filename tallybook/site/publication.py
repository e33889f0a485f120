"""A built folder published in place of another one: whole, at once, or not at all.

What is published is a folder of its own, which is made beside the old one and exchanged with it.
It shares no file with the folder that is built in, so that a build never changes what is published;
what has not changed it takes over from the old one, as a link.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path

from tallybook.files import states_below, write

_NOT_PUBLISHED = {".buildinfo"}  # what Sphinx keeps for itself, of paths and settings
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP)
_NO_LINK = (errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS)
State = list[int]  # of a file, as JSON has it


class Publication:
    """A folder `built` as it is published at `site`; `kept` is a file to remember that by."""

    def __init__(self, built: Path, site: Path, kept: Path) -> None:
        self._built, self._site, self._kept = built, site, kept
        self._next = site.with_name(f".{site.name}-next")
        self._old = site.with_name(f".{site.name}-old")

    def changed(self) -> list[str]:
        """The files of the built folder that are otherwise published, or not at all."""
        published, known = _states(self._site), self._known()
        found = _states(self._built).items()
        return [name for name, state in found if known.get(name) != [state, published.get(name)]]

    def publish(self) -> None:
        """Exchange what is published for what is built. Raises OSError, and all is as it was."""
        self.recover()
        states, changed = _states(self._built), set(self.changed())
        if changed or set(states) != set(_states(self._site)):
            self._make_next(states, changed)
            self._exchange()
        published = _states(self._site)
        known = {name: [state, published[name]] for name, state in states.items()}
        write(self._kept, json.dumps(known))
        shutil.rmtree(self._next, ignore_errors=True)

    def recover(self) -> None:
        """Put in order what a process left that was ended while it published. Raises OSError."""
        if self._old.exists() and not self._site.exists():
            self._old.rename(self._site)
        for left in (self._next, self._old):
            if left.exists():
                shutil.rmtree(left)

    def _known(self) -> dict[str, list[State]]:
        try:
            found = json.loads(self._kept.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _make_next(self, states: dict[str, State], changed: set[str]) -> None:
        made: set[Path] = set()
        for name in states:
            path = self._next / name
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            if name in changed and not self._is_same(name):
                shutil.copyfile(self._built / name, path)
            else:
                _link(self._site / name, path)

    def _is_same(self, name: str) -> bool:
        """Whether a file that was written again says what is published."""
        one, other = self._built / name, self._site / name
        if not other.is_file() or one.stat().st_size != other.stat().st_size:
            return False
        return one.read_bytes() == other.read_bytes()

    def _exchange(self) -> None:
        if not self._site.exists():
            self._next.rename(self._site)
        elif not _exchanged(self._next, self._site):
            # For a moment there is none; one that is ended in it is recovered by the next.
            self._site.rename(self._old)
            self._next.rename(self._site)
            shutil.rmtree(self._old)


def _states(folder: Path) -> dict[str, State]:
    """The state of each file that is published, by its path in the folder."""
    found = states_below(folder).items()
    return {name: list(now) for name, now in found if name not in _NOT_PUBLISHED}


def _link(there: Path, path: Path) -> None:
    try:
        os.link(there, path)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        shutil.copy2(there, path)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system has exchanged two folders at once; not every one can. Raises OSError."""
    import ctypes  # noqa: PLC0415  # what has nothing to publish is quicker without

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    paths = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    if rename(*paths, _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))
