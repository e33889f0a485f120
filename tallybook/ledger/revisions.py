"""The files of a book as a revision of its repository has them, in a folder of their own.

They are read out of git's own storage: the files that an author works on are not touched, and no
hook or filter is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tallybook.errors import NoRevision
from tallybook.files import git

_READ = {".yml", ".yaml", ".md", ".ipynb"}  # what records, contents and pages are made of
_PLAIN = {"100644", "100755"}  # modes of files that are no links
_LINK = "120000"
_DEEPEN = "fetch it whole: git fetch --unshallow (in a workflow: fetch-depth: 0)"


@dataclass(frozen=True)
class Revision:
    """A book at a commit: its files in the folder `root`, and the paths of `links` left out."""

    commit: str
    root: Path
    links: tuple[str, ...]


@contextmanager
def unpacked(book: Path, name: str) -> Iterator[Revision]:
    """Give the book as a revision has it, in a folder that is gone afterwards.

    `name` is anything that git takes for a commit: a branch, a tag, HEAD~3. Raises NoRevision where
    there is no git, no repository, no such revision, or no book in it.
    """
    commit = _commit(book, name)
    with TemporaryDirectory(prefix="tallybook-") as folder:
        root = Path(folder).resolve()
        entries = [_entry(each) for each in _lines(book, "ls-tree", "-r", "-z", commit, "--", ".")]
        links = tuple(path for mode, _, path in entries if mode == _LINK and _is_read(path))
        wanted = {path: blob for mode, blob, path in entries if mode in _PLAIN and _is_read(path)}
        _write(book, root, wanted)
        if not (root / "data").is_dir():
            where = git(book, "rev-parse", "--show-prefix").decode().strip() or "its top folder"
            raise NoRevision(
                f"{name} has no book in {where}: expected data/ with YAML files. A book that lay "
                "elsewhere then cannot be compared"
            )
        yield Revision(commit, root, links)


def _commit(book: Path, name: str) -> str:
    """The commit that a name stands for."""
    git(book, "rev-parse", "--git-dir")  # says where there is no repository
    try:
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return git(book, *asked).decode().strip()
    except NoRevision:
        known = git(book, "rev-parse", "--is-shallow-repository").decode().strip()
        hint = ""
        if ".." in name:
            hint = ": two revisions are parted by a space"
        elif known == "true":
            hint = f": this clone is shallow and may lack it; {_DEEPEN}"
        raise NoRevision(f"no revision {name[:80]!r} in the repository of {book}{hint}") from None


def _lines(book: Path, *words: str) -> list[str]:
    return git(book, *words).decode("utf-8", "surrogateescape").rstrip("\0").split("\0")


def _entry(line: str) -> tuple[str, str, str]:
    """The mode, blob and path of a line of `git ls-tree`."""
    known, _, path = line.partition("\t")
    mode, _, blob = (*known.split(), "", "", "")[:3]
    return mode, blob, path


def _is_read(path: str) -> bool:
    parts = PurePosixPath(path)
    return (parts.suffix in _READ or path == "data") and ".." not in parts.parts


def _write(book: Path, root: Path, wanted: dict[str, str]) -> None:
    """Write blobs to files of a folder, by their paths in it."""
    if not wanted:
        return
    asked = "".join(f"{blob}\n" for blob in wanted.values()).encode()
    answer, at = git(book, "cat-file", "--batch", given=asked), 0
    for path in wanted:
        end = answer.index(b"\n", at)
        head = answer[at:end].split()
        if len(head) != 3:  # "… missing", as of a clone that fetches files when they are needed
            raise NoRevision(f"{book}: git does not have {path} of that revision; {_DEEPEN}")
        start, size = end + 1, int(head[2])
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(answer[start : start + size])
        at = start + size + 1
