"""The process that kernels are forked from: it has imported what notebooks need, and run nothing.

It has one thread, and so may fork. Each kernel belongs to the connection that asked for it, and is
ended with it; all end with the owner, whose end closes standard input. Modules of this package are
imported here for what they import in turn, and again by each kernel, so that a kernel finds of the
package what its notebook imports and nothing else.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.metadata
import importlib.util
import json
import os
import selectors
import shutil
import signal
import socket
import struct
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook.charts import drawer, messages
from tallybook.notebooks import recorder

SOCKET = "kernels"
# What the server says to whom asks: a kernel with its process, then its end with the exit code.
STARTED, ENDED = b"s", b"e"
WORD = struct.Struct("!ci")
# A kernel imports these while it starts.
_OF_KERNELS = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "faulthandler", "ipykernel.debugger",
    "pdb", "psutil", "sqlite3", "tornado.platform.asyncio", "tornado.queues",
)  # fmt: skip
# Of ours, those that leave everything else as it is: charts set Altair's theme and renderer.
_OF_NOTEBOOKS = (
    "altair", "vl_convert", "tallybook.charts.svg", "tallybook.tables.comparison",
    "tallybook.tables.disagreements", "tallybook.ledger.figures", "tallybook.ledger.loading",
    "tallybook.tables.figures", "tallybook.quantity.quantity",
    "tallybook.ledger.questions",
)  # fmt: skip
_LATER = ("pandas",)  # which few need: while nobody asks for a kernel
_KEPT = "tallybook.notebooks.recorder"  # goes on observing in each kernel
# The interpreter and the C library read these when they start, and not again.
_READ_ONCE = ("PYTHON", "LC_", "LANG", "LD_", "TZ")
_OF_STREAMS = "PYTHONUNBUFFERED"  # which a kernel replaces; pytest-xdist sets it in its workers
_LAUNCHER = "ipykernel_launcher"


@dataclass
class _Kernel:
    process: int
    ended: int  # a descriptor that is readable from the end of the process on
    asker: socket.socket


def main(folder: Path, kernels: int, drawings: int) -> None:
    """Serve kernels from an open socket, and drawings from another, until the owner ends."""
    if sys.path[0] == str(Path.cwd()):
        del sys.path[0]  # as a kernel does until it has started
    owner = os.pidfd_open(os.getppid())  # it may have children that keep its end of our input open
    _start_drawer(drawings, kernels, owner)
    _import(*_OF_KERNELS, "ipykernel.kernelapp")
    recorder.record_imports()
    _import(*_OF_NOTEBOOKS)
    importlib.metadata.entry_points()  # reads the list of them for all kernels
    _forget_ours()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    asked = _Server(socket.socket(fileno=kernels), owner).serve(list(_LATER))
    if asked:
        _be_kernel(*asked, folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _start_drawer(listener: int, *others: int) -> None:
    """Fork the drawer now, that it may start beside the imports."""
    drawings = socket.socket(fileno=listener)
    if os.fork() == 0:
        try:
            for descriptor in others:
                os.close(descriptor)
            drawer.serve(drawings)
        finally:
            os._exit(0)
    # So that who asks for a drawing finds nobody once the drawer is gone.
    drawings.close()


def _import(*names: str) -> None:
    for name in names:
        with contextlib.suppress(Exception):  # the notebook that needs it will say what is wrong
            importlib.import_module(name)


def _forget_ours() -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] == "tallybook" and name != _KEPT:
            del sys.modules[name]


class _Server:
    """The kernels that run, and what may happen next: a request, an end, the end of the owner."""

    def __init__(self, listener: socket.socket, owner: int) -> None:
        self._listener = listener
        self._owner = owner
        self._kernels: dict[int, _Kernel] = {}
        self._events = selectors.DefaultSelector()
        for what in (sys.stdin, owner, listener):
            self._events.register(what, selectors.EVENT_READ)
        self._environment = dict(os.environ)

    def serve(self, later: list[str]) -> tuple[dict[str, Any], socket.socket] | None:
        """In each kernel what was asked for, and by whom; in the server nothing, at its end.

        Meanwhile it imports what there is to import later.
        """
        while True:
            events = self._events.select(0 if later else None)
            if later and not events:
                _import(later.pop(0))
                gc.freeze()
            for event, _ in events:
                if event.fileobj in (sys.stdin, self._owner):
                    self._end()
                    return None
                if event.fileobj is self._listener:
                    if asked := self._accept():
                        return asked
                elif kernel := self._kernels.get(event.data):
                    if event.fd != kernel.ended:
                        _kill(kernel)  # whoever asked for it is gone
                    self._bury(kernel)

    def _accept(self) -> tuple[dict[str, Any], socket.socket] | None:
        asker, _ = self._listener.accept()
        descriptors: list[int] = []
        try:
            asker.settimeout(5)
            content, descriptors = messages.receive(asker)
            request: dict[str, Any] = json.loads(content)
            if self._can_serve(request) and len(descriptors) == 2:
                return self._fork(request, asker, descriptors)
        except OSError:
            pass
        asker.close()
        for descriptor in descriptors:
            os.close(descriptor)
        return None

    def _can_serve(self, request: dict[str, Any]) -> bool:
        """Whether a kernel forked from here is what a new process would be."""
        theirs, ours = (
            {
                name: value
                for name, value in environment.items()
                if name.startswith(_READ_ONCE) and name != _OF_STREAMS
            }
            for environment in (request["environment"], self._environment)
        )
        return theirs == ours and request["command"][:3] == [sys.executable, "-m", _LAUNCHER]

    def _fork(
        self, request: dict[str, Any], asker: socket.socket, outputs: list[int]
    ) -> tuple[dict[str, Any], socket.socket] | None:
        process = os.fork()
        if process == 0:
            try:
                os.setsid()  # before anybody knows the process, whose group they will signal
                self._close()
                _set_descriptors(outputs)
            except BaseException:
                os._exit(1)  # never back to what the server does
            return request, asker
        for descriptor in outputs:
            os.close(descriptor)
        kernel = _Kernel(process, os.pidfd_open(process), asker)
        self._kernels[process] = kernel
        self._events.register(kernel.ended, selectors.EVENT_READ, process)
        self._events.register(asker, selectors.EVENT_READ, process)
        return None

    def _bury(self, kernel: _Kernel) -> None:
        _kill(kernel)  # what it started and left; until it is waited for, its number is its own
        _, status = os.waitpid(kernel.process, 0)
        with contextlib.suppress(OSError):
            code = os.waitstatus_to_exitcode(status)
            kernel.asker.sendall(WORD.pack(ENDED, code))
        self._events.unregister(kernel.ended)
        self._events.unregister(kernel.asker)
        del self._kernels[kernel.process]
        os.close(kernel.ended)
        kernel.asker.close()

    def _end(self) -> None:
        for kernel in list(self._kernels.values()):
            _kill(kernel)
            self._bury(kernel)

    def _close(self) -> None:
        """Close in a kernel all that is open here, but for the connection of who asked for it."""
        self._events.close()
        self._listener.close()
        os.close(self._owner)
        for kernel in self._kernels.values():
            os.close(kernel.ended)
            kernel.asker.close()


def _kill(kernel: _Kernel) -> None:
    for signal_all in (os.killpg, os.kill):  # a process that is new has no group yet
        with contextlib.suppress(ProcessLookupError):
            signal_all(kernel.process, signal.SIGKILL)


def _set_descriptors(outputs: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for place, descriptor in enumerate([nothing, *outputs]):
        os.dup2(descriptor, place)
        os.close(descriptor)


def _be_kernel(request: dict[str, Any], asker: socket.socket, folder: Path) -> None:
    """Become what a new process would be, and run as a kernel to its end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.umask(request["umask"])
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.environ.update({drawer.SERVER: str(folder), "JPY_PARENT_PID": str(os.getppid())})
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # Python's own has been seeded by the fork
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    arguments = request["command"][3:]
    launcher = importlib.util.find_spec(_LAUNCHER)
    sys.orig_argv = request["command"]
    sys.argv = [str(launcher and launcher.origin), *arguments]
    sys.modules["__main__"] = types.ModuleType("__main__")
    kernel = IPKernelApp.instance(parent_handle=os.getppid())
    kernel.initialize(arguments)
    # Not before its sockets are open: who connects too early tries again a tenth of a second later.
    asker.sendall(WORD.pack(STARTED, os.getpid()))
    asker.close()
    kernel.start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
