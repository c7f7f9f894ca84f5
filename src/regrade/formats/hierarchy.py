"""The hypernyms above the classes, from CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from regrade.formats.class_cells import UNKNOWN, ClassLookup
from regrade.formats.item_ids import refuse_repeated_texts
from regrade.formats.places import Place, show
from regrade.formats.sources import Source
from regrade.formats.tables import Table
from regrade.records.classes import ClassList, Hierarchy

DESCRIPTION = "CSV of edges: a column that starts with child, one that starts with parent; if there, their names"

_KEY_ENDINGS = ("", "_wnid", "_key", "_id")
_NAME_ENDING = "_name"
_NUMBER = re.compile(r"[-+]?[\d.]+")


def read_hierarchy(path: Path, *, classes: ClassList) -> Hierarchy:
    """The graph above the classes; a node may have several parents.

    Args:
        path: CSV of edges, each once: `child`, `child_wnid`, `child_key` or `child_id` (or another column that starts
            so), the same for `parent`, and if there `child_name`, `parent_name`. A number is a class id; any other text
            is a key, of a class or of a node above.
        classes: The classes of the benchmark.

    Returns:
        Edges in the order of the file, by key; the name of each node, the first one that the file gives.

    Raises:
        InputError: A cell is empty or a number that is no class id, an edge comes twice or leads to itself, edges form
            a circle, or no child is a class.
    """
    table = Source(path).csv
    table.require()
    lookup = ClassLookup(classes)
    children = _read_nodes(table, _choose_column(table, "child"), classes, lookup)
    parents = _read_nodes(table, _choose_column(table, "parent"), classes, lookup)
    _check_edges(children, parents, table.place)
    if not any(lookup.find_key(child) != UNKNOWN for child in set(children)):
        raise table.place.file_error(
            f"edges whose children are classes (such as {show(classes.keys[0])})",
            got=f"none (the first child is {show(children[0])})",
            remedy="Use the keys or ids of the classes file.",
        )
    return Hierarchy(tuple(children), tuple(parents), _read_names(table, children, parents))


def _choose_column(table: Table, start: str) -> str:
    named = [name for name in table.columns if name.startswith(start)]
    for ending in _KEY_ENDINGS:
        if start + ending in named:
            return start + ending
    others = [name for name in named if name != start + _NAME_ENDING and not name.startswith(f"{start}_is_")]
    if len(others) == 1:
        return others[0]
    if not named:
        raise table.header_error("a column that starts with child and one that starts with parent", missing=[start])
    raise table.place.file_error(
        f"one column that names the {start}", got=f"the columns {', '.join(named)}", remedy=f"Name it {start}."
    )


def _read_nodes(table: Table, column: str, classes: ClassList, lookup: ClassLookup) -> list[str]:
    nodes = table.texts(column)
    numbers = {text: lookup.find_text(text) for text in set(nodes) if _NUMBER.fullmatch(text)}
    bad = [row for row, text in enumerate(nodes) if numbers.get(text, 0) == UNKNOWN]
    if bad:
        raise table.place.error(
            f"{lookup.expected}, or the key of a node above",
            got=show(nodes[bad[0]]),
            rows=bad,
            remedy="A number is read as a class id: put a letter before the numbers of nodes above the classes.",
        )
    return [classes.keys[numbers[text]] if text in numbers else text for text in nodes]


def _check_edges(children: Sequence[str], parents: Sequence[str], place: Place) -> None:
    edges = [f"{child} -> {parent}" for child, parent in zip(children, parents, strict=True)]
    refuse_repeated_texts(edges, place, expected="each edge once")
    rows = {edge: row for row, edge in enumerate(edges)}
    loops = [row for row, (child, parent) in enumerate(zip(children, parents, strict=True)) if child == parent]
    if loops:
        raise place.error("two different nodes", got=edges[loops[0]], rows=loops, remedy="Delete the edge.")
    graph: dict[str, set[str]] = {}
    for child, parent in zip(children, parents, strict=True):
        graph.setdefault(child, set()).add(parent)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # The circle is listed from each node to one that has it among its parents, so an edge is read backwards.
        parent, child = error.args[1][:2]
        edge = f"{child} -> {parent}"
        circle = " -> ".join(reversed(error.args[1]))
        raise place.error(
            "edges that lead upward only",
            got=f"{edge}, which closes the circle {circle}",
            rows=[rows[edge]],
            remedy="Delete one of its edges.",
        ) from error


def _read_names(table: Table, children: Sequence[str], parents: Sequence[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for column, nodes in (("child_name", children), ("parent_name", parents)):
        if column in table.columns:
            for node, name in zip(nodes, table.texts(column, optional=True), strict=True):
                if name:
                    names.setdefault(node, name)
    return names
