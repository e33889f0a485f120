"""One at a time: what executes notebooks or builds the site of a book holds the book's lock.

The second one waits. The system takes the lock from a process that ends, however it ends, and what
it has started does not have it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where authors see to it themselves
    fcntl = None  # type: ignore[assignment]

_HELD: dict[Path, int] = {}  # by this process: their files
_WAITING = "Waiting for {who}, which is at work on this book."


@contextmanager
def held(book: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """Hold the lock of a book; a process that holds it already goes on.

    `tell` is told whom it waits for, if it does. Raises OSError.
    """
    book = book.resolve()
    if book in _HELD or fcntl is None:
        yield
        return
    handle = _opened(book / "_build" / ".lock")
    try:
        _take(handle, tell)
        _HELD[book] = handle
        yield
    finally:
        _HELD.pop(book, None)
        os.close(handle)


def _opened(path: Path) -> int:
    path.parent.mkdir(exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _take(handle: int, tell: Callable[[str], object]) -> None:
    # A record lock belongs to the process: unlike that of flock(2), no forked worker keeps it.
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        holder = os.pread(handle, 20, 0).decode(errors="replace").strip()
        tell(_WAITING.format(who=f"process {holder}" if holder else "another process"))
        fcntl.lockf(handle, fcntl.LOCK_EX)
    os.pwrite(handle, f"{os.getpid():<20}".encode(), 0)
