"""What a policy is, and the registry of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from regrade.errors import ConflictError, InputError
from regrade.records.choices import check_choice
from regrade.records.grades import UnclearRule
from regrade.records.items import NO_LABEL
from regrade.records.labels import Verdict


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """The items that a policy can choose from: those that the label set covers (in the slice, if there is one)."""

    original: npt.NDArray[np.int32]
    """(m,) original class id of each item, or NO_LABEL."""
    problematic: npt.NDArray[np.bool_]
    """(m,) whether the item is problematic."""
    n_accepted: npt.NDArray[np.int64]
    """(m,) how many classes are accepted on it, under the rule for unclear ones."""
    unclear: UnclearRule
    """What the user wants of classes marked unclear."""
    is_multilabel: bool
    """Whether the label set, slice or not, has judged several classes of any item."""

    @property
    def has_label(self) -> npt.NDArray[np.bool_]:
        """(m,) whether the item has an original label."""
        return np.not_equal(self.original, NO_LABEL)


@dataclass(frozen=True, slots=True, eq=False)
class Rubric:
    """How a policy grades the covered items."""

    graded: npt.NDArray[np.bool_]
    """(m,) which of the covered items it grades."""
    accepts: Literal["verdicts", "original"]
    """What makes a prediction right: the verdict on its class, or being the original label (verdicts unseen)."""
    headline: Literal["class mean", "item mean"]
    """The class mean is undefined where it is not the headline."""
    n_problematic: int = 0
    """Covered items that it leaves out because they are problematic."""
    why_not_only_mistakes: str = ""
    """Why it cannot grade predictions that name only mistakes; empty: it can."""
    notes: tuple[str, ...] = ()
    """What every grade under it has to say."""


PolicyFunction = Callable[[Covered], Rubric]
_POLICIES: dict[str, PolicyFunction] = {}


def least_accepted_code(unclear: UnclearRule) -> int:
    """The lowest verdict code (wrong 0, unclear 1, correct 2) that counts as right.

    Raises:
        InputError: The rule is none.
    """
    check_choice(unclear, get_args(UnclearRule), "unclear")
    return Verdict.UNCLEAR.code if unclear == "accept" else Verdict.CORRECT.code


def unclear_note(unclear: UnclearRule) -> tuple[str, ...]:
    """Say so where classes marked unclear are not accepted."""
    return () if unclear == "accept" else ("Classes marked unclear are not accepted (unclear: reject).",)


def register_policy(name: str) -> Callable[[PolicyFunction], PolicyFunction]:
    """Make a policy known under a name.

    Raises:
        ConflictError: The name is taken.
    """

    def register(function: PolicyFunction) -> PolicyFunction:
        if name in _POLICIES:
            raise ConflictError(f"There is a policy {name} already.", remedy="Give the new one another name.")
        _POLICIES[name] = function
        return function

    return register


def get_policy(name: str) -> PolicyFunction:
    """The policy of that name.

    Raises:
        InputError: There is none; the message lists those there are.
    """
    if name not in _POLICIES:
        raise InputError(f"one of the policies {', '.join(policy_names())}", got=name, where="policy")
    return _POLICIES[name]


def policy_names() -> tuple[str, ...]:
    """The names of all policies, sorted."""
    return tuple(sorted(_POLICIES))
