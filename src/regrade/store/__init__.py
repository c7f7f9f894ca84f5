"""The only SQL and the only array files; speaks records. Each module has `save_*`, `load_*`, `list_*` functions."""

from __future__ import annotations

from regrade.store.store import Store, Transaction, create_store, open_store

__all__ = ["Store", "Transaction", "create_store", "open_store"]
