"""Which Hugging Face dataset, and which of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSource:
    """What the caller says of a dataset."""

    content: Path | str | object
    """A folder or Parquet file, the dataset's name on the Hugging Face Hub, or a `datasets.Dataset` itself."""
    split: str | None = None
    """Name of one of the dataset's splits; None: the only one."""
    id_column: str | None = None
    """The column with the items' ids; None: `id`, `file` or `file_name`, else the images' names, else row numbers."""
    label_column: str | None = None
    """The column with the labels; None: the only one with class labels, else `label`."""
    image_column: str | None = None
    """The column with the images; None: the only one."""
    by_number: bool = False
    """The dataset's class numbers are the benchmark's class ids, whatever the classes are called."""
    download: bool = False
    """`content` may be a name on the Hub, which is downloaded."""

    @property
    def where(self) -> str:
        """What messages call it."""
        return str(self.content) if isinstance(self.content, Path | str) else "dataset"
