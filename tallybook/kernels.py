"""Kernels that are warm when they start: forked from a process that has imported what they need.

The kernelspec `tallybook` names the provisioner of this module. It asks a server (`forkserver`) for
each kernel: the one that `warm()` shares by an environment variable, or else one of its own
process. Where there can be none, a kernel starts as any other does.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from tallybook import drawer, forkserver, messages

NAME = "tallybook"  # of the kernelspec
_SECONDS_TO_START = 30
# What a kernel is launched with, and does not depend on.
_OF_THE_MANAGER = ("extra_arguments", "kernel_id")


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
            for name in (forkserver.SOCKET, drawer.SOCKET):
                listener = stack.enter_context(socket.socket(socket.AF_UNIX))
                listener.bind(str(self.folder / name))
                listener.listen(64)
                sockets.append(listener.fileno())
            command = [sys.executable, "-m", "tallybook.forkserver", str(self.folder)]
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
        assert self._process.stdin  # noqa: S101
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Provisioner(LocalProvisioner):  # type: ignore[misc]
    """Launches a kernel by asking a server for it, or else as any other kernel."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch the kernel and return how to connect to it."""
        kernel = await _forked(cmd, kwargs)
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = kernel
        self.pid = kernel.pid
        self.pgid = None  # a forked kernel knows itself whether its group is still there
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait for the kernel to end."""
        if isinstance(self.process, Forked):
            await self.process.ended()
        return await super().wait()

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel."""
        await super().kill(restart)
        # Whoever asked looks every tenth of a second whether it has ended.
        if isinstance(self.process, Forked):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.ended(), 5)


class Forked:
    """A forked kernel, in the form of a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, server: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._server = server

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None:
            try:
                word = self._server.recv(forkserver.WORD.size, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError:
                word = b""
            self._end(word)
        return self.returncode

    def _end(self, word: bytes) -> None:
        if len(word) == forkserver.WORD.size:
            self.returncode = forkserver.WORD.unpack(word)[1]
        else:  # the server has ended, and can end its kernels no more
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
            self.returncode = -signal.SIGKILL
        self._server.close()

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it has ended. Raises TimeoutExpired."""
        if self.poll() is None:
            self._server.settimeout(timeout)
            with contextlib.suppress(TimeoutError):
                self._server.recv(1, socket.MSG_PEEK)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return code

    async def ended(self) -> None:
        """Wait until it has ended."""
        loop = asyncio.get_running_loop()
        while self.poll() is None:
            # A copy, for others may wait for it too, or close it.
            descriptor = os.dup(self._server.fileno())
            readable = asyncio.Event()
            loop.add_reader(descriptor, readable.set)
            try:
                await readable.wait()
            finally:
                loop.remove_reader(descriptor)
                os.close(descriptor)

    def send_signal(self, number: int) -> None:
        """Signal the kernel and what it has started."""
        if self.poll() is None:
            os.killpg(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Manager(AsyncKernelManager):
    """What starts a warm kernel for nbclient, over sockets in a folder of its own.

    Their names are the kernel's alone, so that two processes never choose the same.
    """

    def __init__(self, **given: Any) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tallybook-")
        place = {"transport": "ipc", "ip": f"{self._folder.name}/kernel"}
        super().__init__(**{"kernel_name": NAME, "client_factory": Client, **place, **given})

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            self._folder.cleanup()

    cleanup_resources = _async_cleanup_resources  # type: ignore[assignment]


class Client(AsyncKernelClient):
    """A client that takes a kernel for ready when it answers, and waits no longer."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels. Raises RuntimeError if it does not."""
        end = time.monotonic() + (timeout or _SECONDS_TO_START)
        while time.monotonic() < end:
            self.kernel_info()
            with contextlib.suppress(queue.Empty):
                await self.get_shell_msg(timeout=1)
                await self.get_iopub_msg(timeout=0.2)
                return
            if not await self.is_alive():
                raise RuntimeError("the kernel died before it was ready")
        raise RuntimeError("the kernel did not answer")


_own: list[Server] = []
_starting = threading.Lock()


def _address() -> Path | None:
    """The socket of the server that is shared, or of the one of this process."""
    if shared := os.environ.get(drawer.SERVER):
        return Path(shared) / forkserver.SOCKET
    with _starting:
        if not _own and (server := start_server()):
            atexit.register(server.close)
            _own.append(server)
    return _own[0].folder / forkserver.SOCKET if _own else None


async def _forked(command: list[str], launch: dict[str, Any]) -> Forked | None:
    """A kernel that a server forks for this launch, or nothing where it cannot."""
    launch = {name: value for name, value in launch.items() if name not in _OF_THE_MANAGER}
    outputs = [launch.pop("stdout", None), launch.pop("stderr", None)]
    request = {
        "command": [os.path.expanduser(argument) for argument in command],  # noqa: PTH111
        "environment": launch.pop("env", None) or dict(os.environ),
        "folder": str(Path(launch.pop("cwd", None) or ".").resolve()),
    }
    if launch or not Path(request["folder"]).is_dir():
        return None
    with contextlib.suppress(OSError, TimeoutError):
        if address := _address():
            return await _asked(address, request | {"umask": _umask()}, outputs)
    return None


async def _asked(address: Path, request: dict[str, Any], outputs: list[Any]) -> Forked | None:
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(str(address))
        with contextlib.ExitStack() as stack:
            descriptors = [_descriptor(*pair, stack) for pair in zip(outputs, (1, 2), strict=True)]
            messages.send(server, json.dumps(request).encode(), descriptors)
        server.setblocking(False)
        answer = asyncio.get_running_loop().sock_recv(server, forkserver.WORD.size)
        word = await asyncio.wait_for(answer, _SECONDS_TO_START)
        if word[:1] == forkserver.STARTED:
            return Forked(forkserver.WORD.unpack(word)[1], server)
    except BaseException:
        server.close()
        raise
    server.close()
    return None


def _descriptor(output: Any, own: int, stack: contextlib.ExitStack) -> int:
    """The open file that a launch names as output, as subprocess.Popen takes it."""
    if output is None:
        return own
    if output == subprocess.DEVNULL:
        return stack.enter_context(Path(os.devnull).open("w")).fileno()
    descriptor: int = output if isinstance(output, int) else output.fileno()
    if descriptor < 0:
        raise OSError("a pipe to the kernel is asked for, and only a new process has one")
    return descriptor


def _umask() -> int:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"^Umask:\s*(\d+)", status, re.MULTILINE)
    return int(found[1], 8) if found else 0o077
