"""What the scripts of the pages receive as JSON. Nothing below the web application knows of these."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class ReceiptOut(BaseModel):
    """What was saved, and when: sent only after the commit."""

    submission: str
    saved_at: datetime


class ClassOut(BaseModel):
    """One class that a search found."""

    class_id: int
    key: str
    name: str
    definition: str
