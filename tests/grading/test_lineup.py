"""Several models side by side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.grading import line_up, prepare_key
from regrade.grading.marking import mark
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions
from tests.grading.lineups import A, B, hand_key, hand_lineup, model, random_models


def test_by_hand() -> None:
    lineup, _ = hand_lineup()
    assert (lineup.models, lineup.kinds) == (("a", "b"), ("model", "model"))
    assert lineup.graded.all()
    assert [np.flatnonzero(row).tolist() for row in lineup.wrong] == [[1, 2, 3, 4], [0, 1, 3, 5]]
    assert [np.flatnonzero(row).tolist() for row in lineup.unreviewed] == [[3], [0, 3, 5]]
    assert lineup.top.tolist() == [list(A), list(B)]
    assert lineup.names_all.tolist() == [True, True]


def test_what_is_missing_is_not_graded() -> None:
    key = hand_key()
    lineup = line_up([model("a", [NO_CLASS, *A[1:]], kind="human")], key)
    assert lineup.graded.tolist() == [[False, True, True, True, True, True]]
    assert lineup.kinds == ("human",)
    assert lineup.notes == (("Items that the policy would grade but that have no prediction: 1.",),)


def test_a_source_of_mistakes_only_is_graded_on_everything() -> None:
    lineup = line_up([model("a", [NO_CLASS, 1, 2, NO_CLASS, NO_CLASS, NO_CLASS], only_mistakes=True)], hand_key())
    assert lineup.graded.all()
    assert lineup.wrong.tolist() == [[False, True, True, False, False, False]]
    assert lineup.names_all.tolist() == [False]


@pytest.mark.parametrize("seed", range(4))
def test_each_is_marked_as_alone(random_case: Callable[[int], tuple[Split, LabelSet, Predictions]], seed: int) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1")
    models = random_models(split, labels, seed)
    lineup = line_up(models, key)
    for at, row in enumerate(models):
        marks = mark(row, key)
        assert np.flatnonzero(lineup.wrong[at]).tolist() == marks.wrong.tolist()
        assert np.flatnonzero(~lineup.graded[at]).tolist() == marks.left_out.tolist()
        assert np.count_nonzero(lineup.unreviewed[at]) == np.count_nonzero(marks.codes == UNREVIEWED_CODE)
        assert lineup.top[at, marks.wrong].tolist() == marks.classes.tolist()


def test_no_model_is_a_lineup_of_none() -> None:
    lineup = line_up([], hand_key())
    assert lineup.models == ()
    assert lineup.wrong.shape == lineup.top.shape == (0, 6)


def test_predictions_of_another_split_are_refused() -> None:
    with pytest.raises(InputError, match="predictions for 6 items"):
        line_up([model("a", A[:5])], hand_key())
