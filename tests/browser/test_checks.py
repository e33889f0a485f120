"""Each check of the site finds its fault in a small page, and none in a good one."""

from __future__ import annotations

import pytest

from tests.browser import checks, files, keyboard, weight
from tests.browser.chromium import State, looking, scroll_through
from tests.browser.problem import none_of
from tests.browser.server import serving
from tests.helpers.groups import slow

pytestmark = slow("browser")

DRAWING = """<svg class="marks" role="img" aria-label="Bars" viewBox="0 0 300 100" width="300"
height="100"><g class="mark-group role-frame root"><path class="background" d="M0,0h300v100h-300Z"
fill="none"></path><g class="mark-rule role-axis-grid"><line x1="5" x2="5" y2="90" stroke="#eee">
</line></g><g class="mark-rect role-mark"><path d="M10,40h200v40h-200Z" fill="#0b5394"></path></g>
<g class="mark-text role-mark"><text x="10" y="30" fill="#333" font-size="12">Bars</text>
<text x="20" y="65" fill="#fff" font-size="12">On the bar</text></g></g></svg>"""
BODY = f"""<main><h1>Kettles</h1><p>The company closed
<a class="tallybook-figure" href="figure.html">1,000</a> stores.</p>
<figure class="tallybook-chart"><div class="tb-wide">{DRAWING}</div><figcaption>Bars</figcaption>
<details><summary>The data</summary><table><caption>Bars</caption><tr><th scope="col">
<button type="button">Year</button></th></tr><tr><td>2017</td></tr></table></details>
<button type="button" class="tb-explore">Explore</button></figure></main>"""
SCRIPT = """"use strict";
const link = document.querySelector("a.tallybook-figure");
const card = document.createElement("div");
card.className = "tb-card"; card.hidden = true; card.textContent = "The company, 2017";
link.after(card);
let tapped = false;
const show = (is) => () => { card.hidden = !is; };
for (const name of ["focus", "mouseenter"]) link.addEventListener(name, show(true));
for (const name of ["blur", "mouseleave"]) link.addEventListener(name, show(false));
link.addEventListener("pointerdown", (e) => { tapped = e.pointerType === "touch"; });
link.addEventListener("click", (e) => { if (tapped) { e.preventDefault(); link.focus(); } });
document.addEventListener("keydown", (e) => { if (e.key === "Escape") card.hidden = true; });
const sort = document.querySelector("th button");
sort.addEventListener("click", () => {
  const down = sort.parentElement.getAttribute("aria-sort") === "ascending";
  sort.parentElement.setAttribute("aria-sort", down ? "descending" : "ascending");
});
document.querySelector("figure > button").addEventListener("click", (e) => {
  const live = document.querySelector(".tb-live");
  if (live) { live.remove(); return; }
  const drawn = document.createElement("div");
  drawn.className = "tb-live";
  drawn.append(document.querySelector("svg.marks").cloneNode(true));
  e.target.before(drawn);
});
"""
STYLE = """body { margin: 16px; color: #222; background: #fff; font: 16px sans-serif }
figure { margin: 0 }
a { color: #0b5394 } table { width: 100px } svg { max-width: 100%; height: auto }
button { min-height: 24px } .tb-card { position: absolute; background: #fff; border: 1px solid }
:focus-visible { outline: 2px solid #0b5394 }"""


def text(body=BODY, head=""):
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Kettles</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f'<link rel="stylesheet" href="own.css">{head}<script src="own.js" defer></script></head>'
        f"<body>{body}</body></html>"
    )


def written(folder, body=BODY, *, style="", script="", head=""):
    (folder / "index.html").write_text(text(body, head))
    (folder / "figure.html").write_text(text("<main><h1>1,000</h1></main>").replace("own.js", ""))
    (folder / "own.css").write_text(STYLE + style)
    (folder / "own.js").write_text(SCRIPT + script)
    return folder


@pytest.fixture
def found(browser, tmp_path):
    """What a check finds in a small page, with faults put in."""

    def find(check, old="", new="", *, state=State(width=375), **seeded):  # noqa: B008
        assert old in BODY
        folder = written(tmp_path, BODY.replace(old, new, 1) if old else BODY, **seeded)
        with serving(folder) as address, looking(browser, state) as (page, heard):
            page.goto(address)
            problems = check(page)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(150)
            return "\n".join(map(str, [*problems, *heard]))

    return find


def test_a_good_page_has_no_problem_at_any_width_and_by_any_means(found):
    for width in (320, 375, 1440):

        def all_at_once(page):
            problems = [*checks.everything(page), *checks.small_text(page), *checks.shifts(page)]
            problems += [*checks.with_card(page), *checks.with_card(page)]
            problems += checks.card_by_hover(page)
            return problems + keyboard.through(page)

        assert found(all_at_once, state=State(width=width)) == ""
    assert found(checks.card_by_tap, state=State(width=375, touch=True)) == ""
    assert found(checks.hidden, state=State(scripts=False)) == ""


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ("figure { width: 500px }", "figure.tallybook-chart"),
        ("main { overflow-x: hidden } p { width: 500px }", "px, expected 0 to 375 px"),
    ],
)
def test_a_page_wider_than_its_window_is_found(style, says, found):
    assert says in found(checks.sideways, style=style)


def test_what_scrolls_inside_of_its_own_box_is_no_page_too_wide(found):
    style = "figure { overflow-x: auto } figcaption { width: 900px }"
    assert found(checks.sideways, style=style) == ""


def test_a_table_too_wide_at_four_hundred_percent_is_found(found):
    zoomed = State(width=320, height=256, scale=4)
    assert "px to scroll" in found(checks.sideways, style="p { width: 330px }", state=zoomed)


def test_an_id_that_a_script_repeats_is_found(found):
    script = "for (const p of document.querySelectorAll('p, h1')) p.id = 'twice';"
    assert "#twice: found 2 elements" in found(checks.duplicate_ids, script=script)


@pytest.mark.parametrize(
    ("style", "says"),
    [
        ("svg { display: none }", "0 drawings shown"),
        ("figure { opacity: 0 }", "0 drawings shown"),
        ("table { visibility: hidden }", "a table that is not shown"),
    ],
)
def test_charts_and_tables_that_are_not_shown_are_found_without_scripts(style, says, found):
    assert says in found(checks.hidden, style=style, state=State(scripts=False))


def test_a_chart_of_which_both_drawings_are_shown_is_found(found):
    assert "2 drawings shown" in found(checks.hidden, DRAWING, DRAWING * 2)


@pytest.mark.parametrize(
    ("old", "new", "side"),
    [
        ('x="10" y="30"', 'x="290" y="30"', "right"),
        ('x="10" y="30"', 'x="-5" y="30"', "left"),
        ('x="10" y="30"', 'x="10" y="3"', "top"),
    ],
)
def test_text_of_a_chart_that_is_cut_is_found(old, new, side, found):
    assert f"cut at the {side}" in found(checks.cut_text, old, new)


def test_text_of_a_chart_that_shrinks_with_it_is_found(found):
    shrunk = found(checks.small_text, style="svg { width: 150px }")
    assert "found 6 px, expected text of at least 11 px" in shrunk


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('fill="#333"', 'fill="#999"', '"Bars": found contrast 2.85, expected at least 4.5'),
        ('fill="#fff"', 'fill="#333"', '"On the bar": found contrast 1.6'),
        ('fill="#333"', 'fill="#333" opacity="0.5"', '"Bars": found contrast'),
        ('fill="#333"', 'fill="var(--none, #aaa)"', '"Bars": found contrast'),
        ('fill="#0b5394"', 'fill="#c9d8e6"', "path: found contrast 1.45, expected at least 3"),
        ('"mark-rect role-mark"', '"mark-rect role-mark" opacity="0.3"', "expected at least 3"),
        ('fill="#0b5394"', 'fill="none" stroke="#ddd"', "path: found contrast 1.36"),
    ],
)
def test_faint_text_and_marks_of_charts_are_found(old, new, says, found):
    assert says in found(checks.low_contrast, old, new)


def test_marks_that_are_seen_on_a_light_page_only_are_found_in_the_dark(found):
    style = "@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }"
    dark = State(width=375, scheme="dark")
    assert found(checks.low_contrast, style=style) == ""
    assert '"Bars": found contrast 1.49' in found(checks.low_contrast, style=style, state=dark)


def test_a_mark_that_fades_out_is_as_strong_as_its_strongest_end(found):
    path = '<path d="M10,40h200v40h-200Z" fill="#0b5394">'
    fade = '<linearGradient id="fade"><stop stop-color="{0}"></stop><stop stop-color="{0}" '
    fade += 'stop-opacity="0"></stop></linearGradient>' + path.replace("#0b5394", "url(#fade)")
    assert found(checks.low_contrast, path, fade.format("#0b5394")) == ""
    faint = found(checks.low_contrast, path, fade.format("#ccc"))
    assert "path: found contrast 1.61, expected at least 3" in faint


def test_grid_lines_need_no_contrast(found):
    assert found(checks.low_contrast, 'stroke="#eee"', 'stroke="#fefefe"') == ""


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('role="img" aria-label="Bars" ', 'role="img" ', "svg-img-alt (serious)"),
        ("<h1>Kettles</h1>", "<h1></h1>", "empty-heading (minor)"),
        ("<main>", "<div>", "region (moderate)"),
    ],
)
def test_violations_of_any_impact_are_found_by_axe(old, new, rule, found):
    assert rule in found(checks.axe, old, new)


def test_what_moves_by_itself_is_found_also_when_it_moves_on_scrolling(found):
    pushed = "const b = document.createElement('p'); b.style.height = '200px';"
    script = f"setTimeout(() => {{ {pushed} document.body.prepend(b); }}, 50);"

    def after_a_while(page):
        page.wait_for_timeout(300)
        return checks.shifts(page)

    def after_scrolling(page):
        page.wait_for_timeout(100)
        scroll_through(page)
        return checks.shifts(page)

    assert "layout shift" in found(after_a_while, script=script)
    assert found(checks.shifts, script="") == ""
    at_the_top = f"if (!scrollY) {{ {pushed} document.body.prepend(b); }}"
    late = f"addEventListener('scroll', () => {{ {at_the_top} }});"
    style = "main { padding-bottom: 3000px }"
    assert "layout shift" in found(after_scrolling, script=late, style=style)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("document.querySelector('.tb-card').remove();", "no card by focus"),
        ("card.style.left = '370px';", "a card at"),
        ("card.innerHTML = '<img src=\"data:,\">';", "image-alt"),
        ("addEventListener('keydown', (e) => e.stopImmediatePropagation(), true);", "left open"),
    ],
)
@pytest.mark.usefixtures("_impatient")
def test_a_card_that_does_not_open_close_or_fit_is_found(script, says, found):
    check = keyboard.through if says == "left open" else checks.with_card
    assert says.replace("left open", "a card that Escape leaves open") in found(
        check, script=script
    )


@pytest.mark.usefixtures("_impatient")
def test_a_card_that_pointer_or_finger_do_not_open_is_found(found):
    script = "card.remove();"
    assert "no card by hover" in found(checks.card_by_hover, script=script)
    touch = State(width=375, touch=True)
    assert "no card by tap" in found(checks.card_by_tap, script=script, state=touch)
    led_away = "link.addEventListener('click', () => location.assign(link.href));"
    assert "a tap that leads to" in found(checks.card_by_tap, script=led_away, state=touch)


@pytest.mark.parametrize(
    ("seeded", "says"),
    [
        ({"style": ":focus-visible { outline: none }"}, "no sign of the focus"),
        ({"style": ":focus-visible { outline-color: #ddd }"}, "an outline below 3:1"),
        ({"style": "summary { clip-path: inset(50%) }"}, "no sign of the focus"),
        ({"script": "sort.tabIndex = -1;"}, ""),
        ({"script": "sort.replaceWith(sort.cloneNode(true));"}, "aria-sort [None, None]"),
        ({"script": "const b = document.querySelector('figure > button');"
          "b.replaceWith(b.cloneNode(true));"}, "nothing new by Enter"),
        ({"script": "document.querySelector('figure > button').addEventListener('click',"
          "(e) => e.target.remove());"}, "Enter takes the focus away"),
        ({"script": "document.querySelector('summary').onclick = (e) => e.preventDefault();"},
         "no change by Enter"),
        ({"script": "document.querySelector('figure > button').onfocus = () => link.focus();"},
         "never has the focus"),
        ({"style": "main::after { content: ''; position: fixed; inset: 0 }"}, "on what is covered"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("_impatient")
def test_what_the_keyboard_does_not_reach_show_or_operate_is_found(seeded, says, found):
    assert says in found(keyboard.through, **seeded)


def test_colours_that_the_dark_scheme_alone_spoils_are_found(found):
    style = "@media (prefers-color-scheme: dark) { p { color: #ddd; background: #ccc; } }"
    dark = State(width=375, scheme="dark")
    assert "color-contrast" in found(checks.axe, style=style, state=dark)
    assert "color-contrast" not in found(checks.axe, style=style)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("console.error('broken');", "console error 'broken'"),
        ("missing();", "script error missing is not defined"),
        ("fetch('https://example.org/x');", "Content Security Policy"),
        ("fetch('nowhere.json');", "status 404"),
        ("document.body.setAttribute('style', 'color: red');", "inline style violates"),
        ("import('data:text/javascript,1');", "script-src"),
    ],
)
def test_errors_and_requests_to_other_hosts_are_heard(script, says, found):
    assert says in found(lambda _: [], script=script)


def test_requests_to_other_hosts_are_heard_from_a_folder_too(browser, tmp_path):
    script = "document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}))"
    folder = written(tmp_path, script=script)
    with looking(browser, State()) as (page, heard):
        page.goto((folder / "index.html").as_uri())
        page.wait_for_timeout(100)
        assert "https://example.org/x.png: found a request to another host" in str(heard[0])


def test_a_font_of_another_host_is_heard(found):
    style = (
        "@font-face { font-family: x; src: url(https://example.org/x.woff2) } p { font-family: x }"
    )
    heard = found(lambda page: page.wait_for_timeout(200) or [], style=style)
    assert "example.org" in heard


def test_what_a_closed_network_leaves_out_is_heard(found):
    def closed(page):
        page.context.set_offline(True)
        page.hover("a")
        page.wait_for_timeout(100)
        return []

    assert "no answer" in found(closed, script="link.onmouseenter = () => fetch('figure.html');")


def test_what_a_page_that_is_left_gives_up_is_no_fault(browser, tmp_path):
    folder = written(tmp_path, script="fetch('late.json').catch(() => undefined);")
    failed = []
    with serving(folder) as address, looking(browser, State()) as (page, heard):
        page.on("requestfailed", lambda one: failed.append(one.failure))
        page.route("**/late.json", lambda _: None)  # nobody answers
        page.goto(address)
        page.goto(f"{address}figure.html")
        page.wait_for_timeout(100)
        assert failed == ["net::ERR_ABORTED"]
        assert heard == []


def test_bytes_are_counted_as_a_host_compresses_them_and_requests_one_by_one(browser, tmp_path):
    folder = written(tmp_path, script="/* " + "kettles " * 50_000 + "*/")
    with serving(folder) as address, looking(browser, State()) as (page, _):
        assert weight.too_much(page, address) == []
    with serving(folder) as address, looking(browser, State()) as (page, _):
        heavy, many = weight.too_much(page, address, most=1_000, requests=2)
    assert "own.js" in heavy.found
    assert "3 requests" in many.found


def test_a_failure_says_each_thing_once_and_counts_the_rest():
    with pytest.raises(AssertionError, match="60 problems") as failure:
        none_of([*map(str, range(60)), "1"])
    assert str(failure.value).endswith("… and 20 more")


# The files


@pytest.mark.parametrize(
    ("inserted", "says"),
    [
        ("<script>x()</script>", "an inline script"),
        ('<script type="module">x()</script>', "an inline script"),
        ("<style>p { color: red }</style>", "a style element"),
        ("<svg><style>p { color: red }</style></svg>", "a style element"),
        ('<p style="color: red">x</p>', "style='color: red'"),
        ('<svg><path onclick="x()"/></svg>', "onclick='x()'"),
        ('<a href="javascript:x()">x</a>', "expected an address"),
        ('<script src="https://example.org/x.js"></script>', "expected a file of this site"),
        ('<link rel="preconnect" href="//example.org">', "expected a file of this site"),
        ('<img alt="" srcset="https://example.org/x.png 2x">', "expected a file of this site"),
    ],
)
def test_what_is_forbidden_in_a_page_is_found_in_its_file(inserted, says, tmp_path):
    path = written(tmp_path, BODY + inserted) / "index.html"
    assert says in str(files.forbidden(path)[0])


def test_data_scripts_and_links_to_other_sites_are_allowed(tmp_path):
    body = f'{BODY}<script type="application/json">[]</script><a href="https://example.org">x</a>'
    assert files.forbidden(written(tmp_path, body) / "index.html") == []


def test_an_id_that_stands_twice_is_found_in_a_file(tmp_path):
    path = written(tmp_path, '<p id="a"></p><svg><g id="a"></g></svg>') / "index.html"
    assert [problem.where for problem in files.duplicate_ids(path)] == ["#a"]


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("nowhere.html", "a file that is there"),
        ("figure.html#nothing", "an id in figure.html"),
        ("#nothing", "an id in index.html"),
        ("../index.html", "a file that is there"),
    ],
)
def test_links_that_lead_nowhere_are_found(link, says, tmp_path):
    (tmp_path / "site").mkdir()
    folder = written(tmp_path / "site", f'{BODY}<a href="{link}">x</a>')
    problem = files.broken_links(folder)["index.html"][-1]
    assert problem.found == f"link {link!r}"
    assert problem.expected == says


def test_links_to_files_folders_and_anchors_are_followed(tmp_path):
    links = "".join(f'<a href="{to}">x</a>' for to in ("./", "#a", "figure.html?x#", "#top"))
    folder = written(tmp_path, f'<p id="a"></p>{links}')
    (folder / "own.js").touch()
    broken = files.broken_links(folder)
    assert broken["index.html"] == []


def test_stylesheets_that_load_from_elsewhere_or_nothing_are_found(tmp_path):
    path = tmp_path / "x.css"
    path.write_text(
        "@import 'https://example.org/x.css'; /* url(https://example.org) */"
        'p { background: url("none.png") url(data:,) url(#a) }'
    )
    first, second = files.stylesheet(path)
    assert (first.found, second.found) == ("another host", "no such file")


def test_an_error_of_html_is_found_by_the_nu_checker_and_a_good_page_has_none(nu, tmp_path):
    folder = written(tmp_path, '<main><h1>Kettles</h1><img src="x.png"></main>')
    found = nu(folder)
    assert ["alt" in problem.found for problem in found["index.html"]] == [True]
