"""Adapters that run a classifier: one adapter a file, outside ones by the entry point group `regrade.adapters`."""

from regrade.models.onnx import load_onnx
from regrade.models.registry import Adapter, Classifier, ModelRequest, adapter, find_adapter, list_adapters
from regrade.models.sklearn import load_sklearn
from regrade.models.torch import load_torch

__all__ = [
    "Adapter",
    "Classifier",
    "ModelRequest",
    "adapter",
    "find_adapter",
    "list_adapters",
    "load_onnx",
    "load_sklearn",
    "load_torch",
]
