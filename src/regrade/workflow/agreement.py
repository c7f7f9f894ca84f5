"""How far the panel agrees: alpha with its interval, kappas, percent, by pair of reviewers and by class."""

from __future__ import annotations

from regrade.panel.agreement import describe_topic
from regrade.records.agreement import TOPICS, PanelAgreement
from regrade.store import protocols
from regrade.workflow.ratings import PanelRatings, load_ratings
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def measure_agreement(ws: Workspace, *, split: str = MAIN_SPLIT) -> PanelAgreement:
    """Say how far reviewers agree, on each question by itself.

    Undone answers, gold and adjudications are left out, and classes that a reviewer added without being asked.

    Args:
        ws: The workspace.
        split: The split.

    Returns:
        Figures of every question, undefined ones with a reason. They are kept until somebody answers or takes an
        answer back.

    Raises:
        NotFoundError: There is no such split.
    """
    ratings = load_ratings(ws, split)
    sighted = _list_sighted(ws)
    version = (ratings.version, sighted)
    return ws.kept(("agreement", split), lambda: _measure(ws, split, ratings, sighted), version=version)


def _list_sighted(ws: Workspace) -> tuple[int, ...]:
    """Numbers of the protocols under which somebody has answered, and could see what others had."""
    with ws.store.read() as tx:
        versions = protocols.list_protocols(tx)
    return tuple(row.number for row in versions if row.first_review_at and not row.content.blind_peers)


def _measure(ws: Workspace, split: str, ratings: PanelRatings, sighted: tuple[int, ...]) -> PanelAgreement:
    asked = [ratings.topics[topic] for topic in TOPICS]
    return PanelAgreement(
        split=split,
        n_reviewers=len(ratings.n_answers_by),
        n_answers=sum(ratings.n_answers_by.values()),
        questions=tuple(describe_topic(row, ws.classes.titles) for row in asked),
        notes=_note(ratings, sighted),
    )


def _note(ratings: PanelRatings, sighted: tuple[int, ...]) -> tuple[str, ...]:
    notes = []
    if sighted:
        under = f"protocol{'' if len(sighted) == 1 else 's'} {', '.join(map(str, sighted))}"
        notes.append(f"Under {under} reviewers could see what others had answered: those are no independent answers.")
    if ratings.elsewhere:
        names = ", ".join(ratings.elsewhere)
        notes.append(f"The judgements that were imported under the name {names} count as one reviewer's answers.")
    return tuple(notes)
