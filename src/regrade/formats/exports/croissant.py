"""Croissant: metadata of a label set in JSON-LD, with its verdicts in a Parquet file beside it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from regrade.formats.exports.registry import Document, register_export
from regrade.formats.exports.verdict_table import write_parquet
from regrade.records.provenance import LabelSheet

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{
        name: f"cr:{name}"
        for name in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet"),
            *("format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
            *("references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField"),
            "transform",
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
"""The terms of the specification: a validator warns of any that is left out."""

_FILE = "labels"
_FIELDS = (
    ("id", "sc:Text", False, "Id of the item."),
    ("original_label", "sc:Integer", False, "Class id of the benchmark's original label; empty: none."),
    ("correct", "sc:Integer", True, "Ids of the classes that are correct."),
    ("unclear", "sc:Integer", True, "Ids of the classes on which it is unclear; the policy multilabel accepts them."),
    ("wrong", "sc:Integer", True, "Ids of the classes that somebody judged wrong. In none of the three: never judged."),
    ("problematic", "sc:Boolean", False, "The item itself cannot be judged and is left out of grades."),
)
_CLASS_FIELDS = (
    ("class_id", "sc:Integer", "Number of the class, from 0."),
    ("key", "sc:Text", "Key of the class (a WordNet id, say)."),
    ("name", "sc:Text", "Name of the class; may repeat."),
)


@register_export("croissant", "Croissant metadata (JSON-LD), and the Parquet file that it describes beside it")
def write_croissant(sheet: LabelSheet) -> Document:
    """Metadata by the Croissant 1.0 specification; the file beside it is called `NAME@N.parquet`.

    Its records are the items with their verdicts, and the classes. License and address stand in it only if the user
    gave them; where one is missing, a warning says that the specification asks for it.

    Source: https://docs.mlcommons.org/croissant/docs/croissant-spec.html, version 1.0.
    """
    version = sheet.version
    table, name = write_parquet(sheet).content, f"{version.ref}.parquet"
    metadata = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": version.ref,
        "description": _describe(sheet),
        "version": f"{version.version}.0.0",
        "datePublished": version.created_at.isoformat(),
        "creator": {"@type": "sc:Person", "name": version.author},
        **({"license": sheet.license} if sheet.license else {}),
        **({"url": sheet.url} if sheet.url else {}),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": _FILE,
                "name": name,
                "contentUrl": name,
                "contentSize": f"{len(table)} B",
                "encodingFormat": "application/x-parquet",
                "sha256": hashlib.sha256(table).hexdigest(),
            }
        ],
        "recordSet": [_items(), _classes(sheet)],
    }
    missing = [name for name, value in (("license", sheet.license), ("url", sheet.url)) if not value]
    warnings = tuple(
        f"The metadata has no {name}, for which the specification asks: give one with --{name}." for name in missing
    )
    return Document(json.dumps(metadata, indent=1, ensure_ascii=False).encode(), warnings, ((name, table),))


def _describe(sheet: LabelSheet) -> str:
    labels, version = sheet.labels, sheet.version
    parent = f" from {version.parent}" if version.parent else ""
    return (
        f"Label set {version.ref} for the split {sheet.split.name} of {sheet.benchmark}: for each of"
        f" {len(labels.items)} items a verdict (correct, unclear, wrong) on each class that was judged."
        f" Made{parent} by {version.author}: {version.reason}." + ("" if sheet.license else " Its license is unknown.")
    )


def _items() -> dict[str, object]:
    return {
        "@type": "cr:RecordSet",
        "@id": "items",
        "name": "items",
        "description": "One record an item.",
        "key": {"@id": "items/id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"items/{name}",
                "name": name,
                "description": words,
                "dataType": kind,
                **({"repeated": True} if repeated else {}),
                "source": {"fileObject": {"@id": _FILE}, "extract": {"column": name}},
            }
            for name, kind, repeated, words in _FIELDS
        ],
    }


def _classes(sheet: LabelSheet) -> dict[str, object]:
    classes = sheet.classes
    rows = enumerate(zip(classes.keys, classes.names, strict=True))
    return {
        "@type": "cr:RecordSet",
        "@id": "classes",
        "name": "classes",
        "description": "What the class ids stand for.",
        "key": {"@id": "classes/class_id"},
        "field": [
            {"@type": "cr:Field", "@id": f"classes/{name}", "name": name, "description": words, "dataType": kind}
            for name, kind, words in _CLASS_FIELDS
        ],
        "data": [
            {"classes/class_id": class_id, "classes/key": key, "classes/name": name} for class_id, (key, name) in rows
        ],
    }
