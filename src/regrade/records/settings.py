"""The settings of a workspace (`regrade.toml`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from regrade.records.panel import CategoryDefinition, Protocol, Taxonomy

DEFAULT_TAXONOMY = Taxonomy(
    name="bagel",
    categories=(
        CategoryDefinition(
            "fine-grained",
            "It mixes up two classes that are alike and hard to tell apart.",
            "rings of raw dough, called bagels",
        ),
        CategoryDefinition(
            "fine-grained out-of-vocabulary",
            "What the image shows is no class of the benchmark; the prediction is its look-alike.",
            "a doughnut, no class here, called a bagel",
        ),
        CategoryDefinition(
            "spurious correlation",
            "It goes by the surroundings or by something that often stands beside the class.",
            "a toaster without any, called a bagel",
        ),
        CategoryDefinition(
            "non-prototypical",
            "The object is one of its class, but an unusual one.",
            "a rainbow-colored bagel, called a candle",
        ),
    ),
    severities=(
        CategoryDefinition("major", "A careful person would never say this.", "a sleeping cat, called a bagel"),
        CategoryDefinition(
            "borderline",
            "Hard to say how bad it is; summaries count it as minor.",
            "a round loaf with a dent, called a bagel",
        ),
        CategoryDefinition("minor", "An understandable mistake.", "half-baked dough, called a bagel"),
    ),
)
"""Categories and severities of Vasudevan et al. 2022, section 4 (definitions and examples in our own words)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `regrade.toml` says."""

    name: str
    media_type: str = "image"
    protocol: Protocol = field(default_factory=Protocol)
    taxonomy: Taxonomy = DEFAULT_TAXONOMY
