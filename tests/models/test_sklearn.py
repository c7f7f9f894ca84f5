"""scikit-learn estimators, on the pixels of small images."""

from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from regrade.errors import InputError
from regrade.models import Classifier, find_adapter
from regrade.records.classes import ClassList
from tests.models.conftest import WriteModule

MODULE = """
    import numpy as np
    from sklearn.linear_model import LogisticRegression, RidgeClassifier
    from sklearn.svm import SVC

    rng = np.random.default_rng(0)
    pixels = rng.uniform(size=(60, 16))
    labels = rng.integers(0, 3, 60)
    names = np.array(["bagel", "dough", "pretzel"])

    fitted = LogisticRegression().fit(pixels, labels)
    by_key = LogisticRegression().fit(pixels, names[labels])
    two_of_three = LogisticRegression().fit(pixels, labels % 2 * 2)  # knows the classes 0 and 2
    distances = SVC(decision_function_shape="ovr").fit(pixels, labels)
    too_few_distances = SVC().fit(pixels, labels % 2)
    unfitted = LogisticRegression()
    others = LogisticRegression().fit(pixels, labels + 7)
    floats = LogisticRegression().fit(pixels, labels + 0.0)
    only_names = type("OnlyNames", (), {"fit": None, "predict": None})()
    nothing = 3

    def build():
        return fitted

    def corner(image):
        return np.asarray(image.convert("L").crop((0, 0, 4, 4))) / 255.0

    def build_pair():
        return fitted, corner

    pair = (fitted, corner)

    from scipy.sparse import csr_matrix
    from sklearn.decomposition import PCA
    from sklearn.preprocessing import FunctionTransformer

    pca = (PCA(3).fit(pixels), corner)
    sparse = (FunctionTransformer(csr_matrix), corner)

    def build_pca():
        return pca
"""


@pytest.fixture
def module(write_module: WriteModule) -> Path:
    return write_module(MODULE)


def load(path: Path, name: str, classes: ClassList, **options: str) -> Classifier:
    return find_adapter("sklearn")(f"{path}:{name}", options, classes)


def run(classifier: Classifier, images: list[Image.Image]) -> npt.NDArray[np.floating]:
    outputs: npt.NDArray[np.floating] = classifier.predict([classifier.prepare(image) for image in images])
    return outputs


@pytest.fixture
def expected(images: list[Image.Image]) -> npt.NDArray[np.floating]:
    """What the estimator itself says of the images' top left corners."""
    rng = np.random.default_rng(0)
    estimator = LogisticRegression().fit(rng.uniform(size=(60, 16)), rng.integers(0, 3, 60))
    corners = [np.asarray(image.convert("L"))[:4, :4].reshape(-1) / 255.0 for image in images]
    found: npt.NDArray[np.floating] = estimator.predict_proba(np.stack(corners))
    return found


@pytest.mark.parametrize("name", ["pair", "build_pair"])
def test_a_pair_brings_its_own_transform(
    module: Path, name: str, classes: ClassList, images: list[Image.Image], expected: npt.NDArray[np.floating]
) -> None:
    classifier = load(module, name, classes)
    np.testing.assert_allclose(run(classifier, images), expected)
    assert (classifier.score_kind, classifier.preparation) == ("probability", "the model's own transform")


@pytest.mark.parametrize("name", ["fitted", "build", "by_key"])
def test_pixels_are_the_features_of_an_estimator_alone(module: Path, name: str, classes: ClassList) -> None:
    classifier = load(module, name, classes, size="4", channels="1")
    grey = np.arange(16, dtype=np.uint8).reshape(4, 4) * 16
    features = classifier.prepare(Image.fromarray(grey).convert("RGB"))
    np.testing.assert_allclose(features, grey.reshape(-1) / 255.0, atol=1e-6)
    assert classifier.predict([features, features]).shape == (2, 3)
    assert classifier.preparation.startswith("grey, resized (bicubic) to cover 4 x 4, center 4 x 4")


def test_a_class_that_the_estimator_does_not_know_has_no_probability(
    module: Path, classes: ClassList, images: list[Image.Image]
) -> None:
    outputs = run(load(module, "two_of_three", classes, size="4", channels="1"), images)
    assert outputs[:, 1].tolist() == [0.0] * 5
    np.testing.assert_allclose(outputs.sum(axis=1), 1.0)


def test_distances_are_scores_of_another_kind(module: Path, classes: ClassList, images: list[Image.Image]) -> None:
    classifier = load(module, "distances", classes, size="4", channels="1")
    assert classifier.score_kind == "score"
    rng = np.random.default_rng(0)
    estimator = SVC(decision_function_shape="ovr").fit(rng.uniform(size=(60, 16)), rng.integers(0, 3, 60))
    features = np.stack([classifier.prepare(image) for image in images])
    np.testing.assert_allclose(run(classifier, images), estimator.decision_function(features))


def test_one_distance_of_two_classes_is_two(write_module: WriteModule) -> None:
    path = write_module(MODULE)
    two = ClassList(("a", "b"), ("a", "b"), ("", ""), ("", ""))
    classifier = load(path, "too_few_distances", two, size="4", channels="1")
    outputs = run(classifier, [Image.new("RGB", (4, 4), "red")])
    assert outputs.shape == (1, 2)
    assert outputs[0, 0] == -outputs[0, 1]


def test_another_estimator_is_another_identity(module: Path, write_module: WriteModule, classes: ClassList) -> None:
    first = load(module, "pair", classes).identity
    assert load(module, "pair", classes).identity == first
    assert load(module, "build_pair", classes).identity != first
    fitted = [load(module, name, classes, size="4", channels="1").identity[2] for name in ("fitted", "two_of_three")]
    assert fitted[0] != fitted[1]
    write_module(MODULE + "    # changed\n")
    assert load(module, "pair", classes).identity != first


def test_an_estimator_that_cannot_be_hashed_is_known_by_its_file(write_module: WriteModule, classes: ClassList) -> None:
    path = write_module(MODULE + "    fitted.hook = (n for n in ())\n")
    assert load(path, "pair", classes).identity[2] == ""


@pytest.mark.parametrize("suffix", [".joblib", ".pkl", ".skops"])
def test_a_pickled_file_is_never_opened(tmp_path: Path, classes: ClassList, suffix: str) -> None:
    path = tmp_path / f"model{suffix}"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

    joblib.dump(Trap(), path)
    with pytest.raises(InputError, match="A pickled file can run any program when it is opened, so regrade opens none"):
        find_adapter("sklearn")(str(path), {}, classes)
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nothing", "expected a fitted estimator with predict_proba or decision_function; got int"),
        ("only_names", "expected a fitted estimator with predict_proba or decision_function; got OnlyNames"),
        ("unfitted", "expected a fitted estimator with .*; got LogisticRegression"),
        ("others", r"expected classes_ of the estimator to be class ids 0\.\.2 or class keys; got 7 \(2 more"),
        ("floats", r"expected classes_ of the estimator to be class ids .*; got 0\.0"),
        ("too_few_distances", "expected an estimator that scores all 3 classes; got one that knows 2"),
    ],
)
def test_what_does_not_fit_is_refused(module: Path, name: str, message: str, classes: ClassList) -> None:
    with pytest.raises(InputError, match=message):
        load(module, name, classes, size="4", channels="1")


def test_an_estimator_alone_needs_a_size(module: Path, classes: ClassList) -> None:
    with pytest.raises(InputError, match=r"expected a pair .estimator, transform., or .*; got an estimator alone"):
        load(module, "fitted", classes)


@pytest.mark.parametrize("name", ["pca", "build_pca"])
def test_a_transformer_gives_vectors(module: Path, name: str, classes: ClassList, images: list[Image.Image]) -> None:
    embedder = find_adapter("sklearn").open_embedder(f"{module}:{name}", {}, classes)
    vectors = embedder.predict([embedder.prepare(image) for image in images])
    pixels = np.random.default_rng(0).uniform(size=(60, 16))
    corners = np.stack([np.asarray(image.convert("L").crop((0, 0, 4, 4))).ravel() / 255.0 for image in images])
    # The principal axes by NumPy alone; each is known up to its sign.
    axes = np.linalg.svd(pixels - pixels.mean(axis=0))[2][:3]
    np.testing.assert_allclose(np.abs(vectors), np.abs((corners - pixels.mean(axis=0)) @ axes.T), atol=1e-9)
    assert embedder.preparation == "the model's own transform"


def test_sparse_vectors_are_made_whole(module: Path, classes: ClassList, images: list[Image.Image]) -> None:
    embedder = find_adapter("sklearn").open_embedder(f"{module}:sparse", {}, classes)
    vectors = embedder.predict([embedder.prepare(image) for image in images])
    np.testing.assert_array_equal(vectors, np.stack([embedder.prepare(image) for image in images]))


def test_what_transforms_nothing_is_no_embedder(module: Path, classes: ClassList) -> None:
    with pytest.raises(InputError, match="a fitted transformer, with a method transform; got LogisticRegression"):
        find_adapter("sklearn").open_embedder(f"{module}:pair", {}, classes)
    with pytest.raises(InputError, match="regrade opens none"):
        find_adapter("sklearn").open_embedder("pca.joblib", {}, classes)


def test_an_embedders_identity_follows_what_was_fitted(
    module: Path, write_module: WriteModule, classes: ClassList
) -> None:
    first = find_adapter("sklearn").open_embedder(f"{module}:pca", {}, classes).identity
    assert find_adapter("sklearn").open_embedder(f"{module}:pca", {}, classes).identity == first
    write_module(MODULE.replace("PCA(3)", "PCA(4)"))
    assert find_adapter("sklearn").open_embedder(f"{module}:pca", {}, classes).identity != first
