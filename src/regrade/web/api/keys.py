"""Idempotency keys: a request sent again (after a lost answer, say) is carried out once."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import Depends, Header

from regrade.records.users import User
from regrade.web.deps import get_user


def read_key(
    user: Annotated[User, Depends(get_user)],
    idempotency_key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=100,
            pattern="^[!-~]+$",
            description="Made by the client, new for each change: the same request sent again changes nothing again.",
        ),
    ],
) -> str:
    """The key under which the change is kept: keys of different users are never the same."""
    return hashlib.blake2b(f"{user.name}\0{idempotency_key}".encode(), digest_size=16).hexdigest()


IdempotencyKey = Annotated[str, Depends(read_key)]
