"""A label set card: Markdown that says what a version holds, who made it of what, how, and what it is good for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np

from regrade.formats.exports.registry import Document, register_export
from regrade.records.items import NO_LABEL
from regrade.records.labels import Verdict
from regrade.records.provenance import HistoryStep, LabelSheet, ReopenedDecision

_UNKNOWN = "Unknown."
_NO_PANEL = (
    "It carries no decision of this workspace's panel. How the labels that were imported came about is unknown here."
)
_NO_MODELS = "No model's predictions are in the workspace; whose mistakes were reviewed before is unknown."
_BEFORE = "Which models' mistakes were reviewed before the labels were imported here is unknown."
_BLIND_SPOT = (
    "Only classes that a model predicted, or that somebody added, are asked about: an item whose label is wrong is"
    " never looked at if every model agrees with it."
)
_UNREVIEWED = (
    "A class that nobody judged on an item counts as wrong there. Models whose mistakes were reviewed gain by it; a"
    " model whose mistakes were not is likely graded too low."
)
_CLASSES_WITHOUT_ITEM = "Some classes have no item at all; the mean over classes leaves them out."
_ERRORS = "How often the verdicts themselves are wrong is unknown."
_USE = (
    "To grade classifiers on these items. Name the version with every figure, and compare figures of one version only;"
    " `regrade grade --against` tells what moved between two. Not for training, and not for judging a model by items"
    " that its own mistakes chose."
)
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


@register_export(
    "card", "a label set card: Markdown for people, with counts, provenance and limits", suffix=".md", tells_review=True
)
def write_card(sheet: LabelSheet) -> Document:
    """The card; what is not known is said to be unknown."""
    sections = (
        (f"{sheet.version.ref}: a label set card", _introduce(sheet)),
        ("What it holds", _count(sheet)),
        ("Where it comes from", _tell_history(sheet.history)),
        ("How it was reviewed", [*_tell_reviews(sheet.history), *_tell_reopened(sheet.reopened)]),
        ("Whose mistakes were reviewed", _tell_models(sheet)),
        ("Known biases and limits", _list_limits(sheet)),
        ("Intended use", [_text(sheet.intended_use) if sheet.intended_use else _USE]),
        ("License", [_text(sheet.license) if sheet.license else _UNKNOWN]),
    )
    parts = (
        f"{'#' if at == 0 else '##'} {_text(title)}\n\n" + "\n".join(lines)
        for at, (title, lines) in enumerate(sections)
    )
    return Document(("\n\n".join(parts) + "\n").encode())


def _introduce(sheet: LabelSheet) -> list[str]:
    version = sheet.version
    what = f"Labels of the split {_text(sheet.split.name)} of {_text(sheet.benchmark)} ({_text(sheet.media_type)})"
    when = f"made on {version.created_at:%Y-%m-%d %H:%M} UTC by {_text(version.author)}"
    return [
        f"{what}: for each item verdicts on classes (`correct`, `unclear`, `wrong`; a class without one was never",
        "judged), and whether the item is problematic.",
        "",
        f"- Version {version.version}, {when}.",
        f"- SHA-256 of the content: `{version.digest}`.",
        f"- Published at: {_text(sheet.url) if sheet.url else 'unknown'}.",
    ]


def _count(sheet: LabelSheet) -> list[str]:
    labels = sheet.labels
    verdicts = np.bincount(labels.pair_codes, minlength=3)
    graded = labels.items[~labels.problematic]
    accepted = labels.pair_items[labels.pair_codes != Verdict.WRONG.code]
    original = labels.original[~labels.problematic]
    return _table(
        ("", "number"),
        (
            ("items covered", f"{len(labels.items):,} of {len(sheet.split):,}"),
            ("problematic items, left out of grades", f"{int(labels.problematic.sum()):,}"),
            ("other items without an accepted class", f"{len(np.setdiff1d(graded, accepted)):,}"),
            *(
                (f"verdicts: {verdict}", f"{int(verdicts[verdict.code]):,}")
                for verdict in (Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG)
            ),
            (
                "classes with an item that is not problematic",
                f"{len(np.unique(original[original != NO_LABEL])):,} of {labels.n_classes:,}",
            ),
        ),
    )


def _tell_history(history: Sequence[HistoryStep]) -> list[str]:
    if not history:
        return [_UNKNOWN]
    rows = _table(
        ("version", "made from", "when (UTC)", "by", "why"),
        (
            (
                step.version.ref,
                ", ".join(step.sources) or "-",
                f"{step.version.created_at:%Y-%m-%d %H:%M}",
                step.version.author,
                step.version.reason,
            )
            for step in history
        ),
    )
    settled = [f"- {_text(step.version.ref)}: {_text(text)}" for step in history for text in step.version.warnings]
    return [*rows, "", "What had to be settled when they were made:", "", *settled] if settled else rows


def _tell_reviews(history: Sequence[HistoryStep]) -> list[str]:
    reviewed = [step for step in history if step.n_decisions]
    if not reviewed:
        return [_NO_PANEL]
    rows = _table(
        ("version", "agreed by reviewers", "adjudicated", "decided elsewhere", "by"),
        (
            (
                step.version.ref,
                f"{step.n_consensus:,}",
                f"{step.n_adjudicated:,}",
                f"{step.n_imported:,}",
                ", ".join(step.deciders),
            )
            for step in reviewed
        ),
    )
    protocols = [line for step in reviewed for line in _describe_protocols(step)]
    return [*rows, "", "The protocols by which each was reviewed:", "", *protocols]


def _tell_reopened(reopened: Sequence[ReopenedDecision]) -> list[str]:
    """What of the decisions that it rests on was taken back since; nothing where none was."""
    if not reopened:
        return []
    rows = _table(
        ("item", "class", "was decided", "in", "reopened by", "why", "decided now"),
        (
            (
                row.item_id,
                row.class_name or "the item",
                row.said,
                row.published_in,
                row.author,
                row.reason,
                (f"{row.now}, in {row.now_in}" if row.now_in else f"{row.now}, not published")
                if row.now
                else "it waits",
            )
            for row in reopened
        ),
    )
    return ["", f"Reopened since they were published: {len(reopened):,} of its decisions.", "", *rows]


def _describe_protocols(step: HistoryStep) -> list[str]:
    """The versions of the protocol under which the decisions of a step were answered; else the one when it was made."""
    ref = _text(step.version.ref)
    if step.protocols:
        return [f"- {ref}, protocol {row.number}: {row.content.describe()}" for row in step.protocols]
    return [f"- {ref}: {step.protocol.describe() if step.protocol else 'unknown.'}"]


def _tell_models(sheet: LabelSheet) -> list[str]:
    if not sheet.models:
        return [_NO_MODELS]
    rows = _table(
        ("model", "predictions reviewed here", "mistakes under this version", "never reviewed"),
        ((row.model, f"{row.n_reviewed:,}", f"{row.n_mistakes:,}", f"{row.n_unreviewed:,}") for row in sheet.models),
    )
    return [*rows, "", _BEFORE]


def _list_limits(sheet: LabelSheet) -> list[str]:
    labels = sheet.labels
    limits = [_BLIND_SPOT, _UNREVIEWED]
    behind = [row for row in sheet.models if row.n_unreviewed]
    if behind:
        most = max(behind, key=lambda row: row.n_unreviewed)
        limits.append(
            f"{len(behind):,} of {len(sheet.models):,} models have mistakes that nobody reviewed; the most has"
            f" {_text(most.model)}: {most.n_unreviewed:,} of {most.n_mistakes:,}."
        )
    if len(labels.items) < len(sheet.split):
        limits.append(f"{len(sheet.split) - len(labels.items):,} items of the split are not covered and not graded.")
    if len(np.unique(labels.original[labels.original != NO_LABEL])) < labels.n_classes:
        limits.append(_CLASSES_WITHOUT_ITEM)
    return [f"- {limit}" for limit in (*limits, _ERRORS)]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    head = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return [*head, *(f"| {' | '.join(map(_text, row))} |" for row in rows)]


def _text(text: str) -> str:
    """Text from outside on one line, with nothing in it that Markdown or HTML would act on."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return _SPECIAL.sub(r"\\\1", plain).replace("&", "&amp;")
