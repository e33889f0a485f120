"""What a site has for programs: citations, a sitemap, a feed, descriptions for shared links."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest

from tallybook.ledger import loading
from tallybook.site import machines
from tallybook.site.citations import Edition
from tests.helpers import feeds
from tests.helpers.addressed import BASE, CONFIG
from tests.helpers.small_site import build, page, run

CHANGES = """
- figure: stores-closed-2017
  date: "2026-05-31"
  what: changed
  was: {words: "nearly 1,234"}
  because: A & B <misread> it.
- figure: lids-made
  date: "2026-04-30"
  what: gone
  was: {label: lids made, words: "about 5,678"}
  because: The report does not give it.
"""
ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FIGURE = "stat/stores-closed-2017"


@pytest.fixture(scope="module")
def addressed(built, tmp_path_factory) -> Path:
    """The small book with an address, a version, changes, a page with an umlaut and an old id."""
    book = Path(shutil.copytree(built, tmp_path_factory.mktemp("addressed") / "kettles"))
    (book / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (book / "data/changes.yml").write_text(CHANGES)
    (book / "data/renamed.yml").write_text("- {old: shut, new: stores-closed-2017}\n")
    (book / "more").mkdir()
    (book / "more/Über uns.md").write_text(
        "# Who we are\n\nFew.\n\n```{ledger-changes}\n```\n", encoding="utf-8"
    )
    contents = book / "_toc.yml"
    contents.write_text(f"{contents.read_text()}  - file: more/Über uns\n", encoding="utf-8")
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


@pytest.fixture
def site(addressed) -> Path:
    return addressed / "_build/html"


def read(site: Path, name: str) -> str:
    return (site / name).read_text(encoding="utf-8")


# Citations


@pytest.mark.parametrize(
    ("name", "address", "title"),
    [
        ("citation", f"{BASE}/", "Kettles & <Lids>, 2016–2018"),
        ("cite/notebooks/kettles", f"{BASE}/notebooks/kettles.html", "Kettles"),
        ("cite/more/Über uns", f"{BASE}/more/%C3%9Cber%20uns.html", "Who we are"),
        (FIGURE, f"{BASE}/{FIGURE}.html", "more than 1,000 stores closed"),
    ],
)
def test_each_work_is_cited_in_three_formats(name, address, title, site):
    (csl,) = json.loads(read(site, f"{name}.csl.json"))
    assert csl["title"] == title
    assert csl["URL"] == address
    assert csl["version"] == "1.2"
    assert csl["issued"] == {"date-parts": [[2024]]}
    assert csl["author"] == [{"literal": "Ann & Bob, editors"}]
    ris = [
        line.split("  - ", 1) for line in (site / f"{name}.ris").read_bytes().decode().split("\r\n")
    ]
    assert ris[0][0] == "TY"
    assert ris[-2:] == [["ER", ""], [""]]
    fields = dict(ris[:-1])
    assert (fields["TI"], fields["UR"], fields["ET"], fields["PY"]) == (
        title,
        address,
        "1.2",
        "2024",
    )
    bib = read(site, f"{name}.bib")
    assert re.match(r"@(book|misc)\{kettles-lids-2016-2018[\w:-]*,\n", bib)
    assert f"url = {{{address}}}" in bib
    assert "ersion 1.2" in bib
    assert r"{Ann \& Bob, editors}" in bib


def test_the_formats_are_read_by_a_library_of_bibliographies(site):
    from pybtex.database import parse_string  # noqa: PLC0415

    for path in site.rglob("*.bib"):
        (entry,) = parse_string(path.read_text(encoding="utf-8"), "bibtex").entries.values()
        assert entry.fields["year"] == "2024"


def test_the_book_has_a_file_for_hosts_of_repositories(site):
    import yaml  # noqa: PLC0415

    found = yaml.safe_load(read(site, "CITATION.cff"))
    assert found == {
        "cff-version": "1.2.0",
        "message": "If you use this book or its data, please cite it as below.",
        "type": "dataset",
        "license": "CC-BY-4.0",
        "title": "Kettles & <Lids>, 2016–2018",
        "version": "1.2",
        "url": f"{BASE}/",
        "authors": [{"name": "Ann & Bob, editors"}],
    }


def test_pages_lead_to_the_files_by_which_they_are_cited(addressed, site):
    for name in ("index", "notebooks/kettles", "more/Über uns", FIGURE):
        links = page(addressed, f"{name}.html").find_all("a", string=re.compile("BibTeX|RIS|CSL"))
        assert [link.text for link in links] == ["BibTeX", "RIS", "CSL-JSON"]
        for link in links:
            assert (site / PurePosixPath(name).parent / unquote(link["href"])).resolve().is_file()


def test_without_address_version_and_author_citations_name_none(built):
    site = built / "_build/html"
    (csl,) = json.loads(read(site, f"{FIGURE}.csl.json"))
    assert not {"URL", "version", "author", "issued"} & csl.keys()
    assert "UR  -" not in read(site, "citation.ris")
    assert not (site / "CITATION.cff").exists()


def test_a_figure_is_cited_with_the_version_on_its_page(addressed):
    cited = page(addressed, f"{FIGURE}.html").select_one(".tb-citation").text
    assert cited.endswith(f"In: Kettles & <Lids>, 2016–2018, version 1.2. {BASE}/{FIGURE}.html")


# Addresses


def test_the_sitemap_has_each_page_once_and_none_that_leads_on(site):
    root = ElementTree.fromstring(read(site, "sitemap.xml"))
    assert root.tag == f"{PAGES}urlset"
    found = [each.text for each in root.iter(f"{PAGES}loc")]
    assert len(found) == len(set(found))
    names = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    cards = {name for name in names if name.endswith("/card.html")}  # for frames of other sites
    assert len(cards) == 7
    names -= {"404.html", "search.html", "stat/shut.html", *cards}
    assert {unquote(each).removeprefix(f"{BASE}/") for each in found} == names


def test_each_page_has_the_address_that_the_sitemap_names(addressed, site):
    found = re.findall(r"<loc>(.*)</loc>", read(site, "sitemap.xml"))
    for address in found:
        head = page(addressed, unquote(address.removeprefix(f"{BASE}/"))).head
        assert head.find("link", rel="canonical")["href"] == address
        assert head.find("meta", property="og:url")["content"] == address


def test_a_page_that_nobody_looks_for_has_no_address_of_its_own(addressed):
    for name in ("404.html", "search.html"):
        head = page(addressed, name).head
        assert head.find("link", rel="canonical") is None
        assert head.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_robots_are_led_to_the_sitemap(site, built):
    assert read(site, "robots.txt") == f"User-agent: *\nAllow: /\nSitemap: {BASE}/sitemap.xml\n"
    assert read(built / "_build/html", "robots.txt") == "User-agent: *\nAllow: /\n"


def test_shared_links_have_text_and_a_picture_that_is_there(addressed, site):
    for path in site.rglob("*.html"):
        name = path.relative_to(site).as_posix()
        if name in ("404.html", "search.html", "stat/shut.html") or path.name == "card.html":
            continue
        given = {
            tag.get("property") or tag["name"]: tag["content"]
            for tag in page(addressed, name).head("meta")
            if tag.get("property") or tag.get("name")
        }
        assert given["og:title"] == given["twitter:title"]
        assert given["og:image"] == given["twitter:image"]
        assert given["twitter:card"] == "summary_large_image"
        picture = given["og:image"].removeprefix(f"{BASE}/")
        assert (site / picture).read_bytes().startswith(b"\x89PNG")
        has_chart = bool(page(addressed, name).select("figure.tallybook-chart svg"))
        assert picture.startswith("charts/" if has_chart else "_static/social-card")
        if "description" in given:
            assert given["og:description"] == given["twitter:description"] == given["description"]


def test_the_site_works_below_a_path_and_from_a_folder(site):
    """Every link of every page is relative, and leads to a file."""
    for path in site.rglob("*.html"):
        name = path.relative_to(site).as_posix()
        for address in re.findall(r'\b(?:href|src|action)="([^"]*)"', path.read_text("utf-8")):
            parts = urlsplit(address.replace("&amp;", "&"))
            if parts.scheme or not parts.path:
                continue
            if name == "404.html":  # shown at any address
                assert address.startswith("/a/book/"), address
                target = address.removeprefix("/a/book/")
            else:
                assert not address.startswith("/"), (name, address)
                target = urljoin(name, parts.path)
            assert (site / unquote(urlsplit(target).path)).exists(), (name, address)


def test_without_an_address_there_is_nothing_that_would_name_one(built):
    site = built / "_build/html"
    assert not (site / "sitemap.xml").exists()
    assert not (site / "feed.xml").exists()
    head = page(built, "notebooks/kettles.html").head
    assert head.find("meta", property="og:image") is None
    assert head.find("link", type="application/atom+xml") is None
    assert head.find("meta", attrs={"name": "twitter:card"})["content"] == "summary"


# The feed


def valid_atom(text: str) -> list[ElementTree.Element]:
    """The entries of a feed that is valid, and has what ours has besides."""
    assert feeds.faults(text) == []
    root = ElementTree.fromstring(text)
    entries = root.findall(f"{ATOM}entry")
    (own,) = [each for each in root.findall(f"{ATOM}link") if each.get("rel") == "self"]
    assert own.get("href") == root.find(f"{ATOM}id").text
    updated = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert root.find(f"{ATOM}updated").text == updated[0]
    for entry in entries:
        assert entry.find(f"{ATOM}link[@rel='alternate']") is not None
        assert entry.find(f"{ATOM}summary").get("type") == "text"
    return entries


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</feed>", ""),
        ("feed", "rss"),
        ("<updated>2026-05-31T00:00:00Z</updated>", "<updated>2026-05-31</updated>"),
        ("<updated>2026-05-31T00:00:00Z", "<updated>2026-05-31T00:00:00"),
        ("<title>", "<title></title><title>"),
        ("<entry>", "<entry><price>9</price>"),
        ("<entry>", "<entry><id>a:b</id>"),
        ('rel="self"', 'rel="related"'),
        ('href="https://kettles.example/a/book/stat', 'href="stat'),
        ("<author><name>", "<author><nom>"),
        ("<id>https://kettles.example", "<id>kettles.example"),
        ('<summary type="text">', '<summary type="pdf">'),
        ("lids-made.html#change-2026-04-30", "stores-closed-2017.html#change-2026-05-31"),
    ],
)
def test_a_feed_that_is_not_valid_is_found(old, new, site):
    text = read(site, "feed.xml")
    assert old in text
    assert feeds.faults(text.replace(old, new))


def test_the_feed_tells_each_change_and_leads_to_it(addressed, site):
    changed, gone = valid_atom(read(site, "feed.xml"))
    assert changed.find(f"{ATOM}title").text == "more than 1,000 stores closed (Kettle Company)"
    assert changed.find(f"{ATOM}summary").text == (
        "Its words were “nearly 1,234”, then “more than 1,000”. A & B <misread> it."
    )
    address, _, anchor = changed.find(f"{ATOM}link").get("href").partition("#")
    assert page(addressed, address.removeprefix(f"{BASE}/")).find(id=anchor).name == "li"
    assert gone.find(f"{ATOM}title").text == "lids made: about 5,678"
    assert gone.find(f"{ATOM}link").get("href") == f"{BASE}/stat/index.html"
    link = page(addressed, f"{FIGURE}.html").head.find("link", type="application/atom+xml")
    assert link["href"] == "../feed.xml"


def test_the_list_of_changes_leads_to_the_feed(addressed):
    link = page(addressed, "more/Über uns.html").find("a", string="feed")
    assert link["href"] == "../feed.xml"


def test_a_feed_of_five_hundred_changes_is_whole(book):
    days = [f"20{year}-{month:02}-{day:02}" for year in (24, 25) for month in range(1, 13)
            for day in range(1, 22)][:500]  # fmt: skip
    text = "".join(
        f"- {{figure: repair-plants, date: '{day}', what: changed, because: A., "
        f"was: {{words: 'about {number}'}}}}\n"
        for number, day in enumerate(days)
    )
    (book / "data/changes.yml").write_text(text)
    ledger, problems = loading.inspect(book)
    assert problems == []
    entries = valid_atom(machines.feed(ledger, Edition("Kettles", "", "", BASE), "en"))
    assert len(entries) == 500
    first, last = (each.find(f"{ATOM}summary").text for each in (entries[-1], entries[0]))
    assert first == "Its words were “about 0”, then “about 1”. A."
    assert last == "Its words were “about 499”, then “three”. A."


# What is checked


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("sitemap.xml", "kettles.html", "kettles-99.html"),
        ("feed.xml", "nearly 1,234", "nearly 4,321"),
        ("robots.txt", "Allow", "Disallow"),
        ("citation.bib", "2024", "2025"),
        ("CITATION.cff", "1.2", "1.3"),
        ("cite/notebooks/kettles.ris", "Kettles", "97 Kettles"),
        ("cite/notebooks/kettles.csl.json", '"Kettles"', '"97 Kettles"'),
        (f"{FIGURE}.ris", "1,000", "9,000"),
        (f"{FIGURE}.csl.json", "1,000", "9,000"),
    ],
)
def test_the_audit_finds_what_a_file_has_that_the_ledger_has_not(name, old, new, addressed, site):
    text = (site / name).read_bytes()
    assert old.encode() in text
    (site / name).write_bytes(text.replace(old.encode(), new.encode(), 1))
    try:
        result = run(addressed, "audit")
    finally:
        (site / name).write_bytes(text)
    assert result.returncode == 1
    assert f"{name}:" in result.stderr


def test_files_of_what_is_no_more_are_removed_and_robots_of_the_book_are_kept(built_book):
    config = built_book / "_config.yml"
    plain = config.read_text()
    config.write_text(CONFIG, encoding="utf-8")
    (built_book / "data/changes.yml").write_text(CHANGES)
    assert build(built_book).returncode == 0
    site = built_book / "_build/html"
    assert (site / "feed.xml").is_file()
    (built_book / "extra").mkdir()
    (built_book / "extra/robots.txt").write_text("User-agent: *\nDisallow: /\n")
    config.write_text(plain.replace("sphinx: {", "sphinx: {config: {html_extra_path: [extra]}, "))
    (built_book / "data/changes.yml").unlink()
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert not {"feed.xml", "sitemap.xml", "CITATION.cff"} & {path.name for path in site.iterdir()}
    assert read(site, "robots.txt") == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("base", "says"),
    [
        ("kettles.example/book", "expected an address such as https://example.org, found"),
        ("//kettles.example", "expected an address such as https://example.org, found"),
        ("ftp://kettles.example", "expected an address such as https://example.org, found"),
        ("https://", "expected an address such as https://example.org, found"),
        ("https://kettles.example/a book", "expected an address such as https://example.org"),
        ("https://kettles.example/?a", "addresses of pages begin with it: leave out what"),
        ("https://kettles.example/#a", "addresses of pages begin with it: leave out what"),
    ],
)
def test_an_address_to_which_none_can_be_joined_is_refused_in_a_sentence(base, says, book):
    config = book / "_config.yml"
    text = config.read_text().replace("html: {", f'html: {{baseurl: "{base}", ')
    config.write_text(text)
    result = run(book, "build")
    assert result.returncode == 1
    assert f"html.baseurl: {says}" in result.stderr
    assert "Traceback" not in result.stderr
