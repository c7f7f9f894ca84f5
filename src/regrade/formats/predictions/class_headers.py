"""Headers that name classes: whether a table has a column for each class, and which."""

from __future__ import annotations

from regrade.formats.class_cells import UNKNOWN, ClassLookup
from regrade.formats.item_ids import ID_COLUMNS, OTHER_ID_COLUMNS
from regrade.formats.places import list_some
from regrade.formats.sources import TABLES, Source
from regrade.formats.tables import Table
from regrade.records.classes import ClassList


def has_class_columns(source: Source, classes: ClassList) -> bool:
    """Whether a table has a column for most of the classes: a few may be missing or misspelled, which is then said."""
    if source.container not in TABLES:
        return False
    lookup = ClassLookup(classes, names=True)
    ids = (*ID_COLUMNS, *OTHER_ID_COLUMNS)
    named = {lookup.find_text(column) for column in source.table.columns if column not in ids} - {UNKNOWN}
    return 2 * len(named) > len(classes)


def match_columns(table: Table, id_column: str, classes: ClassList) -> list[str]:
    """The column of each class, in the order of the classes. Columns that name no class are left out.

    Raises:
        InputError: A class has no column, or more than one.
    """
    lookup = ClassLookup(classes, names=True)
    found: dict[int, str] = {}
    for column in table.columns:
        class_id = UNKNOWN if column == id_column else lookup.find_text(column)
        if class_id in found:
            raise table.place.file_error(
                f"one column for the class {class_id} ({classes.keys[class_id]})",
                got=list_some([found[class_id], column]),
                remedy="Keep one of them.",
            )
        if class_id != UNKNOWN:
            found[class_id] = column
    missing = [classes.keys[class_id] for class_id in range(len(classes)) if class_id not in found]
    if missing:
        raise table.place.file_error(
            f"a column for each of the {len(classes)} classes, called by key, class id or unique name",
            got=f"none for {len(missing)} of them: {list_some(missing)} (columns {list_some(table.columns)})",
            remedy="Add them, or rename the columns to the keys of the classes file.",
        )
    return [found[class_id] for class_id in range(len(classes))]
