"""PyTorch models: any that a function builds, or a local checkpoint of one of timm's architectures."""

from __future__ import annotations

import difflib
import hashlib
import pickle
from collections.abc import Sequence
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
from regrade.models.references import digest_file, is_reference, load_reference
from regrade.models.registry import Classifier, Embedder, Model, ModelRequest, adapter, embeds


@adapter(
    "torch",
    "MODULE:NAME or FILE.py:NAME of a function that builds (model, transform) or a model, or a checkpoint (timm)",
    options={
        **OPTIONS,
        "arch": "the architecture of a checkpoint, as timm names it",
        "device": "where it runs: cpu, cuda, cuda:1, mps, ...",
    },
)
def load_torch(request: ModelRequest) -> Classifier:
    """A PyTorch model in evaluation mode, with its transform: the one it comes with, timm's, or ImageNet's usual one.

    Checkpoints are opened with `weights_only`, so none can run a program. Nothing is downloaded.

    Raises:
        InputError: PyTorch (for a checkpoint: timm) is not installed, or the source gives no model.
    """
    model = _open(request, features=False)
    return Classifier(model.prepare, model.predict, model.identity, model.preparation)


@embeds("torch")
def load_torch_embedder(request: ModelRequest) -> Embedder:
    """The same, giving features: timm's models the pooled ones before their classifier, any other what it gives.

    A checkpoint of timm's may be for any number of classes: what lies behind the features is not loaded.

    Raises:
        InputError: As `load_torch`.
    """
    model = _open(request, features=True)
    return Embedder(model.prepare, model.predict, model.identity, model.preparation)


def _open(request: ModelRequest, *, features: bool) -> Model:
    torch = import_extra("torch", "torch")
    if is_reference(request.source):
        model, transform, digest = _build(torch, request)
        packages = ["torch", "pillow"]
    else:
        model, transform, digest = _load_checkpoint(request, features=features), None, digest_file(request.source)
        packages = ["torch", "timm", "pillow"]
    if features and hasattr(model, "reset_classifier"):
        model.reset_classifier(0)
    device = _choose_device(torch, request)
    model = model.to(device).eval()
    transform, preparation = (
        (transform, "the model's own transform") if transform else _choose_transform(model, request)
    )

    dtype = next((value.dtype for value in model.parameters() if value.is_floating_point()), torch.float32)

    def prepare(image: Image.Image) -> Any:
        return torch.as_tensor(_as_array(transform(image)))

    def predict(images: Sequence[Any]) -> npt.NDArray[np.floating]:
        batch = torch.stack(list(images))
        with torch.inference_mode():
            outputs = model(batch.to(device, dtype if batch.is_floating_point() else None))
        return _as_outputs(torch, outputs, request.source, wanted="pooler_output" if features else "logits")

    identity = (digest, _digest_weights(torch, model), preparation, str(device), *describe_versions(*packages))
    return Model(prepare, predict, identity, preparation)


def _build(torch: Any, request: ModelRequest) -> tuple[Any, Transform | None, str]:
    """Model, transform if there is one, and the digest of the code."""
    if "arch" in request.options:
        raise InputError("arch for a checkpoint only", got=request.source, where="--set arch")
    reference = load_reference(request.source)
    value = reference.value
    if callable(value) and not isinstance(value, torch.nn.Module):
        value = value()
    model, transform = value if isinstance(value, tuple) and len(value) == 2 else (value, None)
    if not isinstance(model, torch.nn.Module) or not (transform is None or callable(transform)):
        raise InputError(
            "a torch.nn.Module, a pair of one and a transform, or a function that gives either",
            got=f"a value of type {type(value).__name__}",
            where=request.source,
        )
    return model, transform, reference.digest


def _load_checkpoint(request: ModelRequest, *, features: bool) -> Any:
    timm = import_extra("timm", "torch")
    arch = request.options.text("arch")
    if arch is None or not timm.is_model(arch):
        near = difflib.get_close_matches(arch or "", timm.list_models(), n=3)
        raise InputError(
            "the architecture of the checkpoint, as timm names it",
            got=arch or "none",
            remedy=f"Give --set arch=NAME{f'; alike are {chr(44).join(near)}' if near else ''}.",
            where=request.source,
        )
    digest_file(request.source)  # a file that cannot be read is said so here
    n_classes = 0 if features else len(request.classes)
    model = timm.create_model(arch, pretrained=False, num_classes=n_classes)
    try:
        left = timm.models.load_checkpoint(model, request.source, strict=not features, weights_only=True)
        if features:
            _check_left(left, model)
    except (RuntimeError, KeyError, ValueError, EOFError, AttributeError, pickle.UnpicklingError) as error:
        raise InputError(
            f"a checkpoint of {arch}" + ("" if features else f" with {n_classes} classes"),
            got=str(error).splitlines()[0][:200] if str(error) else type(error).__name__,
            where=request.source,
            remedy="It must hold weights alone (a state dict); for another model name a function that builds it.",
        ) from error
    return model


def _check_left(left: Any, model: Any) -> None:
    """Check that of a checkpoint nothing but the classifier was left out, and that nothing of the model lacks weights.

    Raises:
        RuntimeError: As a strict load does.
    """
    if left is None:  # weights in another library's arrays, which timm reads as it knows the architecture
        return
    named = model.pretrained_cfg.get("classifier", ())
    heads = tuple(f"{name}." for name in ((named,) if isinstance(named, str) else named))
    unexpected = [key for key in left.unexpected_keys if not key.startswith(heads)]
    if left.missing_keys or unexpected:
        raise RuntimeError(f"missing keys: {left.missing_keys[:3]}, unexpected keys: {unexpected[:3]}")


def _choose_device(torch: Any, request: ModelRequest) -> Any:
    name = request.options.text("device", "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # PyTorch says by an assertion that it has no CUDA
        got = f"{name} ({str(error).splitlines()[0]})"
        raise InputError("a device that PyTorch runs on here", got=got, where="--set device") from error
    return device


def _choose_transform(model: Any, request: ModelRequest) -> tuple[Transform, str]:
    """The transform of timm for a model of timm's, else ours; options win over what a model says of itself."""
    config = getattr(model, "pretrained_cfg", None)
    default = Preprocessing((224, 224), 0.875, mean=IMAGENET_MEAN, std=IMAGENET_STD)
    if config is None:
        preprocessing = read_preprocessing(request.options, default)
        return preprocessing, preprocessing.describe()
    data = import_extra("timm.data", "torch")
    found = data.resolve_model_data_config(model)
    said = Preprocessing(
        tuple(found["input_size"][1:]),
        found["crop_pct"],
        found["interpolation"],
        tuple(found["mean"]),
        tuple(found["std"]),
    )
    wanted = read_preprocessing(request.options, said)
    changed = {
        "input_size": (len(wanted.mean), *wanted.size),
        "crop_pct": wanted.crop,
        "interpolation": wanted.interpolation,
        "mean": wanted.mean,
        "std": wanted.std,
    }
    return data.create_transform(**{**found, **changed}, is_training=False), (
        f"{wanted.describe()} (timm, {found['crop_mode']})"
    )


def _as_array(value: object) -> Any:
    """A tensor as it is, anything else as an array."""
    return value if hasattr(value, "is_floating_point") else np.asarray(value)


def _as_outputs(torch: Any, outputs: Any, source: str, *, wanted: str) -> npt.NDArray[np.floating]:
    """The outputs, or what is wanted of them (the logits, say), as float32 on this machine."""
    tensor = getattr(outputs, wanted, outputs)
    if not isinstance(tensor, torch.Tensor):
        raise InputError(f"one tensor of outputs, or something with {wanted}", got=type(tensor).__name__, where=source)
    values: npt.NDArray[np.floating] = tensor.float().cpu().numpy()
    return values


def _digest_weights(torch: Any, model: Any) -> str:
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        if isinstance(value, torch.Tensor):
            flat = value.detach().cpu().contiguous().reshape(-1)
            digest.update(f"{value.dtype} {tuple(value.shape)}".encode())
            digest.update(flat.view(torch.uint8).numpy().tobytes() if flat.numel() else b"")
    return digest.hexdigest()
