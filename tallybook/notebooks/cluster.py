"""Executing notebooks on the workers of a Dask cluster.

Workers need this package and its libraries, but no files: the book is sent to them as an archive,
once for each state of it. The job of a worker that dies is tried again on another.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from tallybook.errors import NoCluster
from tallybook.files import files
from tallybook.notebooks import execute
from tallybook.notebooks.execute import Job, Result

_RETRIES = 3
_SECONDS_TO_CONNECT = 10
_UNPACKING = Lock()  # a worker may have several threads


class ClusterPool:
    """The workers of a scheduler, as a `runner.Pool`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(retries=_RETRIES, pure=False)
        self._sent: tuple[str, Any] = ("", None)

    def submit(self, job: Job) -> Future[Result]:
        """Execute a job on a worker; the book is sent first if it has changed since it last was."""
        packed = pack(Path(job.root))
        digest = hashlib.sha256(packed).hexdigest()
        if self._sent[0] != digest:
            self._sent = digest, self._client.scatter(packed, broadcast=True, hash=False)
        future: Future[Result] = self._executor.submit(
            execute_sent, job, self._sent[1], digest=digest
        )
        return future

    def cells_begun(self) -> Iterator[tuple[str, int, int]]:
        """Return nothing: workers report whole notebooks alone."""
        return iter(())

    def give_up(self) -> None:
        """Nothing: a job that runs is ended with its future."""


@contextmanager
def connected(address: str) -> Iterator[ClusterPool]:
    """Provide the pool of a scheduler at an address as `tcp://127.0.0.1:8786`.

    Raises NoCluster without a scheduler there, without workers, and without Dask.
    """
    try:
        from distributed import Client  # noqa: PLC0415  # an extra
    except ImportError:
        raise NoCluster(
            "--scheduler needs Dask: install tallybook with its extra 'cluster'"
        ) from None
    try:
        client: Any = Client(  # type: ignore[no-untyped-call]
            address, timeout=_SECONDS_TO_CONNECT, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise NoCluster(f"no Dask scheduler answers at {address!r}: {error}") from None
    try:
        if not client.scheduler_info()["workers"]:
            raise NoCluster(f"the Dask scheduler at {address!r} has no workers: start some")
        yield ClusterPool(client)
    finally:
        client.close(timeout=_SECONDS_TO_CONNECT)


def pack(book: Path) -> bytes:
    """Return the files of a book as a zip archive, whose bytes are the same for the same files.

    >>> book = Path("tests/books/kettles")
    >>> pack(book) == pack(book)
    True
    """
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for path in sorted(Path(entry.path) for entry in files(book)):
            name = zipfile.ZipInfo(path.relative_to(book).as_posix())  # without a time of its own
            archive.writestr(name, path.read_bytes())
    return written.getvalue()


def execute_sent(job: Job, packed: bytes, *, digest: str) -> Result:
    """Execute, on a worker, a notebook of a book that was sent as an archive with this digest."""
    with _UNPACKING:
        root = _unpacked(digest)
        if not any(root.iterdir()):
            with zipfile.ZipFile(io.BytesIO(packed)) as archive:
                archive.extractall(root)
    result = execute.execute(replace(job, root=str(root)))
    return replace(result, failure=result.failure.replace(f"{root}/", ""))


@cache
def _unpacked(digest: str) -> Path:
    root = Path(tempfile.mkdtemp(prefix=f"tallybook-{digest[:8]}-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root
