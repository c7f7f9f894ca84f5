"""An .npz with `top1`, `top5` and `probs`: three items, four classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from tests.formats.predictions.conftest import ReadOne

TOP1 = np.array([0, 1, 3])
TOP5 = np.array([[0, 1], [1, 2], [3, 0]], np.uint16)
ALL = np.array([[0.5, 0.25, 0.125, 0.125], [0.125, 0.5, 0.25, 0.125], [0.25, 0.125, 0.125, 0.5]], np.float32)


@pytest.fixture
def save(tmp_path: Path) -> Any:
    def _save(**members: npt.ArrayLike) -> Path:
        path = tmp_path / "preds.npz"
        np.savez(path, **members)  # type: ignore[arg-type]
        return path

    return _save


def test_probabilities_of_all_classes_rank_them(save: Any, read_one: ReadOne) -> None:
    predictions = read_one(save(top1=TOP1, top5=TOP5, probs=ALL))
    # Ties at 0.125 go to the lowest class; no top rank is shared.
    assert predictions.classes.tolist() == [[0, 1, 2, 3], [1, 2, 0, 3], [3, 0, 1, 2]]
    assert predictions.scores is not None
    assert predictions.scores.tolist() == [[0.5, 0.25, 0.125, 0.125]] * 3
    assert (predictions.score_kind, predictions.n_ties) == ("probability", 0)


@pytest.mark.parametrize(
    ("probs", "scores"),
    [
        pytest.param([0.5, 0.5, 0.75], [[0.5, None], [0.5, None], [0.75, None]], id="of the first rank"),
        pytest.param([[0.5], [0.5], [0.75]], [[0.5, None], [0.5, None], [0.75, None]], id="in one column"),
        pytest.param(
            [[0.5, 0.25], [0.5, 0.5], [0.75, 0.0]], [[0.5, 0.25], [0.5, 0.5], [0.75, 0.0]], id="of every rank"
        ),
    ],
)
def test_probabilities_of_the_ranks_stand_beside_them(
    save: Any, read_one: ReadOne, probs: Any, scores: list[list[float | None]]
) -> None:
    predictions = read_one(save(top1=TOP1, top5=TOP5, probs=np.array(probs)))
    assert predictions.classes.tolist() == TOP5.tolist()
    assert predictions.scores is not None
    found = [[None if np.isnan(value) else value for value in row] for row in predictions.scores.tolist()]
    assert found == scores
    assert predictions.score_kind == "probability"


def test_ranks_alone_have_no_scores_and_other_members_are_ignored(save: Any, read_one: ReadOne) -> None:
    predictions = read_one(save(top5=TOP5, names=np.array(["a", "b", "c"], object)))
    assert predictions.classes.tolist() == TOP5.tolist()
    assert (predictions.scores, predictions.score_kind) == (None, "none")


def test_top1_alone_is_one_rank(save: Any, read_one: ReadOne) -> None:
    predictions = read_one(save(top1=TOP1, probs=np.array([0.5, 0.5, 0.75])))
    assert predictions.classes.tolist() == [[0], [1], [3]]


def test_equal_probabilities_may_stand_in_any_order(save: Any, read_one: ReadOne) -> None:
    swapped = np.array([[0, 1, 3], [1, 2, 3], [3, 0, 2]])
    predictions = read_one(save(top5=swapped, probs=ALL))
    assert predictions.classes.tolist() == [[0, 1, 2, 3], [1, 2, 0, 3], [3, 0, 1, 2]]


def test_many_rows_are_compared_in_chunks(tmp_path: Path) -> None:
    from regrade.formats import read_predictions  # noqa: PLC0415 - only here
    from regrade.records.classes import ClassList  # noqa: PLC0415 - takes long to import
    from regrade.records.items import Split  # noqa: PLC0415 - takes long to import

    rng = np.random.default_rng(0)
    probs = rng.dirichlet(np.ones(4), size=1300)
    top1 = probs.argmax(axis=1)
    top1[1200] = (top1[1200] + 1) % 4
    np.savez(tmp_path / "preds.npz", top1=top1, probs=probs)
    ids = tuple(map(str, range(1300)))
    split = Split("main", ids, np.full(1300, -1, np.int32), ("",) * 1300)
    names = ("a", "b", "c", "d")
    with pytest.raises(InputError, match=r"row index 1200: expected top1 and top5 to be the best classes of probs"):
        read_predictions(tmp_path / "preds.npz", split=split, classes=ClassList(names, names, names, names), model="m")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param(
            {"top1": [0, 1, 2], "top5": TOP5}, r"row index 2: expected top1 to be the first of top5", id="top1 differs"
        ),
        pytest.param(
            {"top1": [0, 2, 3], "probs": ALL}, r"row index 1: expected top1 and top5 to be the best", id="not the best"
        ),
        pytest.param(
            {"top5": [[0, 3], [1, 2], [3, 0]], "probs": ALL},
            r"row index 0: expected top1 and top5 to be the best classes of probs",
            id="second rank is not second",
        ),
        pytest.param({"top5": [[0, 0], [1, 2], [3, 0]], "x": [0]}, r"row index 0.*class 0 twice", id="class twice"),
        pytest.param(
            {"top1": [0, 1, 4], "x": [0]}, r"top1\.npy\), row index 2: expected a class id 0\.\.3", id="range"
        ),
        pytest.param({"top1": [0, 1], "x": [0]}, r"top1\.npy\): expected an integer array of shape \(3,\)", id="rows"),
        pytest.param(
            {"top1": TOP1, "probs": [1, 1, 1]}, r"probs\.npy\): expected probs of one .*; got int64", id="integers"
        ),
        pytest.param(
            {"top1": TOP1, "probs": ALL[:, :3]}, r"expected probs of one .*; got float32 \(3, 3\)", id="width"
        ),
        pytest.param(
            {"top1": TOP1, "probs": [0.5, 1.5, 0.5]}, r"row index 1: expected probabilities from 0", id="above 1"
        ),
        pytest.param({"top1": TOP1, "probs": [0.5, np.nan, 0.5]}, r"row index 1: expected probabilities", id="nan"),
        pytest.param(
            {"top5": TOP5, "probs": [[0.5, 0.25], [0.25, 0.5], [1.0, 0.0]]}, r"row index 1: .* do not rise", id="rises"
        ),
        pytest.param(
            {"probs": [0.5, 0.5, 0.5], "x": [0]}, r"expected probs of shape \(3, 4\); got float64 \(3,\)", id="alone"
        ),
    ],
)
def test_members_that_do_not_fit_are_refused(
    save: Any, read_one: ReadOne, members: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_one(save(**members))


def test_a_member_that_holds_objects_is_refused(save: Any, read_one: ReadOne) -> None:
    with pytest.raises(InputError, match="never unpickled"):
        read_one(save(top1=np.array([0, "1", None], object), top5=TOP5))


def test_an_archive_without_these_names_says_what_it_has(save: Any, read_one: ReadOne) -> None:
    with pytest.raises(InputError, match=r"fits none of them \(2 arrays: a, b\)"):
        read_one(save(a=TOP1, b=TOP5))


def test_the_format_can_be_named_and_then_needs_its_members(save: Any, read_one: ReadOne) -> None:
    with pytest.raises(InputError, match=r"expected probs of shape \(3, 4\); got none"):
        read_one(save(a=TOP1, b=TOP5), format="top-members")
