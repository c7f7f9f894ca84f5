"""ONNX models, made by the onnx library and run by a real onnxruntime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from regrade.errors import InputError
from regrade.models import Classifier, find_adapter
from regrade.records.classes import ClassList
from tests.models.conftest import WriteModule

onnx = pytest.importorskip("onnx", reason="the library onnx, which makes the models of these tests, is not installed")
pytest.importorskip("onnxruntime", reason='onnxruntime is not installed: pip install "regrade[onnx]"')

WEIGHTS = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 2.0]], np.float32)
BIAS = np.array([0.25, -0.25, 0.0], np.float32)
FEATURES: dict[str, list[Any]] = {"color": [None, 3], "tall": [None, 3, 1, 1]}
"""Shapes of what the model can give before and behind its logits."""

Save = Callable[..., Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """A model that takes the mean color of an image, and multiplies it with WEIGHTS; gives its path."""

    def _save(
        shape: Sequence[Any] = ("n", 3, 4, 4),
        dtype: str = "FLOAT",
        axes: tuple[int, int] = (2, 3),
        features: Sequence[str] = (),
    ) -> Path:
        helper, proto = onnx.helper, onnx.TensorProto
        nodes = [
            helper.make_node("Cast", ["image"], ["numbers"], to=proto.FLOAT),
            helper.make_node("ReduceMean", ["numbers", "axes"], ["color"], keepdims=0),
            helper.make_node("Gemm", ["color", "weights", "bias"], ["logits"]),
            helper.make_node("ArgMax", ["logits"], ["label"], axis=1, keepdims=0),
            helper.make_node("Unsqueeze", ["logits", "two"], ["tall"]),
        ]
        graph = helper.make_graph(
            nodes,
            "mean color",
            [helper.make_tensor_value_info("image", getattr(proto, dtype), list(shape))],
            [
                helper.make_tensor_value_info("label", proto.INT64, [None]),
                helper.make_tensor_value_info("logits", proto.FLOAT, [None, 3]),
                *(helper.make_tensor_value_info(name, proto.FLOAT, FEATURES[name]) for name in features),
            ],
            [
                onnx.numpy_helper.from_array(WEIGHTS, "weights"),
                onnx.numpy_helper.from_array(BIAS, "bias"),
                onnx.numpy_helper.from_array(np.array(axes, np.int64), "axes"),
                onnx.numpy_helper.from_array(np.array([2, 3], np.int64), "two"),
            ],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
        onnx.checker.check_model(model)
        onnx.save(model, tmp_path / "model.onnx")
        return tmp_path / "model.onnx"

    return _save


COLORS = [(255, 0, 0), (51, 102, 153), (0, 0, 0)]


@pytest.fixture
def colors() -> list[Image.Image]:
    return [Image.new("RGB", (9, 7), color) for color in COLORS]


def run(classifier: Classifier, images: list[Image.Image]) -> npt.NDArray[np.floating]:
    return classifier.predict([classifier.prepare(image) for image in images])


def expected(mean: Sequence[float], std: Sequence[float], colors: Sequence[Any] = COLORS) -> npt.NDArray[np.floating]:
    values = (np.array(colors) / 255 - np.array(mean)) / np.array(std)
    found: npt.NDArray[np.floating] = values @ WEIGHTS + BIAS
    return found


PLAIN = {"mean": "0,0,0", "std": "1,1,1"}


@pytest.mark.parametrize(
    ("shape", "axes"),
    [(("n", 3, 4, 4), (2, 3)), (("n", 4, 4, 3), (1, 2)), ((1, 3, 4, 4), (2, 3)), ((2, 3, 4, 4), (2, 3))],
    ids=["channels first", "channels last", "one at a time", "two at a time"],
)
def test_images_are_given_as_the_model_wants_them(
    save: Save, classes: ClassList, colors: list[Image.Image], shape: Sequence[Any], axes: tuple[int, int]
) -> None:
    classifier = find_adapter("onnx")(str(save(shape, axes=axes)), PLAIN, classes)
    np.testing.assert_allclose(run(classifier, colors), expected((0, 0, 0), (1, 1, 1)), atol=1e-6)


@pytest.mark.parametrize(("dtype", "tolerance"), [("FLOAT16", 1e-2), ("DOUBLE", 1e-6)])
def test_numbers_of_any_width_are_given(
    save: Save, classes: ClassList, colors: list[Image.Image], dtype: str, tolerance: float
) -> None:
    classifier = find_adapter("onnx")(str(save(dtype=dtype)), PLAIN, classes)
    np.testing.assert_allclose(run(classifier, colors), expected((0, 0, 0), (1, 1, 1)), atol=tolerance)


def test_a_model_of_bytes_gets_bytes(save: Save, classes: ClassList, colors: list[Image.Image]) -> None:
    path = str(save(dtype="UINT8"))
    classifier = find_adapter("onnx")(path, {}, classes)
    np.testing.assert_allclose(run(classifier, colors), np.array(COLORS) @ WEIGHTS + BIAS, rtol=1e-6)
    assert classifier.preparation.endswith("center 4 x 4, values 0 to 255")
    with pytest.raises(InputError, match="which takes bytes: expected no mean and no std"):
        find_adapter("onnx")(path, {"mean": "0,0,0"}, classes)


def test_without_options_images_are_prepared_as_for_imagenet_and_it_is_said(
    save: Save, classes: ClassList, colors: list[Image.Image]
) -> None:
    classifier = find_adapter("onnx")(str(save()), {}, classes)
    rows = expected((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    np.testing.assert_allclose(run(classifier, colors), rows, atol=1e-5)
    assert "mean 0.485, 0.456, 0.406" in classifier.preparation


def test_an_input_of_any_size_needs_one(save: Save, classes: ClassList, colors: list[Image.Image]) -> None:
    path = str(save(("n", 3, "height", "width")))
    with pytest.raises(
        InputError, match=r"expected the size of the images; got an input of any size \(3, None, None\)"
    ):
        find_adapter("onnx")(path, PLAIN, classes)
    classifier = find_adapter("onnx")(path, {**PLAIN, "size": "5x6"}, classes)
    assert classifier.prepare(colors[0]).shape == (3, 5, 6)
    np.testing.assert_allclose(run(classifier, colors), expected((0, 0, 0), (1, 1, 1)), atol=1e-6)


def test_a_transform_of_ones_own(
    save: Save, write_module: WriteModule, classes: ClassList, colors: list[Image.Image]
) -> None:
    module = write_module(
        "import numpy as np\ndef f(image):\n    return np.asarray(image)[:4, :4].transpose(2, 0, 1) / 255.0\nx = 3\n"
    )
    classifier = find_adapter("onnx")(str(save()), {"transform": f"{module}:f"}, classes)
    np.testing.assert_allclose(run(classifier, colors), expected((0, 0, 0), (1, 1, 1)), atol=1e-6)
    assert classifier.preparation == "your own transform"
    with pytest.raises(InputError, match="expected a function from an image to an array; got 3"):
        find_adapter("onnx")(str(save()), {"transform": f"{module}:x"}, classes)


def test_pixels_in_one_row(tmp_path: Path, classes: ClassList) -> None:
    """As a converter of scikit-learn's models writes them: one row an image, and the label beside the probabilities."""
    helper, proto = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "w"], ["y"]),
            helper.make_node("Softmax", ["y"], ["probabilities"]),
            helper.make_node("ArgMax", ["y"], ["label"], axis=1, keepdims=0),
        ],
        "rows",
        [helper.make_tensor_value_info("x", proto.FLOAT, [None, 4])],
        [
            helper.make_tensor_value_info("label", proto.INT64, [None]),
            helper.make_tensor_value_info("probabilities", proto.FLOAT, [None, 3]),
        ],
        [onnx.numpy_helper.from_array(np.eye(4, 3, dtype=np.float32), "w")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), tmp_path / "m.onnx")
    classifier = find_adapter("onnx")(str(tmp_path / "m.onnx"), {"size": "2"}, classes)
    grey = np.array([[255, 0], [0, 51]], np.uint8)
    outputs = run(classifier, [Image.fromarray(grey).convert("RGB")])
    # The row is 1, 0, 0, 0.2; eye(4, 3) keeps the first three; softmax of 1, 0, 0 is e, 1, 1 over e + 2.
    np.testing.assert_allclose(outputs, [[np.e / (np.e + 2), 1 / (np.e + 2), 1 / (np.e + 2)]], rtol=1e-6)
    with pytest.raises(InputError, match=r"expected images that the model takes: \(4,\); got \(9,\)"):
        run(find_adapter("onnx")(str(tmp_path / "m.onnx"), {"size": "3"}, classes), [Image.new("RGB", (3, 3))])


def test_outputs_can_be_chosen(save: Save, tmp_path: Path, classes: ClassList, colors: list[Image.Image]) -> None:
    model = onnx.load(save())
    model.graph.output.append(onnx.helper.make_tensor_value_info("tall", onnx.TensorProto.FLOAT, [None, 3, 1, 1]))
    onnx.save(model, tmp_path / "two.onnx")
    path = str(tmp_path / "two.onnx")
    with pytest.raises(InputError, match=r"expected one output, .*; got 2 outputs. Name one .*: logits, tall\."):
        find_adapter("onnx")(path, PLAIN, classes)
    with pytest.raises(InputError, match=r"got absent\. Name one with --set output=NAME: label, logits, tall\."):
        find_adapter("onnx")(path, {**PLAIN, "output": "absent"}, classes)
    for name in ("logits", "tall"):  # the sides of length 1 are dropped
        classifier = find_adapter("onnx")(path, {**PLAIN, "output": name}, classes)
        np.testing.assert_allclose(run(classifier, colors), expected((0, 0, 0), (1, 1, 1)), atol=1e-6)


def test_a_text_input_is_refused(tmp_path: Path, classes: ClassList) -> None:
    helper, proto = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [helper.make_node("Identity", ["words"], ["out"])],
        "text",
        [helper.make_tensor_value_info("words", proto.STRING, [None, 4])],
        [helper.make_tensor_value_info("out", proto.STRING, [None, 4])],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), tmp_path / "m.onnx")
    with pytest.raises(InputError, match=r"expected an input of numbers .*; got words: tensor\(string\)"):
        find_adapter("onnx")(str(tmp_path / "m.onnx"), {}, classes)


def test_what_is_no_model_is_refused(tmp_path: Path, classes: ClassList) -> None:
    path = tmp_path / "m.onnx"
    with pytest.raises(InputError, match="expected a model's file; got No such file"):
        find_adapter("onnx")(str(path), {}, classes)
    for content in (b"", b"no model at all"):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"m\.onnx: expected an ONNX model; got"):
            find_adapter("onnx")(str(path), {}, classes)


def test_a_device_that_is_not_there_is_refused(save: Save, classes: ClassList) -> None:
    with pytest.raises(InputError, match="--set device: expected one of cpu, cuda; got 'tpu'"):
        find_adapter("onnx")(str(save()), {"device": "tpu"}, classes)


def test_the_identity_follows_the_file_and_the_options(save: Save, classes: ClassList) -> None:
    path = str(save())
    first = find_adapter("onnx")(path, PLAIN, classes).identity
    assert find_adapter("onnx")(path, PLAIN, classes).identity == first
    assert find_adapter("onnx")(path, {**PLAIN, "crop": "0.5"}, classes).identity != first
    save(("n", 4, 4, 3), axes=(1, 2))
    assert find_adapter("onnx")(path, PLAIN, classes).identity != first


@pytest.mark.parametrize(
    ("output", "expected_vectors"),
    [
        ("color", np.array(COLORS) / 255),
        ("tall", np.array(COLORS) / 255 @ WEIGHTS + BIAS),  # (n, 3, 1, 1): the last two sides are left out
    ],
)
def test_an_embedder_gives_the_output_that_is_named(
    save: Save, classes: ClassList, colors: list[Image.Image], output: str, expected_vectors: npt.NDArray[np.floating]
) -> None:
    path = str(save(features=("color", "tall")))
    embedder = find_adapter("onnx").open_embedder(path, {**PLAIN, "output": output}, classes)
    vectors = embedder.predict([embedder.prepare(image) for image in colors])
    np.testing.assert_allclose(vectors, expected_vectors, atol=1e-6)
    assert output in embedder.identity


def test_an_embedder_of_several_outputs_needs_one_named(save: Save, classes: ClassList) -> None:
    with pytest.raises(InputError, match=r"one output, or the name of one; got 2 outputs\. .*--set output=NAME"):
        find_adapter("onnx").open_embedder(str(save(features=("color",))), PLAIN, classes)
