"""Warm kernels for Jupyter: how one is launched, and what manages and talks to it.

The kernelspec `tallybook` names a provisioner, which requests each kernel from the kernel server.
Where no server can fork the kernel that is wanted, it is launched as an ordinary one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import time
import uuid
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakSet

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from tallybook.notebooks import kernel_server
from tallybook.notebooks.kernel_server import NAME

_SECONDS_TO_START = 30
_SECONDS_TO_END = 5
# What Jupyter launches a kernel with, and the kernel does not depend on.
_OF_THE_MANAGER = ("extra_arguments", "kernel_id")
# What a user has set up for IPython, such as code to run first, is no part of a book: a notebook
# says the same for everybody. So a kernel has a profile of its own, which holds nothing.
_OF_NO_USER = (
    "--BaseIPythonApplication.profile=tallybook",
    "--BaseIPythonApplication.auto_create=True",
    "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
)


_LAUNCHED: WeakSet[Any] = WeakSet()  # the processes of this process's kernels
_LOCK = Lock()  # kernels are launched and ended in threads


def end_all() -> None:
    """Have every kernel killed that this process has launched."""
    with _LOCK:
        launched = [*_LAUNCHED]
    for process in launched:
        process.abandon() if isinstance(process, Forked) else process.kill()


class Provisioner(LocalProvisioner):
    """Launches a kernel by requesting it from the kernel server, or else as an ordinary one."""

    process: Any

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Launch the kernel and return how to connect to it."""
        cmd = [*cmd, *_OF_NO_USER]
        kernel = await _forked(cmd, kwargs)
        if kernel is None:
            info = await super().launch_kernel(cmd, **kwargs)
            self._note()
            return info
        self.process = kernel
        self._note()
        self.pid = kernel.pid
        self.pgid = None  # or Jupyter signals the group, which may be another's by then
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    def _note(self) -> None:
        with _LOCK:
            _LAUNCHED.add(self.process)

    async def wait(self) -> int | None:
        """Wait for the kernel to end."""
        if isinstance(self.process, Forked):
            await self.process.ended()
        return await super().wait()

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel, and wait until it has ended."""
        await super().kill(restart)
        # Jupyter would look only every 0.1 s whether it has.
        if isinstance(self.process, Forked):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.process.ended(), _SECONDS_TO_END)


class Forked:
    """A forked kernel, with the interface of subprocess.Popen that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, server: Connection) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._server = server
        self._closing = Lock()

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, once it has ended. Raises TimeoutExpired."""
        code = self.poll(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return code

    def poll(self, timeout: float | None = 0) -> int | None:
        """Return the exit code, or None if it still runs after some seconds."""
        if self.returncode is None and self._server.poll(timeout):
            try:
                _, self.returncode = self._server.recv()
            except (EOFError, OSError):  # the server has ended, and can kill its kernels no more
                with contextlib.suppress(OSError):
                    os.killpg(self.pid, signal.SIGKILL)
                self.returncode = -signal.SIGKILL
            with self._closing:
                self._server.close()
        return self.returncode

    def abandon(self) -> None:
        """Have the server kill it, from whatever thread: whoever waits for it finds it ended."""
        with self._closing:
            if not self._server.closed:
                descriptor = os.dup(self._server.fileno())
                with contextlib.suppress(OSError), socket.socket(fileno=descriptor) as peer:
                    peer.shutdown(socket.SHUT_WR)

    async def ended(self) -> None:
        """Wait until it has ended."""
        while self.poll() is None:
            # A copy, for another task may wait for it too, or close it.
            descriptor = os.dup(self._server.fileno())
            try:
                await _readable(descriptor)
            finally:
                os.close(descriptor)

    def send_signal(self, number: int) -> None:
        """Signal the kernel and what it has started."""
        if self.poll() is None:
            os.killpg(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end, with SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it, with SIGKILL."""
        self.send_signal(signal.SIGKILL)


async def _readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)


async def _forked(command: list[str], launch: dict[str, Any]) -> Forked | None:
    """A kernel that the server forks for this launch; None where it cannot."""
    launch = {name: value for name, value in launch.items() if name not in _OF_THE_MANAGER}
    outputs = [launch.pop("stdout", None), launch.pop("stderr", None)]
    request: dict[str, Any] = {
        "command": [os.path.expanduser(argument) for argument in command],  # noqa: PTH111
        "environment": launch.pop("env", None) or dict(os.environ),
        "folder": str(Path(launch.pop("cwd", None) or ".").resolve()),
    }
    if launch or not Path(request["folder"]).is_dir():
        return None
    with contextlib.suppress(OSError, EOFError, TimeoutError):
        if folder := kernel_server.folder():
            request["umask"] = _umask()
            return await _requested(folder / kernel_server.SOCKET, request, outputs)
    return None


async def _requested(address: Path, request: dict[str, Any], outputs: list[Any]) -> Forked | None:
    """Request a kernel. Raises OSError or EOFError where there is no server any more."""
    with contextlib.ExitStack() as stack:
        peer = stack.enter_context(socket.socket(socket.AF_UNIX))
        peer.connect(str(address))
        descriptors = [_descriptor(*pair, stack) for pair in zip(outputs, (1, 2), strict=True)]
        socket.send_fds(peer, [kernel_server.REQUEST], descriptors)  # they travel with a byte
        server = Connection(peer.detach())
    try:
        server.send(request)
        await asyncio.wait_for(_readable(server.fileno()), _SECONDS_TO_START)
        message, number = server.recv()
        if message == kernel_server.STARTED:
            return Forked(number, server)
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
        raise OSError("a pipe to the kernel is wanted, and only a new process has one")
    return descriptor


def _umask() -> int:
    # os.umask tells it only by setting another one, for all threads of this process.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"^Umask:\s*(\d+)", status, re.MULTILINE)
    return int(found[1], 8) if found else 0o077


class Manager(AsyncKernelManager):
    """Starts a warm kernel for nbclient, with its sockets in the folder of the server.

    Their names are the kernel's alone, so that two processes never choose the same. Give nbclient
    the name of the kernel too, or it takes the one that is stored in the notebook.
    """

    def __init__(self, **given: Any) -> None:
        mine: dict[str, Any] = {"kernel_name": NAME, "client_factory": Client}
        if folder := kernel_server.folder():
            mine |= {"transport": "ipc", "ip": str(folder / uuid.uuid4().hex[:12])}
        super().__init__(**(mine | given))


class Client(AsyncKernelClient):
    """A client that takes a kernel for ready as soon as it answers.

    Jupyter's own waits 0.2 s longer, for further messages of the kernel's start.
    """

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
