"""The command `tallybook diff`: what it says of two versions of a book, and its exit codes."""

from __future__ import annotations

import json
import subprocess

import pytest
import yaml

from tests.conftest import ROOT
from tests.helpers.repository import commit
from tests.helpers.small_site import run

STATISTICS = "data/statistics/kettles.yml"


@pytest.fixture
def executed(book):
    """The small book without its notebook, so that all of it can be compared, as a commit."""
    (book / "notebooks/kettles.ipynb").unlink()
    (book / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (book / "index.md").write_text("# Kettles\n\n{stat}`stores-closed-2017` closed.\n")
    commit(book, "first")
    return book


def spoil(book) -> None:
    path = book / STATISTICS
    text = path.read_text().replace("value: 1000\n", "value: 1100\n")
    path.write_text(text.replace("more than 1,000 stores", "more than 1,100 stores"))


def test_a_change_is_told_with_the_fields_and_the_page(executed):
    spoil(executed)
    result = run(executed, "diff", "first")
    assert result.returncode == 0
    head, summary, *lines = result.stdout.splitlines()
    assert head.endswith(" → the files as they are")
    assert summary == "1 statistic changed."
    assert lines == [
        "changed statistic stores-closed-2017: more than 1,000 → more than 1,100",
        "    value: 1000 → 1100",
        "    cited 1: as_printed: more than 1,000 stores → more than 1,100 stores",
        "    words: more than 1,000 → more than 1,100",
        "    allows: above 1,000 stores; how far above is not said → "
        "above 1,100 stores; how far above is not said",
        "Pages concerned:",
        "    index.md",
    ]


def test_exit_codes_are_those_of_git_where_they_are_asked_for(executed):
    assert run(executed, "diff", "first", "--exit-code").returncode == 0
    spoil(executed)
    assert run(executed, "diff", "first", "--exit-code").returncode == 1
    commit(executed, "second")
    assert run(executed, "diff", "first", "second", "--exit-code").returncode == 1
    assert run(executed, "diff", "second", "HEAD", "--exit-code").returncode == 0


def test_where_something_cannot_be_compared_and_nothing_changed_it_cannot_tell(book):
    commit(book, "first")
    result = run(book, "diff", "first", "--exit-code")
    assert "No figure has changed." in result.stdout
    unknown = "not executed, so that what it computes is not compared: notebooks/kettles.ipynb"
    assert result.stdout.count(unknown) == 2
    assert result.returncode == 2


@pytest.mark.parametrize("arguments", [["no-such"], ["first", "no-such"], []])
def test_what_cannot_be_compared_at_all_exits_with_2_and_a_sentence(arguments, executed):
    result = run(executed, "diff", *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_markdown_shows_texts_as_they_are(executed):
    path = executed / STATISTICS
    path.write_text(path.read_text().replace("scope: the company", "scope: <b>|@all*", 1))
    said = run(executed, "diff", "first", "--format", "markdown").stdout
    assert "| changed statistic | stores-closed-2017 | more than 1,000 | more than 1,000 |" in said
    assert r"scope: the company → &lt;b&gt;\|\@all\*" in said
    assert "Pages concerned: index.md" in said


def test_markdown_fits_into_a_comment_and_says_how_many_changes_do_not(executed):
    path = executed / "data/measures.yml"
    more = "".join(
        f"- id: lids-{number}\n  label: {'lids of a kind ' * 8}\n  kind: count\n  unit: lids\n"
        f"  definition: Lids.\n"
        for number in range(500)
    )
    path.write_text(path.read_text() + more)
    said = run(executed, "diff", "first", "--format", "markdown").stdout
    assert "500 measures added." in said
    assert len(said) < 65_000
    shown = said.count("| added measure |")
    assert f"and {500 - shown} more, for which a comment has no room" in said
    assert shown > 100


def test_json_has_every_change(executed):
    spoil(executed)
    found = json.loads(run(executed, "diff", "first", "--format", "json").stdout)
    (change,) = found["changes"]
    assert (change["what"], change["id"]) == ("changed", "stores-closed-2017")
    assert change["fields"][0] == {"name": "value", "old": "1000", "new": "1100"}
    assert found["pages"] == ["index.md"]
    assert found["not_compared_in_full"] == []


def test_a_stored_notebook_tells_which_computed_figure_moved(built_book):
    commit(built_book, "first")
    path = built_book / "notebooks/kettles.ipynb"
    text = path.read_text()
    assert '"point": "1000/3"' in text
    path.write_text(text.replace('"point": "1000/3"', '"point": "1100/3"'))
    spoil(built_book)
    lines = run(built_book, "diff", "first").stdout.splitlines()
    assert "1 statistic changed; 1 computed figure changed." in lines
    at = next(n for n, line in enumerate(lines) if line.startswith("changed computed figure"))
    assert "    point: 1000/3 → 1100/3" in lines[at:]
    assert "    with stores-closed-2017" in lines[at:]
    assert "    notebooks/kettles.ipynb" in lines[at:]


def test_what_a_stale_notebook_computes_is_not_called_the_same(built_book):
    commit(built_book, "first")
    spoil(built_book)
    said = run(built_book, "diff", "first").stdout
    assert "The same, though computed" not in said
    assert (
        "Not compared in full: the files as they are: stale, so that what is computed there may be "
        "another now: notebooks/kettles.ipynb. To execute: tallybook run"
    ) in said.splitlines()
    commit(built_book, "second")
    assert "computed there may be another now: notebooks/kettles.ipynb" in run(
        built_book, "diff", "first", "second"
    ).stdout  # fmt: skip
    assert "stale" not in run(built_book, "diff", "first", "first").stdout


def test_changes_are_recorded_for_an_author_to_say_why(executed):
    spoil(executed)
    path = executed / STATISTICS
    text = path.read_text()
    text = text.replace("scope: the company", "scope: its shops", 1)
    path.write_text(text.replace("- id: repair-plants", "- id: plants-of-repair"))
    items = executed / "data/comparison.yml"
    items.write_text(items.read_text().replace("[repair-plants", "[plants-of-repair"))
    result = run(executed, "diff", "first", "--record")
    assert result.returncode == 0
    assert "3 entries added to data/changes.yml: write why in each, under because." in result.stderr
    written = (executed / "data/changes.yml").read_text()
    found = {entry["figure"]: entry for entry in yaml.safe_load(written)}
    assert found["stores-closed-2017"]["was"] == {
        "words": "more than 1,000",
        "allows": "above 1,000 stores; how far above is not said",
        "scope": "the company",
    }
    assert found["plants-of-repair"]["what"] == "added"
    assert found["repair-plants"]["was"] == {"label": "plants that repair", "words": "three"}

    # Until somebody has written why, the check refuses them; then nothing more is recorded.
    refused = run(executed, "check", "--ledger-only").stderr
    assert refused.count("because: expected text, found nothing") == 3
    (executed / "data/changes.yml").write_text(written.replace('because: ""', "because: A."))
    assert run(executed, "check", "--ledger-only").returncode == 0
    result = run(executed, "diff", "first", "--record")
    assert "Not recorded" not in result.stdout
    assert "0 entries added" in result.stderr


def test_a_change_that_is_recorded_with_other_words_is_not_recorded(executed):
    spoil(executed)
    run(executed, "diff", "first", "--record")
    path = executed / "data/changes.yml"
    text = path.read_text().replace('because: ""', "because: A.")
    path.write_text(text)
    assert "Not recorded" not in run(executed, "diff", "first").stdout
    path.write_text(text.replace("more than 1,000", "more than 9,000"))
    said = run(executed, "diff", "first").stdout
    assert "Not recorded in data/changes.yml: stores-closed-2017" in said
    said = run(executed, "diff", "first", "--format", "markdown").stdout
    assert "Not recorded in `data/changes.yml`: stores-closed-2017" in said


def test_an_entry_is_added_behind_those_that_are_there(executed):
    path = executed / "data/changes.yml"
    there = "# ours\n- {figure: repair-plants, date: '2020-01-01', what: added, because: A.}"
    path.write_text(there)
    commit(executed, "second")
    spoil(executed)
    run(executed, "diff", "second", "--record")
    assert path.read_text().startswith(f"{there}\n\n- figure: stores-closed-2017\n")


def test_only_what_the_files_have_can_be_recorded(executed):
    result = run(executed, "diff", "first", "first", "--record")
    assert result.returncode == 2
    assert "name one revision" in result.stderr
    assert not (executed / "data/changes.yml").exists()


@pytest.mark.parametrize("text", ["a: b\n", "- {\n"])
def test_nothing_is_added_to_a_file_that_cannot_be_read(text, executed):
    spoil(executed)
    path = executed / "data/changes.yml"
    path.write_text(text)
    result = run(executed, "diff", "first", "--record")
    assert result.returncode == 2
    assert "data/changes.yml:" in result.stderr
    assert "Traceback" not in result.stderr
    assert path.read_text() == text


# Two revisions of which people have counted what differs


# Of the repository's own book, by `git show 9debcd8 -- data`.
COUNTED = {
    "changed statistic": {
        "arrests-2017-preface", "campaign-facilities-destroyed-2017", "closures-2017-preface",
        "data-processed-rebuttal", "factory-leather-seized", "luxury-locations-destroyed",
        "luxury-sales", "red-shield-shops-closed-2017",
    },
    "added measure": {"facilities-destroyed"},
    "changed measure": {"facilities-closed"},
}  # fmt: skip
# Each line that `git show` has as removed and added, by the record that it stands in.
COUNTED_FIELDS = {
    "arrests-2017-preface": ["cited 1: says"],
    "campaign-facilities-destroyed-2017": ["measure", "note"],
    "closures-2017-preface": ["cited 1: says"],
    "data-processed-rebuttal": ["rounded_because"],
    "factory-leather-seized": ["cited 1: says"],
    "luxury-locations-destroyed": ["measure", "note"],
    "luxury-sales": ["rounded_because"],
    "red-shield-shops-closed-2017": ["cited 1: says"],
    "facilities-destroyed": [],
    "facilities-closed": ["definition", "unlike", "unlike_because"],
}
# The same kinds of edits in the small book: a measure is split, figures are moved and told anew.
EDITS = [
    ("data/measures.yml", "definition: Kettles called back.", """definition: Kettles called back.
  unlike: [kettles-melted]
  unlike_because: Some may be both.
- id: kettles-melted
  label: kettles melted
  kind: total over a period
  unit: kettles
  floor: 0
  definition: Kettles that were melted."""),
    (STATISTICS, "measure: kettles-recalled", "measure: kettles-melted"),
    (STATISTICS, "scope: the company", "scope: its shops"),
    (STATISTICS, "of: all requests", "of: all requests\n  note: By mail."),
]  # fmt: skip
COUNTED_IN_KETTLES = {
    "changed statistic": {"kettles-recalled-2017", "share-handled-2017", "stores-closed-2017"},
    "added measure": {"kettles-melted"},
    "changed measure": {"kettles-recalled"},
}


def counted(book, *revisions: str) -> tuple[dict[str, set[str]], dict[str, list[str]]]:
    """What `tallybook diff` says has changed: ids by what became of them, fields by ids."""
    result = run(book, "diff", *revisions, "--format", "json")
    assert result.returncode == 0, result.stderr
    changes = json.loads(result.stdout)["changes"]
    found: dict[str, set[str]] = {}
    for each in changes:
        found.setdefault(f"{each['what']} {each['kind']}", set()).add(each["id"])
    return found, {each["id"]: [one["name"] for one in each["fields"]] for each in changes}


def is_there(revision: str) -> bool:
    command = ["git", "cat-file", "-e", f"{revision}^{{commit}}"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_two_revisions_of_the_small_book_differ_as_counted_by_hand(executed):
    for name, old, new in EDITS:
        path = executed / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
    commit(executed, "second")
    found, fields = counted(executed, "first", "second")
    assert found == COUNTED_IN_KETTLES
    assert fields["kettles-recalled"] == ["unlike", "unlike_because"]
    assert fields["share-handled-2017"] == ["note"]
    assert fields["stores-closed-2017"] == ["scope"]
    assert fields["kettles-recalled-2017"][0] == "measure"


def test_two_revisions_of_this_repository_differ_as_counted_by_hand():
    if is_there("9debcd8~1"):
        assert counted(ROOT, "9debcd8~1", "9debcd8") == (COUNTED, COUNTED_FIELDS)
    else:  # a shallow clone, or a release without its history
        result = run(ROOT, "diff", "9debcd8~1", "9debcd8")
        assert (result.returncode, result.stdout) == (2, "")
        assert "no revision '9debcd8~1' in the repository of" in result.stderr


def test_the_oldest_books_of_this_repository_are_compared_or_it_is_said_why_not():
    # Its records and what its notebooks store have another form.
    result = run(ROOT, "diff", "88b903b", "HEAD")
    assert "Traceback" not in result.stderr
    if is_there("88b903b"):
        assert "Not compared in full: 88b903b: pages cannot be told" in result.stdout
        assert "statistics added" in result.stdout
    else:
        assert "no revision '88b903b' in the repository of" in result.stderr
