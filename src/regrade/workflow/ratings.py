"""The panel's answers sorted by what they answer: what every figure of agreement starts from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from regrade.labelsets.lookup import codes_at
from regrade.panel.agreement import TopicRatings, newest_rows, rate_units
from regrade.records.agreement import Topic
from regrade.records.labels import VERDICTS, Verdict
from regrade.records.panel import CategoryDefinition
from regrade.store import answers
from regrade.store.answers import AnswerRows, AnswersVersion, KindRows
from regrade.workflow.labels import load_labels
from regrade.workflow.workspace import Workspace

VERDICT_WORDS = tuple(map(str, VERDICTS))
IS_PROBLEMATIC = ("usable", "problematic")


@dataclass(frozen=True, eq=False)
class PanelRatings:
    """All answers that count, by what they answer."""

    version: AnswersVersion
    """Tells whether what was made of them is out of date."""
    topics: Mapping[Topic, TopicRatings]
    """Each of TOPICS."""
    n_answers_by: Mapping[str, int]
    """How many of each reviewer: verdicts, items called problematic, and kinds (category and severity are one)."""
    elsewhere: tuple[str, ...]
    """Names under which judgements of a panel elsewhere were imported."""


def load_ratings(ws: Workspace, split: str) -> PanelRatings:
    """All answers that count; kept until somebody answers or takes an answer back.

    Undone answers, gold and adjudications are left out, and classes that a reviewer added, since nobody had asked.
    """
    with ws.store.read() as tx:
        version = answers.load_answers_version(tx)
    return ws.kept(("ratings", split), lambda: _load(ws, split, version), version=version)


def _load(ws: Workspace, split: str, version: AnswersVersion) -> PanelRatings:
    with ws.store.read() as tx:
        first, second = answers.load_verdict_answers(tx, split), answers.load_kind_answers(tx, split)
    first, second = first.only(_find_newest(first)), second.only(_find_newest(second.rows))
    taxonomy = ws.settings.taxonomy
    found = (
        *_sort_verdicts(ws, first),
        _sort_kinds("category", second, second.categories, taxonomy.categories),
        _sort_kinds("severity", second, second.severities, taxonomy.severities),
        _sort_problematic(first),
    )
    elsewhere = np.unique(first.reviewers[first.elsewhere]).tolist()
    return PanelRatings(
        version=version,
        topics=MappingProxyType({asked.topic: asked for asked in found}),
        n_answers_by=_count_answers(first, second.rows),
        elsewhere=tuple(first.names[at] for at in elsewhere),
    )


def _find_newest(rows: AnswerRows) -> npt.NDArray[np.intp]:
    return newest_rows(rows.reviewers, rows.items, rows.classes, rows.problematic)


def _count_answers(first: AnswerRows, second: AnswerRows) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for rows in (first.only(~first.added), second):
        n_answers = np.bincount(rows.reviewers, minlength=len(rows.names))
        counts.update({name: int(n) for name, n in zip(rows.names, n_answers.tolist(), strict=True) if n})
    return MappingProxyType(dict(counts))


def _sort_verdicts(ws: Workspace, rows: AnswerRows) -> tuple[TopicRatings, TopicRatings]:
    """Verdicts on classes that the label set did not, and did, accept when the screen was dealt."""
    rows = rows.only(~rows.problematic & ~rows.added)
    accepted = np.zeros(len(rows.items), np.bool_)
    for number, ref in enumerate(rows.refs):
        here = rows.labels == number
        codes = codes_at(load_labels(ws, ref), rows.items[here], rows.classes[here])
        accepted[here] = codes > Verdict.WRONG.code

    def rate(topic: Topic, chosen: npt.NDArray[np.bool_]) -> TopicRatings:
        kept = rows.only(chosen)
        return rate_units(
            topic,
            VERDICT_WORDS,
            rows.names,
            by=kept.reviewers,
            items=kept.items,
            classes=kept.classes,
            codes=kept.verdicts,
        )

    return rate("predicted", ~accepted), rate("accepted", accepted)


def _sort_kinds(
    topic: Topic, kinds: KindRows, said: Sequence[str], defined: Sequence[CategoryDefinition]
) -> TopicRatings:
    """One half of the second pass; what an older taxonomy called something else comes last."""
    known = [row.key for row in defined]
    words = (*known, *sorted(set(said) - set(known)))
    code_of = {word: code for code, word in enumerate(words)}
    rows, codes = kinds.rows, np.array([code_of[word] for word in said], np.int64)
    return rate_units(topic, words, rows.names, by=rows.reviewers, items=rows.items, classes=rows.classes, codes=codes)


def _sort_problematic(rows: AnswerRows) -> TopicRatings:
    """Whether each reviewer who met an item called it problematic. A panel elsewhere that judged a class did not."""
    rows = rows.only(rows.problematic | ~rows.elsewhere)
    met = np.column_stack([rows.reviewers, rows.items, rows.problematic])
    reviewers, items, codes = np.unique(met, axis=0).T
    return rate_units("problematic", IS_PROBLEMATIC, rows.names, by=reviewers, items=items, classes=None, codes=codes)
