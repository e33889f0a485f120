"""Scales and hedges of Chinese, Japanese and Korean, as they stand beside digits: "3兆2,000億円".

Tables alone, and the scales that follow a number; numbers without digits ("三万") are not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

SCALES = {
    "十": 10, "百": 100, "千": 10**3, "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8,
    "兆": 10**12, "십": 10, "백": 100, "천": 10**3, "만": 10**4, "억": 10**8, "조": 10**12,
}  # fmt: skip
# Signs of currencies; the longest counts, for 元 ends several.
CURRENCIES = {
    "円": "JPY", "日元": "JPY", "日圓": "JPY", "엔": "JPY", "人民币": "CNY", "人民幣": "CNY",
    "人民元": "CNY", "元人民币": "CNY", "元人民幣": "CNY", "위안": "CNY", "원": "KRW",
    "韩元": "KRW", "韓元": "KRW", "美元": "USD", "美金": "USD", "ドル": "USD", "달러": "USD",
    "欧元": "EUR", "歐元": "EUR", "ユーロ": "EUR", "유로": "EUR", "英镑": "GBP", "英鎊": "GBP",
    "港元": "HKD", "港币": "HKD", "港幣": "HKD", "新台币": "TWD", "新台幣": "TWD",
    "新臺幣": "TWD", "台币": "TWD", "台幣": "TWD", "元": "元",
}  # fmt: skip
HEDGES_BEFORE = {
    "about": "約|约|약|大约|大約",
    "more than": "超过|超過|超|逾",
    "nearly": "近",
    "at least": "至少",
    "up to": "最多|最高|最大",
}
HEDGES_AFTER = {
    "at least": "以上|이상",
    "up to": "以下|以内|이하|이내",
    "less than": "未満|未满|未滿|미만",
    "more than": "超|余|餘|多|여",
    "about": "前後|左右|程度|정도",
}
_ALL = "".join(SCALES)
# 第3条 and 제3조 are articles of a law, and 兆瓦 is a megawatt.
_SCALES = re.compile(rf"\s?([{_ALL}]+)(?![瓦赫帕焦])")
_NUMBERED = re.compile(r"[第제]\s?$")
_MORE = re.compile(r"(?P<gap>\s?)(?=\d)")


def scale_behind(text: str, start: int, end: int) -> tuple[Fraction, int] | None:
    """What multiplies a number that stands from `start` to `end`, and where that ends.

    >>> scale_behind("8.7万亿元", 0, 3)
    (Fraction(1000000000000, 1), 5)
    """
    found = _SCALES.match(text, end)
    if not found or _NUMBERED.search(text[max(0, start - 2) : start]):
        return None
    factor = 1
    for sign in found[1]:
        factor *= SCALES[sign]
    return Fraction(factor), found.end()


def rest_behind(
    text: str, end: int, scale: Fraction, digits: Callable[[str, int], tuple[Fraction, int] | None]
) -> tuple[Fraction, Fraction, int] | None:
    """What a number that goes on in smaller scales has more, one unit of it, and where it ends.

    `digits` reads the digits at a place. Behind a space it goes on with a scale alone.

    >>> rest_behind("3兆2,000億円", 2, Fraction(10**12), lambda *at: (Fraction(2000), 7))
    (Fraction(200000000000, 1), Fraction(100000000, 1), 8)
    """
    gap = _MORE.match(text, end)
    found = digits(text, gap.end()) if gap else None
    if gap is None or found is None:
        return None
    number, number_end = found
    scaled = scale_behind(text, gap.end(), number_end)
    if gap["gap"] and not scaled:
        return None
    factor, rest_end = scaled or (Fraction(1), number_end)
    value = number * factor
    return (value, factor, rest_end) if value < scale and number.denominator == 1 else None
