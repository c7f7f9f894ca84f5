"""What a protocol says, field by field: its name in files and forms, what it may hold, and what that means."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from regrade.errors import InputError
from regrade.records.panel import AdjudicationMode, Order, Protocol, Rule

FieldKind = Literal["count", "share", "switch", "choice"]
MAX_GOLD_SHARE = 0.5
"""More gold than work would measure reviewers and get nothing done."""


@dataclass(frozen=True, slots=True)
class ProtocolField:
    """One field of a protocol."""

    key: str
    """Its name in `regrade.toml`, in forms and as an option (there with `-` for `_`)."""
    name: str
    """Its name in the record."""
    kind: FieldKind
    says: str
    """What it means, to go on after the key and a colon."""
    choices: tuple[str, ...] = ()
    """What a choice may be."""
    high: float = 100
    """Most that a count or share may be; the least is 1 for a count, 0 for a share."""

    @property
    def expects(self) -> str:
        """What it may hold, in words."""
        if self.kind == "choice":
            return " or ".join(f'"{choice}"' for choice in self.choices)
        if self.kind == "switch":
            return "true or false"
        return f"a whole number from 1 to {self.high:g}" if self.kind == "count" else f"a share from 0 to {self.high:g}"

    def check(self, value: object) -> Any:
        """The value, of the field's own type.

        Raises:
            InputError: It is of another type or out of range.
        """
        if not self._fits(value):
            raise InputError(self.expects, got=repr(value), where=f"protocol.{self.key}")
        return float(value) if self.kind == "share" else value  # type: ignore[arg-type] # it fits

    def _fits(self, value: object) -> bool:
        if self.kind == "choice":
            return value in self.choices
        if self.kind == "switch" or isinstance(value, bool):
            return self.kind == "switch" and isinstance(value, bool)
        if self.kind == "count":
            return isinstance(value, int) and 1 <= value <= self.high
        return isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= self.high


FIELDS: tuple[ProtocolField, ...] = (
    ProtocolField("reviewers", "n_reviewers", "count", "how many reviewers judge each item"),
    ProtocolField(
        "rule",
        "rule",
        "choice",
        "whether all of them must agree, or more than half; what is not agreed goes to adjudication",
        choices=get_args(Rule),
    ),
    ProtocolField("blind_model", "blind_model", "switch", "reviewers do not see which model predicted a class"),
    ProtocolField(
        "blind_roles", "blind_roles", "switch", "reviewers do not see which class is the label and which was predicted"
    ),
    ProtocolField("blind_peers", "blind_peers", "switch", "reviewers do not see what others answered"),
    ProtocolField(
        "blind_suggestions",
        "blind_suggestions",
        "switch",
        "reviewers do not see why a class was proposed, nor adjudicators what the votes weigh",
    ),
    ProtocolField(
        "max_classes_per_screen",
        "max_classes_per_screen",
        "count",
        "classes on one screen; an item with more has several screens",
    ),
    ProtocolField(
        "adjudication",
        "adjudication",
        "choice",
        "whether one adjudicator decides what is disputed, or adjudicators vote on it",
        choices=get_args(AdjudicationMode),
    ),
    ProtocolField(
        "adjudicators",
        "n_adjudicators",
        "count",
        "how many adjudicators vote; what more than half of them say is decided",
    ),
    ProtocolField(
        "gold_share",
        "gold_share",
        "share",
        "share of the items that are gold: decided already, and asked again to measure the reviewer; needs blind_peers",
        high=MAX_GOLD_SHARE,
    ),
    ProtocolField(
        "order",
        "order",
        "choice",
        "whether items come in random order, or group after group of similar classes",
        choices=get_args(Order),
    ),
    ProtocolField(
        "reveal",
        "reveal",
        "switch",
        "after an answer on a decided item, its reviewer sees what models said and others answered",
    ),
)
"""All fields of a protocol, in the order in which files, forms and pages show them."""
BY_KEY: Mapping[str, ProtocolField] = {field.key: field for field in FIELDS}


def change_protocol(protocol: Protocol, values: Mapping[str, object]) -> Protocol:
    """A protocol with some fields changed.

    Args:
        protocol: What holds for the fields that are not named.
        values: By key; may be empty.

    Raises:
        InputError: A key is none, a value is of another type or out of range, or reviewers would see what others
            answered while some of their items are gold.
    """
    unknown = sorted(set(values) - set(BY_KEY))
    if unknown:
        raise InputError(
            f"one of the keys {', '.join(sorted(BY_KEY))}", got=repr(unknown[0]), where=f"protocol.{unknown[0]}"
        )
    changes = {BY_KEY[key].name: BY_KEY[key].check(value) for key, value in values.items()}
    changed = replace(protocol, **changes)
    _check_gold(changed)
    return changed


def _check_gold(protocol: Protocol) -> None:
    """Gold has been answered by all who were asked: shown, that would tell it from work, and what to say of it."""
    if protocol.gold_share > 0 and not protocol.blind_peers:
        raise InputError(
            "0 while blind_peers is off",
            got=f"{protocol.gold_share:g}",
            where="protocol.gold_share",
            remedy="Gold measures what a reviewer says without the others: switch blind_peers on, or do without gold.",
        )


def tabulate_protocol(protocol: Protocol) -> dict[str, Any]:
    """A protocol's values by key, in the order of `FIELDS`: what `change_protocol` reads."""
    return {field.key: getattr(protocol, field.name) for field in FIELDS}
