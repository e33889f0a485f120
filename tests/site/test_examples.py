"""The examples in docstrings of the site's modules give what they say."""

from __future__ import annotations

import doctest

import pytest

from tallybook.site import figure_details, html_input, policy, search


@pytest.mark.parametrize("module", [figure_details, html_input, policy, search])
def test_the_examples_of_a_module_give_what_they_say(module):
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0
