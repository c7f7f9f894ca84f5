"""Adapters that run classifiers and embedders: one a file, outside ones by the entry point group `regrade.adapters`."""

from regrade.models.onnx import load_onnx, load_onnx_embedder
from regrade.models.registry import (
    Adapter,
    Classifier,
    Embedder,
    Model,
    ModelRequest,
    adapter,
    embeds,
    find_adapter,
    list_adapters,
)
from regrade.models.sklearn import load_sklearn, load_sklearn_embedder
from regrade.models.torch import load_torch, load_torch_embedder

__all__ = [
    "Adapter",
    "Classifier",
    "Embedder",
    "Model",
    "ModelRequest",
    "adapter",
    "embeds",
    "find_adapter",
    "list_adapters",
    "load_onnx",
    "load_onnx_embedder",
    "load_sklearn",
    "load_sklearn_embedder",
    "load_torch",
    "load_torch_embedder",
]
