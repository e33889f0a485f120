"""A book's files: find, list, state (has it changed), write whole, lock; what git says of them.

Whether a file has changed is told by its state, which is its size and time. States are compared for
being the same, never for being later, because clocks are set back too.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time

from tallybook.errors import BookNotFound, NoRevision

try:
    import fcntl
except ImportError:  # Windows, where authors see to it themselves
    fcntl = None  # type: ignore[assignment]

PACKAGE = Path(__file__).parent  # this package, with its theme and templates
ABSENT, EDITED = "absent", "edited meanwhile"  # in place of a digest
State = tuple[int, int]  # size in bytes, and time of the last change in nanoseconds
_LEFT_OUT = ("_build", "__pycache__", "node_modules")
_BUILT = ("_build", "_build/html")
_FILE, _FOLDER, _RING = "file", "folder", "ring"
_WRITTEN_IN = ("data", "notebooks")
_TEMPORARY = re.compile(r"\..+-[a-z0-9_]{8}\.tmp")  # as `write` names them
_LOCKS: dict[Path, int] = {}  # the books that this process holds, with the lock file's descriptor
_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # set where a hook of git runs
UNKNOWN = "unknown"
# What is built into the book's own folder is no change of it.
_STATUS = ("status --porcelain=v2 --branch --untracked-files=normal -- . :(exclude)_build").split()
_TRACKED = "ls-files --error-unmatch -- _config.yml".split()
_WAITING = "Waiting for {who}, which is at work on this book."


def version() -> str:
    """The version of tallybook that is installed.

    >>> version().split(".")[0].isdigit()
    True
    """
    from importlib import metadata  # noqa: PLC0415  # takes as long as all other imports here

    return metadata.version("tallybook")


def find_book(folder: Path | None = None) -> Path:
    """The root of the book in `folder`; without one, of the nearest from the working folder up.

    Raises BookNotFound.

    >>> find_book(Path("tests/books/kettles")).name
    'kettles'
    """
    try:
        start = (folder or Path.cwd()).resolve()
        for place in (start,) if folder else (start, *start.parents):
            if (place / "_config.yml").is_file() and (
                (place / "data").is_dir() or (place / "_toc.yml").is_file()
            ):
                return place
    except (OSError, RuntimeError) as error:
        raise BookNotFound(f"{str(folder)[:80]!r} is no folder: {error}"[:200]) from None
    where = f"in {start}" if folder else f"in {start} or above"
    raise BookNotFound(f"no book {where}: expected a folder with _config.yml and _toc.yml")


def files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The files of a book: none that is hidden, built, or of an environment for programs.

    Links are followed, also those that lead out of the book, but none that leads back.
    """
    return (entry for entry, kind in _entries(folder) if kind == _FILE)


def links(folder: Path | str) -> dict[str, str]:
    """Where the links of a book lead to that leave it, each with its path in the book.

    >>> links(Path("tests/books/kettles"))
    {}
    """
    root = os.path.realpath(folder)
    linked = sorted(
        entry.path for entry, kind in _entries(folder) if kind != _RING and entry.is_symlink()
    )
    # Of two links to the same place the first by name counts.
    targets = {os.path.realpath(path): path for path in reversed(linked)}
    return {
        target: os.path.relpath(path, folder)
        for target, path in targets.items()
        if not _is_within(target, root)
    }


def rings(folder: Path | str) -> list[str]:
    """The links of a book that lead back to a folder in which they lie, by their paths in it.

    >>> rings(Path("tests/books/kettles"))
    []
    """
    found = (entry.path for entry, kind in _entries(folder) if kind == _RING)
    return sorted(os.path.relpath(path, folder) for path in found)


def _entries(folder: Path | str) -> Iterator[tuple[os.DirEntry[str], str]]:
    """All that lies below a folder and is not left out, each with its kind."""
    root = os.path.realpath(folder)
    if not os.path.lexists(root):  # a book without data, or without notebooks
        return iter(())
    # What is built may lie elsewhere, and be linked.
    built = {os.path.realpath(Path(root, each)) for each in _BUILT}
    return _below(os.fspath(folder), (root,), built)


def _below(
    folder: str, above: tuple[str, ...], built: set[str]
) -> Iterator[tuple[os.DirEntry[str], str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name[0] == ".":
                continue
            is_link, is_folder = entry.is_symlink(), _is_folder(entry)
            real = os.path.realpath(entry.path) if is_link else f"{above[-1]}/{entry.name}"
            if is_link and any(_is_within(real, each) for each in built):
                continue
            if not is_folder:
                yield entry, _FILE
            # Not even listed: an environment has more files than everything else in a book.
            elif real in built or is_left_out(Path(entry.path)):
                continue
            elif is_link and any(_is_within(each, real) for each in above):
                yield entry, _RING
            else:
                yield entry, _FOLDER
                yield from _below(entry.path, (*above, real), built)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip(os.sep)}{os.sep}")


def is_left_out(folder: Path) -> bool:
    """Whether a folder of a book is hidden, built, or an environment for programs."""
    is_named = folder.name[0] == "." or folder.name in _LEFT_OUT
    return is_named or (folder / "pyvenv.cfg").exists()


def state_of(file: Path | os.DirEntry[str]) -> State | None:
    """The state of a file as it is now; None of one that is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def states_below(folder: Path) -> dict[str, State]:
    """The state of every file below a folder, hidden ones too, by its path in the folder."""
    found = {}
    for place, _, names in os.walk(folder):
        for path in (Path(place, name) for name in names):
            if now := state_of(path):
                found[path.relative_to(folder).as_posix()] = now
    return found


def digest_of_states(folders: Iterable[Path]) -> str:
    """A digest of the names and states of all that `files` lists below some folders."""
    found = [
        f"{entry.path.removeprefix(str(folder))} {state_of(entry)}"
        for folder in folders
        for entry in files(folder)
    ]
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()


def digest_of(path: Path, *, since: Snapshot | None = None) -> str:
    """Twelve hexadecimal digits for a file's bytes, or for the names in a folder.

    ABSENT where there is neither. EDITED where the file has changed `since` a snapshot: it is not
    known which of the two contents was read.
    """
    try:
        if since and since.is_changed(path):
            return EDITED
        if path.is_dir():
            names = sorted(each.name for each in path.iterdir() if each.name[0] not in "._")
            content = "\n".join(names).encode()
        else:
            content = path.read_bytes()
    except OSError:
        return ABSENT
    return hashlib.sha256(content).hexdigest()[:12]


class Snapshot:
    """The states of the files of some folders at the moment when it is made."""

    def __init__(self, *folders: Path) -> None:
        self._began = time()
        found = (entry for folder in folders for entry in files(folder))
        self._states = {entry.path: state_of(entry) for entry in found}

    def state(self, path: str) -> State | None:
        """The state of a file then; of one that was not in these folders, its state now."""
        return self._states[path] if path in self._states else state_of(Path(path))

    def is_changed(self, path: Path) -> bool:
        """Whether a file was edited since; of one outside the folders, its time tells."""
        now = state_of(path)
        if str(path) in self._states:
            return self._states[str(path)] != now
        # A time in the future is not of an edit since: the clock was set back after the edit.
        return now is not None and self._began < now[1] / 1e9 <= time()


def write(path: Path, content: str | bytes) -> None:
    """Put a file in place at once, so that it is never there by half; its mode stays.

    A file that says the same already is left as it is; of a link the file that it leads to is
    written. Raises OSError, which names the file.
    """
    data = content.encode() if isinstance(content, str) else content
    # Its time stays too, so that nothing is made again for it.
    if path.is_file() and path.read_bytes() == data:
        return
    try:
        _write(Path(os.path.realpath(path)), data)
    except OSError as error:
        error.filename = str(path)  # not the temporary one, which nobody knows
        raise


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    # In the same folder, because a file can be renamed in one step only within a file system.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:  # an interruption too leaves no file behind
        Path(temporary).unlink(missing_ok=True)
        raise


def sweep(book: Path) -> None:
    """Remove the temporary files of a process that was ended while it wrote. Raises OSError."""
    written = (book / name for name in _WRITTEN_IN if (book / name).is_dir())
    # A link's file is written where it is.
    folders = {Path(os.path.realpath(each.path)).parent for part in written for each in files(part)}
    # Only files with names such as ours: an author may have other temporary ones.
    for path in (each for folder in folders if folder.is_dir() for each in folder.glob(".*.tmp")):
        if _TEMPORARY.fullmatch(path.name):
            path.unlink(missing_ok=True)


@contextmanager
def locked(book: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """Hold a book's lock, so that one process at a time executes notebooks or builds the site.

    Where another process holds it, `tell` is called with a line that names that process, and then
    it is waited for. A process that holds the lock already goes on. Raises OSError.
    """
    book = book.resolve()
    # The file is opened once: closing any descriptor of it would give the process's lock up.
    if book in _LOCKS or fcntl is None:
        yield
        return
    path = (book / "_build").resolve() / ".lock"  # it may be a link to what is not yet there
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _lock(handle, tell)
        _LOCKS[book] = handle
        yield
    finally:
        _LOCKS.pop(book, None)
        os.close(handle)


def _lock(handle: int, tell: Callable[[str], object]) -> None:
    # A record lock belongs to the process: the system frees it however the process ends, and,
    # unlike that of flock(2), no forked worker keeps it.
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        holder = os.pread(handle, 20, 0).decode(errors="replace").strip()
        tell(_WAITING.format(who=f"process {holder}" if holder else "another process"))
        fcntl.lockf(handle, fcntl.LOCK_EX)
    # For the next one, which says whom it waits for.
    os.pwrite(handle, f"{os.getpid():<20}".encode(), 0)


def git(book: Path, *words: str, given: bytes = b"") -> bytes:
    """What git answers in the folder of a book. Raises NoRevision with git's own reason.

    >>> git(Path("tests/books/kettles"), "rev-parse", "--is-inside-work-tree").decode().strip()
    'true'
    """
    here = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    command = ["git", "--no-optional-locks", *words]
    try:
        ran = subprocess.run(  # noqa: S603  # as it is
            command, cwd=book, env=here | {"LC_ALL": "C"}, input=given, capture_output=True,
            check=False,
        )  # fmt: skip
    except OSError:
        raise NoRevision("git is not installed, or not found: versions are kept by git") from None
    if ran.returncode:
        said = ran.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise NoRevision(f"{book}: {said or 'git gives no answer'}")
    return ran.stdout


@dataclass(frozen=True)
class Commit:
    """A commit by its number, or `UNKNOWN`; `is_edited` where files of the book are otherwise."""

    number: str
    is_edited: bool


def commit(book: Path) -> Commit:
    """The commit of a book's own repository, unknown where it has none, or no commit yet.

    >>> commit(Path("nowhere")).number
    'unknown'
    """
    lines = _answer(book, _STATUS).splitlines()
    number = next((line.split()[2] for line in lines if line.startswith("# branch.oid ")), "")
    # In a folder that another repository ignores, or never heard of, the commit is not the book's.
    if not number.isalnum() or not _answer(book, _TRACKED):
        return Commit(UNKNOWN, is_edited=False)
    return Commit(number, is_edited=any(not line.startswith("#") for line in lines))


def _answer(book: Path, command: list[str]) -> str:
    try:
        return git(book, *command).decode(errors="replace")
    except NoRevision:
        return ""
