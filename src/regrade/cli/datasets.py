"""Options that name a Hugging Face dataset and its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from regrade.formats import DatasetSource

DatasetPath = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        metavar="PATH",
        help="A Hugging Face dataset: a folder of save_to_disk, Parquet, or a folder of images with metadata.",
    ),
]
DatasetSplit = Annotated[
    str | None,
    typer.Option("--dataset-split", metavar="NAME", help="Which of the dataset's splits, if it has several."),
]
ImageColumn = Annotated[
    str | None, typer.Option("--image", metavar="COLUMN", help="The dataset's column of images, if it has several.")
]
LabelColumn = Annotated[
    str | None,
    typer.Option("--label", metavar="COLUMN", help="The dataset's column of labels, if it is not the only one."),
]
ClassNumbers = Annotated[
    bool,
    typer.Option("--class-numbers", help="Take the dataset's class numbers for class ids, whatever it calls them."),
]
Download = Annotated[
    bool, typer.Option("--download", help="Let --dataset name one on the Hugging Face Hub, which is downloaded.")
]


def read_dataset_options(
    dataset: str | None,
    *,
    name: str = "--dataset",
    split: str | None,
    ids: str | None,
    label: str | None,
    class_numbers: bool,
    image: str | None = None,
    download: bool = False,
) -> DatasetSource | None:
    """The dataset that the options name; None if there is none.

    Args:
        dataset: Where it is, if one is named.
        name: What a message calls that.
        split: One of its splits.
        ids: Its column of ids.
        label: Its column of labels.
        class_numbers: Take its class numbers for class ids.
        image: Its column of images.
        download: Allow a name on the Hub.

    Raises:
        BadParameter: Something is said of a dataset, and none is named.
    """
    if dataset is None:
        given = {"--dataset-split": split, "--image": image, "--label": label}
        flags = {"--class-numbers": class_numbers, "--download": download}
        names = [option for option, value in (given | flags).items() if value]
        if names:
            raise typer.BadParameter(f"expected {name} beside it", param_hint=names[0])
        return None
    from regrade.formats import DatasetSource

    return DatasetSource(
        content=dataset,
        split=split,
        id_column=ids,
        image_column=image,
        label_column=label,
        by_number=class_numbers,
        download=download,
    )
