"""Every failure becomes words and an exit code."""

from __future__ import annotations

import pytest

from regrade.cli.failures import guard
from regrade.errors import InputError, RegradeError


def _raise(error: BaseException) -> None:
    raise error


def test_a_command_that_ends_well_is_0() -> None:
    assert guard(lambda: None) == 0


def test_our_errors_say_what_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    error = InputError("a class from 0 to 9", got="12", where="preds.csv", row=3, remedy="Correct the row.")
    assert guard(lambda: _raise(error)) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "error: preds.csv, row 3: expected a class from 0 to 9; got 12.\nCorrect the row.\n"


def test_an_error_without_a_remedy_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert guard(lambda: _raise(RegradeError("Gone."))) == 1
    assert capsys.readouterr().err == "error: Gone.\n"


def test_stopping_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert guard(lambda: _raise(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == ""


def test_an_unexpected_error_names_itself_and_the_way_to_the_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REGRADE_DEBUG", raising=False)
    assert guard(lambda: _raise(ValueError("odd\nsecond line"))) == 1
    assert capsys.readouterr().err == (
        "error: unexpected ValueError: odd\nRun the same command with REGRADE_DEBUG=1 to see the traceback.\n"
    )


def test_the_variable_lets_the_traceback_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_DEBUG", "1")
    with pytest.raises(ValueError, match="odd"):
        guard(lambda: _raise(ValueError("odd")))


def test_usage_errors_keep_their_own_code() -> None:
    with pytest.raises(SystemExit, match="2"):
        guard(lambda: _raise(SystemExit(2)))
