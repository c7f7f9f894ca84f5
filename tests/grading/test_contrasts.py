"""Where humans and models part, by hand."""

from __future__ import annotations

import pytest

from regrade.grading import contrast_kinds, line_up
from regrade.records.predictions import NO_CLASS
from tests.grading.lineups import model, simple_key

N = NO_CLASS
HUMANS = {
    # item:  0  1  2  3  4  5
    "ann": (1, 1, 0, 0, 0, N),
    "bob": (1, 0, 0, 0, N, N),
    "cyd": (1, 1, 0, 1, N, N),
}
MODELS = {
    "net": (0, 0, 1, 1, 1, 1),
    "vit": (0, 0, 1, 1, 1, 0),
    "mlp": (0, 1, 1, 0, 0, 0),
    "svm": (0, 0, 1, 0, 0, 0),
}
# humans wrong: 3/3, 2/3, 0/3, 1/3, 0/1, none; models wrong: 0/4, 1/4, 4/4, 2/4, 2/4, 1/4. On 3 and 4 half of the models
# are wrong, which is neither; item 5 no human has seen.


def test_by_hand() -> None:
    people = [model(name, top, kind="human") for name, top in HUMANS.items()]
    found = contrast_kinds(line_up([*people, *(model(name, top) for name, top in MODELS.items())], simple_key(6)))
    assert found is not None
    assert found.n_items == 5
    assert found.humans_wrong.tolist() == [0, 1]  # apart by 1 and by 5/12
    assert found.models_wrong.tolist() == [2]
    assert found.n_humans.tolist() == [3, 3, 3, 3, 1, 0]
    assert found.n_humans_wrong.tolist() == [3, 2, 0, 1, 0, 0]
    assert found.n_models.tolist() == [4] * 6
    assert found.n_models_wrong.tolist() == [0, 1, 4, 2, 2, 1]


def test_the_clearest_come_first_then_the_order_of_items() -> None:
    # humans wrong: 2/3, 2/3, 3/3; the model is right
    answers = {"ann": (1, 1, 1), "bob": (1, 0, 1), "cyd": (0, 1, 1)}
    humans = [model(name, top, kind="human") for name, top in answers.items()]
    found = contrast_kinds(line_up([*humans, model("net", (0, 0, 0))], simple_key(3)))
    assert found is not None
    assert found.humans_wrong.tolist() == [2, 0, 1]


@pytest.mark.parametrize("kind", ["model", "human"])
def test_one_kind_alone_has_no_contrast(kind: str) -> None:
    rows = [model(name, (0, 1), kind=kind) for name in ("a", "b")]  # type: ignore[arg-type]
    assert contrast_kinds(line_up(rows, simple_key(2))) is None


def test_nothing_shared_is_no_item() -> None:
    rows = [model("ann", (N, 1), kind="human"), model("net", (0, N))]
    found = contrast_kinds(line_up(rows, simple_key(2)))
    assert found is not None
    assert (found.n_items, len(found.humans_wrong), len(found.models_wrong)) == (0, 0, 0)
