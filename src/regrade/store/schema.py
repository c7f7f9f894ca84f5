"""The version of a database's schema: read it, and bring an older one up to date (only that loads Alembic)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from regrade.errors import SchemaError

HEAD = "0010"
"""The newest revision below `migrations/versions`; a test holds the two together."""
MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"


def read_version(tx: Connection) -> str | None:
    """The revision of the database; None if it holds no tables of regrade's."""
    if not inspect(tx).has_table(_VERSION_TABLE):
        return None
    return tx.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar_one_or_none()  # noqa: S608 - a constant


def upgrade_schema(tx: Connection, *, target: str = "head", migrations: Path = MIGRATIONS) -> None:
    """Bring an older database, or an empty one, to a revision within the caller's transaction.

    Args:
        tx: A write transaction: all of the upgrade is in it, or nothing.
        target: The revision to reach.
        migrations: The folder of migrations.

    Raises:
        SchemaError: The database's revision is none that this program knows.
    """
    from alembic import command  # noqa: PLC0415 - takes 0.3 s, and an opened database seldom needs it
    from alembic.config import Config  # noqa: PLC0415 - takes long to import
    from alembic.util import CommandError  # noqa: PLC0415 - takes long to import

    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = tx
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise SchemaError(
            f"The database has schema {read_version(tx)}; this version of regrade knows them up to {HEAD}.",
            remedy="Use a newer version of regrade.",
        ) from error
