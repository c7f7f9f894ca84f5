"""Progress is talk: stderr, a line a step where there is no terminal."""

from __future__ import annotations

import pytest

from regrade.cli.progress import show_progress


def test_without_a_terminal_each_step_is_a_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress("making") as progress:
        progress("scans", 0, 2)
        progress("cases", 1, 2)
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "making: scans (1 of 2)\nmaking: cases (2 of 2)\n"


def test_on_a_terminal_there_is_a_bar_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with show_progress("making") as progress:
        progress("scans", 1, 2)
    said = capsys.readouterr()
    assert said.out == ""
    assert "making: scans" in said.err
    assert "1/2" in said.err
