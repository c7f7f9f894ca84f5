"""Passwords and secrets."""

from __future__ import annotations

import pytest

from regrade.errors import InputError
from regrade.workflow.credentials import digest, hash_password, make_secret, verify_password


def test_a_password_is_known_by_its_hash_alone() -> None:
    stored = hash_password("correct horse battery")
    assert stored.startswith("$argon2id$")
    assert verify_password(stored, "correct horse battery")
    assert not verify_password(stored, "correct horse batterx")
    assert hash_password("correct horse battery") != stored


def test_where_there_is_no_hash_nothing_fits() -> None:
    assert not verify_password(None, "correct horse battery")
    assert not verify_password("no hash at all", "correct horse battery")


@pytest.mark.parametrize("password", ["", "x" * 9, "x" * 1001])
def test_too_short_and_too_long_passwords_are_refused(password: str) -> None:
    with pytest.raises(InputError, match=f"10 to 1000 characters; got {len(password)} characters"):
        hash_password(password)


def test_secrets_differ_and_are_long() -> None:
    made = {make_secret() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) == 43  # 256 bits, six a character


def test_a_digest_is_sha_256() -> None:
    # The first test vector of FIPS 180-2.
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest("\ud800") != digest("?")
