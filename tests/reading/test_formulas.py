"""Which numerals a formula states: any but those that count positions and powers."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from tallybook.reading.formulas import stated
from tallybook.site.formulas import mathml

NONE = [
    r"a / b", r"x^2", r"x_1", r"a_{12}", r"\sum_{i=1}^n x_i", r"\sqrt[3]{x}", r"(x + y)^2",
    r"1 - p", r"n - 1", r"\frac{1}{n}", r"p = 1 - q",
    r"\frac{1}{n - 1} \sum_{i=1}^n (x_i - \bar x)^2", r"\log_2 n", r"\mathrm{CO}_2",
    r"\prod_{k=0}^{n-1} k", r"\text{share of x}", r"x_{i+1}",
    r"\begin{cases} a & \text{if } x > y \\ b & \text{otherwise} \end{cases}",
    r"\begin{align} a &= b \\ c &= d \end{align}",
    r"\begin{equation} a \label{e2} \end{equation}", r"\begin{gather*} a \\ b \end{gather*}",
    r"\begin{array}{cc} a & b \\ c & d \end{array}",
]  # fmt: skip
STATED = [
    (r"x = 97", ["97"]), (r"97\%", ["97"]), (r"\frac{97}{100}", ["97", "100"]),
    (r"x_{97\%}", ["97"]), (r"\text{Handled}^{97}", ["97"]), (r"\text{share}_9", ["9"]),
    (r"\sum_{i=1}^{97} x", ["97"]), (r"{}^{9}{}^{7}", ["9", "7"]), (r"p^{1.5}", ["1.5"]),
    (r"10^6", ["10", "6"]), (r"p = 1", ["1"]), (r"\text{ninety-seven}", ["ninety-seven"]),
    (r"ninety", ["ninety"]), (r"\frac{1}{2}", ["1", "2"]), (r"\mathrm{ninety} n", ["ninety"]),
    (r"x^{\text{97 percent}}", ["97 percent"]), (r"1 - 0", ["1", "0"]), (r"x_{9}7", ["7"]),
    (r"٣", ["٣"]), (r"2\sigma", ["2"]), (r"1\,606", ["1", "606"]), (r"0.5 + p", ["0.5"]),
    (r"\text{a}^{1 - p} 1", ["1"]), (r"\overset{97}{x}", ["97"]), (r"1 + \text{share}", ["1"]),
]  # fmt: skip


@pytest.mark.parametrize("tex", NONE)
def test_powers_places_and_limits_are_no_numerals(tex):
    assert stated(fromstring(mathml(tex, as_block=True))) == []


@pytest.mark.parametrize(("tex", "numerals"), STATED)
def test_any_other_numeral_is_stated(tex, numerals):
    assert set(numerals) <= set(stated(fromstring(mathml(tex))))
