"""A process in which something goes wrong when it does something to files for the n-th time.

Python tells an audit hook of what a process is about to do: there it is killed, refused, or a file
is edited behind its back. What the process starts goes on as ever.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_EVENTS = {
    "open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate",
    "shutil.copyfile", "shutil.rmtree", "ctypes.dlsym",
}  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Faults:
    """Has something done at each moment, from 1, at which files below a folder are to change."""

    def __init__(self, folder: Path, at: Callable[[int], None]) -> None:
        self._folder, self._at = str(folder), at
        self._count = 0
        self._is_busy = False  # with a fault, which may change files itself

    def begin(self) -> None:
        """From now on; there is no way to end it."""
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in _EVENTS or self._is_busy or not self._is_a_change(event, arguments):
            return
        self._count += 1
        self._is_busy = True
        try:
            self._at(self._count)
        finally:
            self._is_busy = False

    def _is_a_change(self, event: str, arguments: tuple[object, ...]) -> bool:
        if event == "ctypes.dlsym":
            return arguments[1] == "renameat2"
        if event == "open" and not int(str(arguments[2])) & _WRITES:
            return False
        if event in ("os.remove", "os.rmdir") and arguments[1] not in (None, -1):
            return True  # by a name in a folder that is open, as whole folders are removed
        return any(str(each).startswith(self._folder) for each in arguments[:2])


def killed_at(number: int) -> Callable[[int], None]:
    """Killed at one moment."""

    def fault(now: int) -> None:
        if now == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return fault


def refused_at(number: int, *, ever_since: bool) -> Callable[[int], None]:
    """The disk is full at one moment, or ever since."""

    def fault(now: int) -> None:
        if now == number or (ever_since and now > number):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return fault


def edited_at(number: int, edit: Callable[[], None]) -> Callable[[int], None]:
    """A file is edited at one moment."""

    def fault(now: int) -> None:
        if now == number:
            edit()

    return fault
