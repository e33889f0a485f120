"""One engine against one target, in a process of its own: atheris takes over the one that it is in.

    python -m benchmarks.fuzz_process ENGINE TARGET INPUTS SEED

prints a line of JSON. A failure does not end it, and is told once for each place it came from.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

SLOWEST = 5.0  # seconds of the processor for one input, which count as a hang
_KILOBYTE = 1024 if sys.platform == "darwin" else 1


class Hang(BaseException):
    """An input took too long; no `except Exception` takes it for something else."""


@dataclass
class Found:
    """What became of the inputs: how many, failures by their places, the slowest, the peak."""

    inputs: int = 0
    failures: dict[str, str] = field(default_factory=dict)
    slowest: float = 0.0
    slowest_input: str = ""
    peak: float = 0.0

    def run(self, target: Any, raw: bytes) -> None:
        """Feed one input, and note what happens."""
        self.inputs += 1
        started = time.process_time()
        try:
            with _limited():
                target.run(raw)
        except (Exception, Hang, MemoryError) as error:
            where = traceback.extract_tb(error.__traceback__)
            ours = [each for each in where if "tallybook" in each.filename] or where
            place = f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}"
            kept = self.failures.get(place)
            code = b64encode(raw).decode()
            if kept is None or len(code.rstrip("=")) < len(kept.rstrip("=")):
                self.failures[place] = code
        took = time.process_time() - started
        if took > self.slowest:
            self.slowest, self.slowest_input = took, b64encode(raw[:300]).decode()

    def tell(self) -> str:
        """All of it as a line of JSON."""
        self.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTE / 1000
        return json.dumps(asdict(self))


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    signal.setitimer(signal.ITIMER_VIRTUAL, SLOWEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(*_: object) -> None:
    raise Hang


def with_hypothesis(name: str, number: int, seed: int) -> Found:
    """Inputs that Hypothesis makes."""
    import hypothesis  # noqa: PLC0415

    from benchmarks import fuzz_inputs  # noqa: PLC0415
    from benchmarks.fuzz_targets import TARGETS  # noqa: PLC0415

    signal.signal(signal.SIGVTALRM, _stop)
    found, target = Found(), TARGETS[name]

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=number,
        phases=[hypothesis.Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(fuzz_inputs.inputs(target.seeds()))
    def run(raw: bytes) -> None:
        found.run(target, raw)

    while found.inputs < number:  # small spaces of inputs are exhausted before
        before = found.inputs
        run()
        if found.inputs == before:
            break
    return found


def with_atheris(name: str, number: int, seed: int) -> None:
    """Inputs that atheris makes from the branches that the package takes. Never returns."""
    import atheris  # noqa: PLC0415

    with atheris.instrument_imports(include=["tallybook"], enable_loader_override=False):
        from benchmarks import fuzz_inputs, fuzz_targets  # noqa: PLC0415

    found, target = Found(), fuzz_targets.TARGETS[name]
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for place, raw in enumerate(target.seeds()):
        (folder / f"seed-{place}").write_bytes(raw)
    words = ("".join(f"\\x{byte:02x}" for byte in word) for word in fuzz_inputs.WORDS)
    (folder / "words").write_text("".join(f'"{word}"\n' for word in words if len(word) <= 400))

    def run(raw: bytes) -> None:
        found.run(target, raw)
        if found.inputs == number:
            sys.stdout.write(found.tell() + "\n")
            sys.stdout.flush()
            os._exit(0)

    options = [f"-dict={folder / 'words'}", f"-seed={seed}", "-max_len=4096", "-timeout=3600"]
    options += ["-rss_limit_mb=0", "-verbosity=0", f"-artifact_prefix={folder}/"]
    corpus = folder / "corpus"
    corpus.mkdir()
    for seed_file in folder.glob("seed-*"):
        seed_file.rename(corpus / seed_file.name)
    atheris.Setup([sys.argv[0], *options, str(corpus)], run)
    signal.signal(signal.SIGVTALRM, _stop)
    atheris.Fuzz()


def main() -> None:
    """Run what the command line says."""
    engine, name, number, seed = sys.argv[1:]
    if engine == "atheris":
        with_atheris(name, int(number), int(seed))
    sys.stdout.write(with_hypothesis(name, int(number), int(seed)).tell() + "\n")


if __name__ == "__main__":
    main()
