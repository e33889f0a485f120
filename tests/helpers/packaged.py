"""The package as it is released, and environments in which it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def build(target: str, source: Path, folder: Path) -> Path:
    """The wheel or the sdist of a source tree, built into a folder without fetching anything."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, check=True, cwd=source, capture_output=True)
    (built,) = folder.iterdir()
    return built


def install(package: Path, folder: Path) -> Path:
    """The folder of commands of a new environment in which a wheel or an sdist is installed.

    Libraries are those of this environment, for nothing is fetched.
    """
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin/python"
    (libraries,) = folder.glob("lib/python*/site-packages")
    shared = [each for each in sys.path if each.endswith("site-packages")]
    (libraries / "shared.pth").write_text("\n".join(shared) + "\n")
    command = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    # pip takes what it finds in the shared folders for installed.
    command += ["--no-build-isolation", "--ignore-installed", str(package)]
    subprocess.run(command, check=True)
    # Some Pythons give each environment one of its own, which would stand before the locked one.
    for own in libraries.glob("setuptools*"):
        shutil.rmtree(own)
    return folder / "bin"
