"""`regrade predictions run`, on images that differ by their grey."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from PIL import Image

from regrade.cli.running import parse_setting
from tests.cli.conftest import CLASSES, Regrade

# Grey 60 i is class i, with a probability of 0.7.
MODEL = """
    import numpy as np

    class Estimator:
        classes_ = np.arange(4)

        def predict_proba(self, features):
            outputs = np.full((len(features), 4), 0.1)
            outputs[np.arange(len(features)), [round(float(value) * 255 / 60) for value in features[:, 0]]] = 0.7
            return outputs

    model = Estimator()

    class Stopped(Estimator):
        def predict_proba(self, features):
            raise KeyboardInterrupt

    stopped = Stopped()

    def talk():
        print("Loaded the weights.")
        return model
"""


@pytest.fixture(autouse=True)
def _bench(regrade: Regrade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace with four images; the test stands beside its files."""
    (tmp_path / "photos").mkdir()
    for at in range(4):
        Image.fromarray(np.full((8, 8, 3), at * 60, np.uint8)).save(tmp_path / "photos" / f"{at}.png")
    (tmp_path / "classes.csv").write_text(CLASSES, encoding="utf-8")
    (tmp_path / "items.csv").write_text("file,label\n0.png,0\n1.png,1\n2.png,2\n3.png,0\n", encoding="utf-8")
    (tmp_path / "model.py").write_text(dedent(MODEL), encoding="utf-8")
    regrade("init", "bench", "--classes", "classes.csv", "--items", "items.csv", "--media", "photos")
    monkeypatch.setenv("REGRADE_WORKSPACE", str(tmp_path / "bench"))


RUN = ("predictions", "run", "sklearn", "net", "model.py:model", "--set", "size=2")


def test_a_run_is_a_row_of_results_and_talk(regrade: Regrade) -> None:
    ran = regrade(*RUN)
    # The fourth image is the only mistake (class 3 for label 0), so the only new case.
    assert ran.rows == ["model stored computed missing ties new cases", "net yes 4 0 0 1"]
    assert "net: 4 of 4 images" in ran.err
    assert "images: RGB, resized (bicubic) to cover 2 x 2, center 2 x 2, values 0 to 1" in ran.err
    assert regrade(*RUN).rows[1] == "net there already 0 0 0 1"
    assert regrade("predictions", "list", "--json").json[0]["source"] == "sklearn model.py:model"


def test_the_same_as_json(regrade: Regrade) -> None:
    report = regrade(*RUN, "--probabilities", "--top-k", "1", "--batch-size", "3", "--json").json
    assert (report["created"], report["n_computed"], report["damaged"]) == (True, 4, [])
    assert len(report["stored"]["probabilities_digest"]) == 64


def test_what_the_model_prints_is_no_result(regrade: Regrade) -> None:
    ran = regrade("predictions", "run", "sklearn", "net", "model.py:talk", "--set", "size=2", "--json")
    assert ran.json["n_computed"] == 4
    assert "Loaded the weights." in ran.err


def test_damaged_images_are_an_error_or_a_warning(regrade: Regrade) -> None:
    Path("photos/1.png").write_bytes(b"")
    failed = regrade(*RUN, code=1)
    assert "1.png: expected a raster image" in failed.err
    ran = regrade(*RUN, "--skip-damaged")
    assert ran.rows[1] == "net yes 3 1 0 1"
    assert "warning: 1 image left out because it cannot be read: 1.png" in ran.err


def test_several_damaged_images_are_counted_and_the_first_are_named(regrade: Regrade) -> None:
    for at in range(4):
        Path(f"photos/{at}.png").write_bytes(b"")
    Image.new("RGB", (8, 8)).save("photos/0.png")
    assert "3 images left out because they cannot be read: 1.png, 2.png, 3.png" in regrade(*RUN, "--skip-damaged").err


def test_stopped_by_the_keyboard_it_says_how_to_go_on(regrade: Regrade) -> None:
    ran = regrade("predictions", "run", "sklearn", "net", "model.py:stopped", "--set", "size=2", code=130)
    assert "The same command goes on where this one was." in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("onyx", "net", "model.py:model"), 1, "There are: onnx, sklearn, torch"),
        (("sklearn", "net", "model.py:model"), 1, "Give --set size=HEIGHTxWIDTH"),
        (("sklearn", "net", "model.py:absent"), 1, "the name absent in model.py"),
        (("sklearn", "net", "model.py:model", "--set", "size"), 2, "expected KEY=VALUE"),
        (("sklearn", "net", "model.py:model", "--set", "size=2", "--set", "size=3"), 2, "each key once"),
        (("sklearn", "net", "model.py:model", "--top-k", "11"), 2, "Invalid value for '--top-k'"),
        (("sklearn", "net", "model.py:model", "--batch-size", "0"), 2, "Invalid value for '--batch-size'"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    regrade: Regrade, arguments: tuple[str, ...], code: int, message: str
) -> None:
    assert message in regrade("predictions", "run", *arguments, code=code).err


def test_a_setting_is_cut_at_the_first_sign() -> None:
    assert parse_setting("transform=a.py:f=g") == ("transform", "a.py:f=g")
    assert parse_setting("mean=") == ("mean", "")
