"""How far the panel agrees: alpha with its interval, kappas, percent, by pair of reviewers and by class."""

from __future__ import annotations

from regrade.panel.agreement import describe_topic
from regrade.records.agreement import TOPICS, PanelAgreement
from regrade.workflow.ratings import PanelRatings, load_ratings
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

PEERS_SHOWN = "Reviewers see what others have answered (`blind_peers` is off): these are no independent answers."


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
    version = (ratings.version, ws.protocol.blind_peers)
    return ws.kept(("agreement", split), lambda: _measure(ws, split, ratings), version=version)


def _measure(ws: Workspace, split: str, ratings: PanelRatings) -> PanelAgreement:
    asked = [ratings.topics[topic] for topic in TOPICS]
    return PanelAgreement(
        split=split,
        n_reviewers=len(ratings.n_answers_by),
        n_answers=sum(ratings.n_answers_by.values()),
        questions=tuple(describe_topic(row, ws.classes.names) for row in asked),
        notes=_note(ws, ratings),
    )


def _note(ws: Workspace, ratings: PanelRatings) -> tuple[str, ...]:
    notes = [] if ws.protocol.blind_peers else [PEERS_SHOWN]
    if ratings.elsewhere:
        names = ", ".join(ratings.elsewhere)
        notes.append(f"The judgements that were imported under the name {names} count as one reviewer's answers.")
    return tuple(notes)
