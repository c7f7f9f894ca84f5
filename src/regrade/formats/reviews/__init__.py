"""What a panel hands on: reviews, votes and decisions as tables, and Label Studio's JSON. One module a format."""

# Importing a format registers it.
from regrade.formats.reviews import label_studio as label_studio
from regrade.formats.reviews import table as table
from regrade.formats.reviews.registry import REVIEW_FORMATS, ReviewContext, read_reviews
from regrade.formats.reviews.writer import TASKS, choose_review_export, describe_review_exports, write_reviews

__all__ = [
    "REVIEW_FORMATS",
    "TASKS",
    "ReviewContext",
    "choose_review_export",
    "describe_review_exports",
    "read_reviews",
    "write_reviews",
]
