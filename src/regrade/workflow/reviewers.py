"""How each reviewer does: work done, pace, and answers held against what the panel decided."""

from __future__ import annotations

import numpy as np

from regrade.records.agreement import Pace, ReviewerReport
from regrade.records.panel import Pass
from regrade.store import journal, work
from regrade.store.work import Paces
from regrade.workflow.confusions import confuse_reviewers
from regrade.workflow.gold import load_gold_scores
from regrade.workflow.ratings import PanelRatings, load_ratings
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

_NO_PACE = Pace(0, 0, None)


def describe_reviewers(ws: Workspace, *, split: str = MAIN_SPLIT) -> tuple[ReviewerReport, ...]:
    """Say of each reviewer how much, how fast, how well on gold, and how far in step with what the panel decided.

    Args:
        ws: The workspace.
        split: The split.

    Returns:
        One report a reviewer who has answered, put off or undone something, by name. They are kept until something
        changes in the workspace.

    Raises:
        NotFoundError: There is no such split.
    """
    with ws.store.read() as tx:
        version = journal.load_newest_seq(tx)
    return ws.kept(("reviewers", split), lambda: _describe(ws, split, load_ratings(ws, split)), version=version)


def _describe(ws: Workspace, split: str, ratings: PanelRatings) -> tuple[ReviewerReport, ...]:
    with ws.store.read() as tx:
        skipped, undone = work.count_skipped(tx, split), work.count_undone(tx, split)
        first, second = (_measure_paces(work.load_paces(tx, split, pass_)) for pass_ in Pass)
        confusions = confuse_reviewers(tx, split, ratings)
    gold = {score.reviewer: score for score in load_gold_scores(ws, split=split)}
    n_answers = ratings.n_answers_by
    return tuple(
        ReviewerReport(
            reviewer=name,
            n_answers=n_answers.get(name, 0),
            n_skipped=skipped.get(name, 0),
            n_undone=undone.get(name, 0),
            gold=gold.get(name),
            first_pass=first.get(name, _NO_PACE),
            second_pass=second.get(name, _NO_PACE),
            confusions=confusions.get(name, ()),
        )
        for name in sorted({*n_answers, *gold, *skipped, *undone, *first, *second})
    )


def _measure_paces(paces: Paces) -> dict[str, Pace]:
    """The pace of each reviewer in one pass, by name."""
    who = np.array(paces.names, dtype=np.str_)
    found = {}
    for name in sorted(set(paces.names)):
        seconds = paces.seconds[who == name]
        timed = seconds[~np.isnan(seconds)]
        found[name] = Pace(len(seconds), len(timed), float(np.median(timed)) if len(timed) else None)
    return found
