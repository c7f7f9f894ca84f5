"""What the tables are made of: words, times, references to each other, and how their constraints are called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    MetaData,
    String,
    TypeDecorator,
    text,
)

from regrade.records.panel import Purpose


class Word(TypeDecorator[str]):
    """A member of a fixed set of words. A driver may store an enumeration by its name, so plain text is all it gets."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy names its arguments
        """The word as plain text."""
        return None if value is None else str(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC. SQLite keeps no zone, so every time is brought to UTC on its way in and marked on its way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy names its arguments
        """Bring a time to UTC; one without a zone is our own mistake."""
        if value is None:
            return None
        assert value.tzinfo is not None, "times are given in UTC"  # noqa: S101 - for mypy: it cannot be otherwise
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy names its arguments
        """Mark a time as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of the values, or NULL where it may."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=column)


def refers_to(table: str) -> ForeignKey:
    """The id of a row of another table."""
    return ForeignKey(f"{table}.id")


def purpose_column() -> Column[str]:
    """What a screen and its reviews are for."""
    return Column("purpose", Word, nullable=False, server_default=Purpose.PANEL)


def flag_column(name: str) -> Column[bool]:
    """A column that says no where nothing is said."""
    return Column(name, Boolean, nullable=False, server_default=text("false"))
