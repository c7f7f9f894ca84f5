"""`regrade.toml`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.records.panel import CategoryDefinition, Protocol, Taxonomy
from regrade.records.settings import DEFAULT_TAXONOMY, Settings
from regrade.workflow.settings import SETTINGS_FILE, read_settings, write_settings

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


PROTOCOLS = st.builds(
    Protocol,
    n_reviewers=st.integers(1, 100),
    rule=st.sampled_from(["unanimous", "majority"]),
    blind_model=st.booleans(),
    blind_roles=st.booleans(),
    blind_peers=st.booleans(),
    blind_suggestions=st.booleans(),
    max_classes_per_screen=st.integers(1, 100),
    adjudication=st.sampled_from(["single", "vote"]),
    n_adjudicators=st.integers(1, 100),
    gold_share=st.floats(0, 0.5),
    order=st.sampled_from(["random", "groups"]),
    reveal=st.booleans(),
).filter(lambda protocol: protocol.blind_peers or not protocol.gold_share)


@given(name=texts, words=texts, example=texts, protocol=PROTOCOLS)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, name: str, words: str, example: str, protocol: Protocol
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    rows = (CategoryDefinition(words, name, example),)
    settings = Settings(name, "image", protocol, Taxonomy(words, rows, rows))
    write_settings(folder, settings)
    assert read_settings(folder) == settings


def test_what_is_left_out_takes_its_default(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text("")
    assert read_settings(tmp_path) == Settings(tmp_path.name, "image", Protocol(), DEFAULT_TAXONOMY)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("name = ", "TOML"),
        ("nmae = 'x'", "nmae"),
        ("name = 3", "name: expected a value of type str"),
        ("[protocol]\nreviewers = 0", "1 to 100"),
        ("[protocol]\nreviewers = true", "regrade.toml, protocol.reviewers: expected a whole number"),
        ("[protocol]\nreviewers = '2'", "a whole number from 1 to 100; got '2'"),
        ("[protocol]\nrule = 'loudest'", "unanimous"),
        ("[protocol]\nblind_model = 1", "true or false"),
        ("[protocol]\nblind = true", "one of the keys adjudication, adjudicators"),
        ("[taxonomy.categories]\na = 1", "taxonomy.categories"),
        ("[taxonomy]\ncategories = {}", "taxonomy.categories"),
        ("[taxonomy.categories]\na = {example = 'x'}", "taxonomy.categories"),
        ("[taxonomy.categories]\na = {definition = 'x', example = 1}", "taxonomy.categories"),
        ("[taxonomy.severities]\na = {definition = 'x', sample = 'y'}", "taxonomy.severities.a.sample"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, text: str, match: str) -> None:
    (tmp_path / SETTINGS_FILE).write_text(text)
    with pytest.raises(InputError, match=match):
        read_settings(tmp_path)


def test_a_definition_may_have_an_example_and_ours_brings_its_own(tmp_path: Path) -> None:
    ours = DEFAULT_TAXONOMY.severities[0]
    said = [f"major = '{ours.definition}'", "minor = 'odd'", "fair = {definition = 'so-so', example = 'a bun'}"]
    (tmp_path / SETTINGS_FILE).write_text("\n".join(["[taxonomy.severities]", *said]))
    found = read_settings(tmp_path).taxonomy
    assert found.severities == (ours, CategoryDefinition("minor", "odd"), CategoryDefinition("fair", "so-so", "a bun"))
    assert all(row.example for row in (*DEFAULT_TAXONOMY.categories, *DEFAULT_TAXONOMY.severities))


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes("name = 'é'".encode("utf-16"))
    with pytest.raises(InputError, match="UTF-8"):
        read_settings(tmp_path)
