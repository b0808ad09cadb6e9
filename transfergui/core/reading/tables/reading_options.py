"""How the user wants files and tables understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transfergui.core.base.i18n import _
from transfergui.core.reading.tables import table_columns

TABLE = "table"
"""The layout in which a table says the classes."""
FILL, LEAVE = "yes", "no"
"""As what it is chosen whether a class holds for the rows below it."""
ALL_TABLES = "*"
"""As what the table is chosen where several of the same columns are one."""

COLUMN_OPTIONS = ("path_column", "label_column", "split_column", "group_column")


@dataclass(frozen=True)
class ReadingOptions:
    """How the user wants the files understood; empty where the program shall find out.

    Attributes:
        of_model: whether the columns are those that a model of texts was trained with, so that
            other data may well lack them.
    """

    layout: str = ""
    split_folders: str = ""
    table: str = ""
    path_column: str = ""
    label_column: str = ""
    split_column: str = ""
    group_column: str = ""
    sheet: str = ""
    fill_down: str = ""
    of_model: bool = False

    @staticmethod
    def of(options: Mapping[str, Any]) -> "ReadingOptions":
        """What is said among data options, of which others are not about this."""
        known = ReadingOptions.__dataclass_fields__.keys() - {"of_model"}
        named = {name: value for name, value in options.items() if name in known}
        texts = {name: "" if value is None else str(value) for name, value in named.items()}
        of_model = bool(options.get("keep_untrained")) and "text_column" in options
        return ReadingOptions(**texts, of_model=of_model)

    @property
    def columns(self) -> table_columns.Wanted:
        return table_columns.Wanted(
            self.path_column, self.label_column, self.split_column, self.group_column
        )


def fills(count: int) -> dict[str, str]:
    """What becomes of rows below one that says a class.

    Args:
        count: of these rows.
    """
    return {
        FILL: _("Yes: the {count} rows have the class above them").format(count=count),
        LEAVE: _("No: the {count} rows have no class and are left out").format(count=count),
    }
