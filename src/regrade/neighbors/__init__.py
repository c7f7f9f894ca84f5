"""Search in embeddings: which items lie nearest to an item."""

from regrade.neighbors.search import NO_ITEM, Neighbors, find_nearest, measure_lengths

__all__ = ["NO_ITEM", "Neighbors", "find_nearest", "measure_lengths"]
