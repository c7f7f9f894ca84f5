from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from regrade.panel.cases import CasePairs, merge_cases, new_pairs
from regrade.records.grades import UNREVIEWED_CODE, Mistakes
from regrade.records.labels import LabelSet, Verdict, settle_overlaps


def ints(*values: int) -> npt.NDArray[np.int32]:
    return np.array(values, np.int32)


def mistakes_of(model: str, pairs: list[tuple[int, int]]) -> Mistakes:
    return Mistakes(
        model=model,
        items=ints(*(item for item, _ in pairs)),
        classes=ints(*(class_id for _, class_id in pairs)),
        codes=np.full(len(pairs), UNREVIEWED_CODE, np.int8),
        confidences=np.full(len(pairs), np.nan, np.float32),
    )


def labels_of(pairs: list[tuple[int, int, Verdict]], n_classes: int = 10) -> LabelSet:
    return LabelSet(
        split="main",
        n_classes=n_classes,
        items=np.arange(5, dtype=np.int32),
        original=ints(0, 0, 0, 0, 0),
        problematic=np.zeros(5, np.bool_),
        pair_items=ints(*(item for item, _, _ in pairs)),
        pair_classes=ints(*(class_id for _, class_id, _ in pairs)),
        pair_codes=np.array([verdict.code for _, _, verdict in pairs], np.int8),
    )


def rows(pairs: CasePairs) -> list[tuple[int, int, int]]:
    return list(zip(pairs.items.tolist(), pairs.classes.tolist(), pairs.n_models.tolist(), strict=True))


def test_mistakes_of_all_models_are_merged_by_item_and_class() -> None:
    first = mistakes_of("first", [(0, 7), (2, 3), (4, 9)])
    second = mistakes_of("second", [(0, 7), (2, 1), (3, 9)])
    # (0, 7) is the mistake of both; item 2 has two cases, in order of class; (3, 9) and (4, 9) share only the class.
    merged = merge_cases([first, second], labels_of([]))
    assert rows(merged) == [(0, 7, 2), (2, 1, 1), (2, 3, 1), (3, 9, 1), (4, 9, 1)]
    assert len(merged) == 5
    assert {merged.items.dtype, merged.classes.dtype, merged.n_models.dtype} == {np.dtype(np.int32)}


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_judged_pair_is_no_case_whatever_the_verdict(verdict: Verdict) -> None:
    # (0, 7) is judged; the same class on item 1 and another class on item 0 are not.
    mistakes = [mistakes_of("first", [(0, 7), (1, 7)]), mistakes_of("second", [(0, 6)])]
    assert rows(merge_cases(mistakes, labels_of([(0, 7, verdict)]))) == [(0, 6, 1), (1, 7, 1)]


def test_no_models_and_models_without_mistakes_make_no_cases() -> None:
    assert rows(merge_cases([], labels_of([]))) == []
    assert rows(merge_cases([mistakes_of("perfect", [])], labels_of([(0, 0, Verdict.CORRECT)]))) == []


def test_only_pairs_that_nobody_was_asked_about_are_new() -> None:
    pairs = merge_cases([mistakes_of("first", [(0, 7), (2, 3), (4, 9)])], labels_of([]))
    # Known in no order and twice; (2, 9) and (4, 3) are known classes on other items.
    new = new_pairs(pairs, ints(4, 2, 4, 0, 0), ints(3, 9, 3, 7, 7))
    assert rows(new) == [(2, 3, 1), (4, 9, 1)]


def test_a_known_class_above_all_new_ones_is_not_taken_for_another_item() -> None:
    # With fewer than 13 numbers an item, (0, 12) would stand where (2, 2) or (4, 0) stands.
    pairs = merge_cases([mistakes_of("first", [(2, 2), (4, 0)])], labels_of([]))
    assert rows(new_pairs(pairs, ints(0), ints(12))) == [(2, 2, 1), (4, 0, 1)]


def test_nothing_known_and_nothing_to_ask() -> None:
    pairs = merge_cases([mistakes_of("first", [(1, 4)])], labels_of([]))
    empty = merge_cases([], labels_of([]))
    assert rows(new_pairs(pairs, ints(), ints())) == [(1, 4, 1)]
    assert rows(new_pairs(empty, ints(), ints())) == []
    assert rows(new_pairs(empty, ints(1), ints(4))) == []


def read_multilabel(path: Path) -> LabelSet:
    """The released labels, read here without the program's own reader."""
    pairs: list[tuple[int, int, int]] = []
    items, original, problematic = [], [], []
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            item = int(row["id"].split("_")[-1].split(".")[0]) - 1
            items.append(item)
            original.append(int(row["original_label"]))
            problematic.append(row["problematic"] == "1")
            for verdict in Verdict:
                pairs += [(item, int(class_id), verdict.code) for class_id in row[verdict].split(";") if class_id]
    table = np.array(pairs, np.int32)
    pair_items, pair_classes, pair_codes, _ = settle_overlaps(table[:, 0], table[:, 1], table[:, 2].astype(np.int8))
    return LabelSet(
        split="main",
        n_classes=1000,
        items=np.array(items, np.int32),
        original=np.array(original, np.int32),
        problematic=np.array(problematic, np.bool_),
        pair_items=pair_items,
        pair_classes=pair_classes,
        pair_codes=pair_codes,
    )


@pytest.mark.shared_data
def test_67_real_models_leave_the_published_number_of_cases(shared_data: Path) -> None:
    labels = read_multilabel(shared_data / "imagenet" / "multilabel_v3.csv")
    judged = labels.pair_codes >= Verdict.UNCLEAR.code
    accepted = set(zip(labels.pair_items[judged].tolist(), labels.pair_classes[judged].tolist(), strict=True))
    graded = labels.items[~labels.problematic]
    mistakes = []
    for path in sorted((shared_data / "predictions_val" / "top5").glob("*.npy")):
        top1 = np.load(path)[graded, 0].tolist()
        pairs = [pair for pair in zip(graded.tolist(), top1, strict=True) if pair not in accepted]
        mistakes.append(mistakes_of(path.stem, pairs))
    cases = merge_cases(mistakes, labels)
    assert len(mistakes) == 67
    assert (len(cases), len(np.unique(cases.items))) == (20_198, 11_209)
    # Every case is one that somebody never judged, so all of them are new once and none twice.
    assert len(new_pairs(cases, cases.items[:198], cases.classes[:198])) == 20_000
    assert len(new_pairs(cases, cases.items, cases.classes)) == 0
