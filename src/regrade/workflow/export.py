"""Export: a version of a label set as a file, with what is known of it where the format can say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from regrade import formats
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Decision, DecisionMethod, Origin, Pass, Protocol
from regrade.records.provenance import HistoryStep, LabelSheet, ModelReview
from regrade.store import Transaction, decisions, protocols, questions
from regrade.workflow.files import save_file
from regrade.workflow.grade import grade_version
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.lineage import list_ancestors, load_making, sources_of
from regrade.workflow.predictions import load_predictions
from regrade.workflow.reopened import list_reopened
from regrade.workflow.workspace import Workspace

_ASKED = (Origin.PREDICTION, Origin.IMPORTED)
"""Questions that a prediction raised."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export wrote."""

    version: LabelSetVersion
    format: str
    files: tuple[Path, ...]
    """The file itself first, then those that belong beside it."""
    n_items: int
    n_verdicts: int
    warnings: tuple[str, ...]
    """What the format cannot hold of the label set, or what it lacks, in words."""


def export_version(
    ws: Workspace,
    ref: str,
    file: formats.FilePath,
    *,
    format: str | None = None,
    license: str | None = None,
    url: str | None = None,
    intended_use: str | None = None,
) -> ExportReport:
    """Write a version of a label set to a file.

    Args:
        ws: The workspace.
        ref: `NAME@N`, or `NAME` for the newest.
        file: Where; a file of that name is replaced.
        format: One of `formats.describe_exports`; default: told by the file's name.
        license: For the card and for Croissant: the license of the labels.
        url: For the card and for Croissant: where they are published.
        intended_use: For the card: what they are for, in place of what it says of every label set.

    Returns:
        What was written, and what the format cannot hold.

    Raises:
        InputError: The format is unknown or can hold nothing of the label set, or a file cannot be written.
        NotFoundError: There is no such label set.
    """
    file = Path(file)
    export = formats.choose_export(file, format)
    version = resolve_labels(ws, ref)
    labels = load_labels(ws, version)
    history = _tell_history(ws, version) if export.tells_review else ()
    sheet = LabelSheet(
        labels=labels,
        version=version,
        split=ws.split(version.split),
        classes=ws.classes,
        benchmark=ws.settings.name,
        media_type=ws.settings.media_type,
        history=history,
        models=_review_models(ws, version, history) if export.tells_review else (),
        reopened=list_reopened(ws, version) if export.tells_review else (),
        license=license,
        url=url,
        intended_use=intended_use,
    )
    document = export.write(sheet)
    companions = {file.with_name(name): content for name, content in document.companions}
    # The file itself comes last, so that it never names one that is not there.
    for path, content in (*companions.items(), (file, document.content)):
        save_file(path, content)
    return ExportReport(
        version=version,
        format=export.name,
        files=(file, *companions),
        n_items=len(labels.items),
        n_verdicts=len(labels.pair_items),
        warnings=document.warnings,
    )


def _tell_history(ws: Workspace, version: LabelSetVersion) -> tuple[HistoryStep, ...]:
    """The version, those that it was made from, and so on, each once, the nearest first."""
    with ws.store.read() as tx:
        making = load_making(tx)
        return tuple(_tell_step(tx, row, making.get(row.ref, {})) for row in list_ancestors(tx, version, making))


def _tell_step(tx: Transaction, version: LabelSetVersion, facts: Mapping[str, Any]) -> HistoryStep:
    made = decisions.list_published_decisions(tx, version.split, ref=version.ref)
    decided_here = any(row.method is not DecisionMethod.IMPORTED for row in made)
    protocol = facts.get("protocol") if decided_here else None
    return HistoryStep(
        version=version,
        sources=sources_of(version, facts),
        n_consensus=_count(made, DecisionMethod.CONSENSUS),
        n_adjudicated=_count(made, DecisionMethod.ADJUDICATION),
        n_imported=_count(made, DecisionMethod.IMPORTED),
        deciders=tuple(sorted({name for row in made for name in row.author.split(", ")})),
        protocol=Protocol(**protocol) if protocol else None,
        protocols=tuple(protocols.load_protocol(tx, number) for number in facts.get("protocols", ())),
    )


def _count(made: Sequence[Decision], method: DecisionMethod) -> int:
    return sum(row.method is method for row in made)


def _review_models(ws: Workspace, version: LabelSetVersion, history: Sequence[HistoryStep]) -> tuple[ModelReview, ...]:
    """Of each model with predictions on the split, what was reviewed on the way to a version and what never was."""
    with ws.store.read() as tx:
        asked = questions.load_pairs(tx, version.split, Pass.VERDICT, origins=_ASKED)
        decided = {
            (row.item, row.class_id)
            for step in history
            for row in decisions.list_published_decisions(tx, version.split, ref=step.version.ref)
        }
    pairs = zip(asked.items.tolist(), asked.classes.tolist(), strict=True)
    kept = np.fromiter((pair in decided for pair in pairs), np.bool_, len(asked.items))
    items, classes = asked.items[kept], asked.classes[kept]
    n_reviewed = {
        row.model: int(np.count_nonzero(row.classes[items, 0] == classes))
        for row in load_predictions(ws, None, version.split, scores=False)
    }
    return tuple(
        ModelReview(grade.model, n_reviewed[grade.model], grade.n_mistakes, grade.n_unreviewed)
        for grade in grade_version(ws, version)
    )
