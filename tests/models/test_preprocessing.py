"""Resize, crop and normalize: by hand, and against torchvision where it is installed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from regrade.errors import InputError
from regrade.models.options import Options
from regrade.models.preprocessing import IMAGENET_MEAN, IMAGENET_STD, OPTIONS, Preprocessing, read_preprocessing


def test_values_are_scaled_then_normalized_channel_by_channel() -> None:
    image = Image.new("RGB", (2, 2), (255, 51, 0))
    values = Preprocessing((2, 2), mean=(0.5, 0.2, 0.1), std=(0.5, 0.1, 0.2))(image)
    # (1 - 0.5) / 0.5, (0.2 - 0.2) / 0.1, (0 - 0.1) / 0.2
    assert values.shape == (3, 2, 2)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values[:, 0, 0], [1.0, 0.0, -0.5], atol=1e-6)
    assert (values == values[:, :1, :1]).all()


def test_grey_is_one_channel() -> None:
    values = Preprocessing((2, 2), mean=(0.0,), std=(1.0,))(Image.new("RGB", (2, 2), (51, 51, 51)))
    assert values.shape == (1, 2, 2)
    np.testing.assert_allclose(values, 0.2, atol=1e-6)


def columns(n_columns: int, n_rows: int) -> Image.Image:
    """An image whose columns have the values 0, 1, 2, ..."""
    row = np.arange(n_columns, dtype=np.uint8)
    return Image.fromarray(np.tile(row[:, None], (n_rows, 1, 3)))


def test_the_center_is_cut_out() -> None:
    # The height fits already; of 9 columns the middle 4 stay, from round((9 - 4) / 2) = round(2.5) = 2 on.
    cut = Preprocessing((4, 4), interpolation="nearest").cut(columns(9, 4))
    assert np.asarray(cut)[0, :, 0].tolist() == [2, 3, 4, 5]
    # 8 columns: from 2 on as well.
    assert np.asarray(Preprocessing((4, 4), interpolation="nearest").cut(columns(8, 4)))[0, :, 0].tolist() == [
        2,
        3,
        4,
        5,
    ]


def test_a_crop_share_enlarges_what_is_cut_from() -> None:
    # size / crop = 4 / 0.5 = 8: the image of 8 rows stays as it is, and its center is cut out.
    cut = Preprocessing((4, 4), crop=0.5, interpolation="nearest").cut(columns(12, 8))
    assert np.asarray(cut)[0, :, 0].tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize("size", [(4, 6), (6, 4), (5, 5), (1, 7)])
@pytest.mark.parametrize("shape", [(3, 100), (100, 3), (5, 5), (1, 1)])
def test_any_image_gives_the_size_that_was_asked_for(size: tuple[int, int], shape: tuple[int, int]) -> None:
    values = Preprocessing(size, crop=0.8)(Image.new("RGB", shape, "red"))
    assert values.shape == (3, *size)
    np.testing.assert_allclose(values[0], 1.0)


def test_every_option_is_read() -> None:
    given = {
        "channels": "1",
        "crop": "0.9",
        "interpolation": "bilinear",
        "mean": "0.5",
        "size": "32x48",
        "std": "0.25",
    }
    assert set(given) == set(OPTIONS)
    found = read_preprocessing(Options(given), Preprocessing((1, 1), mean=IMAGENET_MEAN, std=IMAGENET_STD))
    assert found == Preprocessing((32, 48), 0.9, "bilinear", (0.5,), (0.25,))


def test_what_is_not_set_stays() -> None:
    default = Preprocessing((8, 8), 0.875, "nearest", IMAGENET_MEAN, IMAGENET_STD)
    assert read_preprocessing(Options({}), default) == default


def test_a_number_a_channel_is_needed() -> None:
    with pytest.raises(InputError, match="--set mean: expected 3 numbers, joined by commas"):
        read_preprocessing(Options({"mean": "0.5"}), Preprocessing((8, 8)))


def test_it_says_what_it_does() -> None:
    said = Preprocessing((224, 224), 0.875, mean=IMAGENET_MEAN, std=IMAGENET_STD).describe()
    assert said == (
        "RGB, resized (bicubic) to cover 256 x 256, center 224 x 224, values 0 to 1, mean 0.485, 0.456, 0.406,"
        " std 0.229, 0.224, 0.225"
    )
    assert (
        Preprocessing((8, 9), mean=(0.0,), std=(1.0,)).describe().startswith("grey, resized (bicubic) to cover 8 x 9,")
    )


@pytest.mark.parametrize("shape", [(500, 375), (375, 500), (341, 256), (100, 700), (225, 224)])
def test_it_is_what_torchvision_does(shape: tuple[int, int]) -> None:
    transforms = pytest.importorskip("torchvision.transforms", reason="torchvision is not installed")
    mode = transforms.InterpolationMode.BICUBIC
    theirs = transforms.Compose(
        [
            transforms.Resize(256, interpolation=mode),
            transforms.CenterCrop(224),
            transforms.ToTensor(),
            transforms.Normalize(IMAGENET_MEAN, IMAGENET_STD),
        ]
    )
    noise = np.random.default_rng(0).integers(0, 256, (shape[1], shape[0], 3), dtype=np.uint8)
    image = Image.fromarray(noise)
    ours = Preprocessing((224, 224), 0.875, mean=IMAGENET_MEAN, std=IMAGENET_STD)(image)
    np.testing.assert_allclose(ours, theirs(image).numpy(), atol=1e-5)
