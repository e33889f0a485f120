"""The kernel server: a process that has imported what notebooks need, and forks kernels.

`warm()` starts it, and an environment variable names the folder of its sockets, so that all
processes that are started meanwhile share it: those of a command, the workers of pytest. A process
without a shared server starts one of its own when it first needs a kernel (`folder()`). Run as a
module, this file is that process; `tallybook.notebooks.kernels` asks it for kernels.

Each kernel belongs to the connection over which it was requested: whichever of the two ends first,
the server kills the kernel's process group. All end with the owner of the server, whose end closes
the server's standard input.

multiprocessing's own fork server starts kernels as fast and was tried. It is not used because a
kernel of it runs the main module of whoever asks, lives on when that process is killed (a kernel
keeps its server alive and the server its kernels), leaves behind what it has started, and because
no process that is not a child of its owner can ask it for one.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib.metadata
import importlib.util
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import types
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tallybook.charts import vega
from tallybook.notebooks import recorder

NAME = "tallybook"  # of the kernelspec
SOCKET = "kernels"
# Messages to the process that requests a kernel: its process id, and later its exit code.
STARTED, ENDED = "started", "ended"
REQUEST = b"r"  # with which open files travel
_SECONDS_TO_REQUEST = 5
_SECONDS_TO_END = 10
# A kernel imports these while it starts.
_OF_KERNELS = (
    "IPython.core.completerlib", "IPython.core.debugger", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "faulthandler", "ipykernel.debugger",
    "pdb", "psutil", "sqlite3", "tornado.platform.asyncio", "tornado.queues",
)  # fmt: skip
# Not `tallybook.charts.forms`: it sets Altair's theme, which a notebook finds as Altair has it.
_OF_NOTEBOOKS = (
    "altair", "babel.numbers", "encodings.utf_8_sig", "pydantic.dataclasses", "vl_convert", "yaml",
    "tallybook.charts.check", "tallybook.charts.layout", "tallybook.charts.svg",
    "tallybook.ledger.questions", "tallybook.notebooks.session", "tallybook.tables.comparison",
    "tallybook.tables.disagreements", "tallybook.tables.figures",
)  # fmt: skip
_WHEN_IDLE = ("pandas", "narwhals._pandas_like.dataframe")  # they take as long as all the others
# The interpreter and the C library read these when they start, and not again.
_READ_ONCE = ("PYTHON", "LC_", "LANG", "LD_", "TZ")
# A kernel replaces its streams; and pytest-xdist sets this in its workers, which share the server.
_OF_STREAMS = "PYTHONUNBUFFERED"
_LAUNCHER = "ipykernel_launcher"

_own: list[Server] = []
_starting = threading.Lock()


@contextlib.contextmanager
def warm() -> Iterator[None]:
    """Have one server for all kernels inside, those of processes that are started inside too.

    Its process starts at once and nothing waits for its imports. At the end every kernel that still
    runs is killed. Where a server is shared already, that one serves; where none can be, kernels
    start as ordinary ones.
    """
    server = None if vega.SERVER in os.environ else start_server()
    if not server:
        yield
        return
    os.environ[vega.SERVER] = str(server.folder)
    try:
        yield
    finally:
        os.environ.pop(vega.SERVER, None)
        server.close()


def folder() -> Path | None:
    """Return the folder of the shared server, or else of one of this process; None without any."""
    if shared := os.environ.get(vega.SERVER):
        return Path(shared) if Path(shared).is_dir() else None
    with _starting:
        if not _own and (server := start_server()):
            atexit.register(server.close)
            _own.append(server)
    return _own[0].folder if _own else None


def start_server() -> Server | None:
    """Start a server, and return it; None where there can be none."""
    # On other systems a process that has forked may not use what its parent has loaded.
    if sys.platform != "linux" or not hasattr(os, "fork"):
        return None
    with contextlib.suppress(OSError):
        return Server()
    return None


class Server:
    """The process that forks kernels for its owner, and ends with its owner at the latest.

    `folder` has its sockets, `process` is the process itself.
    """

    def __init__(self) -> None:
        # Messages are pickled: nobody else may enter the folder, which mkdtemp sees to.
        self.folder = Path(tempfile.mkdtemp(prefix="tallybook-"))
        self._owner = os.getpid()
        try:
            self.process = self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        with contextlib.ExitStack() as stack:
            # They listen before the process runs, so that requests can wait for its imports.
            sockets = []
            for name in (SOCKET, vega.SOCKET):
                listener = stack.enter_context(socket.socket(socket.AF_UNIX))
                listener.bind(str(self.folder / name))
                listener.listen(64)
                sockets.append(listener.fileno())
            command = [sys.executable, "-m", "tallybook.notebooks.kernel_server", str(self.folder)]
            return subprocess.Popen(  # noqa: S603
                [*command, *map(str, sockets)],
                cwd=self.folder,  # so that no module is imported from the working folder
                env=os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"},  # or pydevd warns
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=sockets,
                start_new_session=True,
            )

    def close(self) -> None:
        """Kill it with every kernel that it has, and wait until they have ended."""
        if os.getpid() != self._owner:  # a fork of the owner runs the owner's exit handlers too
            return
        self.process.terminate()  # it ends by this while it imports, and ignores it afterwards
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


# From here on: what runs in the server's process, and in the kernels that it forks.


def main(folder: Path, kernels: int, drawings: int) -> None:
    """Serve kernels from an open socket, and drawings from another, until the owner ends."""
    if sys.path[0] == str(Path.cwd()):
        del sys.path[0]  # as a kernel does until it has started
    # A child of the owner may keep our standard input open: the owner itself is watched too.
    owner = os.pidfd_open(os.getppid())
    _start_drawing_process(drawings, kernels, owner)
    _import(*_OF_KERNELS, "ipykernel.kernelapp")
    recorder.record_imports()
    _import(*_OF_NOTEBOOKS)
    importlib.metadata.entry_points()  # reads the list of them for all kernels
    recorder.keep_aside("tallybook")
    gc.collect()
    gc.freeze()  # or the first collection in each kernel would copy all pages that it shares
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    requested = _EventLoop(socket.socket(fileno=kernels), owner).serve(list(_WHEN_IDLE))
    if requested:
        _be_kernel(*requested, folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _start_drawing_process(listener: int, *others: int) -> None:
    """Fork the drawing process before anything is imported, so that both start side by side."""
    drawings = socket.socket(fileno=listener)
    if os.fork() == 0:
        try:
            for descriptor in others:
                os.close(descriptor)
            vega.serve(drawings)
        finally:
            os._exit(0)
    # So that a request for a drawing is refused, and does not wait, once that process has ended.
    drawings.close()


def _import(*names: str) -> None:
    for name in names:
        with contextlib.suppress(Exception):  # the notebook that needs it meets the same error
            importlib.import_module(name)


@dataclass
class _Kernel:
    process: int
    ended: int  # a pidfd, which is readable once the process has ended
    requester: Connection


_Requested = tuple[dict[str, Any], Connection]


class _EventLoop:
    """What the server waits for: requests, ends of kernels and of requesters, the owner's end."""

    def __init__(self, listener: socket.socket, owner: int) -> None:
        self._listener = listener
        self._owner = owner
        self._kernels: dict[int, _Kernel] = {}
        self._events = selectors.DefaultSelector()
        for source in (sys.stdin, owner, listener):
            self._events.register(source, selectors.EVENT_READ)
        self._environment = dict(os.environ)

    def serve(self, later: list[str]) -> _Requested | None:
        """Return in each kernel its request and requester; in the server None, at the owner's end.

        `later` names modules to import while no event is waiting.
        """
        while True:
            events = self._events.select(0 if later else None)
            if later and not events:
                _import(later.pop(0))
                gc.freeze()
            for event, _ in events:
                if event.fileobj in (sys.stdin, self._owner):
                    self._kill_all()
                    return None
                if event.fileobj is self._listener:
                    if requested := self._accept():
                        return requested
                elif kernel := self._kernels.get(event.data):
                    # Its own end, or its requester's, who sends nothing more.
                    self._remove(kernel)

    def _accept(self) -> _Requested | None:
        peer, _ = self._listener.accept()
        vega.limit(peer, _SECONDS_TO_REQUEST)
        descriptors: list[int] = []
        with contextlib.suppress(OSError):
            _, descriptors, _, _ = socket.recv_fds(peer, 1, 2)
        requester = Connection(peer.detach())
        with contextlib.suppress(OSError, EOFError):
            request: dict[str, Any] = requester.recv()
            if self._can_serve(request) and len(descriptors) == 2:
                return self._fork(request, requester, descriptors)
        requester.close()
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
        self, request: dict[str, Any], requester: Connection, outputs: list[int]
    ) -> _Requested | None:
        process = os.fork()
        if process == 0:
            try:
                # A group of its own, before anybody knows the process and signals that group.
                os.setsid()
                self._close()
                _set_streams(outputs)
            except BaseException:
                os._exit(1)  # never back into the server's loop
            return request, requester
        for descriptor in outputs:
            os.close(descriptor)
        kernel = _Kernel(process, os.pidfd_open(process), requester)
        self._kernels[process] = kernel
        self._events.register(kernel.ended, selectors.EVENT_READ, process)
        self._events.register(requester, selectors.EVENT_READ, process)
        return None

    def _remove(self, kernel: _Kernel) -> None:
        """Kill a kernel, or what it left where it has ended, and report its exit code."""
        # Before it is waited for: until then its id, which names the group, is no other's.
        for send in (os.killpg, os.kill):  # a process that is new has no group yet
            with contextlib.suppress(ProcessLookupError):
                send(kernel.process, signal.SIGKILL)
        _, status = os.waitpid(kernel.process, 0)
        with contextlib.suppress(OSError):
            kernel.requester.send((ENDED, os.waitstatus_to_exitcode(status)))
        self._events.unregister(kernel.ended)
        self._events.unregister(kernel.requester)
        del self._kernels[kernel.process]
        os.close(kernel.ended)
        kernel.requester.close()

    def _kill_all(self) -> None:
        for kernel in list(self._kernels.values()):
            self._remove(kernel)

    def _close(self) -> None:
        """Close in a kernel all that is open here, but for the connection of its requester."""
        self._events.close()
        self._listener.close()
        os.close(self._owner)
        for kernel in self._kernels.values():
            os.close(kernel.ended)
            kernel.requester.close()


def _set_streams(outputs: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for place, descriptor in enumerate([nothing, *outputs]):
        os.dup2(descriptor, place)
        os.close(descriptor)


def _be_kernel(request: dict[str, Any], requester: Connection, folder: Path) -> None:
    """Become what a new process would be, and run as a kernel to its end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.umask(request["umask"])
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    os.environ.update({vega.SERVER: str(folder), "JPY_PARENT_PID": str(os.getppid())})
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # or all kernels draw the same; Python's own is seeded by the fork
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    arguments = request["command"][3:]
    launcher = importlib.util.find_spec(_LAUNCHER)
    sys.orig_argv = request["command"]
    sys.argv = [str(launcher and launcher.origin), *arguments]
    sys.modules["__main__"] = types.ModuleType("__main__")
    kernel = IPKernelApp.instance(parent_handle=os.getppid())
    kernel.initialize(arguments)
    # Not before its sockets are open: a client that connects too early retries 0.1 s later.
    requester.send((STARTED, os.getpid()))
    requester.close()
    kernel.start()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
