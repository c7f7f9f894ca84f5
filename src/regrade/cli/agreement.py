"""`regrade reviews agreement`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.contested import print_contested
from regrade.cli.options import AsJson, SplitName, TopicName, WorkspaceFolder
from regrade.cli.output import print_json, say
from regrade.cli.tables import NOTHING, counted, percent, print_notes, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.agreement import ClassAgreement, PairAgreement, PanelAgreement, ReviewerReport, TopicAgreement

N_CLASSES_SHOWN = 20


def agreement(
    ctx: typer.Context,
    *,
    question: Annotated[
        TopicName | None,
        typer.Option(help="Only this question, with its pairs of reviewers and its classes.", show_default=False),
    ] = None,
    split: SplitName = "main",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Say how far the reviewers agree, and how each of them does.

    Krippendorff's alpha with its 95 % interval over items, percent agreement and Fleiss' kappa of each question;
    Cohen's kappa of each pair of reviewers; each reviewer's work, pace, and answers held against the decisions; and
    the decisions that speak against what is likeliest once votes are weighed by how reliable each reviewer is.
    """
    from regrade.workflow.agreement import measure_agreement
    from regrade.workflow.posteriors import list_contested, load_posteriors, view_contested
    from regrade.workflow.reviewers import describe_reviewers

    with open_chosen(ctx, workspace) as ws:
        found, reviewers = measure_agreement(ws, split=split), describe_reviewers(ws, split=split)
        contested = view_contested(ws, list_contested(ws, split=split), split=split)
        why_not = {topic: model.why for topic, model in load_posteriors(ws, split).items()}
    if question is not None:
        found = replace(found, questions=tuple(row for row in found.questions if row.question == question))
    if json:
        print_json({**_as_mapping(found), "reviewers": reviewers, "contested": contested, "why_not": why_not})
        return
    _print(found, reviewers, whole=question is not None)
    compared = {row.question for row in found.questions if row.n_compared}
    print_contested(contested, {topic: why for topic, why in why_not.items() if topic in compared})


def _as_mapping(found: PanelAgreement) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("split", "n_reviewers", "n_answers", "questions", "notes")}


def _print(found: PanelAgreement, reviewers: Sequence[ReviewerReport], *, whole: bool) -> None:
    if not found.n_answers:
        say("Nobody has answered yet: invite reviewers with `regrade users add NAME --role reviewer`.")
        return
    reviewer_count = counted(found.n_reviewers, "reviewer")
    typer.echo(f"split {found.split} · {reviewer_count} · {counted(found.n_answers, 'answer')}")
    _print_questions(found.questions)
    for row in found.questions if whole else ():
        _print_pairs(row.pairs)
        _print_classes(row.classes)
    _print_reviewers(reviewers)
    print_notes([(row.question, _explain(row)) for row in found.questions])
    for note in found.notes:
        say(f"note: {note}")


def _print_questions(rows: Sequence[TopicAgreement]) -> None:
    print_table(
        ("question", "alpha>", "95 % interval", "agreement>", "Fleiss>", "compared>", "differing>", "answered>"),
        (
            (
                row.question,
                coefficient(row.alpha.value),
                _interval(row.alpha.ci_low, row.alpha.ci_high),
                percent(row.percent.value),
                coefficient(row.fleiss.value),
                row.n_compared,
                row.n_differing,
                row.n_units,
            )
            for row in rows
        ),
    )
    typer.echo("agreement in percent; compared: classes or items with two answers or more")


def _print_pairs(rows: Sequence[PairAgreement]) -> None:
    if not rows:
        return
    typer.echo("")
    print_table(
        ("reviewer", "and", "both answered>", "agreement>", "kappa>"),
        ((row.first, row.second, row.n, percent(row.agreement), coefficient(row.kappa)) for row in rows),
    )


def _print_classes(rows: Sequence[ClassAgreement]) -> None:
    if not rows:
        return
    shown = sorted(rows, key=lambda row: (-row.n_differing, row.class_id))[:N_CLASSES_SHOWN]
    typer.echo("")
    print_table(
        ("class", "compared>", "differing>", "agreement>", "alpha>"),
        ((row.class_name, row.n, row.n_differing, percent(row.agreement), coefficient(row.alpha)) for row in shown),
    )
    if len(rows) > len(shown):
        typer.echo(f"the {len(shown)} of {counted(len(rows), 'class', 'classes')} on which reviewers differ most")


def _print_reviewers(rows: Sequence[ReviewerReport]) -> None:
    typer.echo("")
    print_table(
        (
            *("reviewer", "answers>", "skipped>", "undone>", "first pass, s>", "second pass, s>"),
            *("gold>", "of>", "as decided>", "of>", "adjudicated the same>", "of>"),
        ),
        (
            (
                row.reviewer,
                row.n_answers,
                row.n_skipped,
                row.n_undone,
                _seconds(row.first_pass.median_seconds),
                _seconds(row.second_pass.median_seconds),
                *((None, None) if row.gold is None else (percent(row.gold.share), row.gold.n)),
                *_in_step(row),
            )
            for row in rows
        ),
    )
    typer.echo(
        "s: median seconds a screen; gold, as decided: share of verdicts that are those of the panel, in percent"
    )


def _in_step(row: ReviewerReport) -> tuple[object, ...]:
    verdicts = next((found for found in row.confusions if found.question == "verdict"), None)
    if verdicts is None:
        return (None, None, None, None)
    return (percent(verdicts.agreement), verdicts.n, verdicts.n_adjudicated_same, verdicts.n_adjudicated)


def _explain(row: TopicAgreement) -> list[str]:
    """Why figures of a question are missing; nothing where nobody was asked."""
    if not row.n_units:
        return []
    reasons = (
        ("alpha", row.alpha.why),
        ("no interval", row.alpha.why_no_interval if row.alpha.value is not None else ""),
        ("Fleiss' kappa", row.fleiss.why if row.alpha.value is not None else ""),
    )
    return [f"{name}: {why}" for name, why in reasons if why]


def coefficient(value: float | None) -> str:
    """Alpha or a kappa with three decimals; `-` where it is undefined.

    >>> coefficient(0.7434), coefficient(-0.5), coefficient(None)
    ('0.743', '-0.500', '-')
    """
    return NOTHING if value is None else f"{value:.3f}"


def _interval(low: float | None, high: float | None) -> str:
    return NOTHING if low is None or high is None else f"{coefficient(low)} to {coefficient(high)}"


def _seconds(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.1f}"
