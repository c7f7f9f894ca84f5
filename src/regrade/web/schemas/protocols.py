"""How the panel works: the versions of the protocol, with the keys of `regrade.toml`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from regrade.panel.protocols import MAX_GOLD_SHARE, tabulate_protocol
from regrade.records.panel import AdjudicationMode, Order, ProtocolVersion, Rule
from regrade.web.schemas.base import In, Out

Count = Annotated[int, Field(ge=1, le=100)]


class ProtocolOut(Out):
    """What one version says."""

    reviewers: int
    """Reviewers per item."""
    rule: Rule
    blind_model: bool
    blind_roles: bool
    blind_peers: bool
    blind_suggestions: bool
    max_classes_per_screen: int
    adjudication: AdjudicationMode
    adjudicators: int
    """Adjudicators who vote on a question; counts under `vote` only."""
    gold_share: float
    """Share of the items dealt in the first pass that are gold; 0 where `blind_peers` is off."""
    order: Order
    reveal: bool
    """After an answer on a decided item its reviewer sees what models said and others answered."""


class ProtocolVersionOut(Out):
    """One version of the protocol."""

    number: int
    """Counts from 1; the newest is in force."""
    content: ProtocolOut
    author: str
    """Who wrote it; `regrade.toml` where it was taken over from there."""
    reason: str
    created_at: datetime
    first_review_at: datetime | None
    """When the first answer was given under it; from then on it stays as it is. null: nobody has answered yet."""

    @classmethod
    def from_version(cls, version: ProtocolVersion) -> ProtocolVersionOut:
        """A version with its content by the keys of `regrade.toml`."""
        return cls.of(version, content=tabulate_protocol(version.content))


@with_config(ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))
class ProtocolValuesIn(TypedDict, total=False):
    """What is to change, by the keys of `regrade.toml`; what is not named stays."""

    reviewers: Count
    rule: Rule
    blind_model: bool
    blind_roles: bool
    blind_peers: bool
    blind_suggestions: bool
    max_classes_per_screen: Count
    adjudication: AdjudicationMode
    adjudicators: Count
    gold_share: Annotated[float, Field(ge=0, le=MAX_GOLD_SHARE)]
    order: Order
    reveal: bool


class ProtocolEditIn(In):
    """A change of the protocol."""

    values: ProtocolValuesIn
    expected: int
    """Number of the version that the change is made to: if another came meanwhile, nothing is done."""
    reason: str = ""
    """Why; a new version needs one."""


class ProtocolReportOut(Out):
    """What a change did."""

    version: ProtocolVersionOut
    """In force now."""
    is_new: bool
    """A new version was made; else the newest was written anew, since nobody has answered under it."""
