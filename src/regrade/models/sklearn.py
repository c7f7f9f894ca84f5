"""scikit-learn estimators, and whatever else has `predict_proba` or `decision_function`."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from regrade.errors import InputError
from regrade.extras import describe_versions
from regrade.models.preprocessing import OPTIONS, Preprocessing, Transform, read_preprocessing
from regrade.models.references import Reference, is_reference, load_reference
from regrade.models.registry import Classifier, Embedder, ModelRequest, adapter, embeds
from regrade.records.classes import ClassList
from regrade.records.predictions import ScoreKind

_METHODS: dict[str, ScoreKind] = {"predict_proba": "probability", "decision_function": "score"}


@adapter(
    "sklearn",
    "a fitted estimator: MODULE:NAME or FILE.py:NAME of it, of (estimator, transform), or of a function that gives one",
    options=OPTIONS,
)
def load_sklearn(request: ModelRequest) -> Classifier:
    """An estimator with its transform from image to features; without one, the pixels are the features.

    Files with a pickle in them (joblib's too) are not opened: whoever wrote one can run any program by it. Who trusts a
    file opens it in a function of their own.

    Raises:
        InputError: The source is a file, what it names is no estimator, or its classes are not the benchmark's.
    """
    reference = _load_reference(request)
    estimator, transform = _split_pair(_resolve(reference.value), request)
    method = next((name for name in _METHODS if hasattr(estimator, name)), None)
    if method is None or not hasattr(estimator, "classes_"):
        raise InputError(
            "a fitted estimator with predict_proba or decision_function",
            got=type(estimator).__name__,
            where=request.source,
            remedy="Fit it before it is given here; an estimator that only names a class has no ranks.",
        )
    columns = _find_columns(estimator.classes_, request.classes, _METHODS[method], request.source)
    preparation = _describe(transform)

    def predict(features: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.floating]:
        outputs = getattr(estimator, method)(np.stack(features))
        return _place(_as_matrix(outputs), columns, len(request.classes))

    identity = _identify(request, reference, estimator, preparation)
    return Classifier(_flat(transform), predict, identity, preparation, _METHODS[method])


@embeds("sklearn")
def load_sklearn_embedder(request: ModelRequest) -> Embedder:
    """A fitted transformer (a PCA, a pipeline, ...), from the same sources: what its `transform` gives is the vector.

    Raises:
        InputError: The source is a file, or what it names has no `transform`.
    """
    reference = _load_reference(request)
    estimator, transform = _split_pair(_resolve(reference.value), request)
    if not callable(getattr(estimator, "transform", None)):
        raise InputError(
            "a fitted transformer, with a method transform",
            got=type(estimator).__name__,
            where=request.source,
            remedy="Name a PCA, say, or the steps of a pipeline before its classifier: pipeline[:-1].",
        )
    preparation = _describe(transform)

    def embed(features: Sequence[npt.NDArray[Any]]) -> npt.NDArray[np.floating]:
        outputs = estimator.transform(np.stack(features))
        return np.asarray(outputs.toarray() if hasattr(outputs, "toarray") else outputs)

    return Embedder(_flat(transform), embed, _identify(request, reference, estimator, preparation), preparation)


def _load_reference(request: ModelRequest) -> Reference:
    if not is_reference(request.source):
        raise InputError(
            "MODULE:NAME or FILE.py:NAME of an estimator, or of a function that gives one",
            got=repr(request.source),
            remedy="A pickled file can run any program when it is opened, so regrade opens none: if you trust it, open"
            " it in a function of your own (with joblib, or better skops) and name that function.",
        )
    return load_reference(request.source)


def _describe(transform: Transform) -> str:
    return transform.describe() if isinstance(transform, Preprocessing) else "the model's own transform"


def _flat(transform: Transform) -> Callable[[Image.Image], npt.NDArray[Any]]:
    """The transform, with its features in one row."""
    return lambda image: np.asarray(transform(image)).reshape(-1)


def _identify(request: ModelRequest, reference: Reference, estimator: object, preparation: str) -> tuple[str, ...]:
    versions = describe_versions("scikit-learn", "numpy", "pillow")
    return (request.source, reference.digest, _hash(estimator), preparation, *versions)


def _hash(estimator: object) -> str:
    """A digest of the fitted estimator: one that is fitted anew at every start may come out another each time."""
    import joblib  # noqa: PLC0415 - with scikit-learn only

    try:
        return str(joblib.hash(estimator))
    except (pickle.PicklingError, AttributeError, TypeError):
        return ""  # it holds a generator, say, or a function without a name: then its source file has to do


def _resolve(value: object) -> object:
    """The estimator, or the pair; a function that gives it is called."""
    is_ready = isinstance(value, tuple) or any(hasattr(value, name) for name in (*_METHODS, "fit", "transform"))
    return value() if not is_ready and callable(value) else value


def _split_pair(value: object, request: ModelRequest) -> tuple[Any, Transform]:
    if isinstance(value, tuple) and len(value) == 2 and callable(value[1]):
        return value
    size = request.options.size("size", None)
    if size is None:
        raise InputError(
            "a pair (estimator, transform), or an estimator of pixels and the option size",
            got="an estimator alone",
            where=request.source,
            remedy="Give --set size=HEIGHTxWIDTH (and --set channels=1 for grey), or return (estimator, transform).",
        )
    return value, read_preprocessing(request.options, Preprocessing(size))


def _find_columns(named: npt.NDArray[Any], classes: ClassList, kind: ScoreKind, where: str) -> npt.NDArray[np.intp]:
    """The class id of each column: an estimator names its classes by id or by key, and may not know all of them."""
    by_key = {key: class_id for class_id, key in enumerate(classes.keys)}
    ids = [
        int(name) if isinstance(name, int | np.integer) and 0 <= name < len(classes) else by_key.get(str(name), -1)
        for name in named
    ]
    unknown = [str(name) for name, class_id in zip(named, ids, strict=True) if class_id < 0]
    if unknown:
        raise InputError(
            f"classes_ of the estimator to be class ids 0..{len(classes) - 1} or class keys",
            got=unknown[0],
            where=where,
            n_more=len(unknown) - 1,
        )
    if kind == "score" and len(ids) < len(classes):
        raise InputError(
            f"an estimator that scores all {len(classes)} classes",
            got=f"one that knows {len(ids)}, and gives no probabilities",
            where=where,
        )
    return np.array(ids, np.intp)


def _as_matrix(outputs: Any) -> npt.NDArray[np.floating]:
    """(b, m) outputs; the one column of a two-class decision function as two."""
    matrix = np.asarray(outputs, np.float64)
    return np.stack([-matrix, matrix], axis=1) if matrix.ndim == 1 else matrix


def _place(
    outputs: npt.NDArray[np.floating], columns: npt.NDArray[np.intp], n_classes: int
) -> npt.NDArray[np.floating]:
    """Columns in the order of the benchmark's classes; a class that the estimator does not know has probability 0."""
    if outputs.shape[1:] != columns.shape:
        return outputs  # the caller says what is wrong with its shape
    placed = np.zeros((len(outputs), n_classes), outputs.dtype)
    placed[:, columns] = outputs
    return placed
