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


def test_there_are_three_workflows():
    assert set(FLOWS) == {"advisories", "pages", "test"}
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
def test_a_job_reads_the_repository_and_only_the_one_that_deploys_writes(job):
    deploys = {"pages": "write", "id-token": "write"}
    expected = deploys if job == "pages-deploy" else {"contents": "read"}
    assert JOBS[job]["permissions"] == expected


def test_the_job_that_may_write_runs_nothing_of_this_repository():
    assert not runs("pages-deploy")
    assert not [step for step in steps("pages-deploy") if "checkout" in str(step.get("uses"))]


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
    assert len(checkouts) == len(OWN) - 1
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


@pytest.mark.parametrize("line", runs())
def test_no_command_has_anything_put_into_it_or_fetches_a_script(line):
    assert "${{" not in line
    assert not re.search(r"\b(curl|wget|eval|sudo)\b|\|", line)
    first = shlex.split(line)[0]
    assert first in {"make", "git", "npm", "python"} or os.access(ROOT / first, os.X_OK)


@pytest.mark.parametrize("flow", FLOWS)
def test_a_workflow_has_no_secret_and_does_not_run_strangers_code_with_its_rights(flow):
    assert "secrets" not in TEXTS[flow]
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & FLOWS[flow][True].keys()
    told = set(re.findall(r"\$\{\{\s*(.*?)\s*\}\}", TEXTS[flow]))
    assert told <= {
        "github.event_name == 'pull_request'", "github.ref", "github.workflow", "matrix.python",
        "steps.deployment.outputs.page_url",
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
