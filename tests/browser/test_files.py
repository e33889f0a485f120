"""The built files: nothing inline, nothing from other hosts, no broken link, valid HTML."""

from __future__ import annotations

from tests.browser import files
from tests.browser.problem import none_of, stamped
from tests.helpers.groups import slow


def in_each(site, pattern, check):
    for path in sorted(site.rglob(pattern)):
        yield from stamped(path.relative_to(site).as_posix(), check(path))


def test_no_page_has_inline_scripts_styles_or_handlers_or_loads_from_another_host(site):
    none_of(in_each(site, "*.html", files.forbidden))


@slow("browser")
def test_no_id_stands_twice_in_a_page(site):
    none_of(in_each(site, "*.html", files.duplicate_ids))


def test_every_link_and_anchor_of_the_site_is_there(site):
    broken = files.broken_links(site)
    none_of(line for page, problems in broken.items() for line in stamped(page, problems))


def test_stylesheets_load_only_files_that_are_there(site):
    none_of(in_each(site, "*.css", files.stylesheet))


@slow("browser")
def test_the_nu_checker_finds_no_error_in_any_page(site, nu):
    none_of(line for page, problems in nu(site).items() for line in stamped(page, problems))
