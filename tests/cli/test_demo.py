"""`regrade demo`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Regrade


@pytest.mark.slow
def test_it_grades_at_least_five_models_and_names_the_next_command(regrade: Regrade, tmp_path: Path) -> None:
    first = regrade("demo", "digits", "--no-serve")
    assert first.rows[0] == "labels original@1 · policy multilabel · unclear: accept"
    models = [row.split()[0] for row in first.rows[2:] if row.count(" to ") == 1]
    assert len(models) >= 5
    assert first.rows[-1] == "next: regrade serve --workspace digits"
    assert "making the demo: " in first.err
    again = regrade("demo", "digits", "--no-serve")
    assert again.out == first.out
    assert "making the demo" not in again.err
    grades = regrade("grade", "--workspace", "digits", "--json").json
    assert [row["model"] for row in grades] == models
    # nobody judged anything under original@1
    assert all(row["n_unreviewed"] == row["n_mistakes"] > 0 for row in grades)
    cases = regrade("cases", "make", "--workspace", "digits", "--json").json
    assert cases["n_new_cases"] == 0
    assert 200 <= cases["n_cases"] <= 1000
    assert f"undecided: {cases['n_cases']:,} cases on {cases['n_items']:,} items" in first.rows


@pytest.mark.slow
def test_the_next_command_can_be_typed_as_it_stands(
    regrade: Regrade, bakery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = bakery.parent / ".venv" / "bin" / "regrade"
    monkeypatch.setattr("sys.argv", [str(program)])
    monkeypatch.setenv("PATH", str(bakery))
    assert regrade("demo", "bakery", "--no-serve").rows[-1] == "next: .venv/bin/regrade serve --workspace bakery"
    monkeypatch.chdir(bakery)
    assert regrade("demo", bakery, "--no-serve").rows[-1] == f"next: {program} serve --workspace {bakery}"
    monkeypatch.setattr("sys.argv", ["pytest"])
    assert regrade("demo", bakery, "--no-serve").rows[-1] == f"next: regrade serve --workspace {bakery}"


def test_a_folder_that_holds_something_else_is_left_alone(regrade: Regrade, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep", encoding="utf-8")
    assert "mine" in regrade("demo", "mine", "--no-serve", code=1).err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
