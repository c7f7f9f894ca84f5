"""Agreement: how far reviewers agree on each question, and how each of them does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from fastapi import APIRouter
from starlette.responses import Response

from regrade.records.agreement import PairAgreement, PanelAgreement, Topic, TopicAgreement
from regrade.web import readings
from regrade.web.deps import CurrentWorkspace, Page
from regrade.workflow.agreement import measure_agreement
from regrade.workflow.posteriors import list_contested, load_posteriors, view_contested
from regrade.workflow.reviewers import describe_reviewers
from regrade.workflow.workspace import MAIN_SPLIT

router = APIRouter()
N_CLASSES, N_CONTESTED = 40, 12
"""Shown at first; the rest of the classes by a link."""


class Grid(NamedTuple):
    """Pairs of reviewers as a lower triangle."""

    names: tuple[str, ...]
    """Those with a pair, by name: row i is held against columns 0..i-1."""
    pairs: Mapping[tuple[str, str], PairAgreement]
    """By the two names, in their order."""


@router.get("/agreement")
def show_agreement(ws: CurrentWorkspace, page: Page, question: Topic = "predicted", classes: str = "") -> Response:
    """Every question at a glance, and one of them in full."""
    found = measure_agreement(ws)
    chosen = next(row for row in found.questions if row.question == question)
    differing = sorted(chosen.classes, key=lambda row: (-row.n_differing, row.agreement, row.class_id))
    is_verdict = question in {"predicted", "accepted"}
    contested = list_contested(ws) if is_verdict else ()
    return page(
        "agreement.html",
        found=found,
        chosen=chosen,
        lowest=find_lowest(found),
        grid=arrange_pairs(chosen),
        classes=differing if classes == "all" else differing[:N_CLASSES],
        n_classes=len(differing),
        is_verdict=is_verdict,
        model=load_posteriors(ws, MAIN_SPLIT)[question] if is_verdict else None,
        contested=view_contested(ws, contested[:N_CONTESTED]),
        n_contested=len(contested),
        readings=readings,
    )


@router.get("/agreement/reviewers")
def show_reviewers(ws: CurrentWorkspace, page: Page) -> Response:
    """Each reviewer's work, pace, and answers held against what the panel decided."""
    return page("reviewers.html", reviewers=describe_reviewers(ws), readings=readings)


def find_lowest(found: PanelAgreement) -> float:
    """Where the drawn scale begins: 0, or the tenth below the lowest figure that is below 0."""
    ends = [end for row in found.questions for end in (row.alpha.value, row.alpha.ci_low) if end is not None]
    return math.floor(10 * min(ends, default=0.0)) / 10 if min(ends, default=0.0) < 0 else 0.0


def arrange_pairs(chosen: TopicAgreement) -> Grid:
    """The pairs as a grid of names."""
    names = sorted({name for row in chosen.pairs for name in (row.first, row.second)})
    return Grid(tuple(names), {(row.first, row.second): row for row in chosen.pairs})
