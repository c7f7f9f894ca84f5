"""Writes docs/cli.md from what every command says to --help; `--check` only says whether it is as it should be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from regrade.cli.main import app

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"

INTRODUCTION = """\
# Command line

Made from `--help` by `scripts/docs`; a test holds it up to date.

- `--workspace DIR` stands before or after the command. Without it, `REGRADE_WORKSPACE` is used, else the nearest folder
  upward that holds a `regrade.toml`.
- Results go to stdout, talk, warnings and progress bars to stderr. `--json` prints the same result for programs: shares
  are 0 to 1 and unrounded, what is undefined is null, with its reason in `notes`.
- Exit codes: 0 fine; 1 an error, in words that say what was expected, what came, where, and what to do; 2 usage; 130
  stopped with Ctrl-C.
- Importing the same content again changes nothing; the same name with other content is an error.
- Options that have an environment variable name it in their help; [settings.md](settings.md) lists all of them. What
  the files hold that commands read is in [formats.md](formats.md).
- CSV output can be opened in a spreadsheet: a text cell that starts with `=`, `+`, `-`, `@`, a tab, a carriage return
  or an apostrophe gets one apostrophe before it. Take one leading apostrophe off every text cell to get the old text
  back.
"""


def command_paths() -> Iterator[tuple[str, ...]]:
    """Every command and group, the program itself first, in the order in which --help lists them."""
    yield from _walk(get_command(app), ())


def _walk(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from _walk(command.commands[name], (*path, name))


def help_of(path: tuple[str, ...]) -> str:
    """What a command says to --help on a terminal of 80 columns."""
    done = CliRunner().invoke(app, [*path, "--help"], prog_name="regrade")
    if done.exit_code:
        raise RuntimeError(f"regrade {' '.join(path)} --help failed: {done.output}")
    return "".join(f"{line.rstrip()}\n" for line in done.output.splitlines())


def reference() -> str:
    """The whole page."""
    sections = (f"\n## {' '.join(('regrade', *path))}\n\n```text\n{help_of(path)}```\n" for path in command_paths())
    return "".join((INTRODUCTION, *sections))


def main() -> None:
    if "--check" in sys.argv[1:]:
        sys.exit(PAGE.read_text(encoding="utf-8") != reference())
    PAGE.write_text(reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
