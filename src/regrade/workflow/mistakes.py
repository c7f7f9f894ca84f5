"""The mistakes of all models in the gallery: filtered, counted and paged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSetVersion
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import find_item, item_token, media_token
from regrade.workflow.mistake_filters import STATUSES, UNREVIEWED, MistakeFilters, Sort, Status
from regrade.workflow.mistake_index import MistakeIndex, load_index
from regrade.workflow.named_classes import NamedClass, named_class
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class Tile:
    """One mistake in the gallery."""

    token: str
    """Of the item."""
    media: str | None
    item_id: str
    original: NamedClass | None
    """The item's original label; None where it has none."""
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


@dataclass(frozen=True, slots=True)
class Steps:
    """Where an item stands among those that the filters leave, and the items on both sides of it."""

    previous: str | None
    """Token of the item before it; None: it is the first."""
    following: str | None
    """Token of the item after it; None: it is the last."""
    position: int
    """From 0, in the order of the gallery; an item with several mistakes stands where the first of them does."""
    n_items: int
    tile: int
    """Place of that mistake among all that the filters leave, from 0: it tells the page."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The mistakes that some filters leave, whatever the page."""

    version: LabelSetVersion
    index: MistakeIndex
    confidences: npt.NDArray[np.float32]
    masks: dict[str, npt.NDArray[np.bool_]]
    order: npt.NDArray[np.int64]
    """Rows of the index, in the order of the gallery."""


def search_mistakes(ws: Workspace, filters: MistakeFilters | None = None, *, split: str = MAIN_SPLIT) -> MistakesPage:
    """The mistakes under the newest version that the filters leave, one page of them, with counts for every filter.

    Args:
        ws: The workspace.
        filters: Which mistakes, in which order, which page; default: all, the first page.
        split: The split.

    Raises:
        InputError: They are no filters.
        NotFoundError: The split has no labels.
    """
    filters = MistakeFilters() if filters is None else filters
    if not isinstance(filters, MistakeFilters):
        raise InputError("MistakeFilters", got=f"a value of type {type(filters).__name__}", where="filters")
    found = _find(ws, filters, split)
    page = found.order[filters.offset : filters.offset + filters.limit]
    return MistakesPage(
        labels=found.version,
        tiles=tuple(_tile(ws, found.version, found.index, int(row), float(found.confidences[row])) for row in page),
        n_total=len(found.order),
        n_items=len(np.unique(found.index.items[found.order])),
        filters=filters,
        facets=_facets(ws, found.index, found.masks),
    )


def find_steps(ws: Workspace, token: str, filters: MistakeFilters) -> Steps | None:
    """The items before and after one in the gallery under some filters; None where they do not leave it.

    Args:
        ws: The workspace.
        token: Of the item.
        filters: Those of the gallery; on which page it stands does not matter.

    Raises:
        NotFoundError: No item has this token.
    """
    split, item = find_item(ws, token)
    found = _find(ws, filters, split)
    items = found.index.items[found.order]
    firsts = np.sort(np.unique(items, return_index=True)[1])
    walked = items[firsts]
    places = np.flatnonzero(walked == item)
    if not len(places):
        return None
    at = int(places[0])
    return Steps(
        previous=item_token(ws, split, int(walked[at - 1])) if at else None,
        following=item_token(ws, split, int(walked[at + 1])) if at + 1 < len(walked) else None,
        position=at,
        n_items=len(walked),
        tile=int(firsts[at]),
    )


def _find(ws: Workspace, filters: MistakeFilters, split: str) -> _Found:
    version = labels_of_split(ws, split)
    index = load_index(ws, version)
    confidences = _confidences(index, filters.model)
    masks = _masks(ws, index, filters, confidences)
    if filters.query:
        masks["query"] = _matches(ws, index, filters.query.casefold(), split)
    chosen = np.flatnonzero(np.logical_and.reduce(list(masks.values())))
    order = chosen[_sort_order(index, chosen, confidences, filters.sort)]
    return _Found(version, index, confidences, masks, order)


def _confidences(index: MistakeIndex, model: str | None) -> npt.NDArray[np.float32]:
    """Of the chosen model, else the highest of any; NaN where there is none."""
    if model not in index.rows_by_model:
        return index.confidences
    confidences = np.full(len(index.items), np.nan, dtype=np.float32)
    confidences[index.rows_by_model[model]] = index.confidences_by_model[model]
    return confidences


def _masks(
    ws: Workspace, index: MistakeIndex, filters: MistakeFilters, confidences: npt.NDArray[np.float32]
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
        masks["status"] = _stand(index, filters.status)
    if filters.category is not None:
        masks["category"] = index.categories == _place(filters.category, [row.key for row in taxonomy.categories])
    if filters.severity is not None:
        masks["severity"] = index.severities == _place(filters.severity, [row.key for row in taxonomy.severities])
    if filters.min_confidence is not None:
        masks["min_confidence"] = confidences >= filters.min_confidence
    if filters.max_confidence is not None:
        masks["max_confidence"] = confidences <= filters.max_confidence
    return masks


def _stand(index: MistakeIndex, status: Status) -> npt.NDArray[np.bool_]:
    """Which mistakes a status holds; `unreviewed` holds those of open cases too."""
    return index.unreviewed if status == UNREVIEWED else index.statuses == STATUSES.index(status)


def _place(key: str, keys: list[str]) -> int:
    """Position of the key; -2, which stands nowhere, for an unknown one."""
    return keys.index(key) if key in keys else -2


def _matches(ws: Workspace, index: MistakeIndex, text: str, split: str) -> npt.NDArray[np.bool_]:
    in_class = np.array([text in name.casefold() for name in ws.classes.names] + [False])
    unique, rows = np.unique(index.items, return_inverse=True)
    ids = ws.split(split).ids
    in_id = np.array([text in ids[item].casefold() for item in unique], dtype=np.bool_)
    found: npt.NDArray[np.bool_] = in_class[index.classes] | in_class[index.originals] | in_id[rows]
    return found


def _sort_order(
    index: MistakeIndex, chosen: npt.NDArray[np.int64], confidences: npt.NDArray[np.float32], sort: Sort
) -> npt.NDArray[np.int64]:
    if sort == "models":
        return np.argsort(-index.n_models[chosen], kind="stable")
    if sort == "confidence":
        return np.argsort(-np.nan_to_num(confidences[chosen], nan=-np.inf), kind="stable")
    return np.arange(len(chosen))


def _facets(
    ws: Workspace, index: MistakeIndex, masks: dict[str, npt.NDArray[np.bool_]]
) -> dict[str, tuple[Facet, ...]]:
    taxonomy, titles = ws.settings.taxonomy, ws.classes.titles
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
    others = np.logical_and.reduce([mask for name, mask in masks.items() if name != "status"])
    categories = [row.key for row in taxonomy.categories]
    severities = [row.key for row in taxonomy.severities]
    return {
        "model": by_model,
        "class_id": _as_facets(
            [str(class_id) for class_id in range(len(titles))],
            titles,
            counts("class_id", index.originals, len(titles)),
        ),
        "group": _as_facets(groups, groups, counts("group", group_of[index.originals], len(groups))),
        "status": _as_facets(
            STATUSES, STATUSES, np.array([np.count_nonzero(_stand(index, status)[others]) for status in STATUSES])
        ),
        "category": _as_facets(categories, categories, counts("category", index.categories, len(categories))),
        "severity": _as_facets(severities, severities, counts("severity", index.severities, len(severities))),
    }


def _as_facets(
    values: list[str] | tuple[str, ...], labels: list[str] | tuple[str, ...], counts: npt.NDArray[np.int64]
) -> tuple[Facet, ...]:
    rows = zip(values, labels, counts.tolist(), strict=True)
    return tuple(Facet(value, label, count) for value, label, count in rows if count)


def _tile(ws: Workspace, version: LabelSetVersion, index: MistakeIndex, row: int, confidence: float) -> Tile:
    item, split = int(index.items[row]), version.split
    taxonomy = ws.settings.taxonomy
    category, severity = int(index.categories[row]), int(index.severities[row])
    original = int(index.originals[row])
    return Tile(
        token=item_token(ws, split, item),
        media=media_token(ws, split, item),
        item_id=ws.split(split).ids[item],
        original=None if original == NO_LABEL else named_class(ws, original),
        predicted=named_class(ws, int(index.classes[row])),
        accepted=tuple(named_class(ws, class_id) for class_id in load_labels(ws, version).accepted_classes(item)),
        status=STATUSES[int(index.statuses[row])],
        category=taxonomy.categories[category].key if category >= 0 else None,
        severity=taxonomy.severities[severity].key if severity >= 0 else None,
        n_models=int(index.n_models[row]),
        confidence=None if np.isnan(confidence) else confidence,
    )
