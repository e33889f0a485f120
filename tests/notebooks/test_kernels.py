"""Warm kernels are like new ones, know nothing of each other, and leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

import nbformat
import psutil
import pytest
from jupyter_client import kernelspec
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from tallybook.charts import svg, vega
from tallybook.files import PACKAGE
from tallybook.notebooks import kernel_server, kernels
from tests.conftest import ROOT

SECONDS = 120  # for what takes a moment, on a machine that is busy with something else
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
    "data": {"values": [{"name": "a", "count": 3}, {"name": "b", "count": 5}]},
    "mark": "bar",
    "encoding": {"x": {"field": "count", "type": "quantitative"}, "y": {"field": "name"}},
}


@pytest.fixture(scope="module", autouse=True)
def _server():
    with kernel_server.warm():
        yield


SECONDS = 120  # for what takes one on an idle machine


class Kernel:
    """A running kernel, to be asked for what code prints."""

    def __init__(self, client):
        self.client = client
        self.process = client.km.provisioner.process

    def __call__(self, code):
        cell = nbformat.v4.new_code_cell(code)
        self.client.nb.cells = [cell]
        self.client.execute_cell(cell, 0)
        return "".join(output.get("text", "") for output in cell.outputs).strip()


@contextmanager
def kernel(**launch):
    client = NotebookClient(
        nbformat.v4.new_notebook(),
        kernel_manager_class=kernels.Manager,
        shutdown_kernel="immediate",
        timeout=SECONDS,
    )
    with client.setup_kernel(**launch):
        yield Kernel(client)


def gone(*processes):
    """Whether they end in time; what nobody waits for has ended all the same."""
    end = time.monotonic() + SECONDS
    while any(map(runs, processes)):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def runs(process):
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_kernel_is_forked_and_says_what_it_is_asked():
    with kernel() as ask:
        assert isinstance(ask.process, kernels.Forked)
        assert ask("print(6 * 7)") == "42"


def test_what_a_user_has_set_up_for_ipython_is_not_in_a_kernel(tmp_path):
    profile, first = tmp_path / ".ipython/profile_default", tmp_path / "first.py"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup/first.py").write_text("mine = 1")
    (profile / "ipython_config.py").write_text("get_config().InteractiveShellApp.exec_lines = 'x'")
    first.write_text("mine = 2")
    environment = os.environ | {"IPYTHONDIR": str(profile.parent)}
    for launch in (environment, environment | {"PYTHONSTARTUP": str(first)}):
        with kernel(env=launch) as ask:
            assert ask("print('mine' in globals(), 'x' in globals())") == "False False"


LEAVES = {
    "a module": ("import csv; csv.left = 1", "import csv; print(hasattr(csv, 'left'))"),
    "a builtin": ("import builtins; builtins.left = 1", "import builtins; print(dir(builtins))"),
    "a global": ("left = 1", "print('left' in globals())"),
    "main": ("import __main__; __main__.left = 1", "import __main__; print(dir(__main__))"),
    "the environment": (
        "import os; os.environ['LEFT'] = ''",
        "import os; print('LEFT' in os.environ)",
    ),
    "the folder": ("import os; os.chdir('/')", "import os; print(os.getcwd())"),
    "the path": ("import sys; sys.path.append('left')", "import sys; print(sys.path)"),
    "the mask": ("import os; os.umask(0o70)", "import os; m = os.umask(0); os.umask(m); print(m)"),
    "a signal": (
        "import signal; signal.signal(15, signal.SIG_IGN)",
        "import signal; print(signal.getsignal(15))",
    ),
    "an open file": (
        "left = open('/dev/zero')",
        "import os; print('/dev/zero' in [os.path.realpath(f'/dev/fd/{it}') for it in range(99)])",
    ),
    "an option": (
        "import pandas; pandas.options.display.max_rows = 3",
        "import pandas; print(pandas.options.display.max_rows)",
    ),
    "a theme": (
        "import altair; altair.theme.enable('dark')",
        "import altair; print(altair.theme.active)",
    ),
    "a decimal context": (
        "import decimal; decimal.getcontext().prec = 3",
        "import decimal; print(decimal.getcontext())",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LEAVES)
def test_what_one_kernel_leaves_no_other_finds(name):
    change, question = LEAVES[name]
    with kernel() as one:
        before = one(question)
        one(change)
        assert one(question) != before
        with kernel() as other:
            assert other(question) == before


@pytest.mark.parametrize("source", ["random.random()", "numpy.random.random()"])
def test_no_two_kernels_draw_the_same_random_numbers(source):
    code = f"import random, numpy; print({source})"
    with kernel() as one, kernel() as other:
        assert one(code) != other(code)


WHAT_A_KERNEL_IS = """
import gc, json, os, signal, sys, threading
print(json.dumps([
    sys.path, sys.flags, sys.argv[:2], os.getcwd(), gc.isenabled(), len(threading.enumerate()),
    [str(signal.getsignal(number)) for number in (2, 13, 15, 17)], signal.set_wakeup_fd(-1),
    os.getsid(0) == os.getpgrp() == os.getpid(), os.isatty(0), sys.modules["__main__"].__name__,
    str(vars().keys() - vars(sys.modules["__main__"]).keys()), sys.getrecursionlimit(),
    sorted(set(os.environ) - {"PYDEVD_USE_FRAME_EVAL"}),
    [it.__name__ for it in map(type, sys.meta_path) if 'tallybook' not in it.__module__],
]))
"""


def test_a_warm_kernel_is_what_a_new_one_is(monkeypatch):
    with kernel() as warm:
        forked = json.loads(warm(WHAT_A_KERNEL_IS))
    with monkeypatch.context() as patch:
        patch.setattr(kernel_server, "start_server", lambda: None)
        patch.setattr(kernel_server, "SOCKET", "nobody")
        with kernel() as new:
            assert isinstance(new.process, subprocess.Popen)
            assert forked == json.loads(new(WHAT_A_KERNEL_IS))


def test_a_kernel_has_what_it_is_launched_with(tmp_path):
    environment = os.environ | {"ONLY": "here"}
    environment.pop("HOME", None)
    with kernel(cwd=str(tmp_path), env=environment) as ask:
        assert ask("import os; print(os.getcwd())") == str(tmp_path)
        assert ask("print(os.environ['ONLY'], 'HOME' in os.environ)") == "here False"
        assert ask("print(os.popen('echo $ONLY').read())") == "here"


def test_a_kernel_holds_nothing_open_of_the_server_or_of_another_kernel():
    code = "import os; print(sorted(os.listdir('/proc/self/fd')))"
    with kernel() as one, kernel() as other, kernel() as third:
        assert one(code) == other(code) == third(code)


def test_only_what_a_notebook_imports_of_the_package_is_there():
    with kernel() as ask:
        ours = ask("import sys; print([it for it in sys.modules if 'tallybook' in it])")
        assert ours == "['tallybook.notebooks.recorder']"  # which records what the notebook does
        ask("import tallybook")
        assert ask("print(hasattr(tallybook, 'charts'), hasattr(tallybook, 'quantity'))") == (
            "False False"
        )
        ask("import altair; active = altair.theme.active; from tallybook.charts import times")
        assert ask("print(active, altair.theme.active)") == "default tallybook"
        assert ask("print(hasattr(tallybook, 'charts'))") == "True"


def test_a_notebook_finds_the_modules_that_the_server_has_imported_and_all_that_they_need():
    kept = "next(it._modules for it in sys.meta_path if hasattr(it, '_modules'))"
    is_aside = f"import sys; print('tallybook.ledger.records' in {kept})"
    with kernel() as ask:
        assert ask(is_aside) == "True"
        ask("from tallybook.ledger import ledger; import tallybook.tables.table as table")
        assert ask(is_aside) == "False"
        assert ask("print('tallybook.ledger.records' in sys.modules)") == "True"
        assert ask("print(table.Ledger is ledger.Ledger)") == "True"
        assert ask("print(ledger.__spec__.origin)") == str(PACKAGE / "ledger/ledger.py")


def test_all_kernels_of_a_process_can_be_ended_and_their_server_goes_on():
    with kernel() as ask:
        Timer(0.5, kernels.end_all).start()
        with pytest.raises(DeadKernelError):
            ask("import time; time.sleep(60)")
        assert not psutil.pid_exists(ask.process.pid)
    kernels.end_all()  # of one that has ended already
    with kernel() as ask:
        assert ask("print(1)") == "1"


def test_who_ends_its_kernels_ends_no_other_of_the_server_that_they_share():
    with kernel() as ask:
        ask("kept = 1")
        ends = (
            "from jupyter_core.utils import run_sync\nfrom tallybook.notebooks import kernels\n"
            "manager = kernels.Manager()\nrun_sync(manager.start_kernel)()\n"
            "process = manager.provisioner.process\nkernels.end_all()\n"
            "print(type(process).__name__, process.wait(60))"
        )
        ran = subprocess.run(
            [sys.executable, "-c", ends], check=False, capture_output=True, text=True
        )
        assert ran.stdout.split() == ["Forked", str(-signal.SIGKILL)], ran.stderr
        assert ask("print(kept)") == "1"


def test_a_kernel_can_be_interrupted_and_goes_on():
    with kernel() as ask:
        code = "import time; print('begun', flush=True); time.sleep(600)"
        ask.client.kc.execute(code, stop_on_error=False)
        while run_sync(ask.client.kc.get_iopub_msg)(timeout=SECONDS)["msg_type"] != "stream":
            continue
        run_sync(ask.client.km.interrupt_kernel)()
        answer = run_sync(ask.client.kc.get_shell_msg)(timeout=SECONDS)
        assert answer["content"]["ename"] == "KeyboardInterrupt"
        assert ask("print('on')") == "on"


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("import os; os._exit(3)", 3),
        ("import os; os.kill(os.getpid(), 9)", -9),
        ("import faulthandler; faulthandler._sigsegv()", -11),
    ],
)
def test_the_death_of_a_kernel_is_noticed_at_once(code, exit_code):
    with kernel() as ask:
        assert ask.process.poll() is None
        ask.client.kc.execute(code)
        assert ask.process.wait(SECONDS) == exit_code


def test_what_a_kernel_started_ends_with_it():
    with kernel() as ask:
        started = int(ask("import subprocess; print(subprocess.Popen(['sleep', '999']).pid)"))
        assert runs(started)
    assert gone(started)


def test_a_kernel_ends_with_the_server_that_forked_it(monkeypatch):
    server = kernel_server.start_server()
    monkeypatch.setenv(vega.SERVER, str(server.folder))
    with kernel() as ask:
        helpers = [child.pid for child in psutil.Process(server.process.pid).children()]
        assert ask.process.pid in helpers
        server.close()
        assert ask.process.wait(SECONDS) == -9
        assert gone(server.process.pid, *helpers)
        assert not server.folder.exists()


def test_a_kernel_ends_when_its_server_is_killed(monkeypatch):
    server = kernel_server.start_server()
    monkeypatch.setenv(vega.SERVER, str(server.folder))
    with kernel() as ask:
        helpers = [child.pid for child in psutil.Process(server.process.pid).children()]
        os.kill(server.process.pid, signal.SIGKILL)
        assert ask.process.wait(SECONDS) == -9
        assert gone(*helpers)
    server.close()


OWNER = """
import asyncio, os, sys, time
from tallybook.charts import vega
from tallybook.notebooks import kernel_server, kernels

async def start(manager):
    await manager.start_kernel()
    client = manager.client()
    client.start_channels()
    await client.wait_for_ready()
    client.execute("import subprocess; subprocess.Popen(['sleep', '999'])")

with kernel_server.warm():
    manager = kernels.Manager()
    asyncio.run(start(manager))
    {then}
    print(os.environ[vega.SERVER], flush=True)
    time.sleep(999)
"""


@pytest.mark.parametrize("then", ["", "os.fork()"])
def test_nothing_is_left_when_the_owner_is_killed(then, monkeypatch):
    monkeypatch.delenv(vega.SERVER)
    command = [sys.executable, "-c", OWNER.format(then=then)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        folder = Path(owner.stdout.readline().strip())
        others = psutil.Process(owner.pid).children(recursive=True)
        assert len(others) >= 3
        owner.kill()
        children = {child.pid for child in others if child.cmdline()[1:2] == ["-c"]}
        assert gone(*{child.pid for child in others} - children)
        for child in children:
            os.kill(child, signal.SIGKILL)
    assert not folder.exists()


def test_without_fork_a_kernel_starts_as_any_other(monkeypatch):
    monkeypatch.delenv(vega.SERVER)
    monkeypatch.setattr(kernel_server, "_own", [])
    monkeypatch.delattr(os, "fork")
    with kernel_server.warm(), kernel() as ask:
        assert vega.SERVER not in os.environ
        assert isinstance(ask.process, subprocess.Popen)
        assert ask("print(1)") == "1"


def test_where_the_server_is_gone_a_kernel_starts_as_any_other(monkeypatch, tmp_path):
    monkeypatch.setenv(vega.SERVER, str(tmp_path))
    with kernel() as ask:
        assert isinstance(ask.process, subprocess.Popen)


def test_what_only_a_new_interpreter_reads_has_a_new_interpreter():
    with kernel(env=os.environ | {"PYTHONHASHSEED": "7"}) as ask:
        assert isinstance(ask.process, subprocess.Popen)
        assert ask("import sys; print(sys.flags.hash_randomization)") == "1"


def test_the_workers_of_pytest_have_kernels_of_the_server_that_they_share():
    with kernel(env=os.environ | {"PYTHONUNBUFFERED": "x"}) as ask:
        assert not isinstance(ask.process, subprocess.Popen)


def test_a_process_without_a_shared_server_has_one_of_its_own(monkeypatch):
    monkeypatch.delenv(vega.SERVER)
    monkeypatch.setattr(kernel_server, "_own", [])
    with kernel() as one, kernel() as other:
        (server,) = kernel_server._own
        children = {child.pid for child in psutil.Process(server.process.pid).children()}
        assert {one.process.pid, other.process.pid} < children
    server.close()


def test_a_server_that_is_closed_at_once_leaves_nothing():
    server = kernel_server.start_server()
    server.close()
    assert gone(server.process.pid)
    assert not server.folder.exists()


@pytest.fixture
def _asks_the_drawing_process(monkeypatch):
    def refuse(*_):
        raise AssertionError("drawn in this process")

    monkeypatch.setattr(vega, "_drawn", refuse)


def test_the_drawing_process_draws_the_same_bytes(monkeypatch, request):
    with monkeypatch.context() as patch:
        patch.delenv(vega.SERVER)
        drawn_here = svg.drawing(SPEC)
    request.getfixturevalue("_asks_the_drawing_process")
    assert svg.drawing(SPEC) == drawn_here


@pytest.mark.parametrize("change", [{"mark": "nonsense"}, {"mark": 3}])
def test_the_drawing_process_refuses_in_the_same_words(change, monkeypatch, request):
    with monkeypatch.context() as patch:
        patch.delenv(vega.SERVER)
        with pytest.raises(svg.CannotBeDrawn) as here:
            svg.drawing(SPEC | change)
    request.getfixturevalue("_asks_the_drawing_process")
    with pytest.raises(svg.CannotBeDrawn) as there:
        svg.drawing(SPEC | change)
    assert str(here.value) == str(there.value)


def test_what_breaks_a_drawing_does_not_end_the_drawing_process(request):
    with pytest.raises(RuntimeError):
        vega.svg(json.dumps(SPEC), "9.9")
    request.getfixturevalue("_asks_the_drawing_process")
    assert svg.drawing(SPEC).startswith("<svg")


def test_a_kernel_has_its_charts_drawn_whatever_it_does_to_its_environment():
    draw = f"import sys; from tallybook.charts import svg; svg = svg.drawing({SPEC!r})"
    threads = "import os; print(len(os.listdir('/proc/self/task')))"
    with kernel() as ask:
        before = ask(threads)
        ask(draw)
        assert ask(threads) == before  # vl-convert has some once it draws
        ask("import os; os.environ.clear(); drawn = svg")
        ask(draw)
        assert ask("print(svg == drawn)") == "True"


def test_where_the_drawing_process_is_gone_a_chart_is_drawn_here(monkeypatch, tmp_path):
    drawn_there = svg.drawing(SPEC)
    monkeypatch.setenv(vega.SERVER, str(tmp_path))
    assert svg.drawing(SPEC) == drawn_there


def test_the_kernelspec_is_installed_names_the_provisioner_and_is_quiet():
    spec = kernelspec.get_kernel_spec(kernels.NAME)
    stored = json.loads((ROOT / "tallybook/notebooks/kernelspec/kernel.json").read_text())
    assert spec.argv == stored["argv"]
    assert spec.metadata["kernel_provisioner"]["provisioner_name"] == "tallybook-warm"
    assert "--HistoryManager.hist_file=:memory:" in spec.argv
    assert spec.display_name == "Python 3 (tallybook)"
