"""Parties, and the words for statements, links and answers: what may be named, and what is said."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

import pytest

from tallybook import tables
from tallybook.charts.theme import PALETTE
from tallybook.cli import show
from tallybook.ledger import vocabulary
from tallybook.ledger.records import Party
from tallybook.notebooks import session

PARTIES, WORDS = "data/parties.yml", "data/vocabulary.yml"
COMPARISON, STATISTICS = "data/comparison.yml", "data/statistics/kettles.yml"
ROOT = Path(__file__).parents[2]
CLAIMS = """
- {id: lids-leak, kind: claim, party: Kettle Club, period: unstated, label: Lids leak,
   text: Lids leak., cited: [{source: report, section: Repairs}]}
- {id: no-leak, kind: evidence, party: Kettle Company, period: unstated, label: No leak,
   text: None leaks., cited: [{source: report, section: Repairs}],
   links: [{to: lids-leak, relation: speaks against, basis: stated}]}
- {id: some-leak, kind: finding, party: Kettle Club, period: unstated, label: Some leak,
   text: Some leak., cited: [{source: report, section: Repairs}],
   answer: {brief: It doubts that., kind: disputes},
   links: [{to: lids-leak, relation: settles, basis: stated}]}
"""
CSS = Path(vocabulary.__file__).parents[1] / "site/theme/static/tallybook.css"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (STATISTICS, "party: Kettle Company", "party: Kettle Compny",
         ":7:10: statistic 'stores-closed-2017': no party 'Kettle Compny' in data/parties.yml. "
         "Did you mean 'Kettle Company'?"),
        ("data/events.yml", "party: Kettle Company", "party: Kettle Compny",
         ":4:10: event 'plant-opened': no party 'Kettle Compny' in data/parties.yml."),
        ("data/sources.yml", "party: Kettle Company", "party: Kettle Compny",
         ":3:10: source 'report': no party 'Kettle Compny' in data/parties.yml."),
        (COMPARISON, "party: Kettle Club", "party: Guild",
         ":3:10: item 'repair-more': no party 'Guild' in data/parties.yml. It has Kettle Club, "),
        (COMPARISON, "section: Repairs}", "section: Repairs, said_by: Kettle Clubb}",
         ":8:51: item 'repair-more': no party or speaker 'Kettle Clubb' in data/parties.yml. Did "
         "you mean 'Kettle Club'? Who speaks for a party stands among its speakers"),
        ("data/missing.yml", "as_printed: 'makes", "said_by: Ada Lid, as_printed: 'makes",
         ":5:51: missing figure 'lids-made': no party or speaker 'Ada Lid'"),
        (COMPARISON, "kind: reply", "kind: rely",
         ":10:9: item 'plants-repair': no kind of item 'rely' in data/vocabulary.yml. Did you"),
        (COMPARISON, "relation: replies to", "relation: answers",
         ":20:35: item 'plants-repair': no relation 'answers' in data/vocabulary.yml. It has "
         "replies to, is part of, contradicts, touches."),
        (WORDS, "to_kinds: [demand, doubt, proposal]", "to_kinds: [doubt, proposal]",
         "data/comparison.yml:20:35: item 'plants-repair': 'replies to' leads to doubt or proposal "
         "in data/vocabulary.yml, and not to demand"),
        (WORDS, "  role: reply\n", "  role: reply\n  from_kinds: [repair]\n",
         "'replies to' leads from repair in data/vocabulary.yml, and not from reply"),
        (WORDS, "to_kinds: [demand, doubt", "to_kinds: [demnd, doubt",
         ":18:14: relation 'replies to': no kind of item 'demnd' in data/vocabulary.yml. Did you"),
        (COMPARISON, "- id: plants-repair",
         "  answer: {brief: It does., kind: agree}\n- id: plants-repair",
         ":9:35: item 'repair-more': no kind of answer 'agree' in data/vocabulary.yml. Did you "),
        (WORDS, "plural: replies", "plural: sources",
         ":9:11: kind of item 'reply': 'sources' counts something else already; choose another"),
        (WORDS, "plural: replies", "plural: doubts", "'doubts' counts something else already"),
        (WORDS, "plural: replies", "plural: kettles", "'kettles' counts something else already"),
        (WORDS, "kind: doubt", "kind: reply", ":13:9: kind of item 'reply': stands at data/voc"),
        (WORDS, "relation: touches", "relation: contradicts", "relation 'contradicts': stands at"),
        (WORDS, "answer: declines", "answer: agrees", "kind of answer 'agrees': stands at"),
        (PARTIES, "name: Kettle Club", "name: Kettle Company", "party 'Kettle Company': stands"),
        (PARTIES, "role: replying", "role: replying\n  speakers: [Kettle Club]",
         ":5:14: party 'Kettle Company': 'Kettle Club' speaks for 'Kettle Club' too; keep one"),
        (PARTIES, "role: replying", "colour: bleu",
         ":4:11: party 'Kettle Company': colour: expected 'blue', 'orange', "),
        (PARTIES, "role: replying", "role: answering", "role: expected 'opening', 'replying' or"),
        (PARTIES, "name: Kettle Company", "name: 2017", "name: '2017' is a number"),
        (PARTIES, "  role: replying", "  rule: replying", "unknown field 'rule'. Did you mean 'ro"),
        (WORDS, "  plural: demands\n", "", "kind of item 'demand': the field 'plural' is missing"),
        (WORDS, "  back: has\n", "", "relation 'is part of': the field 'back' is missing"),
        (WORDS, "- kind: proposal", "- knd: proposal", "the field 'kind' is missing"),
    ],
)  # fmt: skip
def test_what_is_not_declared_is_an_error_at_its_place_with_the_nearest(
    name, old, new, says, edit, problems
):
    edit(name, old, new)
    wanted = f"{name}{says}" if says.startswith(":") else says
    assert wanted in "\n".join(problems())


def test_a_mistake_in_a_party_is_one_problem_and_not_one_a_figure(edit, problems):
    edit(PARTIES, "role: replying", "colour: bleu")
    assert len(problems()) == 1


@pytest.mark.parametrize("name", [PARTIES, WORDS])
def test_a_file_that_cannot_be_read_is_one_problem(name, book, problems):
    (book / name).write_text("- name: [")
    assert len(problems()) == 1


def test_the_parties_of_a_book_without_their_file_are_those_of_its_documents(edit, book, problems):
    (book / PARTIES).unlink()
    (alone,) = problems()
    assert "'Kettle Club'" in alone
    edit("data/statistics/kettles.yml", "party: Kettle Company", "party: Kettle Compny")
    found = [line for line in problems() if "no party 'Kettle Compny' in data/parties.yml" in line]
    assert [line.endswith("Did you mean 'Kettle Company'?") for line in found] == [True]
    edit("data/sources.yml", "publisher:", "publihser:")
    assert not [line for line in problems() if "no party" in line]


def test_a_book_without_items_needs_no_vocabulary(book, problems):
    (book / WORDS).unlink()
    (book / COMPARISON).write_text("[]\n")
    assert problems() == []


def test_without_a_vocabulary_no_item_has_a_kind(book, problems):
    (book / WORDS).unlink()
    assert "no kind of item 'demand' in data/vocabulary.yml." in "".join(problems())


def test_a_speaker_speaks_for_its_party_with_what_stands_behind_a_comma(edit, problems):
    edit(PARTIES, "- name: Kettle Company", "  speakers: [Ada Lid]\n- name: Kettle Company")
    edit(STATISTICS, "party: Kettle Company", "party: Kettle Club")
    edit(
        STATISTICS,
        "as_printed: more",
        "said_by: Ada Lid, as they quote her\n      as_printed: more",
    )
    assert problems() == []


def test_a_figure_is_of_a_party_that_speaks_in_a_document_of_it(edit, problems):
    edit(STATISTICS, "party: Kettle Company", "party: Kettle Club")
    edit(STATISTICS, "as_printed: more", "said_by: Kettle Company\n      as_printed: more")
    (problem,) = problems()
    assert "where one reports what Kettle Club says, name the speaker in said_by" in problem


def test_names_of_parties_may_hold_a_number(edit, book):
    edit(PARTIES, "- name: Kettle Club", "- name: 3M\n- name: Kettle Club")
    assert "3M" in session.load(book).known.names


def test_parties_without_a_colour_have_those_that_no_other_has():
    made = [Party(name=name) for name in "ABCDEFGHI"] + [Party(name="K", colour="blue")]
    found = vocabulary.colours(made)
    assert (found["A"], found["K"]) == ("orange", "blue")
    assert len(set(found.values())) == len(made)


def test_more_parties_than_colours_have_them_again():
    made = [Party(name=f"Club {letter}") for letter in "abcdefghijklmnopqrstuvw"]
    found = [*vocabulary.colours(made).values()]
    assert found[:10] == found[10:20] == list(vocabulary.COLOURS)


def test_no_two_parties_of_the_real_book_share_a_colour(real):
    assert len({real.colour_of(name) for name in real.parties}) == len(real.parties)


def test_another_book_has_words_of_its_own(book, problems):
    guide = (ROOT / "docs/compare-statements.md").read_text(encoding="utf-8")
    (words,) = (
        each for each in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "kind:" in each
    )
    (book / WORDS).write_text(textwrap.dedent(words))
    (book / COMPARISON).write_text(CLAIMS)
    assert problems() == []
    ledger = session.load(book)
    assert [ledger.count(name) for name in ("claims", "pieces-of-evidence", "findings")] == [
        1,
        1,
        1,
    ]
    (claims, findings) = tables.whole_comparison(ledger).tables
    assert (claims.title, findings.title) == ("Claims", "Findings")
    assert claims.columns == (
        "Kettle Club claims", "What Kettle Company sets against it", "Its figures",
        "What was found",
    )  # fmt: skip
    assert "Kind of answer, as we read it" in findings.columns
    assert "Near which claim, as we read it" in findings.columns
    under = tables.statements_under(ledger, "lids-leak")
    assert under.anchors == ["item-lids-leak", "item-no-leak"]
    (finding,) = (line for line in show.anything(ledger, "lids-leak", {}) if "some-leak" in line)
    assert finding == "  finding some-leak: Some leak (settles lids-leak, stated)"
    (claim,) = (line for line in show.anything(ledger, "some-leak", {}) if "lids-leak" in line)
    assert claim == "  claim lids-leak: Lids leak (is settled by some-leak, stated)"


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [*vocabulary.COLOURS, vocabulary.NEUTRAL])
def test_each_colour_can_be_read_in_light_and_dark_and_is_that_of_charts(colour):
    text = CSS.read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--tb-(\w+): light-dark\((#\w{6}, #\w{6})\)", text))
    modes = {name: pair.split(", ") for name, pair in tokens.items()}
    assert modes[colour][0] == PALETTE[colour]
    for mode in (0, 1):
        for behind in ("paper", "raised"):
            assert _contrast(modes[colour][mode], modes[behind][mode]) >= 4.5, (mode, behind)
    assert f".tb-{colour} {{ --tb-own: var(--tb-{colour}); }}" in text
    assert len(re.findall(rf"--tb-{colour}: \w+;", text)) == 1  # where colours are forced


def test_the_schema_of_the_vocabulary_knows_its_three_sorts_of_entries(real):
    schema = json.loads((real.root / "data/schema/vocabulary.schema.json").read_text())
    assert {*schema["$defs"]} == {"Kind", "Relation", "AnswerKind"}
