"""Running a model: what it gives, what is kept of an interrupted run, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from PIL import Image

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.store import journal
from regrade.workflow.doctor import examine_workspace
from regrade.workflow.predictions import import_predictions, list_predictions, load_predictions, load_probabilities
from regrade.workflow.run import RunReport, run_model
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import N_ITEMS

# The image of item i is (30 i, 90, 200 - 20 i) all over; its red value tells which item it is. Every call is noted in
# a file, a line a batch; `fail` in that folder makes the next call fail.
MODEL = """
    from pathlib import Path
    import numpy as np

    FOLDER = Path(__file__).parent

    class Estimator:
        classes_ = np.arange(4)

        def predict_proba(self, features):
            items = [round(float(value) * 255 / 30) for value in features[:, 0]]
            with (FOLDER / "seen.txt").open("a") as log:
                log.write(" ".join(map(str, items)) + "\\n")
            if (FOLDER / "fail").exists() and 5 in items:
                raise RuntimeError("out of memory")
            outputs = np.full((len(items), 4), 0.1)
            outputs[np.arange(len(items)), [item % 4 for item in items]] = 0.7
            return outputs

    def features(image):
        return np.asarray(image)[0, 0] / 255.0

    model = (Estimator(), features)

    class Distances(Estimator):
        decision_function = Estimator.predict_proba
        predict_proba = property()

    distances = (Distances(), features)
"""

Run = Callable[..., RunReport]


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(dedent(MODEL), encoding="utf-8")
    return path


@pytest.fixture
def run(ws: Workspace, module: Path) -> Run:
    """Run the model in batches of three."""

    def _run(model: str = "net", name: str = "model", **options: object) -> RunReport:
        return run_model(ws, "sklearn", model, f"{module}:{name}", **{"batch_size": 3, **options})  # type: ignore[arg-type]

    return _run


def seen(module: Path) -> list[list[int]]:
    """The items of every call of the model."""
    log = module.with_name("seen.txt")
    lines = log.read_text().splitlines() if log.exists() else []
    return [[int(item) for item in line.split()] for line in lines]


def test_a_run_is_imported_as_predictions(ws: Workspace, run: Run, module: Path) -> None:
    report = run()
    assert seen(module) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    (predictions,) = load_predictions(ws, ["net"])
    # 0.7 for class i mod 4; of the three with 0.1 the lowest comes first.
    assert predictions.classes[:, :2].tolist() == [[0, 1], [1, 0], [2, 0], [3, 0], [0, 1], [1, 0], [2, 0], [3, 0]]
    assert predictions.scores is not None
    np.testing.assert_array_equal(predictions.scores, np.array([[0.7, 0.1, 0.1, 0.1]] * 8, np.float32))
    assert (predictions.score_kind, predictions.n_ties, predictions.kind) == ("probability", 0, "model")
    assert (report.created, report.n_computed, report.damaged) == (True, N_ITEMS, ())
    assert report.preparation == "the model's own transform"
    assert (report.stored.source, report.stored.n_missing) == ("sklearn model.py:model", 0)
    # labels 0 0 1 1 2 2 3 3 against 0 1 2 3 0 1 2 3: wrong on all but the items 0 and 7
    assert report.n_new_cases == 6


def test_the_journal_says_what_was_run(ws: Workspace, run: Run) -> None:
    run(by="ann")
    with ws.store.read() as tx:
        line = journal.list_lines(tx)[-1]
    assert (line.actor, line.action) == ("ann", "predictions.import")
    assert line.facts["model"] == "net"
    assert line.facts["preparation"] == "the model's own transform"
    assert len(str(line.facts["run"])) == 32


@pytest.mark.parametrize("n_ranks", [1, 3, 4, 10])
def test_as_many_ranks_as_are_asked_for_are_kept(ws: Workspace, run: Run, n_ranks: int) -> None:
    run(n_ranks=n_ranks)
    (predictions,) = load_predictions(ws, ["net"])
    assert predictions.classes.shape == (N_ITEMS, min(n_ranks, 4))


def test_the_probabilities_of_all_classes_are_kept_beside(ws: Workspace, run: Run) -> None:
    report = run(probabilities=True, n_ranks=1)
    full = load_probabilities(ws, "net")
    assert full is not None
    assert full.dtype == np.float32
    np.testing.assert_array_equal(full, np.where(np.eye(4)[np.arange(8) % 4], np.float32(0.7), np.float32(0.1)))
    assert report.stored.probabilities_digest in {path.stem for path in (ws.folder / "arrays").iterdir()}
    report_of_doctor = examine_workspace(ws)
    assert report_of_doctor.damage == ()
    assert load_probabilities(ws, "alpha") is None
    with pytest.raises(NotFoundError, match="No predictions of absent"):
        load_probabilities(ws, "absent")


def test_logits_are_softened_in_all_that_is_kept(ws: Workspace, run: Run, module: Path) -> None:
    module.write_text(module.read_text().replace("0.1)", "0.0)").replace("= 0.7", "= np.log(7)"))
    run(probabilities=True)
    full = load_probabilities(ws, "net")
    assert full is not None
    # exp(ln 7) = 7 and three times exp(0) = 1: 7 / 10 and 1 / 10
    np.testing.assert_allclose(full[5], [0.1, 0.7, 0.1, 0.1], rtol=1e-6)
    (predictions,) = load_predictions(ws, ["net"])
    assert predictions.scores is not None
    np.testing.assert_allclose(predictions.scores[5], [0.7, 0.1, 0.1, 0.1], rtol=1e-6)


def test_scores_of_another_kind_stay_as_they_are(ws: Workspace, run: Run, module: Path) -> None:
    run(name="distances")
    (predictions,) = load_predictions(ws, ["net"])
    assert predictions.score_kind == "score"
    assert predictions.scores is not None
    assert predictions.scores[0].tolist() == np.array([0.7, 0.1, 0.1, 0.1], np.float32).tolist()
    n_calls = len(seen(module))
    with pytest.raises(
        InputError, match="expected a model that gives probabilities or logits; got one that gives other"
    ):
        run("other", name="distances", probabilities=True)
    assert len(seen(module)) == n_calls


def test_the_same_run_again_computes_nothing(ws: Workspace, run: Run, module: Path) -> None:
    first = run()
    again = run()
    assert len(seen(module)) == 3
    assert (again.created, again.n_computed, again.n_new_cases) == (False, 0, first.n_new_cases)
    assert again.stored == first.stored


def test_probabilities_can_be_added_to_a_finished_run(ws: Workspace, run: Run) -> None:
    first = run()
    again = run(probabilities=True)
    assert not again.created
    assert again.stored.digest == first.stored.digest
    assert load_probabilities(ws, "net") is not None
    third = run(probabilities=True)
    assert (third.created, third.n_computed) == (False, 0)
    assert run().stored == third.stored


def test_a_run_that_ended_just_before_it_was_said_to_be_finished_is_no_conflict(
    ws: Workspace, run: Run, module: Path
) -> None:
    def keep(done: int, total: int) -> None:
        if done == total:
            (parts,) = (ws.folder / "runs").glob("*/parts")
            shutil.copytree(parts, parts.with_name("kept"))

    first = run(progress=keep)
    (kept,) = (ws.folder / "runs").glob("*/kept")
    kept.rename(kept.with_name("parts"))
    kept.with_name("finished.json").unlink()
    again = run()
    assert (again.stored, again.created, again.n_computed) == (first.stored, False, 0)
    assert len(seen(module)) == 3
    assert run().n_computed == 0


def test_what_was_computed_before_a_failure_is_not_computed_again(ws: Workspace, run: Run, module: Path) -> None:
    (module.parent / "fail").touch()
    with pytest.raises(RuntimeError, match="out of memory"):
        run()
    assert seen(module) == [[0, 1, 2], [3, 4, 5]]
    assert [row.model for row in list_predictions(ws)] == ["alpha", "beta"]
    (module.parent / "fail").unlink()
    report = run()
    assert seen(module) == [[0, 1, 2], [3, 4, 5], [3, 4, 5], [6, 7]]
    assert (report.created, report.n_computed) == (True, 5)
    assert list(ws.folder.glob("runs/*/parts")) == []


def test_progress_starts_with_what_was_done_before(ws: Workspace, run: Run, module: Path) -> None:
    told: list[tuple[int, int]] = []
    (module.parent / "fail").touch()
    with pytest.raises(RuntimeError, match="out of memory"):
        run(progress=lambda *row: told.append(row))
    assert told == [(0, 8), (3, 8)]
    (module.parent / "fail").unlink()
    run(progress=lambda *row: told.append(row))
    assert told[2:] == [(3, 8), (6, 8), (8, 8)]


@pytest.mark.parametrize("change", ["model", "batch", "code"])
def test_parts_of_another_model_are_not_used(run: Run, module: Path, change: str) -> None:
    (module.parent / "fail").touch()
    with pytest.raises(RuntimeError, match="out of memory"):
        run()
    (module.parent / "fail").unlink()
    if change == "code":
        module.write_text(module.read_text() + "\n# changed\n")
    run(name="distances" if change == "model" else "model", batch_size=4 if change == "batch" else 3)
    assert sorted(item for batch in seen(module)[2:] for item in batch) == list(range(8))


def test_only_the_batch_of_a_changed_image_is_computed_again(ws: Workspace, run: Run, module: Path) -> None:
    (module.parent / "fail").touch()
    with pytest.raises(RuntimeError, match="out of memory"):
        run()
    (module.parent / "fail").unlink()
    Image.new("RGB", (81, 60), (90, 90, 200)).save(ws.media_root("main") / "img_1.png")
    run()
    assert seen(module)[2:] == [[0, 3, 2], [3, 4, 5], [6, 7]]
    (predictions,) = load_predictions(ws, ["net"])
    assert predictions.classes[1, 0] == 3


def test_a_damaged_image_is_named_and_can_be_mended(ws: Workspace, run: Run, module: Path) -> None:
    path = ws.media_root("main") / "img_4.png"
    sound = path.read_bytes()
    path.write_bytes(sound[:-30])
    with pytest.raises(InputError, match=r"img_4\.png: expected a raster image"):
        run()
    path.write_bytes(sound)
    report = run()
    assert seen(module) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    assert report.n_computed == 5


def test_damaged_images_can_be_left_out_and_are_counted(ws: Workspace, run: Run, module: Path) -> None:
    root = ws.media_root("main")
    (root / "img_4.png").write_bytes(b"")
    (root / "img_6.png").unlink()
    (root / "img_7.png").unlink()
    report = run(skip_damaged=True, probabilities=True)
    assert seen(module) == [[0, 1, 2], [3, 5]]
    assert report.damaged == ("img_4.png", "img_6.png", "img_7.png")
    assert (report.stored.n_missing, report.n_computed) == (3, 5)
    (predictions,) = load_predictions(ws, ["net"])
    assert predictions.classes[:, 0].tolist() == [0, 1, 2, 3, -1, 1, -1, -1]
    full = load_probabilities(ws, "net")
    assert full is not None
    assert np.isnan(full[:, 0]).tolist() == [False, False, False, False, True, False, True, True]
    again = run(skip_damaged=True, probabilities=True)
    assert (again.damaged, again.n_computed) == (report.damaged, 0)


def test_a_part_with_a_left_out_image_does_not_serve_a_run_that_leaves_none_out(
    ws: Workspace, run: Run, module: Path
) -> None:
    (ws.media_root("main") / "img_1.png").write_bytes(b"")
    (module.parent / "fail").touch()
    with pytest.raises(RuntimeError, match="out of memory"):
        run(skip_damaged=True)
    (module.parent / "fail").unlink()
    with pytest.raises(InputError, match=r"img_1\.png: expected a raster image"):
        run()
    assert run(skip_damaged=True).damaged == ("img_1.png",)
    assert seen(module) == [[0, 2], [3, 4, 5], [3, 4, 5], [6, 7]]


def test_a_run_without_any_image_is_refused(ws: Workspace, run: Run) -> None:
    for path in ws.media_root("main").iterdir():
        path.unlink()
    with pytest.raises(InputError, match="split main: expected at least one image that can be read; got none"):
        run(skip_damaged=True)


def test_a_taken_name_is_refused_before_anything_is_run(ws: Workspace, run: Run, module: Path) -> None:
    with pytest.raises(ConflictError, match="alpha has other predictions on the split main"):
        run("alpha")
    assert seen(module) == []
    run("net", n_ranks=2)
    n_calls = len(seen(module))
    with pytest.raises(ConflictError, match="net has other predictions on the split main"):
        run("net", n_ranks=3)
    Image.new("RGB", (81, 60)).save(ws.media_root("main") / "img_1.png")
    with pytest.raises(ConflictError, match="net has other predictions"):
        run("net", n_ranks=2)
    assert len(seen(module)) == n_calls


def test_equal_predictions_that_were_imported_are_no_finished_run(ws: Workspace, run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "net.npy", np.arange(8) % 4)
    import_predictions(ws, [("net", tmp_path / "net.npy")])
    with pytest.raises(ConflictError, match="net has other predictions"):
        run(n_ranks=1)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("outputs[:, :3]", r"expected outputs of shape \(3, 4\), a number .*; got float64 \(3, 3\)"),
        ("outputs[:2]", r"expected outputs of shape \(3, 4\), .*; got float64 \(2, 4\)"),
        ("np.where(outputs == 0.7, np.nan, outputs)", r"item 'img_0\.png': expected finite outputs .* \(2 more"),
        ("outputs * 1e300", r"item 'img_0\.png': expected finite outputs of the model; got NaN or infinity"),
        ("outputs * 0", r"outputs of the model, item 'img_0\.png': expected scores that tell the classes apart"),
    ],
)
def test_outputs_that_are_no_predictions_are_refused(
    ws: Workspace, run: Run, module: Path, code: str, message: str
) -> None:
    module.write_text(module.read_text().replace("return outputs", f"return {code}"))
    with pytest.raises(InputError, match=message):
        run()
    assert [row.model for row in list_predictions(ws)] == ["alpha", "beta"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "expected a batch of one image or more; got 0"),
        ({"n_ranks": 0}, "expected 1 to 10 ranks; got 0"),
        ({"n_ranks": 11}, "expected 1 to 10 ranks; got 11"),
        ({"options": {"depth": "3"}}, "expected an option of the adapter sklearn; got depth"),
    ],
)
def test_options_that_do_not_fit_are_refused(run: Run, options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(**options)


def test_an_unknown_split_is_refused(run: Run) -> None:
    with pytest.raises(NotFoundError, match="absent"):
        run(split="absent")


def test_images_that_change_while_the_model_runs_are_found_out(ws: Workspace, run: Run, module: Path) -> None:
    def swap() -> Iterator[None]:
        yield
        yield
        Image.new("RGB", (81, 60)).save(ws.media_root("main") / "img_1.png")
        yield
        yield

    steps = swap()
    with pytest.raises(ConflictError, match="were changed while it ran"):
        run(progress=lambda _done, _total: next(steps))
    assert run().created
