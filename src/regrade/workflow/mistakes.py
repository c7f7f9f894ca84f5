"""The mistakes of all models, merged by (item, class): filtered, counted and paged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading import find_mistakes
from regrade.records.grades import Mistakes
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Decision, Pass, QuestionStatus
from regrade.store import decisions, journal, questions
from regrade.workflow.grade import answer_key
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import item_token, media_token
from regrade.workflow.predictions import list_predictions, load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

Sort = Literal["models", "confidence", "item"]
Status = Literal[
    "open",
    "disputed",
    "decided wrong",
    "decided unclear",
    "decided correct",
    "problematic",
    "judged wrong",
    "unclear rejected",
    "unreviewed",
]
STATUSES: tuple[Status, ...] = get_args(Status)
"""What is known of a mistake: the first six by the panel (decisions wait to be published), the rest by the labels."""
MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class MistakeFilters:
    """Which mistakes, in which order, which page. All of it stands in the URL."""

    model: str | None = None
    class_id: int | None = None
    """Original class."""
    predicted: int | None = None
    """Predicted class."""
    group: str | None = None
    """Group of the original class."""
    status: Status | None = None
    category: str | None = None
    severity: str | None = None
    min_models: int = 1
    min_confidence: float | None = None
    """0..1, of the chosen model, else the highest of any model."""
    max_confidence: float | None = None
    query: str = ""
    """Text in the item's id or in a class name."""
    sort: Sort = "models"
    offset: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True)
class NamedClass:
    """A class with its name."""

    class_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One mistake in the gallery."""

    token: str
    """Of the item."""
    media: str | None
    item_id: str
    predicted: NamedClass
    accepted: tuple[NamedClass, ...]
    status: Status
    category: str | None
    severity: str | None
    n_models: int
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Facet:
    """One value of a filter and how many mistakes it would leave beside the other filters."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class MistakesPage:
    """One page of the gallery."""

    labels: LabelSetVersion
    tiles: tuple[Tile, ...]
    n_total: int
    """(item, class) pairs that the filters leave."""
    n_items: int
    filters: MistakeFilters
    facets: dict[str, tuple[Facet, ...]]
    """By the name of the filter: `model`, `class_id`, `group`, `status`, `category`, `severity`."""


@dataclass(frozen=True, slots=True, eq=False)
class _MistakeIndex:
    """All models' mistakes under one version, each (item, class) once. Aligned arrays, sorted by (item, class)."""

    items: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]
    originals: npt.NDArray[np.int64]
    n_models: npt.NDArray[np.int64]
    confidences: npt.NDArray[np.float32]
    """Highest of any model; NaN where none has one."""
    statuses: npt.NDArray[np.int64]
    """Position in STATUSES."""
    categories: npt.NDArray[np.int64]
    """Position in the taxonomy; -1 where the kind is not decided."""
    severities: npt.NDArray[np.int64]
    rows_by_model: dict[str, npt.NDArray[np.int64]]
    confidences_by_model: dict[str, npt.NDArray[np.float32]]


def parse_filters(values: Mapping[str, str]) -> MistakeFilters:
    """Filters from text (a URL's query or the command line); an empty value means that there is no such filter.

    Raises:
        InputError: An unknown filter, or a value that it cannot have.
    """
    known = {field.name for field in fields(MistakeFilters)}
    filters = MistakeFilters()
    for name, text in values.items():
        if name not in known:
            raise InputError(f"a filter out of {', '.join(sorted(known))}", got=repr(name[:100]))
        if text.strip():
            changes: dict[str, Any] = {name: _parse(name, text.strip())}
            filters = replace(filters, **changes)
    return filters


def format_filters(filters: MistakeFilters) -> dict[str, str]:
    """The filters as text, defaults left out: parse_filters(format_filters(x)) == x."""
    default = MistakeFilters()
    return {
        field.name: str(getattr(filters, field.name))
        for field in fields(filters)
        if getattr(filters, field.name) != getattr(default, field.name)
    }


def search_mistakes(ws: Workspace, filters: MistakeFilters, *, split: str = MAIN_SPLIT) -> MistakesPage:
    """The mistakes under the newest version that the filters leave, one page of them, with counts for every filter."""
    version = labels_of_split(ws, split)
    index = _load_index(ws, version)
    confidences = _confidences(index, filters.model)
    masks = _masks(ws, index, filters, confidences)
    if filters.query:
        masks["query"] = _matches(ws, index, filters.query.casefold(), split)
    chosen = np.flatnonzero(np.logical_and.reduce(list(masks.values())))
    order = chosen[_sort_order(index, chosen, confidences, filters.sort)]
    page = order[filters.offset : filters.offset + filters.limit]
    return MistakesPage(
        labels=version,
        tiles=tuple(_tile(ws, version, index, int(row), float(confidences[row])) for row in page),
        n_total=len(chosen),
        n_items=len(np.unique(index.items[chosen])),
        filters=filters,
        facets=_facets(ws, index, masks),
    )


def _parse(name: str, text: str) -> object:
    if name in {"class_id", "predicted", "min_models", "offset", "limit"}:
        return _parse_count(name, text)
    if name in {"min_confidence", "max_confidence"}:
        return _parse_share(name, text)
    allowed = {"status": STATUSES, "sort": get_args(Sort)}.get(name)
    if allowed is not None and text not in allowed:
        raise InputError(f"{name} out of {', '.join(allowed)}", got=repr(text[:100]))
    return text


def _parse_count(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InputError(f"{name} as a whole number from 0", got=repr(text[:100]))
    count = int(text)
    if name == "limit" and not 1 <= count <= MAX_LIMIT:
        raise InputError(f"limit from 1 to {MAX_LIMIT}", got=text)
    return count


def _parse_share(name: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(f"{name} as a number from 0 to 1", got=repr(text[:100]))
    return share


def _load_index(ws: Workspace, version: LabelSetVersion) -> _MistakeIndex:
    """The index of this moment: made anew when predictions, labels or the panel's work have changed."""
    digests = tuple((row.model, row.digest) for row in list_predictions(ws, version.split))
    with ws.store.read() as tx:
        seq = journal.load_newest_seq(tx)
    merged = ws.kept(("mistakes", version.split), lambda: _merge_mistakes(ws, version), version=(version.ref, digests))
    return ws.kept(
        ("mistakes now", version.split),
        lambda: _with_panel(ws, version.split, merged),
        version=(version.ref, digests, seq),
    )


def _merge_mistakes(ws: Workspace, version: LabelSetVersion) -> _MistakeIndex:
    key = answer_key(ws, version)
    found = [find_mistakes(row, key) for row in load_predictions(ws, None, version.split)]
    n_classes = len(ws.classes)
    flat = [row.items.astype(np.int64) * n_classes + row.classes for row in found]
    pairs, first, rows = np.unique(
        np.concatenate(flat) if flat else np.empty(0, np.int64), return_index=True, return_inverse=True
    )
    starts = np.cumsum([0, *map(len, flat)])
    by_model = {row.model: rows[starts[at] : starts[at + 1]] for at, row in enumerate(found)}
    codes = np.concatenate([row.codes for row in found])[first] if found else np.empty(0, np.int8)
    items = pairs // n_classes
    return _MistakeIndex(
        items=items,
        classes=pairs % n_classes,
        originals=ws.split(version.split).labels[items].astype(np.int64),
        n_models=np.bincount(rows, minlength=len(pairs)),
        confidences=_highest(found, by_model, len(pairs)),
        statuses=np.array([STATUSES.index(name) for name in ("judged wrong", "unclear rejected", "unreviewed")])[codes],
        categories=np.full(len(pairs), -1),
        severities=np.full(len(pairs), -1),
        rows_by_model=by_model,
        confidences_by_model={row.model: row.confidences for row in found},
    )


def _highest(
    found: list[Mistakes], by_model: dict[str, npt.NDArray[np.int64]], n_pairs: int
) -> npt.NDArray[np.float32]:
    highest = np.full(n_pairs, np.nan, dtype=np.float32)
    for row in found:
        rows = by_model[row.model]
        highest[rows] = np.fmax(highest[rows], row.confidences)
    return highest


def _with_panel(ws: Workspace, split: str, index: _MistakeIndex) -> _MistakeIndex:
    """The index with what the panel knows: status of each case, category and severity where decided."""
    statuses, categories, severities = (
        index.statuses.copy(),
        index.categories.copy(),
        index.severities.copy(),
    )
    pairs = index.items * len(ws.classes) + index.classes
    names = {
        QuestionStatus.OPEN: "open",
        QuestionStatus.DISPUTED: "disputed",
        QuestionStatus.CLOSED: "problematic",
    }
    with ws.store.read() as tx:
        for status, name in names.items():
            found = questions.load_pairs(tx, split, Pass.VERDICT, statuses=(status,))
            asked = found.items.astype(np.int64) * len(ws.classes) + found.classes
            statuses[np.isin(pairs, asked)] = STATUSES.index(name)
        current = decisions.list_current_decisions(tx, split)
    _mark_decisions(ws, pairs, current, statuses=statuses, categories=categories, severities=severities)
    return replace(index, statuses=statuses, categories=categories, severities=severities)


def _mark_decisions(
    ws: Workspace,
    pairs: npt.NDArray[np.int64],
    current: tuple[Decision, ...],
    *,
    statuses: npt.NDArray[np.int64],
    categories: npt.NDArray[np.int64],
    severities: npt.NDArray[np.int64],
) -> None:
    category_keys = [row.key for row in ws.settings.taxonomy.categories]
    severity_keys = [row.key for row in ws.settings.taxonomy.severities]
    places = {pair: at for at, pair in enumerate(pairs.tolist())}
    for row in current:
        at = places.get(row.item * len(ws.classes) + row.class_id) if row.class_id is not None else None
        if at is None:
            continue
        if row.pass_ is Pass.VERDICT and row.published_in is None:
            statuses[at] = STATUSES.index(f"decided {row.verdict}")
        elif row.pass_ is Pass.KIND and row.category in category_keys and row.severity in severity_keys:
            categories[at] = category_keys.index(row.category)
            severities[at] = severity_keys.index(row.severity)


def _confidences(index: _MistakeIndex, model: str | None) -> npt.NDArray[np.float32]:
    """Of the chosen model, else the highest of any; NaN where there is none."""
    if model not in index.rows_by_model:
        return index.confidences
    confidences = np.full(len(index.items), np.nan, dtype=np.float32)
    confidences[index.rows_by_model[model]] = index.confidences_by_model[model]
    return confidences


def _masks(
    ws: Workspace, index: _MistakeIndex, filters: MistakeFilters, confidences: npt.NDArray[np.float32]
) -> dict[str, npt.NDArray[np.bool_]]:
    """Which mistakes each filter but the text leaves, one mask a filter that is set."""
    taxonomy = ws.settings.taxonomy
    masks = {"min_models": index.n_models >= filters.min_models}
    if filters.model is not None:
        masks["model"] = np.isin(np.arange(len(index.items)), index.rows_by_model.get(filters.model, ()))
    if filters.class_id is not None:
        masks["class_id"] = index.originals == filters.class_id
    if filters.predicted is not None:
        masks["predicted"] = index.classes == filters.predicted
    if filters.group is not None:
        masks["group"] = np.array([*(name == filters.group for name in ws.classes.groups), False])[index.originals]
    if filters.status is not None:
        masks["status"] = index.statuses == STATUSES.index(filters.status)
    if filters.category is not None:
        masks["category"] = index.categories == _place(filters.category, [row.key for row in taxonomy.categories])
    if filters.severity is not None:
        masks["severity"] = index.severities == _place(filters.severity, [row.key for row in taxonomy.severities])
    if filters.min_confidence is not None:
        masks["min_confidence"] = confidences >= filters.min_confidence
    if filters.max_confidence is not None:
        masks["max_confidence"] = confidences <= filters.max_confidence
    return masks


def _place(key: str, keys: list[str]) -> int:
    """Position of the key; -2, which stands nowhere, for an unknown one."""
    return keys.index(key) if key in keys else -2


def _matches(ws: Workspace, index: _MistakeIndex, text: str, split: str) -> npt.NDArray[np.bool_]:
    in_class = np.array([text in name.casefold() for name in ws.classes.names] + [False])
    unique, rows = np.unique(index.items, return_inverse=True)
    ids = ws.split(split).ids
    in_id = np.array([text in ids[item].casefold() for item in unique], dtype=np.bool_)
    found: npt.NDArray[np.bool_] = in_class[index.classes] | in_class[index.originals] | in_id[rows]
    return found


def _sort_order(
    index: _MistakeIndex, chosen: npt.NDArray[np.int64], confidences: npt.NDArray[np.float32], sort: Sort
) -> npt.NDArray[np.int64]:
    if sort == "models":
        return np.argsort(-index.n_models[chosen], kind="stable")
    if sort == "confidence":
        return np.argsort(-np.nan_to_num(confidences[chosen], nan=-np.inf), kind="stable")
    return np.arange(len(chosen))


def _facets(
    ws: Workspace, index: _MistakeIndex, masks: dict[str, npt.NDArray[np.bool_]]
) -> dict[str, tuple[Facet, ...]]:
    taxonomy, names = ws.settings.taxonomy, ws.classes.names
    groups = sorted({name for name in ws.classes.groups if name})
    group_of = np.array([*(groups.index(name) if name else -1 for name in ws.classes.groups), -1])

    def counts(without: str, values: npt.NDArray[np.int64], n_values: int) -> npt.NDArray[np.int64]:
        left = np.logical_and.reduce([mask for name, mask in masks.items() if name != without])
        chosen = values[left]
        return np.bincount(chosen[chosen >= 0], minlength=n_values)

    everything = [mask for name, mask in masks.items() if name != "model"]
    left = np.logical_and.reduce(everything)
    by_model = tuple(
        Facet(model, model, int(np.count_nonzero(left[rows]))) for model, rows in index.rows_by_model.items()
    )
    categories = [row.key for row in taxonomy.categories]
    severities = [row.key for row in taxonomy.severities]
    return {
        "model": by_model,
        "class_id": _as_facets(
            [str(class_id) for class_id in range(len(names))], names, counts("class_id", index.originals, len(names))
        ),
        "group": _as_facets(groups, groups, counts("group", group_of[index.originals], len(groups))),
        "status": _as_facets(STATUSES, STATUSES, counts("status", index.statuses, len(STATUSES))),
        "category": _as_facets(categories, categories, counts("category", index.categories, len(categories))),
        "severity": _as_facets(severities, severities, counts("severity", index.severities, len(severities))),
    }


def _as_facets(
    values: list[str] | tuple[str, ...], labels: list[str] | tuple[str, ...], counts: npt.NDArray[np.int64]
) -> tuple[Facet, ...]:
    rows = zip(values, labels, counts.tolist(), strict=True)
    return tuple(Facet(value, label, count) for value, label, count in rows if count)


def _tile(ws: Workspace, version: LabelSetVersion, index: _MistakeIndex, row: int, confidence: float) -> Tile:
    item, split = int(index.items[row]), version.split
    taxonomy = ws.settings.taxonomy
    category, severity = int(index.categories[row]), int(index.severities[row])
    return Tile(
        token=item_token(ws, split, item),
        media=media_token(ws, split, item),
        item_id=ws.split(split).ids[item],
        predicted=named_class(ws, int(index.classes[row])),
        accepted=tuple(named_class(ws, class_id) for class_id in load_labels(ws, version).accepted_classes(item)),
        status=STATUSES[int(index.statuses[row])],
        category=taxonomy.categories[category].key if category >= 0 else None,
        severity=taxonomy.severities[severity].key if severity >= 0 else None,
        n_models=int(index.n_models[row]),
        confidence=None if np.isnan(confidence) else confidence,
    )


def named_class(ws: Workspace, class_id: int) -> NamedClass:
    """A class with its name."""
    return NamedClass(class_id, ws.classes.names[class_id])
