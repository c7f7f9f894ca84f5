"""What goes out and comes in as JSON. Nothing below the web application knows of these."""

from regrade.web.schemas.classes import ClassOut
from regrade.web.schemas.review import ReceiptOut

__all__ = ["ClassOut", "ReceiptOut"]
