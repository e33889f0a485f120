"""Kernels that are warm when they start: forked from a process that has imported what they need.

The kernelspec `tallybook` names a `provisioner` that asks a server (`forkserver`) for each kernel:
the one that `warm()` shares by an environment variable, or else one of its own process. Where there
can be none, a kernel starts as any other does.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from tallybook.charts import drawer
from tallybook.notebooks import kernel_server

NAME = "tallybook"  # of the kernelspec
_own: list[Server] = []
_starting = threading.Lock()


@contextlib.contextmanager
def warm() -> Iterator[None]:
    """Have one server for all kernels inside, those of processes that are started inside too.

    Its process starts at once and nothing waits for its imports. At the end every kernel that still
    runs ends. Where a server is shared already, that one serves; where none can be, kernels start
    as any other.
    """
    server = None if drawer.SERVER in os.environ else start_server()
    if not server:
        yield
        return
    os.environ[drawer.SERVER] = str(server.folder)
    try:
        yield
    finally:
        os.environ.pop(drawer.SERVER, None)
        server.close()


def start_server() -> Server | None:
    """A server of kernels, or nothing where there can be none."""
    # On other systems a process that has forked may not use what its parent has loaded.
    if sys.platform != "linux" or not hasattr(os, "fork"):
        return None
    with contextlib.suppress(OSError):
        return Server()
    return None


def folder() -> Path | None:
    """The folder of the server that is shared, or of the one of this process."""
    if shared := os.environ.get(drawer.SERVER):
        return Path(shared) if Path(shared).is_dir() else None
    with _starting:
        if not _own and (server := start_server()):
            atexit.register(server.close)
            _own.append(server)
    return _own[0].folder if _own else None


class Server:
    """The process that forks kernels, as its owner has it. It ends with its owner at the latest."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tallybook-"))  # nobody else may enter it
        self._owner = os.getpid()
        try:
            self._process = self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _start(self) -> subprocess.Popen[bytes]:
        with contextlib.ExitStack() as stack:
            sockets = []
            for name in (kernel_server.SOCKET, drawer.SOCKET):
                listener = stack.enter_context(socket.socket(socket.AF_UNIX))
                listener.bind(str(self.folder / name))
                listener.listen(64)
                sockets.append(listener.fileno())
            command = [sys.executable, "-m", "tallybook.notebooks.kernel_server", str(self.folder)]
            return subprocess.Popen(  # noqa: S603
                [*command, *map(str, sockets)],
                cwd=self.folder,  # so that nothing is imported from where one happens to be
                env=os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"},  # it would warn
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                pass_fds=sockets,
                start_new_session=True,
            )

    @property
    def process(self) -> int:
        """The number of its process."""
        return self._process.pid

    def close(self) -> None:
        """End it with every kernel that it has; done when they have ended."""
        if os.getpid() != self._owner:
            return
        self._process.terminate()  # it heeds this only as long as it has no kernels
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
