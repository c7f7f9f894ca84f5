"""Comparisons as records: by hand, what is undefined and why, warnings, and the mirror law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.multitest import multipletests

from regrade.grading import AnswerKey, count_pairs, describe_pairs, kappa_matrix, line_up, prepare_key
from regrade.grading.comparisons import can_change_sign
from regrade.records.comparisons import Comparison
from regrade.records.grades import Policy
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions
from tests.grading.conftest import _make_labels, _make_split
from tests.grading.lineups import A, B, hand_key, model, random_models, simple_key

OPEN = (
    "The unreviewed mistakes (1 of a, 3 of b) could change which is better: by them the difference is from -27.78 to"
    " +16.67 points."
)
NOTHING_SHARED = ([*A[:3], *[NO_CLASS] * 3], [*[NO_CLASS] * 3, *B[3:]])


def describe(models: Sequence[Predictions], key: AnswerKey, near_copies: float = 0.43) -> tuple[Comparison, ...]:
    lineup = line_up(models, key)
    return describe_pairs(lineup, count_pairs(lineup, key), key, near_copies=near_copies)


def describe_two(a: Sequence[int], b: Sequence[int], key: AnswerKey) -> Comparison:
    return describe([model("a", a), model("b", b)], key)[0]


def test_by_hand() -> None:
    # The counts are worked out in test_paired. kappa: 2 (2 * 0 - 2 * 2) / (4 * 2 + 4 * 2).
    found = describe_two(A, B, hand_key())
    assert asdict(found) == {
        "model_a": "a",
        "model_b": "b",
        "kind_a": "model",
        "kind_b": "model",
        "labels": "hand@1",
        "policy": "multilabel",
        "n_items": 6,
        "n_both_wrong": 2,
        "n_only_a_wrong": 2,
        "n_only_b_wrong": 2,
        "mcnemar_p": 1.0,
        "mcnemar_p_holm": 1.0,
        "difference": pytest.approx(1 / 6),
        "ci_low": None,
        "ci_high": None,
        "n_unreviewed_a": 1,
        "n_unreviewed_b": 3,
        "difference_min": pytest.approx(1 / 6 - 4 / 9),
        "difference_max": pytest.approx(1 / 6),
        "kappa": -0.5,
        "agreement": 2 / 6,
        "same_wrong_share": 1.0,
        "shared_mistakes": 2 / 6,
        "only_a_wrong_items": None,
        "only_b_wrong_items": None,
        "warnings": (OPEN,),
        "notes": ("No interval: items that only one gets wrong: 4; it takes 10.",),
    }


def test_no_shared_item_leaves_everything_undefined() -> None:
    found = describe_two(*NOTHING_SHARED, hand_key())
    undefined = {name for name, value in asdict(found).items() if value is None}
    assert undefined == {
        *("difference", "ci_low", "ci_high", "difference_min", "difference_max", "kappa", "agreement"),
        *("same_wrong_share", "shared_mistakes", "only_a_wrong_items", "only_b_wrong_items"),
    }
    assert found.mcnemar_p == 1.0
    assert found.warnings == ()
    assert found.notes == (
        "On the 0 items that both are graded on; a is graded on 3, b on 3.",
        "No item is graded for both: every share and difference is undefined.",
    )


def test_both_perfect() -> None:
    found = describe_two([0] * 4, [0] * 4, simple_key(4))
    assert (found.difference, found.kappa, found.agreement) == (0.0, None, 1.0)
    assert found.notes == (
        "No interval: items that only one gets wrong: 0; it takes 10.",
        "kappa is undefined: both get every item right, or both every item wrong.",
        "same_wrong_share is undefined: there is no item that both get wrong.",
        "shared_mistakes is undefined: both get every item right.",
    )


def test_the_same_difference_on_every_item_has_no_interval() -> None:
    found = describe_two([0] * 12, [1] * 12, simple_key(12))
    assert (found.difference, found.ci_low) == (1.0, None)
    assert found.mcnemar_p == pytest.approx(2 / 2**12)
    assert found.notes[0] == "No interval: the difference is the same on every item."


def test_without_original_labels_the_difference_is_undefined(toy_split: Split, toy_labels: LabelSet) -> None:
    only_six = [NO_CLASS] * 6 + [4, NO_CLASS]
    found = describe(
        [model(name, only_six, n_classes=6) for name in ("a", "b")], prepare_key(toy_labels, toy_split, ref="toy@1")
    )[0]
    assert (found.n_items, found.difference, found.difference_min) == (1, None, None)
    assert found.notes[0] == "difference is undefined: no shared item has an original label."
    assert found.warnings == ()


def test_a_source_of_mistakes_only_and_the_original_labels_say_so() -> None:
    named = [class_id if item in {1, 2, 3, 4} else NO_CLASS for item, class_id in enumerate(A)]
    found = describe([model("a", named, only_mistakes=True), model("b", B)], hand_key())[0]
    assert "agreement is undefined: a source names only mistakes." in found.notes
    by_label = describe_two(A, B, hand_key("single"))
    assert by_label.difference_min == by_label.difference == by_label.difference_max
    assert by_label.warnings == ()
    assert "No review can change the difference: the policy single looks at no verdict." in by_label.notes


@pytest.mark.parametrize(
    ("a", "b", "bounds", "warns"),
    [
        # 20 items of class 0; 1 is judged wrong, 2 was never judged. B could only fall back further.
        pytest.param({1: range(4)}, {2: range(4, 6)}, (-0.2, -0.1), False, id="only away"),
        pytest.param({2: range(4)}, {1: range(4, 6)}, (-0.1, 0.1), True, id="to the other side"),
        pytest.param({2: range(2)}, {}, (-0.1, 0.0), True, id="to a tie"),
        pytest.param({1: range(1), 2: range(1, 3)}, {}, (-0.15, -0.05), False, id="not far enough"),
        pytest.param({2: range(3)}, {2: range(3)}, (0.0, 0.0), False, id="together"),
        pytest.param({2: range(3)}, {2: range(3, 6)}, (-0.15, 0.15), True, id="even"),
        pytest.param({}, {}, (0.0, 0.0), False, id="nothing wrong"),
    ],
)
def test_warns_where_reviews_could_change_which_is_better(
    a: dict[int, range], b: dict[int, range], bounds: tuple[float, float], *, warns: bool
) -> None:
    tops_a, tops_b = (
        [next((said for said, items in wrong.items() if item in items), 0) for item in range(20)] for wrong in (a, b)
    )
    verdicts = {item: {0: "correct", 1: "wrong"} for item in range(20)}
    labels = _make_labels(verdicts, n_classes=3, original=dict.fromkeys(range(20), 0))
    found = describe_two(tops_a, tops_b, prepare_key(labels, _make_split([0] * 20), ref="half@1"))
    assert (found.difference_min, found.difference_max) == pytest.approx(bounds, abs=1e-15)
    assert can_change_sign(found) is warns
    assert any("could change which is better" in warning for warning in found.warnings) is warns


def test_near_copies_are_called_so() -> None:
    # 20 items: both wrong alike on 0..8, a alone on 9 and 10: 9 of 11 shared
    key = simple_key(20)
    a, b = ([1 if item < n_wrong else 0 for item in range(20)] for n_wrong in (11, 9))
    found = describe_two(a, b, key)
    assert found.warnings == ("a and b look like near-copies of one model: they share 81.8 % of their mistakes.",)
    assert describe([model("a", a), model("b", b)], key, near_copies=0.9)[0].warnings == ()


@pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
@pytest.mark.parametrize("seed", range(4))
def test_swapping_mirrors_everything(
    random_case: Callable[[int], tuple[Split, LabelSet, Predictions]], policy: Policy, seed: int
) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy)
    models = random_models(split, labels, seed, n_models=2)
    one_way, other_way = (asdict(describe(order, key)[0]) for order in (models, models[::-1]))
    for name, other in (("model", "model"), ("kind", "kind"), ("n_unreviewed", "n_unreviewed")):
        assert one_way[f"{name}_a"] == other_way[f"{other}_b"]
        assert one_way[f"{name}_b"] == other_way[f"{other}_a"]
    assert one_way["n_only_a_wrong"] == other_way["n_only_b_wrong"]
    for name, mirror in (("difference", "difference"), ("difference_min", "difference_max"), ("ci_low", "ci_high")):
        turned = None if other_way[mirror] is None else -other_way[mirror]
        assert one_way[name] == turned
    same = (
        "n_items",
        "n_both_wrong",
        "mcnemar_p",
        "kappa",
        "agreement",
        "same_wrong_share",
        "shared_mistakes",
        "labels",
    )
    assert {name: one_way[name] for name in same} == {name: other_way[name] for name in same}


@pytest.mark.parametrize("seed", range(4))
def test_many_pairs_are_those_of_each_alone_with_adjusted_p(
    random_case: Callable[[int], tuple[Split, LabelSet, Predictions]], seed: int
) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1")
    models = random_models(split, labels, seed)
    pairs = describe(models, key)
    assert len(pairs) == 10
    adjusted = multipletests([pair.mcnemar_p for pair in pairs], method="holm")[1]
    assert [pair.mcnemar_p_holm for pair in pairs] == pytest.approx(list(adjusted), abs=1e-12)
    by_name = {row.model: row for row in models}
    for pair in pairs:
        alone = describe([by_name[pair.model_a], by_name[pair.model_b]], key)[0]
        assert asdict(pair) | {"mcnemar_p_holm": None} == asdict(alone) | {"mcnemar_p_holm": None}
        counts = (pair.n_only_a_wrong, pair.n_only_a_wrong + pair.n_only_b_wrong)
        assert pair.mcnemar_p == pytest.approx(binomtest(*counts).pvalue if counts[1] else 1.0, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_kappa_matrix_is_that_of_scikit_learn(
    random_case: Callable[[int], tuple[Split, LabelSet, Predictions]], seed: int
) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1")
    lineup = line_up(random_models(split, labels, seed), key)
    matrix = kappa_matrix(lineup, count_pairs(lineup, key))
    for a, row in enumerate(matrix):
        for b, kappa in enumerate(row):
            shared = lineup.graded[a] & lineup.graded[b]
            assert kappa == pytest.approx(
                cohen_kappa_score(lineup.wrong[a][shared], lineup.wrong[b][shared]), abs=1e-12
            )


def test_the_kappa_matrix_of_a_perfect_model_is_undefined_on_the_diagonal() -> None:
    key = simple_key(3)
    lineup = line_up([model("perfect", [0, 0, 0]), model("other", [0, 1, 0])], key)
    # against a model without mistakes chance explains the agreement of 2 in 3: kappa 0
    assert kappa_matrix(lineup, count_pairs(lineup, key)) == ((None, 0.0), (0.0, 1.0))
