"""Files of embeddings: one module a format."""

from regrade.formats.embeddings.named_vectors import read_named_vectors
from regrade.formats.embeddings.registry import EMBEDDING_FORMATS, read_embeddings
from regrade.formats.embeddings.vector_column import read_vector_column
from regrade.formats.embeddings.vectors import read_vectors

__all__ = ["EMBEDDING_FORMATS", "read_embeddings", "read_named_vectors", "read_vector_column", "read_vectors"]
