"""The reference of the commands, made from their help: `python -m tests.helpers.command_reference`
writes docs/commands.md.
"""

from __future__ import annotations

from pathlib import Path

import click

from tallybook.cli.main import cli

PATH = Path(__file__).parents[2] / "docs/commands.md"
_INTRODUCTION = """# The commands

What `tallybook COMMAND --help` says of each. Where none names the book's folder, it is looked for
in the working folder and in those above it. A command ends with 0 where all is well, with 1 where
something has to be put right, which it names, and with 2 where it was called wrongly.
"""
_WIDTH = 100


def reference() -> str:
    """The page as it has to be."""
    top = _context(cli, "tallybook")
    parts = [_INTRODUCTION, _block("tallybook", cli, top)]
    for name, command in cli.commands.items():
        parts.append(_block(f"tallybook {name}", command, _context(command, name, top)))
    return "\n".join(parts)


def _context(command: click.Command, name: str, parent: click.Context | None = None):
    names = cli.context_settings["help_option_names"]
    return click.Context(command, parent, name, terminal_width=_WIDTH, help_option_names=names)


def _block(title: str, command: click.Command, context: click.Context) -> str:
    return f"## {title}\n\n```text\n{command.get_help(context).rstrip()}\n```\n"


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
