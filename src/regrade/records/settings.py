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
            "Rings of raw dough on a tray, called bagels.",
        ),
        CategoryDefinition(
            "fine-grained out-of-vocabulary",
            "What the image shows is no class of the benchmark; the prediction is its look-alike.",
            "A doughnut, where no class is one, called a bagel.",
        ),
        CategoryDefinition(
            "spurious correlation",
            "It goes by the surroundings or by something that often stands beside the class.",
            "A toaster on a breakfast table, called a bagel: there is none.",
        ),
        CategoryDefinition(
            "non-prototypical",
            "The object is one of its class, but an unusual one.",
            "A bagel dyed in the colors of the rainbow, called a candle.",
        ),
    ),
    severities=(
        CategoryDefinition("major", "A careful person would never say this.", "A sleeping cat, called a bagel."),
        CategoryDefinition(
            "borderline",
            "Hard to say how bad it is; summaries count it as minor.",
            "A round loaf with a dent where a hole could be, called a bagel.",
        ),
        CategoryDefinition("minor", "An understandable mistake.", "Dough that is half baked through, called a bagel."),
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
