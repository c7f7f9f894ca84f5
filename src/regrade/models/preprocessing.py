"""What is done to an image before a model sees it, where the model brings no transform of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from PIL import Image

from regrade.models.options import Options

Transform = Callable[[Image.Image], object]
"""An image in RGB to what the model takes: an array, or a tensor."""

RESAMPLING = MappingProxyType(
    {
        "bicubic": Image.Resampling.BICUBIC,
        "bilinear": Image.Resampling.BILINEAR,
        "lanczos": Image.Resampling.LANCZOS,
        "nearest": Image.Resampling.NEAREST,
    }
)
OPTIONS = MappingProxyType(
    {
        "channels": "3 for RGB, 1 for grey",
        "crop": "share of the side that the center crop keeps, above 0 up to 1",
        "interpolation": f"how images are resized: {', '.join(RESAMPLING)}",
        "mean": "what is taken off each channel of values 0 to 1: one number a channel, joined by commas",
        "size": "height and width of what the model sees, as 224 or 224x320",
        "std": "what each channel is divided by after that: one number a channel, joined by commas",
    }
)
"""What can be set of it, with help."""

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """Resize, center crop, scale to 0..1, normalize: as torchvision's and timm's transforms for evaluation do."""

    size: tuple[int, int]
    """Height and width of the result in pixels."""
    crop: float = 1.0
    """The image is resized until it just covers size / crop, then its center is cut out."""
    interpolation: str = "bicubic"
    """A name in RESAMPLING."""
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    std: tuple[float, ...] = (1.0, 1.0, 1.0)
    """One number a channel, like `mean`: (value - mean) / std, with values in 0..1."""

    def __call__(self, image: Image.Image) -> npt.NDArray[np.float32]:
        """(channels, height, width) of an image in RGB."""
        values = np.asarray(self.cut(image), np.float32) / np.float32(255)
        values = values.reshape(*self.size, len(self.mean))
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        return np.ascontiguousarray(((values - mean) / std).transpose(2, 0, 1))

    def cut(self, image: Image.Image) -> Image.Image:
        """The image resized and cut, in RGB or grey, its values as they are."""
        height, width = self.size
        grey_or_color = image.convert("L" if len(self.mean) == 1 else "RGB")
        resized = grey_or_color.resize(self._covering(image), RESAMPLING[self.interpolation])
        left, top = round((resized.width - width) / 2), round((resized.height - height) / 2)
        return resized.crop((left, top, left + width, top + height))

    def _covering(self, image: Image.Image) -> tuple[int, int]:
        """Width and height of the image when it just covers size / crop."""
        height, width = (math.floor(side / self.crop) for side in self.size)
        if height * image.width >= width * image.height:  # the height decides
            return max(width, height * image.width // image.height), height
        return width, max(height, width * image.height // image.width)

    def describe(self) -> str:
        """One line for people."""
        height, width = self.size
        covered = " x ".join(str(math.floor(side / self.crop)) for side in self.size)
        channels = "RGB" if len(self.mean) == 3 else "grey"
        numbers = [", ".join(f"{value:g}" for value in values) for values in (self.mean, self.std)]
        return (
            f"{channels}, resized ({self.interpolation}) to cover {covered}, center {height} x {width},"
            f" values 0 to 1, mean {numbers[0]}, std {numbers[1]}"
        )


def read_preprocessing(options: Options, default: Preprocessing) -> Preprocessing:
    """The preprocessing that the options name; what they do not name is taken from the default.

    Raises:
        InputError: An option has a bad value.
    """
    n_channels = int(options.choice("channels", str(len(default.mean)), ("1", "3")))
    if n_channels != len(default.mean):
        default = replace(default, mean=default.mean[:1] * n_channels, std=default.std[:1] * n_channels)
    return Preprocessing(
        size=options.size("size", default.size) or default.size,
        crop=options.number("crop", default.crop, low=0.01, high=1.0),
        interpolation=options.choice("interpolation", default.interpolation, tuple(RESAMPLING)),
        mean=options.numbers("mean", default.mean, low=-1e6, high=1e6),
        std=options.numbers("std", default.std, low=1e-6, high=1e6),
    )
