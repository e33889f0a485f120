"""A picture that readers cannot see is refused, and named."""

from __future__ import annotations

import pytest

from tallybook.site import pictures
from tests.helpers.small_site import build, page

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 12345\n"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.png", b"", "empty"),
        ("a.png", POINTER, "git lfs pull"),
        ("a.SVG", POINTER, "git lfs pull"),
        ("a.avif", POINTER, "git lfs pull"),
        ("a.jpg", b"<!DOCTYPE html>", "save it anew"),
        ("a.svg", b"<!DOCTYPE html>", "save it anew"),
    ],
)
def test_what_is_no_picture_is_said_to_be_none(name, content, says):
    assert says in pictures.fault(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.jpg", b"\x89PNG\r\n\x1a\n"),  # browsers look at the content too
        ("a.svg", b"<?xml version='1.0'?>\n<!-- words --><svg/>"),
        ("a.svg", "<svg/>".encode("utf-16")),
        ("a.svg", b"<s:svg xmlns:s='http://www.w3.org/2000/svg'/>"),
        ("a.avif", b"\0\0\0 ftypavif"),
    ],
)
def test_a_picture_is_taken(name, content):
    assert pictures.fault(name, content) == ""


def test_a_pointer_in_place_of_a_picture_ends_the_build_with_its_page(built_book):
    (built_book / "kettle.png").write_bytes(POINTER)
    (built_book / "index.md").open("a").write("\n![A kettle](kettle.png)\n")
    for _ in range(2):
        result = build(built_book)
        assert result.returncode == 1
        assert "index.md: kettle.png is no picture: it is a pointer of Git LFS" in result.stderr


def test_what_pictures_of_one_name_are_called_depends_on_no_earlier_build(built_book):
    with (built_book / "_toc.yml").open("a") as contents:
        for number, name in enumerate(("bea", "cid")):
            (built_book / name).mkdir()
            (built_book / name / "kettle.png").write_bytes(b"\x89PNG\r\n" + bytes([number]))
            (built_book / name / "page.md").write_text("# Page\n\n![A kettle](kettle.png)\n")
            contents.write(f"  - file: {name}/page\n")
    assert build(built_book).returncode == 0
    assert page(built_book, "cid/page.html").main.img["src"].endswith("kettle1.png")
    (built_book / "bea/page.md").write_text("# Page\n\nText.\n")
    assert build(built_book).returncode == 0
    assert page(built_book, "cid/page.html").main.img["src"].endswith("kettle.png")
    assert [each.name for each in (built_book / "_build/html/_images").iterdir()] == ["kettle.png"]
