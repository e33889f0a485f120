"""What starts a warm kernel for nbclient, and talks to it."""

from __future__ import annotations

import contextlib
import queue
import time
import uuid
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager

from tallybook.notebooks.kernels import NAME, folder

_SECONDS_TO_START = 30


class Manager(AsyncKernelManager):
    """What starts a warm kernel for nbclient, over sockets in the folder of its server.

    Their names are the kernel's alone, so that two processes never choose the same. Give nbclient
    the name of the kernel too, or it takes the one that is stored in the notebook.
    """

    def __init__(self, **given: Any) -> None:
        mine: dict[str, Any] = {"kernel_name": NAME, "client_factory": Client}
        if place := folder():
            mine |= {"transport": "ipc", "ip": str(place / uuid.uuid4().hex[:12])}
        super().__init__(**(mine | given))


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
