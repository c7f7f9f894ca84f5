"""What moved: every model under two versions of the labels, its rank, and the items that made the difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.formats import FilePath
from regrade.grading import AnswerKey, find_mistakes, grade, headline, prepare_key, rank_shares
from regrade.labelsets import diff_labels, find_changed_items
from regrade.records.grades import Grade, Policy, UnclearRule
from regrade.records.labels import LabelSetVersion
from regrade.records.predictions import PredictionKind, Predictions
from regrade.workflow.grade import choose_version, read_content
from regrade.workflow.label_diffs import ChangeView, explain_changes
from regrade.workflow.labels import load_labels
from regrade.workflow.media import media_token
from regrade.workflow.predictions import load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

N_ITEMS = 10
"""Moved items that are shown where nobody asks for another number."""


class Moves(NamedTuple):
    """The four ways in which a mistake comes or goes, counted."""

    n_became_right: int
    """Wrong by the older version and right by the newer."""
    n_became_wrong: int
    """Right by the older version and wrong by the newer."""
    n_mistakes_dropped: int
    """Wrong by the older version; the newer one does not grade the item (it is problematic now, say)."""
    n_mistakes_added: int
    """Wrong by the newer version; the older one did not grade the item."""


@dataclass(frozen=True, slots=True)
class MovedModel:
    """One model under two versions."""

    grade: Grade
    against: Grade
    """By the version that it is compared with."""
    rank: int | None
    """1 is best; models with the same headline share a rank. None: undefined, with a reason in `notes`."""
    rank_against: int | None
    moves: Moves
    """Items. What the two grades say of `n_mistakes` differs by these: less the first and third, plus the others."""
    notes: tuple[str, ...]
    """Those of the grade, and what is to say of the comparison."""


@dataclass(frozen=True, slots=True)
class MovedItem:
    """One item on which a model's mistake came or went."""

    item: int
    item_id: str
    media: str | None
    """Token of the item's media; None where it has none."""
    changes: tuple[ChangeView, ...]
    """What changed in the labels on it, with who decided; empty where only its coverage or original label did."""
    moves: Moves
    """Models."""


@dataclass(frozen=True, slots=True)
class MovedReport:
    """What changed from one version of the labels to another."""

    labels: LabelSetVersion
    against: LabelSetVersion
    policy: Policy
    models: tuple[MovedModel, ...]
    """In the order asked for (by name, if none was named)."""
    n_changed_items: int
    """Items on which the two versions can grade differently."""
    n_moved_items: int
    """Of these, items on which a model's mistake came or went."""
    items: tuple[MovedItem, ...]
    """Those that moved the most models, most first; items that moved as many in the order of the split."""


def grade_against(
    ws: Workspace,
    *,
    against: str,
    labels: str | None = None,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    models: Sequence[str] | None = None,
    split: str = MAIN_SPLIT,
    equivalences: FilePath | None = None,
    n_items: int = N_ITEMS,
) -> MovedReport:
    """Grade models under two versions of the labels and tell what moved.

    Beyond the two grades, the work is in proportion to models times changed items.

    Args:
        ws: The workspace.
        against: `NAME@N` or `NAME` to compare with, the older one as a rule.
        labels: `NAME@N` or `NAME`; default: the newest version of the split's labels.
        policy: How to grade under both.
        unclear: Whether a class marked unclear is accepted.
        models: Names; default: all that have predictions on the split. Ranks are among these.
        split: The split.
        equivalences: CSV of classes that mean the same, applied to both first.
        n_items: How many of the moved items to describe.

    Returns:
        Grades, ranks and counts of every model, and the items that moved the most of them. Human labelers have no rank.

    Raises:
        InputError: A label set is of another split.
        NotFoundError: An unknown label set or model.
    """
    new, old = choose_version(ws, labels, split), choose_version(ws, against, split)
    contents = [read_content(ws, version, equivalences) for version in (old, new)]
    changed = find_changed_items(*contents)

    def key(at: int, only: npt.NDArray[np.int32] | None = None) -> AnswerKey:
        return prepare_key(
            contents[at],
            ws.split(split),
            ref=(old, new)[at].ref,
            policy=policy,
            unclear=unclear,
            only=only,
            slice_name=None if only is None else "changed items",
        )

    before, after = key(0), key(1)
    tally = _Tally(changed, key(0, changed), key(1, changed))
    rows: list[_Row] = []
    for predictions in load_predictions(ws, models, split, scores=False):
        moves = tally.add(predictions)
        rows.append(_Row(predictions.kind, grade(predictions, before), grade(predictions, after), moves))
    most_moved = tally.most_moved()
    return MovedReport(
        labels=new,
        against=old,
        policy=policy,
        models=_view_models(rows),
        n_changed_items=len(changed),
        n_moved_items=len(most_moved),
        items=_view_items(ws, old, new, tally, most_moved[:n_items]),
    )


class _Row(NamedTuple):
    kind: PredictionKind
    before: Grade
    after: Grade
    moves: Moves


class _Tally:
    """Counts the mistakes that come and go, model by model, looking at the changed items alone."""

    def __init__(self, changed: npt.NDArray[np.int32], before: AnswerKey, after: AnswerKey) -> None:
        self.changed = changed
        self.of_items = np.zeros((len(Moves._fields), len(changed)), np.int64)
        self._keys = (before, after)
        self._graded = [self._where(key.items) for key in self._keys]

    def add(self, predictions: Predictions) -> Moves:
        """Count one model in."""
        was_graded, is_graded = self._graded
        was, is_ = (self._where(find_mistakes(predictions, key).items) for key in self._keys)
        ways = np.stack([was & ~is_ & is_graded, is_ & ~was & was_graded, was & ~is_graded, is_ & ~was_graded])
        self.of_items += ways
        return Moves(*np.count_nonzero(ways, axis=1).tolist())

    def most_moved(self) -> npt.NDArray[np.intp]:
        """Which of the changed items moved a model, most models first."""
        n_models = self.of_items.sum(axis=0)
        order = np.argsort(-n_models, kind="stable")
        moved: npt.NDArray[np.intp] = order[n_models[order] > 0]
        return moved

    def _where(self, items: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
        mask = np.zeros(len(self.changed), np.bool_)
        mask[np.searchsorted(self.changed, items)] = True
        return mask


def _view_models(rows: Sequence[_Row]) -> tuple[MovedModel, ...]:
    ranks, ranks_against = (
        rank_shares([None if row.kind == "human" else headline(grade) for row, grade in zip(rows, grades, strict=True)])
        for grades in ([row.after for row in rows], [row.before for row in rows])
    )
    return tuple(
        MovedModel(row.after, row.before, rank, rank_against, row.moves, _notes(row))
        for row, rank, rank_against in zip(rows, ranks, ranks_against, strict=True)
    )


def _notes(row: _Row) -> tuple[str, ...]:
    """The notes of both grades, those of the older one alone with its name, and why a human has no rank."""
    older = (f"{row.before.labels}: {note}" for note in row.before.notes if note not in row.after.notes)
    no_rank = ("rank is undefined: a human labeler answers other items than the models.",)
    return (*row.after.notes, *older, *(no_rank if row.kind == "human" else ()))


def _view_items(
    ws: Workspace, old: LabelSetVersion, new: LabelSetVersion, tally: _Tally, chosen: npt.NDArray[np.intp]
) -> tuple[MovedItem, ...]:
    items = tally.changed[chosen].tolist()
    explained: dict[int, list[ChangeView]] = {item: [] for item in items}
    changes = [row for row in diff_labels(load_labels(ws, old), load_labels(ws, new)) if row.item in explained]
    for view in explain_changes(ws, old, new, changes):
        explained[view.item].append(view)
    return tuple(
        MovedItem(
            item=item,
            item_id=ws.split(new.split).ids[item],
            media=media_token(ws, new.split, item),
            changes=tuple(explained[item]),
            moves=Moves(*tally.of_items[:, at].tolist()),
        )
        for item, at in zip(items, chosen.tolist(), strict=True)
    )
