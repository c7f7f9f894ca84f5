"""Which items the panel is asked about: nothing in the class guide may come from one of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.store import Transaction, questions
from regrade.workflow.workspace import Workspace


class AskedItems:
    """The items of one split with a question, read on from where it was left: questions are never taken away.

    Attributes:
        mask: (n,) whether there is a question on each item of the split. Replaced, never changed.
        n_items: How many items have one; grows with every item that is asked about for the first time.
    """

    def __init__(self, n_items: int) -> None:
        self.mask: npt.NDArray[np.bool_] = np.zeros(n_items, dtype=np.bool_)
        self.n_items = 0
        self._newest = 0

    def read_on(self, tx: Transaction, split: str) -> None:
        """Take in the questions that have been asked since. Two threads at once do the same twice, and no harm."""
        newest = questions.load_newest_id(tx, split)
        if newest <= self._newest:
            return
        mask = self.mask.copy()
        mask[questions.load_asked_items(tx, split, after=self._newest)] = True
        self.mask, self.n_items, self._newest = mask, int(mask.sum()), newest


def load_asked_items(ws: Workspace, split: str) -> AskedItems:
    """The items of a split that the panel is asked about, as of now."""
    with ws.store.read() as tx:
        return read_asked_items(ws, tx, split)


def read_asked_items(ws: Workspace, tx: Transaction, split: str) -> AskedItems:
    """The same, with at least what a transaction sees."""
    asked = ws.kept(("asked", split), lambda: AskedItems(len(ws.split(split))))
    asked.read_on(tx, split)
    return asked
