"""Records in a kernel what a notebook's outputs come from: imports, opened files, ledger answers.

`record_imports` records from then on which module imports which, so that it is known what a
notebook has loaded also where a module was loaded before, in the kernel server. `begin` records
opened files too, and `recording` gives a ledger that records what is read of it; `report` returns
all of it as JSON.

At its top this module imports nothing of this package: it runs before the notebook has loaded
anything, and its own imports would count as the notebook's.
"""

from __future__ import annotations

import builtins
import contextlib
import importlib
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from tallybook.ledger.ledger import Ledger
    from tallybook.ledger.tracking import Reads

_NOTEBOOK = "__main__"  # the module that cells run in
_PACKAGE = str(Path(__file__).parents[1])
_IMPORTS: dict[str, set[str]] = {}
_ODD_LITERAL = r".*invalid (?:octal )?escape sequence|invalid \w+ literal"  # such as "\d"
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_OPENINGS = ("open", "os.listdir", "os.scandir")
# Another program is started, of which nobody sees what it reads.
_STARTS = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.forkpty", "os.exec")
# These start one to learn about the machine, and it reads no book.
_OF_THE_MACHINE = ("platform", "ctypes.util", "uuid", "matplotlib.font_manager")


class _Kernel:
    """What is recorded in this process."""

    root = ""
    notebook = ""
    folder = ""
    records_files = False
    records_imports = False

    def __init__(self) -> None:
        self.links: dict[str, str] = {}
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.written: set[str] = set()
        # The states of all files when the first other program was started.
        self.within_reach: dict[str, tuple[int, int] | None] = {}
        self.read: tuple[Ledger, Reads] | None = None  # the first ledger, and what is read of all


_KERNEL = _Kernel()


def record_imports() -> None:
    """Record each import from now on, also of a module that is loaded already."""
    if _KERNEL.records_imports:
        return
    _KERNEL.records_imports = True
    builtins.__import__ = _recording_import(builtins.__import__)
    importlib.import_module = _recording_import_module(importlib.import_module)


def keep_aside(package: str) -> None:
    """Take the modules of a package out of this process, until an import finds them again.

    A notebook has those that it imports then, and need not wait for them. This module stays.
    """
    ours = {name: sys.modules[name] for name in sys.modules if name.split(".")[0] == package}
    del ours[__name__]
    for name, module in ours.items():
        del sys.modules[name]
        parent, _, child = name.rpartition(".")
        if parent in ours and vars(ours[parent]).get(child) is module:
            delattr(ours[parent], child)
    sys.meta_path.insert(0, _KeptAside(ours))


class _KeptAside(MetaPathFinder, Loader):
    """Finds modules that were imported before, and with each what it had imported itself."""

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        self._modules = modules
        self._specs = {name: module.__spec__ for name, module in modules.items()}

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Return where a module is: here, or None."""
        if found := self._modules.get(fullname):
            return ModuleSpec(fullname, self, is_package=hasattr(found, "__path__"))
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module as it was."""
        return self._modules.pop(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Import what the module had imported."""
        module.__spec__ = self._specs[module.__name__]
        for name in sorted(_IMPORTS.get(module.__name__, ())):
            if name in self._modules:
                __import__(name)


def begin(root: str, notebook: str, links: dict[str, str]) -> None:
    """Record which files of a book this process opens from now on, for a notebook of that book.

    `links` are those that lead out of the book: a file behind one is the book's.
    """
    record_imports()
    _IMPORTS.pop(_NOTEBOOK, None)  # imports of the kernel server, which was __main__ here
    _KERNEL.folder, _KERNEL.links = os.getcwd(), links  # noqa: PTH109  # as it is compared
    _KERNEL.root, _KERNEL.notebook, _KERNEL.records_files = os.path.realpath(root), notebook, True
    sys.addaudithook(_record_opened)
    # What only Python 3.12 and newer print, and what a page would not say on 3.11.
    warnings.filterwarnings("ignore", _ODD_LITERAL, SyntaxWarning)


def book() -> str:
    """Return the book of the notebook that runs here, while it stays in its folder; or "".

    A folder that is linked lies in no book, or in another one.
    """
    return _KERNEL.root if _KERNEL.root and os.getcwd() == _KERNEL.folder else ""  # noqa: PTH109


def notebook() -> str:
    """Return the path in the book of the notebook that runs here, or ""."""
    return _KERNEL.notebook


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Record no files meanwhile: what is read of them is recorded as answers of the ledger."""
    before, _KERNEL.records_files = _KERNEL.records_files, False
    try:
        yield
    finally:
        _KERNEL.records_files = before


def recording(ledger: Ledger) -> Ledger:
    """Return a ledger that records what is read of it, if a notebook of its book runs here."""
    if not records_ledger(ledger.root):
        return ledger
    from tallybook.ledger.tracking import Reads, tracked  # noqa: PLC0415

    if _KERNEL.read is None:
        _KERNEL.read = ledger, Reads()
    return tracked(ledger, _KERNEL.read[1])


def records_ledger(root: Path) -> bool:
    """Return whether what is read of this book's ledger is recorded, in place of its files."""
    return bool(_KERNEL.root) and os.path.realpath(root) == _KERNEL.root


def report() -> str:
    """Return what was recorded, as JSON: answers of the ledger, files, folders, modules."""
    answers: dict[str, str] = {}
    if _KERNEL.read:
        ledger, reads = _KERNEL.read
        answers = reads.answers(ledger)
    _IMPORTS.get(_NOTEBOOK, set()).discard(__name__)
    modules = {name: _below_root(getattr(sys.modules[name], "__file__", "")) for name in _loaded()}
    of_the_book = {path for path in modules.values() if path}
    recorded = {
        "reads": answers,
        "files": sorted((_KERNEL.files | of_the_book | _may_be_read()) - _KERNEL.written),
        "folders": sorted(_KERNEL.folders),
        "modules": sorted(name for name, path in modules.items() if not path),
    }
    return json.dumps(recorded)


def _loaded() -> set[str]:
    """Every module that the notebook imported, and that those imported in turn."""
    found: set[str] = set()
    pending = [_NOTEBOOK]
    while pending:
        for name in _IMPORTS.get(pending.pop(), ()):
            parts = name.split(".")
            each = {".".join(parts[: n + 1]) for n in range(len(parts))} - found
            found |= each
            pending += each
    return {name for name in found if name in sys.modules}


def _recording_import(original: Callable[..., Any]) -> Callable[..., Any]:
    def recording_import(
        name: str,
        globals: Any = None,  # noqa: A002
        locals: Any = None,  # noqa: A002
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        module = original(name, globals, locals, fromlist, level)
        if importer := (globals or {}).get("__name__"):
            imported = _IMPORTS.setdefault(importer, set())
            whole = getattr(module, "__name__", name) if fromlist else name
            imported.add(whole)
            for part in fromlist or ():  # `from package import module` imports both
                if f"{whole}.{part}" in sys.modules:
                    imported.add(f"{whole}.{part}")
        return module

    return recording_import


def _recording_import_module(original: Callable[..., Any]) -> Callable[..., Any]:
    def import_module(name: str, package: str | None = None) -> Any:
        module = original(name, package)
        if importer := sys._getframe(1).f_globals.get("__name__"):
            _IMPORTS.setdefault(importer, set()).add(module.__name__)
        return module

    return import_module


def _record_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if not _KERNEL.records_files:
        return
    if event in _STARTS:
        _record_program()
    elif event == "sqlite3.connect":
        _record_database(arguments[0])
    if event not in _OPENINGS:
        return
    path = arguments[0]
    # An open descriptor was recorded when its file was opened.
    if isinstance(path, int) or (event != "open" and _is_of_import_system()):
        return
    name = _below_root("." if path is None else path)
    if name is None:
        return
    if event != "open":
        _KERNEL.folders.add(name)
    elif name not in _KERNEL.files and _is_for_writing(*arguments[1:]):
        # Before it is read: what a notebook writes first comes from the notebook itself.
        _KERNEL.written.add(name)
    else:
        _KERNEL.files.add(name)


def _record_database(path: Any) -> None:
    """SQLite opens a file by itself, and makes one that is not there."""
    with contextlib.suppress(TypeError):
        path = os.fsdecode(path)
        if path.startswith("file:"):
            path = unquote(path.removeprefix("file:").partition("?")[0])
        if path != ":memory:" and (name := _below_root(path)):
            is_there = os.path.exists(path)  # noqa: PTH110  # as text it is looked for quickly
            (_KERNEL.files if is_there else _KERNEL.written).add(name)


def _record_program() -> None:
    """Another program may read any file of the book as it is now."""
    frame = sys._getframe(2)
    while frame := frame.f_back:  # type: ignore[assignment]
        if frame.f_globals.get("__name__") in _OF_THE_MACHINE:
            return
    if _KERNEL.within_reach:
        return
    with paused():
        from tallybook.files import files, state_of  # noqa: PLC0415

        found = {os.path.relpath(each.path, _KERNEL.root): each for each in files(_KERNEL.root)}
        _KERNEL.within_reach = {
            name.replace(os.sep, "/"): state_of(each)
            for name, each in found.items()
            if not name.endswith(".ipynb")  # a run writes it
        }


def _may_be_read() -> set[str]:
    """The files that a program may have read. Those that have changed it may have written."""
    if not _KERNEL.within_reach:
        return set()
    from tallybook.files import state_of  # noqa: PLC0415

    then = _KERNEL.within_reach.items()
    return {name for name, state in then if state_of(Path(_KERNEL.root, name)) == state}


def _is_for_writing(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return any(sign in mode for sign in "wax")
    return isinstance(flags, int) and bool(flags & _WRITES)


def _is_of_import_system() -> bool:
    """Whether a folder is listed by an import, or by importlib.metadata, which look for names."""
    # Frame 0 is this function, 1 the audit hook, 2 whoever lists the folder.
    return "importlib" in sys._getframe(2).f_code.co_filename


def _below_root(path: Any) -> str | None:
    """The path in the book of a file that counts; None for one outside, hidden, or of a program."""
    try:
        found = os.path.realpath(os.fsdecode(path))
    except (TypeError, ValueError):
        return None
    if not path:
        return None
    parts = Path(os.path.relpath(_unlinked(found), _KERNEL.root)).parts
    is_hidden = (
        any(part.startswith(".") and part != "." for part in parts) or "__pycache__" in parts
    )
    is_program = any(found.startswith(f"{folder}{os.sep}") for folder in (sys.prefix, _PACKAGE))
    return None if is_hidden or is_program else "/".join(parts)


def _unlinked(found: str) -> str:
    """The path in the book of a file that a link of the book leads to; of others, their own."""
    for target, name in _KERNEL.links.items():
        if found == target or found.startswith(f"{target}{os.sep}"):
            return f"{_KERNEL.root}/{name}{found.removeprefix(target)}"
    return found
