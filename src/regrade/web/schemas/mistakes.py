"""The gallery of mistakes."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from regrade.web.schemas.base import ClassId, Figure, Out
from regrade.web.schemas.classes import NamedClassOut
from regrade.web.schemas.labels import LabelSetVersionOut
from regrade.workflow.mistake_filters import MAX_LIMIT, MistakeFilters, Sort, Status

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class MistakeFiltersIn(BaseModel):
    """Which mistakes, in which order, which page of them: the gallery's filters under the gallery's names."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    model: str | None = None
    """Only this model's mistakes."""
    class_id: ClassId | None = None
    """Original class."""
    predicted: ClassId | None = None
    """Predicted class."""
    group: str | None = None
    """Group of the original class."""
    status: Status | None = None
    """What is known of the mistake; `unreviewed`: all that the labels have not judged, with a case or without."""
    category: str | None = None
    """Decided category."""
    severity: str | None = None
    """Decided severity."""
    min_models: Annotated[int, Field(ge=0, lt=10**9)] = 1
    """Models that make it, at least."""
    min_confidence: Share | None = None
    """Of the chosen model, else the highest of any model."""
    max_confidence: Share | None = None
    query: str = ""
    """Text in the item's id or in a class name."""
    sort: Sort = "models"
    offset: Annotated[int, Field(ge=0, lt=10**9)] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 100
    split: str = "main"
    """The set of items."""

    def as_filters(self) -> MistakeFilters:
        """The same for the workflow, which takes the split apart."""
        return MistakeFilters(**self.model_dump(exclude={"split"}))


class MistakeOut(Out):
    """One (item, predicted class) that at least one model gets wrong."""

    token: str
    """Of the item."""
    media: str | None
    """Token of the item's image; null where it has none."""
    item_id: str
    original: NamedClassOut | None
    """The item's original label; null where it has none."""
    predicted: NamedClassOut
    accepted: list[NamedClassOut]
    status: Status
    """By the panel, where it has a case or a decision that waits; else by the labels."""
    category: str | None
    severity: str | None
    n_models: int
    confidence: Figure
    """Of the chosen model, else the highest of any model."""


class FacetOut(Out):
    """One value of a filter and how many mistakes it would leave beside the other filters."""

    value: str
    label: str
    count: int


class MistakesOut(Out):
    """One page of the mistakes under the newest version of the labels."""

    labels: LabelSetVersionOut
    n_total: int
    """(item, class) pairs that the filters leave."""
    n_items: int
    tiles: list[MistakeOut]
    """From `offset`, `limit` of them."""
    facets: dict[str, list[FacetOut]]
    """By the name of the filter."""
