"""Writes the routes and shapes of docs/api.md from the OpenAPI document; `--check` only says whether they are right."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from regrade.web.api.document import ROLES_KEY, make_document
from regrade.web.api.routing import ALWAYS, REFUSALS

PAGE = Path(__file__).resolve().parent.parent / "docs" / "api.md"
MADE = "## Routes\n"
"""From this heading on the page is made; what stands above it is written by hand."""

Schema = Mapping[str, Any]


def reference() -> str:
    """The page as it should be."""
    written, _, _ = PAGE.read_text(encoding="utf-8").partition(MADE)
    document = make_document()
    return written + "\n".join((*_routes(document), *_shapes(document["components"]["schemas"]))) + "\n"


def _routes(document: Schema) -> Iterator[str]:
    yield MADE
    yield "Made from `/api/v1/openapi.json` by `scripts/docs`; a test holds it up to date. Any request may be answered"
    yield f"by {', '.join(map(str, ALWAYS))}; what else may come is named with the route."
    for tag in document["tags"]:
        yield f"\n### {tag['name']}\n\n{tag['description']}"
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if tag["name"] in operation["tags"]:
                    yield from _route(f"{method.upper()} {path}", operation)


def _route(name: str, operation: Schema) -> Iterator[str]:
    yield f"\n#### `{name}`\n\n{_line(operation['description'])} Open to {', '.join(operation[ROLES_KEY])}.\n"
    rows = [_parameter(row) for row in operation.get("parameters", ())]
    if rows:
        yield "\n".join(("| parameter | where | type | meaning |", "|---|---|---|---|", *rows, ""))
    if "requestBody" in operation:
        yield f"Body: {_content(operation['requestBody'])}. " + _answers(operation["responses"])
    else:
        yield _answers(operation["responses"])


def _answers(responses: Mapping[str, Schema]) -> str:
    done = next(status for status in responses if status.startswith("2"))
    what = _content(responses[done]) if done == "200" else f"{done}, {_content(responses[done])}"
    errors = ", ".join(status for status in responses if int(status) in REFUSALS and int(status) not in ALWAYS)
    return f"Answer: {what}. Errors: {errors}." if errors else f"Answer: {what}."


def _content(part: Schema) -> str:
    content = part.get("content", {})
    if not content:
        return "nothing"
    return _type(content["application/json"]["schema"]) if "application/json" in content else " or ".join(content)


def _parameter(row: Schema) -> str:
    name = f"`{row['name']}`" if row.get("required") else f"`{row['name']}` = {_default(row['schema'])}"
    return f"| {name} | {row['in']} | {_type(row['schema'])} | {_line(row.get('description', ''))} |"


def _default(schema: Schema) -> str:
    value = schema.get("default")
    return "none" if value in (None, [], "") else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _shapes(schemas: Mapping[str, Schema]) -> Iterator[str]:
    yield "\n## Shapes"
    for name, schema in sorted(schemas.items()):
        yield f"\n#### {name}\n\n{_line(schema.get('description', ''))}\n"
        if "enum" in schema:
            yield _type(schema)
            continue
        required = set(schema.get("required", ()))
        yield "| field | type | meaning |\n|---|---|---|"
        for field, part in schema["properties"].items():
            optional = "may be left out" if name.endswith("In") and field not in required else ""
            meaning = " ".join(filter(None, (_line(part.get("description", "")), optional)))
            yield f"| `{field}` | {_type(part)} | {meaning} |"


def _type(schema: Schema) -> str:
    """A type in words; a shape of its own is a link."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " · ".join(f"`{word}`" for word in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if schema.get("type") == "object":
        return f"object of {_type(schema['additionalProperties'])}"
    name = {"integer": "whole number", "boolean": "true or false", "string": "text"}.get(schema["type"], schema["type"])
    name = "time" if schema.get("format") == "date-time" else name
    bounds = [f"{sign} {schema[key]:,}" for key, sign in BOUNDS.items() if key in schema]
    return f"{name} {' and '.join(bounds)}".strip()


BOUNDS = {"minimum": "≥", "maximum": "≤", "exclusiveMaximum": "<"}


def _line(text: str) -> str:
    """On one line, and without the sign that ends a table's cell."""
    return " ".join(text.split()).replace("|", "\\|")


def main() -> int:
    """Write the page, or with --check compare it."""
    made = reference()
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != made)
    PAGE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
