"""The command, called without waiting for its imports: forked from a process that has done them.

Importing Sphinx and its extensions takes a process longer than building the small book. Each call
is a process of its own all the same, with the environment and the folder of the caller, and ends
as the command ends.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).parents[2]


def call(*words: str) -> subprocess.CompletedProcess[str]:
    """Call `tallybook` with these words, and give its exit code and what it printed."""
    server = _server()
    with TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("out", "error")]
        asked = {
            "words": words,
            "files": [*map(str, files)],
            "environment": dict(os.environ),
            "folder": str(Path.cwd()),
        }
        assert server.stdin
        assert server.stdout
        server.stdin.write(f"{json.dumps(asked)}\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        assert answer, "the server of the command has ended"
        out, error = (path.read_text(encoding="utf-8", errors="replace") for path in files)
    return subprocess.CompletedProcess(["tallybook", *words], int(answer), out, error)


@cache
def _server() -> subprocess.Popen[str]:
    """The process that is forked; it ends with this one, for its standard input does."""
    command = [sys.executable, "-m", "tests.helpers.command_server"]
    pipe = subprocess.PIPE
    server = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=_ROOT)
    atexit.register(server.communicate)
    return server


def serve() -> None:
    """Fork a process for each line of standard input, and print its exit code."""
    from tallybook.cli import main  # noqa: PLC0415
    from tallybook.site.live import preloaded  # noqa: PLC0415

    preloaded.import_all()
    while line := sys.stdin.readline():
        process = os.fork()
        if not process:
            _become(json.loads(line))
            # It ends as any interpreter does, with what is registered for the end of one.
            main.main()
            return
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        print(code, flush=True)


def _become(asked: dict[str, object]) -> None:
    """Be the process that was asked for: its words, environment, folder and open files."""
    out, error = (os.open(str(name), os.O_WRONLY | os.O_CREAT) for name in asked["files"])
    for number, handle in enumerate((os.open(os.devnull, os.O_RDONLY), out, error)):
        os.dup2(handle, number)
        os.close(handle)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(str(asked["folder"]))
    sys.argv = ["tallybook", *asked["words"]]


if __name__ == "__main__":
    serve()
