"""Whether twice the input takes much more than twice the time, as patterns do that go back."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from benchmarks.fuzz_targets import Target

MOST = 4.0  # times as long for twice as much; two is expected, and noise is around
_SHORT = 0.05  # seconds of the processor, below which noise is all there is
_TIMES = 3  # the least of which counts


def slow(target: Target, words: Iterable[bytes], size: int) -> Iterator[tuple[bytes, float, float]]:
    """Words that, repeated to so many bytes and to twice as many, take too much longer."""
    prefix = target.seeds()[0][:1] if target.name == "ledger" else b""
    for word in words:
        raw = [prefix + word * (n // len(word)) for n in (size, 2 * size)]
        single, double = (min(_took(target, each) for _ in range(_TIMES)) for each in raw)
        if double > _SHORT and double > MOST * single:
            yield word, single, double


def _took(target: Target, raw: bytes) -> float:
    started = time.process_time()
    target.run(raw)
    return time.process_time() - started
