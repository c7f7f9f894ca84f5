"""What lets somebody in: passwords and their hashes, and secrets of which only the digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from regrade.errors import InputError

MIN_PASSWORD = 10


def make_secret() -> str:
    """256 random bits in characters that a link and a header may hold."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret: SHA-256, hex. Nobody guesses 256 random bits, so it needs no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def hash_password(password: str) -> str:
    """A slow and salted hash of a password.

    Raises:
        InputError: The password is shorter than MIN_PASSWORD characters, or longer than 1000.
    """
    if not MIN_PASSWORD <= len(password) <= 1000:
        raise InputError(f"a password of {MIN_PASSWORD} to 1000 characters", got=f"{len(password)} characters")
    return _hasher().hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password made this hash; without one (no such user) False, after the same work."""
    try:
        _hasher().verify(stored or _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _dummy_hash() -> str:
    """Checked where there is no user, so that a wrong name takes as long as a wrong password."""
    return _hasher().hash(make_secret())
