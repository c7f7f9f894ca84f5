"""Classes and the guide to them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from regrade.web.schemas.base import In, Out


class NamedClassOut(Out):
    """A class with its name."""

    class_id: int
    name: str


class ClassOut(Out):
    """One class of the benchmark."""

    class_id: int
    key: str
    """Unique key (a WordNet id, say)."""
    name: str
    """Shown to people; may repeat."""
    definition: str
    """One sentence; empty where there is none."""


class CardOut(ClassOut):
    """What a reviewer is told about a class. It says nothing about the item that it is asked of."""

    text: str
    """What the panel has written down about telling it from others; may be empty."""
    neighbors: list[NamedClassOut]
    """What it is most easily taken for; as many for every class of a screen."""
    examples: list[str]
    """Media tokens of other items of this class; as many for every class of a screen."""


class GuideTextOut(Out):
    """One version of what the panel says of a class."""

    number: int
    """Counts from 1 within the class."""
    text: str
    author: str
    created_at: datetime


class GuideEntryOut(ClassOut):
    """What the guide says of one class.

    Examples come with the screens that ask of a class, as many for every class there: alone, their lack could tell a
    reviewer which class the panel's items were taken from.
    """

    text: str
    """In force; empty where nobody has written anything."""
    number: int
    """Of the text in force, 0 if there is none: an edit names the one that it was made from."""
    neighbors: list[NamedClassOut]
    """What it is most easily taken for."""
    history: list[GuideTextOut]
    """Newest first."""


class GuideEditIn(In):
    """Something else to say of a class."""

    text: str
    """Empty takes back what was said."""
    base: Annotated[int, Field(ge=0, lt=2**31)]
    """Number of the text that this one was made from, 0 where there was none."""


class DefinitionOut(Out):
    """A category or a severity."""

    key: str
    definition: str
    example: str
    """A case in words, to go on after "for example"; may be empty."""


class TaxonomyOut(Out):
    """What kinds of mistake there are, and how bad they can be."""

    name: str
    categories: list[DefinitionOut]
    severities: list[DefinitionOut]
