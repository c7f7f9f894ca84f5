"""Judgements of mistakes that were made elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from regrade.formats.mistakes_json import (
    CATEGORY_KEY,
    SEVERITY_KEY,
    ReviewedMistakes,
    looks_like_mistakes,
    read_mistakes,
)
from regrade.formats.places import show
from regrade.formats.registry import Registry
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.labels import Verdict
from regrade.records.panel import CategoryDefinition, Judgement, JudgementFile, Taxonomy

JudgementReader = Callable[[Source, Split, ClassList, Taxonomy], JudgementFile]

JUDGEMENT_FORMATS: Registry[JudgementReader] = Registry("judgements")

_CATEGORY_KEYS = {
    "Fine-grained error": "fine-grained",
    "Fine-grained error with OOV": "fine-grained out-of-vocabulary",
    "Fine-grained with Multilabel Options": "fine-grained",
    "Spurious Correlation": "spurious correlation",
    "Non-prototypical": "non-prototypical",
}
_NOTED = frozenset({"Fine-grained with Multilabel Options"})
"""The source's categories that the taxonomy's words blur: the judgement keeps them in its note."""
_SEVERITY_KEYS = {"Major": "major", "Borderline": "borderline", "Minor": "minor"}


def read_judgements(
    path: Path,
    *,
    format: str = "imagenet-mistakes",
    split: Split,
    classes: ClassList,
    taxonomy: Taxonomy,
) -> JudgementFile:
    """Judgements of (item, class) pairs: verdict, category and severity in the taxonomy's keys.

    Args:
        path: The file.
        format: Name of its format.
        split: The split that holds the items.
        classes: The classes of the benchmark.
        taxonomy: The categories and severities of the workspace.

    Raises:
        InputError: Unknown format, item, class, category or severity; or the taxonomy lacks a key that the file needs.
    """
    return JUDGEMENT_FORMATS.find(format)(Source(path), split, classes, taxonomy)


def holds_judgements(path: Path) -> bool:
    """Whether a file's content looks like one of the formats of judgements.

    Raises:
        InputError: It cannot be read.
    """
    return JUDGEMENT_FORMATS.fits(Source(path))


@JUDGEMENT_FORMATS.register(
    "imagenet-mistakes",
    'JSON {file: {"top_prediction", "failure category", "failure severity"}}, each judged wrong',
    matches=looks_like_mistakes,
)
def read_imagenet_mistakes(source: Source, split: Split, classes: ClassList, taxonomy: Taxonomy) -> JudgementFile:
    """The panel's judgements as google-research/imagenet-mistakes released them: every prediction in it is wrong.

    Source: Vasudevan et al. 2022 (arXiv 2205.04596), section 4.
    """
    mistakes = read_mistakes(source, split, classes)
    categories = _map_words(mistakes, CATEGORY_KEY, _CATEGORY_KEYS, taxonomy.categories)
    severities = _map_words(mistakes, SEVERITY_KEY, _SEVERITY_KEYS, taxonomy.severities)
    words = [str(entry[CATEGORY_KEY]) for entry in mistakes.entries]
    judgements = tuple(
        Judgement(int(item), int(class_id), Verdict.WRONG, category, severity, note=word if word in _NOTED else "")
        for item, class_id, category, severity, word in zip(
            mistakes.items, mistakes.classes, categories, severities, words, strict=True
        )
    )
    noted = Counter(word for word in words if word in _NOTED)
    return JudgementFile(
        judgements,
        tuple(
            f"{count} {'judgement says' if count == 1 else 'judgements say'} {word!r}: read as "
            f"{_CATEGORY_KEYS[word]!r}, the source's words are kept in the note."
            for word, count in noted.items()
        ),
    )


def _map_words(
    mistakes: ReviewedMistakes, field: str, keys: dict[str, str], known: Sequence[CategoryDefinition]
) -> list[str]:
    words = [entry.get(field) for entry in mistakes.entries]
    bad = [row for row, word in enumerate(words) if not isinstance(word, str) or word not in keys]
    if bad:
        raise mistakes.place.error(
            f'"{field}" to be one of {", ".join(keys)}', got=show(words[bad[0]]), rows=bad, remedy="Correct the word."
        )
    found = [keys[str(word)] for word in words]
    names = [definition.key for definition in known]
    lacking = [row for row, key in enumerate(found) if key not in names]
    if lacking:
        raise mistakes.place.error(
            f"the workspace's taxonomy to have {found[lacking[0]]!r}, which {words[lacking[0]]!r} means",
            got=f"only {', '.join(names)}",
            rows=lacking,
            remedy="Add it to the taxonomy in regrade.toml.",
        )
    return found
