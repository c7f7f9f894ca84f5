"""What all that goes out and comes in as JSON has in common."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Figure = Annotated[float | None, BeforeValidator(lambda value: None if value != value else value)]  # noqa: PLR0124 - NaN alone differs from itself
"""A figure that may be undefined: JSON has no NaN, so null stands for it."""
ClassId = Annotated[int, Field(ge=0, lt=2**31, description="Index of a class, from 0.")]


class Out(BaseModel):
    """Sent: made from a record's attributes, and nothing else of the record."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)

    @classmethod
    def of(cls, record: object, **more: object) -> Self:
        """From a record's attributes, and from what is named beside them."""
        found = {name: getattr(record, name) for name in cls.model_fields if name not in more}
        return cls.model_validate(found | more)


class In(BaseModel):
    """Received: no key that is not listed, no text for a number, no number for true or false, no infinity."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True)
