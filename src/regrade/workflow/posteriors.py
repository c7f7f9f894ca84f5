"""The verdicts by Dawid and Skene's model: beside the vote, and against what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from regrade.panel.agreement import UnitPosteriors, find_contested, judge_topic
from regrade.records.agreement import Contested, Posterior, Topic
from regrade.records.labels import VERDICTS
from regrade.store import decided
from regrade.workflow.media import find_item, item_token, media_token
from regrade.workflow.ratings import load_ratings
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class ContestedView:
    """A contested decision, ready to be shown."""

    contested: Contested
    token: str
    media: str | None
    item_id: str
    class_name: str


VERDICT_TOPICS: tuple[Topic, ...] = ("predicted", "accepted")


def load_posteriors(ws: Workspace, split: str) -> Mapping[Topic, UnitPosteriors]:
    """Votes and posteriors of every (item, class), predicted and accepted classes each by a model of their own."""
    ratings = load_ratings(ws, split)
    return ws.kept(
        ("posteriors", split),
        lambda: {topic: judge_topic(ratings.topics[topic]) for topic in VERDICT_TOPICS},
        version=ratings.version,
    )


def suggest_verdicts(ws: Workspace, token: str, classes: Sequence[int]) -> Mapping[int, Posterior]:
    """Posteriors for an adjudicator to see beside the votes on an item, by class id.

    They are a guess at the verdict: under a protocol that blinds suggestions there are none.

    Raises:
        NotFoundError: There is no such item.
    """
    if ws.protocol.blind_suggestions:
        return {}
    split, item = find_item(ws, token)
    models = load_posteriors(ws, split).values()
    found = {class_id: [model.of(item, class_id) for model in models] for class_id in classes}
    # Where the labels have changed, a class was asked as both: the question with more votes speaks.
    return {class_id: max(both, key=lambda row: sum(row.votes)) for class_id, both in found.items()}


def list_contested(ws: Workspace, *, split: str = MAIN_SPLIT) -> tuple[Contested, ...]:
    """The decisions that the model finds less likely than another verdict, the least likely first.

    Only what is decided is in it, so that it tells an adjudicator nothing of what waits.
    """
    with ws.store.read() as tx:
        newest = decided.load_newest_decision(tx)
    models = load_posteriors(ws, split)
    version = (load_ratings(ws, split).version, newest)
    return ws.kept(("contested", split), lambda: _find_contested(ws, split, models), version=version)


def view_contested(ws: Workspace, rows: Iterable[Contested], *, split: str = MAIN_SPLIT) -> tuple[ContestedView, ...]:
    """Contested decisions with their images and names."""
    ids, titles = ws.split(split).ids, ws.classes.titles
    return tuple(
        ContestedView(
            contested=row,
            token=item_token(ws, split, row.item),
            media=media_token(ws, split, row.item),
            item_id=ids[row.item],
            class_name=titles[row.class_id],
        )
        for row in rows
    )


def _find_contested(ws: Workspace, split: str, models: Mapping[Topic, UnitPosteriors]) -> tuple[Contested, ...]:
    with ws.store.read() as tx:
        rows = decided.load_decided(tx, split)
    found: dict[tuple[int, int], Contested] = {}
    for model in models.values():
        for at, code in find_contested(model, rows.items, rows.classes, rows.verdicts):
            item, class_id = int(rows.items[at]), int(rows.classes[at])
            found[item, class_id] = Contested(
                item=item,
                class_id=class_id,
                decided=VERDICTS[int(rows.verdicts[at])],
                by_adjudicator=bool(rows.adjudicated[at]),
                likeliest=VERDICTS[code],
                posterior=model.of(item, class_id),
            )
    return tuple(sorted(found.values(), key=_doubt))


def _doubt(row: Contested) -> tuple[float, int, int]:
    chances = row.posterior.probabilities or (np.nan, np.nan, np.nan)
    return chances[row.decided.code], row.item, row.class_id
