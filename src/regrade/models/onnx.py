"""ONNX models, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from regrade.errors import InputError
from regrade.extras import describe_versions, import_extra
from regrade.models.preprocessing import (
    IMAGENET_MEAN,
    IMAGENET_STD,
    OPTIONS,
    Preprocessing,
    Transform,
    read_preprocessing,
)
from regrade.models.references import digest_file, load_reference
from regrade.models.registry import Classifier, Embedder, Model, ModelRequest, adapter, embeds

_DTYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
}
_PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


@dataclass(frozen=True, slots=True)
class _Input:
    """What a model takes."""

    name: str
    dtype: npt.DTypeLike
    n_batch: int | None
    """Images that it takes at once; None: any number."""
    shape: tuple[int | None, ...]
    """Of one image: None where it may vary."""

    @property
    def channels_last(self) -> bool:
        """(height, width, channels), as TensorFlow's models have it."""
        return len(self.shape) == 3 and self.shape[0] not in (1, 3) and self.shape[2] in (1, 3)

    def arrange(self, array: object) -> npt.NDArray[Any]:
        """An image as (channels, height, width) in the layout of the model."""
        values = np.asarray(array)
        if len(self.shape) == 1:
            values = values.reshape(-1)
        elif self.channels_last:
            values = values.transpose(1, 2, 0)
        return values


@adapter(
    "onnx",
    "an ONNX file: images in, logits, probabilities or features out",
    options={
        **OPTIONS,
        "device": f"where it runs: {', '.join(_PROVIDERS)}",
        "input": "name of the input, if there are several",
        "output": "name of the output, if there are several",
        "transform": "MODULE:NAME or FILE.py:NAME of a function: an image in RGB to an array (channels, height, width)",
    },
)
def load_onnx(request: ModelRequest) -> Classifier:
    """An ONNX model. The file does not say how images are prepared: what no option says is ImageNet's usual way.

    Raises:
        InputError: onnxruntime is not installed, the file is no ONNX model, or it has an input that images do not fit.
    """
    model = _open(request)
    return Classifier(model.prepare, model.predict, model.identity, model.preparation)


@embeds("onnx")
def load_onnx_embedder(request: ModelRequest) -> Embedder:
    """The same, with an output of features: of several outputs, the option `output` names one.

    Raises:
        InputError: As `load_onnx`.
    """
    model = _open(request)
    return Embedder(model.prepare, model.predict, model.identity, model.preparation)


def _open(request: ModelRequest) -> Model:
    runtime = import_extra("onnxruntime", "onnx")
    digest = digest_file(request.source)
    provider = _PROVIDERS[request.options.choice("device", "cpu", tuple(_PROVIDERS))]
    if provider not in runtime.get_available_providers():
        raise InputError("a device that this onnxruntime runs on", got=provider, where="--set device")
    try:
        session = runtime.InferenceSession(request.source, providers=[provider])
    except _failures() as error:
        raise InputError("an ONNX model", got=str(error).splitlines()[0], where=request.source) from error
    source = _choose_input(session, request)
    output = _choose_output(session, request)
    transform, transform_id = _choose_transform(source, request)

    def prepare(image: Image.Image) -> npt.NDArray[Any]:
        return source.arrange(transform(image)).astype(source.dtype, copy=False)

    def predict(images: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.floating]:
        pieces = _pieces(np.stack(images), source.n_batch)
        return _flatten(np.concatenate([_run(session, source, output, piece) for piece in pieces]))

    preparation = transform.describe() if isinstance(transform, _Raw | Preprocessing) else "your own transform"
    identity = (digest, output, transform_id, *request.options.identity(), *describe_versions("onnxruntime", "pillow"))
    return Model(prepare, predict, identity, preparation)


def _failures() -> tuple[type[Exception], ...]:
    """What onnxruntime raises: classes of its compiled part, which derive from Exception directly."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - an extra

    names = (
        "Fail",
        "InvalidArgument",
        "InvalidGraph",
        "InvalidProtobuf",
        "NoSuchFile",
        "NotImplemented",
        "RuntimeException",
    )
    return tuple(getattr(state, name) for name in names if hasattr(state, name))


def _choose_input(session: Any, request: ModelRequest) -> _Input:
    node = _choose(session.get_inputs(), "input", request)
    shape = [side if isinstance(side, int) and side > 0 else None for side in node.shape]
    if node.type not in _DTYPES or len(shape) not in (2, 4):
        raise InputError(
            "an input of numbers (n, channels, height, width), (n, height, width, channels) or (n, pixels)",
            got=f"{node.name}: {node.type} {node.shape}",
            where=request.source,
        )
    return _Input(node.name, _DTYPES[node.type], shape[0], tuple(shape[1:]))


def _choose_output(session: Any, request: ModelRequest) -> str:
    outputs = session.get_outputs()
    if "output" not in request.options:  # a classifier of scikit-learn's also gives the label
        outputs = [node for node in outputs if node.type in _DTYPES] or outputs
    return str(_choose(outputs, "output", request).name)


def _choose(nodes: Sequence[Any], kind: str, request: ModelRequest) -> Any:
    name = request.options.text(kind)
    found = [node for node in nodes if name in (None, node.name)]
    if len(found) != 1:
        listed = ", ".join(node.name for node in nodes)
        raise InputError(
            f"one {kind}, or the name of one",
            got=name or f"{len(nodes)} {kind}s",
            remedy=f"Name one with --set {kind}=NAME: {listed}.",
            where=request.source,
        )
    return found[0]


@dataclass(frozen=True, slots=True)
class _Raw:
    """For a model that takes bytes: it scales and normalizes by itself."""

    preprocessing: Preprocessing

    def __call__(self, image: Image.Image) -> npt.NDArray[np.uint8]:
        values = np.asarray(self.preprocessing.cut(image), np.uint8)
        return values.reshape(*self.preprocessing.size, len(self.preprocessing.mean)).transpose(2, 0, 1)

    def describe(self) -> str:
        """One line for people."""
        return self.preprocessing.describe().split(", values")[0] + ", values 0 to 255"


def _choose_transform(source: _Input, request: ModelRequest) -> tuple[Transform, str]:
    """How images are prepared, and what its code is known by."""
    named = request.options.text("transform")
    if named is not None:
        reference = load_reference(named)
        if not callable(reference.value):
            raise InputError("a function from an image to an array", got=repr(reference.value), where=named)
        return reference.value, reference.digest
    preprocessing = read_preprocessing(request.options, _default(source, request))
    if source.dtype != np.uint8:
        return preprocessing, preprocessing.describe()
    if "mean" in request.options or "std" in request.options:
        raise InputError("no mean and no std", got="one of them", where=f"{request.source}, which takes bytes")
    raw = _Raw(preprocessing)
    return raw, raw.describe()


def _default(source: _Input, request: ModelRequest) -> Preprocessing:
    shape = source.shape
    n_channels = shape[2 if source.channels_last else 0] if len(shape) == 3 else None
    sides = (shape[:2] if source.channels_last else shape[1:]) if len(shape) == 3 else (None, None)
    size = request.options.size("size", None)
    if size is None:
        height, width = sides
        if height is None or width is None:
            raise InputError(
                "the size of the images", got=f"an input of any size {source.shape}", where=request.source,
                remedy="Give --set size=HEIGHTxWIDTH.",
            )  # fmt: skip
        size = (height, width)
    if n_channels == 1 or len(shape) == 1:
        return Preprocessing(size, mean=(0.0,), std=(1.0,))
    return Preprocessing(size, crop=0.875, mean=IMAGENET_MEAN, std=IMAGENET_STD)


def _pieces(batch: npt.NDArray[Any], n_batch: int | None) -> list[npt.NDArray[Any]]:
    return [batch] if n_batch is None else [batch[at : at + n_batch] for at in range(0, len(batch), n_batch)]


def _run(session: Any, source: _Input, output: str, part: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The outputs of some images; a model that takes a fixed number is given zeros beside them."""
    n_images = len(part)
    if source.n_batch is not None and n_images < source.n_batch:
        part = np.concatenate([part, np.zeros((source.n_batch - n_images, *part.shape[1:]), part.dtype)])
    try:
        (values,) = session.run([output], {source.name: part})
    except _failures() as error:
        raise InputError(
            f"images that the model takes: {source.shape}",
            got=f"{part.shape[1:]} ({str(error).splitlines()[0]})",
            remedy="Set size and channels, or give a transform of your own.",
        ) from error
    outputs = np.asarray(values)
    return outputs[:n_images]


def _flatten(outputs: npt.NDArray[Any]) -> npt.NDArray[np.floating]:
    """(b, C) outputs; some models keep sides of length 1 behind."""
    is_flat = outputs.ndim > 2 and set(outputs.shape[2:]) == {1}
    return outputs.reshape(outputs.shape[:2]) if is_flat else outputs
