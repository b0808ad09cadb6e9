"""How a collection may be understood: options that all kinds of data share, or all of files."""

from __future__ import annotations

from typing import Annotated

from transfergui.core.base.i18n import N_
from transfergui.core.base.options import Options, option


class LabelData(Options, frozen=True):
    """What the labels mean.

    Attributes:
        class_names: the list beside the data that says what class numbers are called.
        keep_untrained: whether classes that are only in the validation or test data are kept, as
            it is wanted where nothing is trained; never shown.
    """

    similar_labels: Annotated[
        str,
        option(
            N_("Similar class names"),
            N_(
                "Merge classes whose names differ only in capital letters or separators (merge), "
                "or keep them apart (separate)."
            ),
            chooser="found",
        ),
    ] = ""
    class_names: Annotated[
        str,
        option(
            N_("Class names"),
            N_(
                "The list next to the data that gives the names of class numbers or codes. “-” "
                "keeps the numbers."
            ),
            chooser="found",
        ),
    ] = ""
    leave_out: Annotated[
        str,
        option(
            N_("Excluded classes"),
            N_("Classes that are not used, separated by “|”. “-” uses all."),
            chooser="found",
        ),
    ] = ""
    untrained: Annotated[
        str,
        option(
            N_("Classes without training data"),
            N_(
                "What to do with classes that are only in the validation or test data: exclude "
                "them (drop), or split all data again at random (divide)."
            ),
            chooser="found",
        ),
    ] = ""
    copied_test: Annotated[
        str,
        option(
            N_("Test data that are also training data"),
            N_(
                "What to do if many validation or test examples are also in the training data: "
                "split all data again at random (divide), or change nothing (keep)."
            ),
            chooser="found",
        ),
    ] = ""
    separator: Annotated[
        str,
        option(
            N_("Label separator"),
            N_(
                "The character between several labels in one cell of the table: “;”, “,” or “|”. "
                "“-” means one label per cell. Detected if you choose none."
            ),
            chooser="found",
        ),
    ] = ""
    unit: Annotated[
        str,
        option(
            N_("Unit"),
            N_("The unit of the predicted number, such as kg or years. Detected if you give none."),
        ),
    ] = ""
    decimal: Annotated[
        str,
        option(
            N_("Decimal sign"),
            N_(
                "The decimal sign of the predicted number: “.” or “,”. The other sign then "
                "separates thousands. Detected if you choose none."
            ),
            chooser="found",
        ),
    ] = ""
    fill_down: Annotated[
        str,
        option(
            N_("Rows without a class"),
            N_(
                "If only the first row of a block gives its class: use the class for the rows "
                "below too (yes), or exclude these rows (no)."
            ),
            chooser="found",
        ),
    ] = ""
    keep_untrained: bool = False


class FileData(LabelData, frozen=True):
    """Where the classes of files are said: by folders, by a table, by their names.

    Every option is empty where the program shall find out; what it found is in
    :attr:`transfergui.core.data.dataset.Dataset.chosen`.
    """

    layout: Annotated[
        str,
        option(
            N_("Layout"),
            N_(
                "What gives the class of each file: the folders (and which level), a table, or "
                "the file names."
            ),
            chooser="found",
        ),
    ] = ""
    split_folders: Annotated[
        str,
        option(
            N_("Split folders"),
            N_(
                "Which folders are for training, validation and test, if their names do not show "
                "it: “A=train, B=test”."
            ),
            chooser="found",
        ),
    ] = ""
    label_column: Annotated[
        str,
        option(
            N_("Class column"),
            N_("The column of the table that gives the class. Detected if you choose none."),
            chooser="found",
        ),
    ] = ""
    table: Annotated[
        str,
        option(N_("Table"), N_("The table that gives the class of each file."), chooser="found"),
    ] = ""
    sheet: Annotated[
        str,
        option(
            N_("Sheet or list"),
            N_(
                "The sheet of an Excel file, or the list of a JSON file, that contains the "
                "examples. “*” joins all that have the same columns."
            ),
            chooser="found",
        ),
    ] = ""
    path_column: Annotated[
        str,
        option(
            N_("File column"),
            N_("The column of the table that names the files, with or without extension."),
            chooser="found",
        ),
    ] = ""
    split_column: Annotated[
        str,
        option(
            N_("Split column"),
            N_("The column that assigns each example to training, validation or test."),
            chooser="found",
        ),
    ] = ""
    group_column: Annotated[
        str,
        option(
            N_("Group by column"),
            N_(
                "Examples with the same value in this column (for example, of one patient or "
                "speaker) stay in the same set, so that the model is tested on new patients or "
                "speakers. “-” groups nothing."
            ),
            chooser="found",
        ),
    ] = ""
