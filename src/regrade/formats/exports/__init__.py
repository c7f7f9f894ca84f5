"""What files of a label set hold: one module a format. Saving them is left to the caller."""

# Importing a format registers it.
from regrade.formats.exports import card as card
from regrade.formats.exports import croissant as croissant
from regrade.formats.exports import human_accuracy as human_accuracy
from regrade.formats.exports import real as real
from regrade.formats.exports import single_label as single_label
from regrade.formats.exports import verdict_table as verdict_table
from regrade.formats.exports.registry import Document, ExportFormat, choose_export, describe_exports

__all__ = ["Document", "ExportFormat", "choose_export", "describe_exports"]
