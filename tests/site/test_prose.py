"""Prose as authors write it: each form is published, in pages and in words of notebooks."""

from __future__ import annotations

import base64

import pytest

from tests.helpers.extra_pages import PNG, add, words
from tests.helpers.small_site import build, page

SETTINGS = """\
bibtex_bibfiles: [works.bib]
parse: {myst_enable_extensions: [deflist, tasklist, colon_fence, linkify]}
"""
WORKS = """\
@article{lid, author={Lid, Ada}, title={On 24 lids}, journal={Lids}, year={2017}, pages={3--9}}
"""
FORMS = """\
A note[^one] and another one.[^two] {cite}`lid`

[^one]: The Kettle Company says {stat}`stores-closed-2017`.
[^two]: See {source}`report`.

:::{admonition} What it says
The Kettle Company: {stat}`share-handled-2017`.
:::

:::{figure} plant.png
:alt: a plant

The plant in {period}`plant-opened`
:::

![another plant](plant.png)

A [link](https://example.org/2015/a-24.html), <https://example.org/2015/b> and
https://example.org/2015/c.

| When | Share, says the Kettle Company |
| --- | ---: |
| {period}`share-handled-2017` | {stat}`share-handled-2017` |

<details><summary>More</summary>

Under Section 301, COVID-19 and 24/7.

</details>

<table><tr><th>Head</th></tr><tr><td>Cell</td></tr></table>

```python
for number in range(24):
    print(number, 0x1F, 2.5)
```

```bash
tallybook run --jobs 4
```

The report:

> 97% were handled

The report says “recalled 240,000 kettles”, and {quote}`repair-time-2016`.

Term
: What it is, third-party and one of the terms

- [x] done
- on the one hand

::::{tab-set}
:::{tab-item} A tab
Text
:::
:::{tab-item} Another
Text
:::
::::

:::{card} A card
On 6 June 2017.
:::
"""


@pytest.fixture
def written(built_book):
    """The small book with a page of all these forms, and the same in a notebook."""
    with (built_book / "_config.yml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    (built_book / "works.bib").write_text(WORKS, encoding="utf-8")
    for folder in (".", "notebooks"):
        (built_book / folder / "plant.png").write_bytes(base64.b64decode(PNG))
    cells = [words(part) for part in FORMS.replace("{cite}`lid`", "").split("\n\n:::{admon", 1)]
    cells[1].source = f":::{{admon{cells[1].source}"
    add(built_book, *cells, page=f"{FORMS}\n\n```{{bibliography}}\n```\n")
    return built_book


def test_each_form_of_prose_is_published_as_it_is_written(written):
    result = build(written)
    assert result.returncode == 0, result.stderr
    shown = page(written, "page.html")
    quoted = shown.find(attrs={"data-of": "printed:repair-time-2016:0"})
    assert quoted.text == "nearly two weeks"
    assert quoted.parent.text == "“nearly two weeks” (report)"
    assert quoted.parent.find("a")["href"].endswith("#source-report")
    assert "range(24)" in shown.text.replace("\n", "")
    extra = page(written, "notebooks/extra.html").text
    assert "“recalled 240,000 kettles”" in extra


def test_a_page_that_begins_with_a_bibliography_is_described_by_it(written):
    add(written, page="```{bibliography}\n```\n{cite}`lid`\n")
    path = written / "_toc.yml"
    path.write_text("".join(dict.fromkeys(path.read_text().splitlines(keepends=True))))
    result = build(written)
    assert result.returncode == 0, result.stderr
    described = page(written, "page.html").find("meta", attrs={"name": "description"})
    assert "On 24 lids" in described["content"]
