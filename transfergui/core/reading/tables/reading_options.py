"""How the user wants files and tables understood."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.targets import member_name
from transfergui.core.reading.parsing.numbers import column_name
from transfergui.core.reading.tables import table_columns

TABLE = "table"
"""The layout in which a table says the classes."""
FILL, LEAVE = "yes", "no"
"""As what it is chosen whether a class holds for the rows below it."""
ALL_TABLES = "*"
"""As what the table is chosen where several of the same columns are one."""

LEVEL = re.compile(r"level[: ]([1-9]\d?)")
"""How a level of folders is named among what is predicted."""

COLUMN_OPTIONS = ("path_column", "label_column", "split_column", "group_column")


@dataclass(frozen=True)
class ReadingOptions:
    """How the user wants the files understood; empty where the program shall find out.

    Attributes:
        box_format: which files of boxes are read, where there are several.
        box_numbers: whether four numbers of a box are a ``size`` or ``corners``.
        separator, unit, decimal: how cells of what is predicted are written.
        objective, predict: as of :class:`transfergui.core.data.dataset.DataOptions`.
        lenient: whether the data are read for a trained model: of the predicted columns, some may
            be missing.
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
    separator: str = ""
    unit: str = ""
    decimal: str = ""
    box_format: str = ""
    box_numbers: str = ""
    objective: str = ""
    predict: tuple[str, ...] = ()
    lenient: bool = False
    of_model: bool = False

    @staticmethod
    def of(data: DataOptions) -> "ReadingOptions":
        """What is said among the options of data, of which others are not about this."""
        own = {"of_model", "lenient", "objective", "predict"}
        known, options = ReadingOptions.__dataclass_fields__.keys() - own, data.options
        named = {name: value for name, value in options.items() if name in known}
        texts = {name: "" if value is None else str(value) for name, value in named.items()}
        lenient = bool(options.get("keep_untrained"))
        return ReadingOptions(
            **texts,
            objective=data.objective,
            predict=data.predict,
            lenient=lenient,
            of_model=lenient and "text_column" in options,
        )

    def written(
        self, objective: str, separator: str = "", unit: str = "", decimal: str = ""
    ) -> "ReadingOptions":
        """The same with another objective, and with what is known of how its cells are written."""
        return replace(
            self,
            objective=objective,
            separator=separator or self.separator,
            unit=unit or self.unit,
            decimal=decimal or self.decimal,
        )

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels of folders that are predicted; empty where columns are, or nothing is said."""
        found = [LEVEL.fullmatch(name) for name in self.predict]
        return tuple(int(each[1]) for each in found if each) if all(found) else ()

    def predicted(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """The columns that the user named, by their names; None where none are named.

        Args:
            names: of the columns of a table. A number stands for a column only where none is
                called so; what is none of them stays as it is.
        """
        if self.levels:
            return None
        listed = tuple(part.strip() for part in self.label_column.split(","))
        several = self.label_column not in names and len(listed) > 1 and {*listed} <= {*names}
        asked = self.predict or (listed if several else ())
        asked = asked or ((self.label_column,) if self.label_column in names else ())
        return tuple(_named(each, names) for each in asked) or None

    @property
    def columns(self) -> table_columns.Wanted:
        return table_columns.Wanted(
            self.path_column, self.label_column, self.split_column, self.group_column
        )


def _named(asked: str, names: Sequence[str]) -> str:
    if asked in names:
        return asked
    if asked.isdecimal() and 1 <= int(asked) <= len(names):
        return names[int(asked) - 1]
    # as a model calls it that was trained on such a column
    return next((name for name in names if member_name(column_name(name)) == asked), asked)


def fills(count: int) -> dict[str, str]:
    """What becomes of rows below one that says a class.

    Args:
        count: of these rows.
    """
    return {
        FILL: _("Yes: the {count} rows have the class above them").format(count=count),
        LEAVE: _("No: the {count} rows have no class and are left out").format(count=count),
    }
