"""Gold: which reviewers' answers are how far the panel's."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from regrade.grading import wilson_interval
from regrade.panel import score_gold
from regrade.records.gold import GoldScore
from regrade.records.panel import Pass, Purpose
from regrade.records.users import User
from regrade.store import decisions, reviews
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def load_gold_scores(ws: Workspace, *, split: str = MAIN_SPLIT) -> tuple[GoldScore, ...]:
    """How each reviewer's answers to gold compare with what is decided now, by name; nobody who has answered none.

    The decisions are those in force when this is asked: one that was reopened and decided otherwise changes old scores.
    """
    with ws.store.read() as tx:
        given = reviews.list_reviews(tx, split=split, pass_=Pass.VERDICT, purpose=Purpose.GOLD)
        if not given:
            return ()
        in_force = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT)
    return tuple(map(_with_interval, score_gold(given, in_force)))


def gold_seed(ws: Workspace, user: User, split: str) -> int:
    """From which a reviewer's own places of gold are drawn: nobody without the workspace's secret can tell them."""
    text = f"{ws.store.secret().hex()}/gold/{split}/{user.name}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big")


def _with_interval(score: GoldScore) -> GoldScore:
    share = score.n_agree / score.n
    interval = wilson_interval(share, score.n)
    assert interval is not None  # noqa: S101 - a score is over one answer at least
    return replace(score, share=share, ci_low=interval.low, ci_high=interval.high)
