"""Running an embedder: what it gives, what is kept of an interrupted run, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.store import journal
from regrade.workflow.embed import EmbedReport, run_embedder
from regrade.workflow.embeddings import import_embeddings, list_embeddings, load_measured
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import N_ITEMS

# The image of item i is (30 i, 90, 200 - 20 i) all over: its vector is (i, 3). Every call is noted in a file, a line a
# batch (a blank image, which tells the number of dimensions, is no item); `fail` in that folder makes item 5 fail.
MODEL = """
    from pathlib import Path
    import numpy as np

    FOLDER = Path(__file__).parent

    class Embedder:
        def transform(self, features):
            items = [round(float(value) / 30) for value in features[:, 0]]
            if features[0, 1] == 90:
                with (FOLDER / "seen.txt").open("a") as log:
                    log.write(" ".join(map(str, items)) + "\\n")
            if (FOLDER / "fail").exists() and 5 in items:
                raise RuntimeError("out of memory")
            return np.stack([np.array(items, float), features[:, 1] / 30], axis=1)

    class Flat(Embedder):
        def transform(self, features):
            vectors = super().transform(features)
            vectors[vectors[:, 0] == 6] = 0
            return vectors

    class Zero(Embedder):
        def transform(self, features):
            return super().transform(features) * 0

    class Boxes(Embedder):
        def transform(self, features):
            return super().transform(features)[:, :, None]

    class Ragged(Embedder):
        def transform(self, features):
            return super().transform(features)[:, : 1 + len(features) % 2]

    class Broken(Embedder):
        def transform(self, features):
            return super().transform(features) * np.where(features == 90, np.nan, 1)[:, :2]

    def corner(image):
        return np.asarray(image)[0, 0]

    net, flat, zero = (Embedder(), corner), (Flat(), corner), (Zero(), corner)
    untaught = (object(), corner)
    boxes, ragged, broken = (Boxes(), corner), (Ragged(), corner), (Broken(), corner)
"""
VECTORS = np.stack([np.arange(N_ITEMS), np.full(N_ITEMS, 3)], axis=1)

Run = Callable[..., EmbedReport]


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "model.py"
    path.write_text(dedent(MODEL), encoding="utf-8")
    return path


@pytest.fixture
def run(ws: Workspace, module: Path) -> Run:
    """Run the embedder in batches of three."""

    def _run(name: str = "net", model: str = "net", **options: object) -> EmbedReport:
        return run_embedder(ws, "sklearn", name, f"{module}:{model}", **{"batch_size": 3, **options})  # type: ignore[arg-type]

    return _run


def seen(module: Path) -> list[list[int]]:
    """The items of every call of the embedder."""
    log = module.with_name("seen.txt")
    lines = log.read_text().splitlines() if log.exists() else []
    return [[int(item) for item in line.split()] for line in lines]


def test_a_run_is_stored_as_embeddings(ws: Workspace, run: Run, module: Path) -> None:
    report = run(by="ann")
    assert seen(module) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    stored = report.stored
    assert (report.created, report.n_computed, report.missing) == (True, N_ITEMS, ())
    assert (stored.name, stored.split, stored.n_dimensions, stored.source) == ("net", "main", 2, "sklearn model.py:net")
    np.testing.assert_array_equal(load_measured(ws, stored).vectors, VECTORS)
    with ws.store.read() as tx:
        line = journal.list_lines(tx)[-1]
    assert (line.actor, line.action, line.facts["preparation"]) == ("ann", "embeddings.import", report.preparation)
    assert len(str(line.facts["run"])) == 32


def test_the_same_run_again_computes_nothing(run: Run, module: Path) -> None:
    first = run()
    again = run()
    assert (again.stored, again.created, again.n_computed) == (first.stored, False, 0)
    assert len(seen(module)) == 3


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
    assert list_embeddings(ws) == ()
    (module.parent / "fail").unlink()
    told: list[tuple[int, int]] = []
    report = run(progress=lambda done, total: told.append((done, total)))
    assert report.n_computed == 5
    assert told == [(3, 8), (6, 8), (8, 8)]
    np.testing.assert_array_equal(load_measured(ws, report.stored).vectors, VECTORS)


def test_an_image_without_a_direction_or_damaged_has_no_vector(ws: Workspace, run: Run) -> None:
    (ws.media_root("main") / "img_1.png").write_bytes(b"damaged")
    with pytest.raises(InputError, match=r"img_1\.png"):
        run("flat", model="flat")
    report = run("flat", model="flat", skip_damaged=True)
    assert report.missing == ("img_1.png", "img_6.png")
    assert (report.n_computed, report.stored.n_missing) == (7, 2)
    again = run("flat", model="flat", skip_damaged=True)
    assert (again.missing, again.n_computed) == (report.missing, 0)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("zero", "a vector with a direction for one image at least; got none"),
        ("boxes", r"an embedder that gives one vector an image; got float64 \(1, 2, 1\)"),
        ("ragged", r"outputs of shape \(2, 2\), a number for each image and dimension; got float64 \(2, 1\)"),
        ("broken", r"item 'img_0\.png': expected finite outputs of the model"),
        ("untaught", "a fitted transformer, with a method transform; got object"),
    ],
)
def test_what_gives_no_vectors_is_refused(ws: Workspace, run: Run, model: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run(model=model)
    assert list_embeddings(ws) == ()


def test_a_taken_name_is_refused_before_anything_is_run(ws: Workspace, run: Run, module: Path) -> None:
    import_embeddings(ws, "net", VECTORS + 1.0)
    with pytest.raises(ConflictError, match="net has other embeddings of the split main"):
        run()
    assert seen(module) == []


def test_another_split_has_its_own_under_the_same_name(ws: Workspace, run: Run) -> None:
    run()
    add_split(ws, "train", images=ws.media_root("main"))
    report = run(split="train")
    assert (report.created, report.stored.split) == (True, "train")
    assert [(row.name, row.split) for row in list_embeddings(ws)] == [("net", "main"), ("net", "train")]


def test_options_that_do_not_fit_are_refused(run: Run) -> None:
    with pytest.raises(InputError, match="a batch of one image or more; got 0"):
        run(batch_size=0)
    with pytest.raises(NotFoundError, match="no split absent"):
        run(split="absent")
