"""What a notebook's kernel does that its outputs come from: imports, opened files, ledgers read.

`record_imports` notes from then on which module asks for which, so that it is known what a
notebook has loaded also where a module was there already. `begin` notes files from then on, and
gives ledgers that note what they are asked; `report` says it all. Imports nothing of ours at once,
for a kernel is watched before it has loaded anything.
"""

from __future__ import annotations

import builtins
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallybook.ledger.ledger import Ledger
    from tallybook.ledger.tracking import Reads

_NOTEBOOK = "__main__"  # the module that cells run in
_PACKAGE = str(Path(__file__).parents[1])
_IMPORTS: dict[str, set[str]] = {}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class _Kernel:
    """What is noted in this process."""

    root = ""
    notebook = ""
    is_noting = False
    is_recording = False

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.written: set[str] = set()
        self.read: tuple[Ledger, Reads] | None = None  # the first ledger, and of all what is read


_KERNEL = _Kernel()


def record_imports() -> None:
    """Note each import from now on, also of what is loaded already."""
    if _KERNEL.is_recording:
        return
    _KERNEL.is_recording = True
    builtins.__import__ = _noting_import(builtins.__import__)
    importlib.import_module = _noting_import_module(importlib.import_module)


def begin(root: str, notebook: str) -> None:
    """Note what this process opens below a book's root from now on, for a notebook of that book."""
    record_imports()
    _IMPORTS.pop(_NOTEBOOK, None)
    _KERNEL.root, _KERNEL.notebook, _KERNEL.is_noting = os.path.realpath(root), notebook, True
    sys.addaudithook(_note_opened)


def notebook() -> str:
    """The path in the book of the notebook that runs here, or ""."""
    return _KERNEL.notebook


@contextmanager
def unnoted() -> Iterator[None]:
    """Leave out what is opened meanwhile: it is noted otherwise."""
    before, _KERNEL.is_noting = _KERNEL.is_noting, False
    try:
        yield
    finally:
        _KERNEL.is_noting = before


def noting(ledger: Ledger) -> Ledger:
    """A ledger that notes what it is asked, where a notebook of the same book runs here."""
    if not _KERNEL.root or os.path.realpath(ledger.root) != _KERNEL.root:
        return ledger
    from tallybook.ledger.tracking import Reads, tracked  # noqa: PLC0415

    if _KERNEL.read is None:
        _KERNEL.read = ledger, Reads()
    return tracked(ledger, _KERNEL.read[1])


def is_noted(root: Path) -> bool:
    """Whether what is read of the ledger of this book is noted, and not the files."""
    return bool(_KERNEL.root) and os.path.realpath(root) == _KERNEL.root


def report() -> str:
    """What was noted, as JSON: the answers of the ledger, files, folders, modules."""
    answers: dict[str, str] = {}
    if _KERNEL.read:
        ledger, reads = _KERNEL.read
        answers = reads.answers(ledger)
    _IMPORTS.get(_NOTEBOOK, set()).discard(__name__)
    modules = {name: _below_root(getattr(sys.modules[name], "__file__", "")) for name in _loaded()}
    of_the_book = {path for path in modules.values() if path}
    noted = {
        "reads": answers,
        "files": sorted((_KERNEL.files | of_the_book) - _KERNEL.written),
        "folders": sorted(_KERNEL.folders),
        "modules": sorted(name for name, path in modules.items() if not path),
    }
    return json.dumps(noted)


def _loaded() -> set[str]:
    """Every module that the notebook asked for, and that those asked for in turn."""
    found: set[str] = set()
    pending = [_NOTEBOOK]
    while pending:
        for name in _IMPORTS.get(pending.pop(), ()):
            parts = name.split(".")
            each = {".".join(parts[: n + 1]) for n in range(len(parts))} - found
            found |= each
            pending += each
    return {name for name in found if name in sys.modules}


def _noting_import(original: Callable[..., Any]) -> Callable[..., Any]:
    def noting_import(
        name: str,
        globals: Any = None,  # noqa: A002
        locals: Any = None,  # noqa: A002
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        module = original(name, globals, locals, fromlist, level)
        if importer := (globals or {}).get("__name__"):
            asked = _IMPORTS.setdefault(importer, set())
            whole = getattr(module, "__name__", name) if fromlist else name
            asked.add(whole)
            for part in fromlist or ():
                if f"{whole}.{part}" in sys.modules:
                    asked.add(f"{whole}.{part}")
        return module

    return noting_import


def _noting_import_module(original: Callable[..., Any]) -> Callable[..., Any]:
    def import_module(name: str, package: str | None = None) -> Any:
        module = original(name, package)
        if importer := sys._getframe(1).f_globals.get("__name__"):
            _IMPORTS.setdefault(importer, set()).add(module.__name__)
        return module

    return import_module


def _note_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if not _KERNEL.is_noting or event not in ("open", "os.listdir", "os.scandir"):
        return
    path = arguments[0]
    if isinstance(path, int) or (event != "open" and _is_of_import_system()):
        return
    name = _below_root("." if path is None else path)
    if name is None:
        return
    if event != "open":
        _KERNEL.folders.add(name)
    elif name not in _KERNEL.files and _is_for_writing(*arguments[1:]):
        _KERNEL.written.add(name)
    else:
        _KERNEL.files.add(name)


def _is_for_writing(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax")
    return isinstance(flags, int) and bool(flags & _WRITES)


def _is_of_import_system() -> bool:
    """Whether a folder is listed by an import, or by importlib.metadata, which look for names."""
    return "importlib" in sys._getframe(2).f_code.co_filename


def _below_root(path: Any) -> str | None:
    """The path in the book of a file that counts; None for one outside, hidden, or of a program."""
    try:
        found = os.path.realpath(os.fsdecode(path))
    except (TypeError, ValueError):
        return None
    if not path:
        return None
    parts = Path(os.path.relpath(found, _KERNEL.root)).parts
    is_hidden = (
        any(part.startswith(".") and part != "." for part in parts) or "__pycache__" in parts
    )
    is_program = any(found.startswith(f"{folder}{os.sep}") for folder in (sys.prefix, _PACKAGE))
    return None if is_hidden or is_program else "/".join(parts)
