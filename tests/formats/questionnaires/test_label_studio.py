"""Tasks and labeling configurations of Label Studio.

Both were tried with Label Studio 1.23 itself; `tests/formats/reviews/data` holds what it exported of such tasks.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from regrade.formats.questionnaires.label_studio import write_config, write_tasks
from regrade.records.exchange import QuestionSheet, ShownClass
from regrade.records.panel import CategoryDefinition, Pass, Taxonomy
from regrade.records.settings import DEFAULT_TAXONOMY

BAGEL, DOUGH = ShownClass(0, "k0", "bagel", "a ring"), ShownClass(1, "k1", "<b>dough</b> & co", "$image {{idx}}")
SHEET = QuestionSheet("item-ab", "/data/local-files/?d=x/1.png", Pass.VERDICT, "original@1", "q1", (DOUGH, BAGEL))


def controls(config: Element) -> list[tuple[str, str | None, str | None]]:
    """Tag, name and target of each control tag."""
    found = [tag for tag in config.iter() if tag.get("toName")]
    return [(tag.tag, tag.get("name"), tag.get("toName")) for tag in found]


def parse(content: bytes) -> Element:
    return fromstring(content)  # noqa: S314 - our own


def test_a_task_shows_its_classes_as_text() -> None:
    assert json.loads(write_tasks([SHEET])) == [
        {
            "data": {
                "image": "/data/local-files/?d=x/1.png",
                "item": "item-ab",
                "pass": "verdict",
                "labels": "original@1",
                "classes": [
                    {"class_id": 1, "key": "k1", "name": "<b>dough</b> & co", "definition": "$image {{idx}}"},
                    {"class_id": 0, "key": "k0", "name": "bagel", "definition": "a ring"},
                ],
            }
        }
    ]


def test_a_task_of_the_second_pass_tells_roles() -> None:
    sheet = replace(SHEET, pass_=Pass.KIND, classes=(DOUGH,), accepted=(BAGEL,))
    (task,) = json.loads(write_tasks([sheet]))
    assert (task["data"]["name"], task["data"]["accepted"], task["data"]["pass"]) == (DOUGH.name, "bagel", "kind")
    (bare,) = json.loads(write_tasks([replace(sheet, accepted=())]))
    assert bare["data"]["accepted"] == "none"


def test_the_tasks_have_the_keys_of_those_that_label_studio_was_given() -> None:
    data = Path(__file__).parents[1] / "reviews" / "data"
    for name, sheet in (("first_pass", SHEET), ("second_pass", replace(SHEET, pass_=Pass.KIND))):
        tried = json.loads((data / f"{name}.json").read_text(encoding="utf-8"))[0]["data"]
        (task,) = json.loads(write_tasks([sheet]))
        assert list(task["data"]) == list(tried)


def test_the_first_pass_repeats_one_choice_a_class() -> None:
    config = parse(write_config(Pass.VERDICT, DEFAULT_TAXONOMY))
    assert controls(config) == [
        ("Choices", "verdict_{{idx}}", "guide_{{idx}}"),
        ("Choices", "problematic", "image"),
        ("TextArea", "note", "image"),
    ]
    (repeater,) = config.iter("Repeater")
    assert (repeater.get("on"), repeater.get("indexFlag")) == ("$classes", "{{idx}}")
    assert [tag.get("value") for tag in repeater.iter("Choice")] == ["correct", "unclear", "wrong"]
    (image,) = config.iter("Image")
    assert image.get("value") == "$image"


def test_the_second_pass_asks_in_the_taxonomy_s_words() -> None:
    odd = Taxonomy("own", (CategoryDefinition('a<b "c"', "costs $5 & more"),), (CategoryDefinition("bad", "it is"),))
    config = parse(write_config(Pass.KIND, odd))
    assert controls(config) == [
        ("Choices", "category", "image"),
        ("Choices", "severity", "image"),
        ("TextArea", "note", "image"),
    ]
    # Label Studio stores the alias, and would take $5 for a variable of the task
    assert [(tag.get("alias"), tag.get("value")) for tag in config.iter("Choice")] == [
        ('a<b "c"', 'a<b "c": costs \N{FULLWIDTH DOLLAR SIGN}5 & more'),
        ("bad", "bad: it is"),
    ]
