"""Launching a kernel by asking a server to fork it.

Jupyter finds the provisioner by its name in a kernelspec. Where no server can fork the kernel that
is asked for, it is launched as any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from tallybook.charts import messages
from tallybook.notebooks import kernel_server, kernels

_SECONDS_TO_START = 30
# What a kernel is launched with, and does not depend on.
_OF_THE_MANAGER = ("extra_arguments", "kernel_id")


class Provisioner(LocalProvisioner):
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
                word = self._server.recv(kernel_server.WORD.size, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError:
                word = b""
            self._end(word)
        return self.returncode

    def _end(self, word: bytes) -> None:
        if len(word) == kernel_server.WORD.size:
            self.returncode = kernel_server.WORD.unpack(word)[1]
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


async def _forked(command: list[str], launch: dict[str, Any]) -> Forked | None:
    """A kernel that a server forks for this launch, or nothing where it cannot."""
    launch = {name: value for name, value in launch.items() if name not in _OF_THE_MANAGER}
    outputs = [launch.pop("stdout", None), launch.pop("stderr", None)]
    request: dict[str, Any] = {
        "command": [os.path.expanduser(argument) for argument in command],  # noqa: PTH111
        "environment": launch.pop("env", None) or dict(os.environ),
        "folder": str(Path(launch.pop("cwd", None) or ".").resolve()),
    }
    if launch or not Path(request["folder"]).is_dir():
        return None
    with contextlib.suppress(OSError, TimeoutError):
        if folder := kernels.folder():
            return await _asked(
                folder / kernel_server.SOCKET, request | {"umask": _umask()}, outputs
            )
    return None


async def _asked(address: Path, request: dict[str, Any], outputs: list[Any]) -> Forked | None:
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(str(address))
        with contextlib.ExitStack() as stack:
            descriptors = [_descriptor(*pair, stack) for pair in zip(outputs, (1, 2), strict=True)]
            messages.send(server, json.dumps(request).encode(), descriptors)
        server.setblocking(False)
        answer = asyncio.get_running_loop().sock_recv(server, kernel_server.WORD.size)
        word = await asyncio.wait_for(answer, _SECONDS_TO_START)
        if word[:1] == kernel_server.STARTED:
            return Forked(kernel_server.WORD.unpack(word)[1], server)
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
