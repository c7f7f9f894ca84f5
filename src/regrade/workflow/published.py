"""Label sets that their makers publish on the web: where they stand, and by what their files are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regrade.errors import InputError


@dataclass(frozen=True, slots=True)
class PublishedLabels:
    """One published label file."""

    title: str
    """What it is, in a few words."""
    url: str
    sha256: str
    """SHA-256 of the file as published, hex."""
    n_bytes: int
    """Its length."""
    format: str
    """The format of labels that it is read in."""
    elsewhere: str
    """Where else a copy may be had, in a sentence."""


PUBLISHED: Mapping[str, PublishedLabels] = MappingProxyType(
    {
        "imagenet-multilabel": PublishedLabels(
            title="ImageNet multi-labels, version 3.0.0 (Shankar et al. 2020, Vasudevan et al. 2022)",
            url="https://storage.googleapis.com/brain-car-datasets/imagenet-mistakes/human_accuracy_v3.0.0.json",
            # As TensorFlow Datasets lists the file in the checksums of imagenet2012_multilabel.
            sha256="d5b2b6111fc9efea16aaebd21bc5a401d16ad18285d3fd99635d8b32ebdb6287",
            n_bytes=200_417_830,
            format="human-accuracy",
            elsewhere="Whoever has built imagenet2012_multilabel with TensorFlow Datasets has a copy in its downloads.",
        ),
        "imagenet-real": PublishedLabels(
            title="ReaL labels of ImageNet (Beyer et al. 2020)",
            url="https://raw.githubusercontent.com/google-research/reassessed-imagenet/"
            "bcd006fe12e929f055e0ec7fe39dbf4d64a6881a/real.json",
            sha256="d83e9bff374c631aae8439eb064c7019acc56e1b3bc3f56b8380c2a710b0220b",
            n_bytes=388_478,
            format="real",
            elsewhere="The repository google-research/reassessed-imagenet on GitHub holds it as real.json.",
        ),
    }
)
"""By the name that `regrade labels fetch` knows them by."""


def find_published(name: str) -> PublishedLabels:
    """The published labels of that name.

    Raises:
        InputError: There are none; the message lists those there are.
    """
    if name not in PUBLISHED:
        raise InputError(f"one of {', '.join(PUBLISHED)}", got=name, where="labels to fetch")
    return PUBLISHED[name]
