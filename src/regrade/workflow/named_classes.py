"""Classes as pages and programs show them: by id and name."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class NamedClass:
    """A class with its name."""

    class_id: int
    name: str


def named_class(ws: Workspace, class_id: int) -> NamedClass:
    """A class with its name."""
    return NamedClass(class_id, ws.classes.titles[class_id])
