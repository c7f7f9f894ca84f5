"""Parameters that several routes take."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from regrade.records.panel import Pass

PassName = Annotated[Pass, Path(alias="pass")]
Split = Annotated[str, Query(description="The set of items.")]
Offset = Annotated[int, Query(ge=0, lt=10**9, description="Rows to pass over.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="Rows to send at most.")]
Token = Annotated[str, Path(description="The item's token, as other answers give it.")]
