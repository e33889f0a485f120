"""The workflows run the README's commands, with the least rights, and what is pinned."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator

import pytest
import yaml

from tests import conftest
from tests.conftest import ROOT
from tests.helpers.repository import commit, git
from tests.helpers.small_site import run
from tests.repository.locked import LOCKS, PYTHONS

FOLDER = ROOT / ".github/workflows"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir())}
# YAML 1.1 reads the key `on` as true.
FLOWS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
JOBS = {f"{flow}-{job}": found for flow in FLOWS for job, found in FLOWS[flow]["jobs"].items()}
OWN = {name: job for name, job in JOBS.items() if "uses" not in job}
# Nothing that is stored may be rewritten by the build, or be another when it is executed again.
COMMANDS = [
    "make book", "git diff --exit-code", "make test", "make test-slow", "make reproduce",
]  # fmt: skip
# The jobs that may write, and what.
WRITING = {
    "pages-deploy": {"pages": "write", "id-token": "write"},
    "figures-comment": {"pull-requests": "write"},
}
README = (ROOT / "README.md").read_text(encoding="utf-8")
# Digests that were read in the action's own repository. None could be.
DIGESTS: frozenset[str] = frozenset()


def steps(*jobs: str) -> Iterator[dict[str, object]]:
    for job in jobs or OWN:
        yield from OWN[job]["steps"]


def runs(*jobs: str) -> list[str]:
    return [str(step["run"]) for step in steps(*jobs) if "run" in step]


def used() -> list[str]:
    called = [job["uses"] for job in JOBS.values() if "uses" in job]
    return called + [str(step["uses"]) for step in steps() if "uses" in step]


def test_there_are_four_workflows():
    assert set(FLOWS) == {"advisories", "figures", "pages", "test"}
    assert {path.suffix for path in FOLDER.iterdir()} == {".yml"}


def test_the_tests_run_the_commands_of_the_readme_on_each_python_of_the_lock():
    job = OWN["test-test"]
    assert runs("test-test")[-5:] == COMMANDS
    assert all(re.search(rf"^{command} ", README, re.M) for command in ("make book", "make test"))
    assert job["strategy"]["matrix"]["python"] == [*PYTHONS]
    assert job["container"] == "python:${{ matrix.python }}-bookworm"


def test_pushes_and_pull_requests_are_tested_each_by_one_workflow():
    assert {"pull_request", "workflow_call"} <= FLOWS["test"][True].keys()
    assert FLOWS["test"][True]["push"] == {"branches-ignore": ["main"]}
    assert FLOWS["pages"][True] == {"push": {"branches": ["main"]}}


def test_what_is_published_is_what_the_readmes_command_built_and_passed_the_tests():
    jobs = FLOWS["pages"]["jobs"]
    assert runs("pages-build")[-1] == "make book"
    assert (jobs["build"]["needs"], jobs["deploy"]["needs"]) == ("test", "build")
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    (upload,) = [step for step in steps("pages-build") if "upload" in str(step.get("uses"))]
    assert upload["with"] == {"path": "_build/html"}


def test_the_site_is_built_by_a_python_that_the_tests_run_on():
    assert OWN["pages-build"]["container"] in {f"python:{each}-bookworm" for each in PYTHONS}


@pytest.mark.parametrize("flow", FLOWS)
def test_a_workflow_has_no_rights_of_its_own(flow):
    assert FLOWS[flow]["permissions"] == {}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_reads_the_repository_and_only_those_that_deploy_and_comment_write(job):
    assert JOBS[job]["permissions"] == WRITING.get(job, {"contents": "read"})


@pytest.mark.parametrize("job", WRITING)
def test_a_job_that_may_write_runs_nothing_of_this_repository(job):
    assert all(line.startswith("gh pr comment ") for line in runs(job))
    assert not [step for step in steps(job) if "checkout" in str(step.get("uses"))]


@pytest.mark.parametrize("action", sorted(set(used())))
def test_each_action_is_ours_or_githubs_and_pinned(action):
    name, _, pin = action.partition("@")
    if action.startswith("./"):
        assert (ROOT / action).is_file()
    else:
        assert name.startswith("actions/")
        assert re.fullmatch(r"v\d+\.\d+\.\d+", pin) or pin in DIGESTS


@pytest.mark.parametrize("job", OWN)
def test_each_job_has_a_time_limit_and_a_named_system(job):
    assert 0 < OWN[job]["timeout-minutes"] <= 90
    assert re.fullmatch(r"ubuntu-\d\d\.04", OWN[job]["runs-on"])
    image = OWN[job].get("container", "python:3.11-bookworm")
    assert re.fullmatch(r"python:(3\.\d+|\$\{\{ matrix\.python \}\})-bookworm", image)


def test_no_checkout_leaves_its_credentials_behind():
    checkouts = [step for step in steps() if "actions/checkout" in str(step.get("uses"))]
    assert len(checkouts) == len(OWN) - len(WRITING)
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert all(step["with"].keys() <= {"persist-credentials", "fetch-depth"} for step in checkouts)


@pytest.mark.parametrize("line", runs())
def test_no_command_has_anything_put_into_it_or_fetches_a_script(line):
    assert "${{" not in line
    assert not re.search(r"\b(curl|wget|eval|sudo)\b|\|", line)
    first = shlex.split(line)[0]
    known = {"make", "git", "npm", "python", "cat", "gh"}
    assert first in known or first == ".venv/bin/tallybook" or os.access(ROOT / first, os.X_OK)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_workflow_has_no_secret_and_does_not_run_strangers_code_with_its_rights(flow):
    assert "secrets" not in TEXTS[flow]
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & FLOWS[flow][True].keys()
    told = set(re.findall(r"\$\{\{\s*(.*?)\s*\}\}", TEXTS[flow]))
    assert told <= {
        "github.event_name == 'pull_request'", "github.ref", "github.workflow", "matrix.python",
        "steps.deployment.outputs.page_url", "github.repository", "github.token",
        "github.event.number",
    }  # fmt: skip


def test_a_workflow_that_stands_in_the_way_of_itself_says_what_happens():
    assert all(
        {"group", "cancel-in-progress"} == flow["concurrency"].keys() for flow in FLOWS.values()
    )
    assert FLOWS["pages"]["concurrency"]["cancel-in-progress"] is False


def test_advisories_are_looked_up_for_each_lock_each_week_and_when_a_lock_changes():
    triggers = FLOWS["advisories"][True]
    locks = {*LOCKS, "tests/package-lock.json", ".github/advisories.txt"}
    assert locks <= {*triggers["push"]["paths"]} == {*triggers["pull_request"]["paths"]}
    assert all((ROOT / path).is_file() for path in triggers["push"]["paths"])
    assert re.fullmatch(r"\d+ \d+ \* \* \d", triggers["schedule"][0]["cron"])
    _, audit = runs("advisories-python")
    assert {"--strict", "--require-hashes", "--disable-pip"} <= {*audit.split()}
    assert re.findall(r"--requirement (\S+)", audit) == [*LOCKS]
    assert runs("advisories-npm") == ["npm audit --package-lock-only"]


# The workflow that says on a pull request which figures it changes, and the one of a new book.
FIGURES = [FOLDER / "figures.yml", ROOT / "tallybook/cli/template/dot-github/workflows/figures.yml"]


def proposed(book) -> None:
    """Make a repository of a book, as a pull request is checked out: merged, and without more."""
    commit(book, "first")
    git(book, "checkout", "--quiet", "-b", "proposal")
    path = book / "data/statistics/kettles.yml"
    path.write_text(path.read_text().replace("scope: the company", "scope: its shops", 1))
    commit(book)
    git(book, "checkout", "--quiet", "main")
    (book / "more.txt").write_text("Meanwhile.")
    commit(book)
    git(book, "merge", "--quiet", "--no-ff", "--message", "merged", "proposal")


@pytest.mark.parametrize("path", FIGURES, ids=["ours", "of a new book"])
def test_what_a_pull_request_is_told_is_what_it_changes(path, book, tmp_path):
    proposed(book)
    compare = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["compare"]
    checkout, *_ = compare["steps"]
    clone, depth = tmp_path / "clone", str(checkout["with"]["fetch-depth"])
    git(tmp_path, "clone", "--quiet", "--depth", depth, f"file://{book}", str(clone))
    (line,) = [step["run"] for step in compare["steps"] if "tallybook diff" in step.get("run", "")]
    command, _, to = line.partition(" > ")
    _, *words = shlex.split(command)
    told = run(clone, *words)
    assert told.returncode == 0, told.stderr
    assert "1 statistic changed." in told.stdout.splitlines()
    assert "scope: the company → its shops" in told.stdout
    uses = [step["with"]["path"] for step in compare["steps"] if "upload" in step.get("uses", "")]
    assert uses == [to]


@pytest.mark.parametrize("path", FIGURES, ids=["ours", "of a new book"])
def test_a_pull_request_of_a_fork_is_compared_and_not_commented(path):
    jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    own = "github.event.pull_request.head.repo.full_name == github.repository"
    assert (jobs["comment"]["if"], jobs["comment"]["needs"]) == (own, "compare")
    assert "if" not in jobs["compare"]
    assert 'cat figures.md >> "$GITHUB_STEP_SUMMARY"' in [
        step.get("run") for step in jobs["compare"]["steps"]
    ]
    (command,) = [step["run"] for step in jobs["comment"]["steps"] if "run" in step]
    assert "--edit-last --create-if-none --body-file figures.md" in command


def test_the_workflow_of_a_new_book_is_ours_but_for_how_it_is_installed():
    ours, theirs = (
        [line for line in path.read_text(encoding="utf-8").splitlines() if "name: co" not in line]
        for path in FIGURES
    )
    differing = [pair for pair in zip(ours, theirs, strict=True) if len({*pair}) > 1]
    assert len(differing) == 2
    assert all("run: " in line for pair in differing for line in pair)


def test_ci_is_strict_and_a_checkout_without_the_documents_may_leave_out_them_alone(monkeypatch):
    reasons = {conftest.NO_DOCUMENTS: 2, "chromium is not installed": 1}
    monkeypatch.setattr(conftest, "skipped", lambda _: reasons)
    monkeypatch.setenv("NO_SKIPS", OWN["test-test"]["env"]["NO_SKIPS"])
    assert conftest.unexcused(None) == {"chromium is not installed"}
    monkeypatch.setenv("NO_SKIPS", "1")
    assert conftest.unexcused(None) == set(reasons)
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert 0 < script.find("export NO_SKIPS=1\n") < script.find("\nmake test\n")


def test_ci_builds_the_book_before_it_installs_what_tests_need():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert re.findall(r"^make (\S+)", script, re.M)[:3] == ["book", "test", "test-slow"]
    assert runs("test-test")[-5:] == COMMANDS


def test_ci_installs_what_tests_would_be_left_out_without():
    packages = (ROOT / ".ci/packages").read_text(encoding="utf-8")
    assert ".ci/packages\n" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert ".ci/packages" in runs("test-test")
    for command in ("make", "chromium", "java", "npm"):
        assert f"command -v {command} >/dev/null || wanted+=" in packages
