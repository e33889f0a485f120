"""The command checks what people type into the data, and shows what notebooks compute."""

from __future__ import annotations

from tests.helpers.small_site import run


def test_check_finds_a_numeral_in_a_text_of_the_data(book):
    path = book / "data/names.yml"
    text = path.read_text() if path.is_file() else ""
    path.write_text(text + "\n- name: Lid\n  what: The upper part of each of 12 kettles.\n")
    result = run(book, "check", "--ledger-only")
    assert result.returncode == 1
    at = len(path.read_text().splitlines())
    said = f"data/names.yml:{at}:9: what types the numeral '12'; a text of the data types no"
    assert said in result.stdout + result.stderr


def test_a_computed_figure_is_shown_with_what_it_is_of(built_book):
    result = run(built_book, "show", "stores-per-plant")
    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("stores-per-plant: more than 333, stores closed per plant")
    assert "  computed here from repair-plants, stores-closed-2017" in lines
    assert "  because: The plants are those of the same company" in lines
    assert lines[lines.index("Computed on:") + 1] == "  notebooks/kettles.ipynb"
