"""`regrade calibration`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from regrade.records.metrics import Calibration
from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_json_has_every_field_and_the_curves(regrade: Regrade) -> None:
    large, small = regrade("calibration", "--bins", 2, "--json").json
    assert list(small) == [field.name for field in fields(Calibration)]
    # small is right on 1 (.9), 3 (.7), 6 (.9), wrong on 0 (.6), 2 (.5), 4 (.9), 5 (.8, unreviewed); problematic: 7 (.6)
    assert (small["n_right"], small["n_wrong"], small["n_unreviewed"], small["n_problematic"]) == (3, 4, 1, 1)
    assert small["mean_confidence_right"] == pytest.approx(2.5 / 3)
    assert small["mean_confidence_wrong"] == pytest.approx(2.8 / 4)
    assert (small["mean_confidence_unreviewed"], small["mean_confidence_problematic"]) == pytest.approx((0.8, 0.6))
    # pairs (right, wrong) that right wins: .9: 3.5 (.9 tied), .7: 2, .9: 3.5; 9 of 12
    assert small["wrong_auroc"] == pytest.approx(9 / 12)
    assert [row["n"] for row in small["bins"]] == [3, 4]
    assert small["risk_coverage"][-1] == {"coverage": 1.0, "risk": pytest.approx(4 / 7)}
    assert (large["n_without_confidence"], large["calibration_error"], large["bins"]) == (7, None, [])
    assert "All figures are undefined: the source has no scores." in large["notes"]


def test_the_table(regrade: Regrade) -> None:
    ran = regrade("calibration")
    assert ran.rows[0] == "labels reviewed@1 · policy multilabel"
    assert ran.rows[1] == (
        "model items accuracy confidence ECE AUROC AURC on right on wrong on unreviewed on problematic"
    )
    assert ran.rows[2] == "large 0 - - - - - - - - -"
    assert ran.rows[3].startswith("small 7 42.86 75.71 ")
    assert ran.rows[3].endswith(" 83.33 70.00 80.00 60.00")
    assert ran.err == "note: large: All figures are undefined: the source has no scores.\n"


def test_models_and_labels_can_be_named(regrade: Regrade) -> None:
    (small,) = regrade("calibration", "--model", "small", "--labels", "original", "--policy", "single", "--json").json
    assert (small["labels"], small["policy"], small["n_right"]) == ("original@1", "single", 1)


def test_without_predictions_it_says_what_to_do(regrade: Regrade) -> None:
    regrade("init", "empty", "--classes", "classes.csv", "--items", "items.csv")
    ran = regrade("calibration", "--workspace", "empty")
    assert ran.out == ""
    assert "regrade predictions import" in ran.err
