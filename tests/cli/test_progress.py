"""Progress is talk: stderr, a line a step where there is no terminal."""

from __future__ import annotations

import time

import pytest

from regrade.cli.progress import show_images, show_progress


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


def test_images_on_a_terminal_have_a_speed_and_a_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with show_images("net") as progress:
        progress(100, 400)
        for n_done in (150, 200, 250):
            time.sleep(0.01)
            progress(n_done, 400)
    said = capsys.readouterr()
    assert said.out == ""
    assert "250/400" in said.err
    assert "images/s" in said.err


class Clock:
    """Seconds that a test sets by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_without_a_terminal_images_are_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    with show_images("net") as progress:
        for seconds, n_done in ((0, 1000), (10, 1100), (40, 1400), (50, 1500), (60, 2000)):
            clock.now = 1000.0 + seconds
            progress(n_done, 2000)
    # The 1,000 done before do not count: 400 in 40 s are 10 a second, so the other 600 take a minute.
    assert capsys.readouterr().err.splitlines() == [
        "net: 1,000 of 2,000 images",
        "net: 1,400 of 2,000 images, 10 images/s, 0:01:00 left",
        "net: 2,000 of 2,000 images, 17 images/s, 0:00:00 left",
    ]


def test_slow_models_have_a_speed_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    with show_images("net") as progress:
        progress(0, 100)
        clock.now += 40
        progress(10, 100)
    assert capsys.readouterr().err.splitlines()[1] == "net: 10 of 100 images, 0.25 images/s, 0:06:00 left"
