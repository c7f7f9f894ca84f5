"""Predictions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.predictions import Predictions, StoredPredictions
from regrade.store import Store, health, predictions


@pytest.fixture
def given() -> Predictions:
    classes = np.full((40, 2), 3, dtype=np.int32)
    classes[:, 1] = 7
    classes[4] = -1
    scores = np.full((40, 2), 0.25, dtype=np.float32)
    scores[4] = np.nan
    return Predictions("net", "main", "model", 10, classes, scores, "probability", only_mistakes=False, n_ties=2)


def save(store: Store, given: Predictions, at: datetime) -> predictions.SavedPredictions:
    with store.write() as tx:
        return predictions.save_predictions(tx, store.arrays, given, source="net.npy", at=at)


def test_predictions_come_back(store: Store, given: Predictions, at: datetime) -> None:
    saved = save(store, given, at)
    assert saved.created
    loaded = predictions.load_predictions(store.arrays, saved.stored)
    assert loaded.classes.dtype == np.int16
    np.testing.assert_array_equal(loaded.classes, given.classes)
    assert loaded.scores is not None
    np.testing.assert_array_equal(loaded.scores, given.scores)
    kept = ("model", "split", "kind", "n_classes", "score_kind", "only_mistakes", "n_ties", "n_missing")
    assert [getattr(loaded, name) for name in kept] == [getattr(given, name) for name in kept]


def test_what_is_known_without_the_arrays(store: Store, given: Predictions, at: datetime) -> None:
    stored = save(store, given, at).stored
    digest, scores_digest = stored.digest, stored.scores_digest
    assert scores_digest is not None
    assert stored == StoredPredictions(
        model="net",
        split="main",
        kind="model",
        n_classes=10,
        digest=digest,
        scores_digest=scores_digest,
        score_kind="probability",
        source="net.npy",
        n_missing=1,
        n_ties=2,
        only_mistakes=False,
        created_at=at,
    )
    for one in (digest, scores_digest):
        store.arrays.verify(one)


def test_predictions_without_scores_come_back(store: Store, given: Predictions, at: datetime) -> None:
    stored = save(store, replace(given, scores=None, score_kind="none", only_mistakes=True, kind="human"), at).stored
    loaded = predictions.load_predictions(store.arrays, stored)
    assert (loaded.scores, loaded.score_kind, loaded.only_mistakes, loaded.kind) == (None, "none", True, "human")
    assert stored.scores_digest is None


def test_scores_can_be_left_out(store: Store, given: Predictions, at: datetime) -> None:
    loaded = predictions.load_predictions(store.arrays, save(store, given, at).stored, scores=False)
    assert (loaded.scores, loaded.score_kind) == (None, "none")


def test_many_classes_keep_their_numbers(store: Store, given: Predictions, at: datetime) -> None:
    # 2**15 classes: the highest id, 32767, is the last that 16 bits hold; the type changes where one more class is.
    for n_classes, dtype in ((2**15 - 1, np.int16), (2**15, np.int32), (100_000, np.int32)):
        classes = np.full((40, 1), n_classes - 1, dtype=np.int32)
        one = replace(
            given, model=f"net{n_classes}", n_classes=n_classes, classes=classes, scores=None, score_kind="none"
        )
        loaded = predictions.load_predictions(store.arrays, save(store, one, at).stored)
        assert loaded.classes.dtype == dtype
        assert loaded.classes[0, 0] == n_classes - 1


def test_the_same_again_is_no_change_whatever_its_integers(store: Store, given: Predictions, at: datetime) -> None:
    first = save(store, given, at)
    again = save(store, replace(given, classes=given.classes.astype(np.int16)), at)
    assert (again.created, again.stored) == (False, first.stored)


def test_other_content_is_a_conflict(store: Store, given: Predictions, at: datetime) -> None:
    save(store, given, at)
    assert given.scores is not None
    for other in (
        replace(given, classes=given.classes[:, ::-1]),
        replace(given, scores=given.scores + np.float32(1)),
        replace(given, scores=None, score_kind="none"),
        replace(given, kind="human"),
        replace(given, only_mistakes=True),
    ):
        with pytest.raises(ConflictError, match="net has other predictions on the split main"):
            save(store, other, at)


def test_they_are_listed_by_name(store: Store, given: Predictions, at: datetime) -> None:
    for name in ("b", "a", "c"):
        save(store, replace(given, model=name), at)
    with store.read() as tx:
        assert [row.model for row in predictions.list_predictions(tx, "main")] == ["a", "b", "c"]
        with pytest.raises(NotFoundError, match="no split train"):
            predictions.list_predictions(tx, "train")


def test_probabilities_of_all_classes_stand_beside_the_ranks(store: Store, given: Predictions, at: datetime) -> None:
    stored = save(store, given, at).stored
    assert predictions.load_probabilities(store.arrays, stored) is None
    full = np.full((40, 10), 0.1, np.float32)
    with store.write() as tx:
        for _ in range(2):  # the same again is no change
            stored = predictions.save_probabilities(tx, stored, store.arrays.save_npy(full))
    with store.read() as tx:
        assert predictions.list_predictions(tx, "main") == (stored,)
        assert health.list_digests(tx)[stored.probabilities_digest or ""] == "probabilities of net"
    loaded = predictions.load_probabilities(store.arrays, stored)
    assert loaded is not None
    np.testing.assert_array_equal(loaded, full)
    assert save(store, given, at).stored == stored


def test_other_probabilities_are_a_conflict(store: Store, given: Predictions, at: datetime) -> None:
    stored = save(store, given, at).stored
    with store.write() as tx:
        stored = predictions.save_probabilities(tx, stored, "a" * 64)
    with pytest.raises(ConflictError, match="net has other probabilities on the split main"), store.write() as tx:
        predictions.save_probabilities(tx, stored, "b" * 64)


def test_a_name_changes_and_nothing_else(store: Store, given: Predictions, at: datetime) -> None:
    saved = save(store, given, at).stored
    save(store, replace(given, model="other"), at)
    with store.write() as tx:
        assert predictions.rename_predictions(tx, "main", "net", "resnet") == replace(saved, model="resnet")
        assert [row.model for row in predictions.list_predictions(tx, "main")] == ["other", "resnet"]
        with pytest.raises(ConflictError, match="other has predictions on the split main already"):
            predictions.rename_predictions(tx, "main", "resnet", "other")
        with pytest.raises(NotFoundError, match="No predictions of net on the split main"):
            predictions.rename_predictions(tx, "main", "net", "third")
        with pytest.raises(NotFoundError, match="There is no split train"):
            predictions.rename_predictions(tx, "train", "resnet", "net")
