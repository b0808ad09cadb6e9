"""What a table says of files: whether it tells classes, or the answers of a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import natural_order
from transfergui.core.data.labels import distinct
from transfergui.core.reading.files.lookup import Lookup
from transfergui.core.reading.listings.listing import some
from transfergui.core.reading.parsing.table import Table
from transfergui.core.reading.tables.rows import FileLabels, agreement
from transfergui.core.reading.tables.table_columns import Columns

AGREE = 0.95
"""From this share of files on, two say the same."""
PREDICTIONS = ("prediction", "submission")
"""Words in the names of tables that programs wrote; they say what a model thought."""

PREDICTED = frozenset(
    ("confidence", "prediction", "predictions", "predicted", "predicted_label", "pred", "score")
)
"""Columns that only tables of answers have."""


@dataclass
class LabelTable:
    """What one table, or several of one kind, say of the files.

    Attributes:
        names: of the tables, relative to the root.
        table: the first of them.
        lookup: finds the files that it names.
        sheets: those of a workbook that may be meant as well, where it has several.
        blank: rows that lack the class that stands above them.
    """

    names: list[str]
    table: Table
    labelled: FileLabels
    lookup: Lookup
    sheets: tuple[Table, ...] = ()
    blank: int = 0

    @property
    def columns(self) -> Columns:
        return self.labelled.columns


class Grouping(NamedTuple):
    """Which files belong together, by a table that does not say the classes.

    Attributes:
        name: of the table.
        groups: by the place of the file among all.
    """

    name: str
    column: str
    groups: Mapping[int, str]


def of_files(telling: Sequence[LabelTable]) -> list[LabelTable]:
    """Sheets without those that hardly name files: the numbers in a list of classes are found
    among names of files, too."""
    most = max((each.labelled.found for each in telling), default=0)
    best = [each.columns.names for each in telling if each.labelled.found == most]
    likely = (e for e in telling if 2 * e.labelled.found >= most or e.columns.names in best)
    return sorted(likely, key=lambda each: -each.labelled.found)


def too_few(path: Path, said: LabelTable) -> UserError | None:
    """What a table lacks that could be read otherwise: rows, or a second class."""
    rows = sum(1 for _row in said.table.below(said.columns.header))
    if not rows and said.columns.path is not None:
        return UserError("data.table_no_rows", path=str(path))
    classes = sorted(set(said.labelled.labels.values()))
    unknown = said.labelled.found and not said.columns.labelled and said.table.width > 1
    if rows == 1 and (classes or unknown):
        return UserError("data.table_one_row", path=str(path))
    if len(classes) == 1:
        return UserError("data.table_one_class", path=str(path), name=classes[0])
    return None


def tells(said: LabelTable) -> bool:
    """Whether a table tells several classes apart."""
    return said.columns.labelled and len(set(said.labelled.labels.values())) > 1


def same_columns(one: LabelTable, other: LabelTable) -> bool:
    """Whether two tables may be parts of one."""
    return one.columns.header and one.columns.names == other.columns.names


def differ(one: FileLabels, other: FileLabels) -> bool:
    """Whether it matters which of two tables is taken."""
    if agreement(one.labels, other.labels) < AGREE:
        return True
    return one.splits != other.splits or one.groups != other.groups


def described(said: LabelTable) -> str:
    """What a table says, for the user to choose: its name, classes and groups."""
    classes = natural_order(distinct(said.labelled.labels.values()))
    names = some(said.names)
    text = _("{name}: classes {classes}")
    groups = natural_order(set(said.labelled.groups.values()))
    if groups:
        text = _("{name}: classes {classes}, grouped by {column} ({groups})")
    column = said.columns.name(said.columns.group) or _("folder")
    return text.format(name=names, classes=some(classes), column=column, groups=some(groups))


def predicted(said: LabelTable) -> bool:
    """Whether a table seems to be what a model answered, not what is true."""
    name = said.names[0].rpartition("/")[2].lower()
    called = any(word in name for word in PREDICTIONS)
    columns = [at for at, each in enumerate(said.columns.names) if plain_key(each) in PREDICTED]
    return called or any(_measures(said.table, at) for at in columns)


def _measures(table: Table, column: int) -> bool:
    """Whether a column holds more than whole numbers: people are sure of what they label."""
    cells = {row[column].strip() for row in table.sampled if len(row) > column}
    return any(cell and not cell.removesuffix(".0").isdecimal() for cell in cells)


def plain_key(name: str) -> str:
    return name.strip().lower()
