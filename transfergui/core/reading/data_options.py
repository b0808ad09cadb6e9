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
                "Whether classes whose names differ only in capitals, or in what stands between "
                "the words, are one class (merge) or several (separate)."
            ),
            chooser="found",
        ),
    ] = ""
    class_names: Annotated[
        str,
        option(
            N_("Names of the classes"),
            N_(
                "The list beside the data that says what class numbers or codes are called. “-” "
                "keeps the numbers."
            ),
            chooser="found",
        ),
    ] = ""
    leave_out: Annotated[
        str,
        option(
            N_("Classes left out"),
            N_("Classes that are not to be learnt, with | between them. “-” keeps all."),
            chooser="found",
        ),
    ] = ""
    untrained: Annotated[
        str,
        option(
            N_("Classes without training data"),
            N_(
                "What becomes of classes that your folders or your table keep for validation or "
                "test only: left out (drop), or all data divided anew at random (divide)."
            ),
            chooser="found",
        ),
    ] = ""
    copied_test: Annotated[
        str,
        option(
            N_("Test data that are also training data"),
            N_(
                "What happens where much of your validation or test data is among the training "
                "data as well: all is divided anew at random (divide), or nothing (keep)."
            ),
            chooser="found",
        ),
    ] = ""
    separator: Annotated[
        str,
        option(
            N_("Separator of the labels"),
            N_(
                "What stands between several labels in one cell of the table: “;”, “,” or “|”. “-” "
                "for nothing: a cell is one label. Guessed where you choose none."
            ),
            chooser="found",
        ),
    ] = ""
    unit: Annotated[
        str,
        option(
            N_("Unit"),
            N_("The unit of the predicted number: kg, years. Guessed where you say none."),
        ),
    ] = ""
    decimal: Annotated[
        str,
        option(
            N_("Decimal sign"),
            N_(
                "Which sign begins the decimals of the predicted number: “.” or “,”. The other one "
                "then stands between thousands. Guessed where you choose none."
            ),
            chooser="found",
        ),
    ] = ""
    fill_down: Annotated[
        str,
        option(
            N_("Rows without a class"),
            N_(
                "Whether a class that stands only in the first row of a block holds for the rows "
                "below it as well (yes), or those are left out (no)."
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
                "What says the class of each file: the folders (and which level of them), a table, "
                "or the names of the files."
            ),
            chooser="found",
        ),
    ] = ""
    split_folders: Annotated[
        str,
        option(
            N_("Folders of the split"),
            N_(
                "Which folders are for training, validation and test, where their names do not say "
                "it: “A=train, B=test”."
            ),
            chooser="found",
        ),
    ] = ""
    label_column: Annotated[
        str,
        option(
            N_("Column of the classes"),
            N_("Which column of the table says the class. Guessed where you choose none."),
            chooser="found",
        ),
    ] = ""
    table: Annotated[
        str,
        option(N_("Table"), N_("The table that says the class of each file."), chooser="found"),
    ] = ""
    sheet: Annotated[
        str,
        option(
            N_("Sheet or list"),
            N_(
                "Which sheet of an Excel file, or list of a JSON file, holds the examples. “*” "
                "reads all that have the same columns as one."
            ),
            chooser="found",
        ),
    ] = ""
    path_column: Annotated[
        str,
        option(
            N_("Column of the files"),
            N_("Which column of the table names the files, with or without their ending."),
            chooser="found",
        ),
    ] = ""
    split_column: Annotated[
        str,
        option(
            N_("Column of the split"),
            N_("Which column says what is for training, validation and test."),
            chooser="found",
        ),
    ] = ""
    group_column: Annotated[
        str,
        option(
            N_("Group by column"),
            N_(
                "Examples with the same value here, of one patient or speaker say, are never "
                "divided between training and test, so that the test shows how well new ones are "
                "recognised. “-” groups nothing."
            ),
            chooser="found",
        ),
    ] = ""
