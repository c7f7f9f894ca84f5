"""Another name for a model: its predictions, and all that is made of them, go by it from then on."""

from __future__ import annotations

from regrade.errors import InputError
from regrade.records.predictions import StoredPredictions
from regrade.store import journal, predictions
from regrade.workflow.clock import now
from regrade.workflow.predictions import choose_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


def rename_model(ws: Workspace, old: str, new: str, *, split: str = MAIN_SPLIT, by: str = "local") -> StoredPredictions:
    """Give a model's predictions on a split another name.

    Predictions do not change, so neither do grades, mistakes and cases, which name the model anew. The journal keeps
    both names.

    Args:
        ws: The workspace.
        old: The name now.
        new: The name from now on.
        split: The split; predictions of the same name on other splits keep it.
        by: Who does it, for the journal.

    Raises:
        ConflictError: The new name stands for predictions on the split.
        InputError: The new name is empty or holds control characters.
        NotFoundError: The model has no predictions on the split; the message lists those that have.
    """
    if not new.strip() or not new.isprintable():
        raise InputError("a name that can be read", got=repr(new[:80]), remedy="Choose another name for the model.")
    choose_predictions(ws, [old], split)
    with ws.store.write() as tx:
        renamed = predictions.rename_predictions(tx, split, old, new)
        facts = {"model": new, "before": old, "split": split, "digest": renamed.digest}
        journal.save_line(tx, actor=by, action="predictions.rename", facts=facts, at=now())
    return renamed
