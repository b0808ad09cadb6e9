"""From the bytes of a table to its rows and columns, with Python's own library (and openpyxl).

The ``predict.py`` of an exported model carries this very file, so that it reads what the program
reads; the program itself reads tables through :mod:`.tables`.

A row is known by its number, as a spreadsheet counts: a header is row 1, and a quoted cell may
go on for several lines. In JSON lines it is the number of the line, in other JSON that of the
entry. What is wrong with a row spoils none of its neighbours: a quotation mark that is never
closed would otherwise swallow the rest of the file.
"""

import ast
import csv
import datetime
import io
import itertools
import json
import re
import warnings
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import mean
from typing import Any

from transfergui.core.base.encodings import encoding_of

PROBED = 1 << 20
"""Bytes that are looked at to find the encoding."""
MAX_CELL = 4_000_000
"""Characters; no text is longer. What is longer is a file that is no table."""
MAX_JOINED = 500
"""Lines that one quoted cell may go on for."""
PROBE = 200
"""Lines from which the delimiter is guessed."""
DELIMITERS = ",\t;|"
NO_DELIMITER = "\x1f"
"""Divides the rows of a file with one column: a character that no text holds."""
UNQUOTED = ("\t", NO_DELIMITER)
"""What divides cells that few people quote."""
CONSISTENT, NAMED = 0.9, 0.5
"""The share of rows with equally many cells from which on a delimiter is believed in; and where
the first row names the columns."""
PREAMBLE = 10
"""Rows above the header in which a title may stand."""
SAMPLED = 1000
"""Rows, from all over the table, from which header and columns are guessed: many are sorted."""
MOSTLY = 0.8
"""The share of cells that must be sentences for a word above them to be their title."""
SHORT = 40
"""Characters; the name of a column or a class is hardly ever longer."""
QUESTION = 120
"""The same, where it is a question of a form."""
BINARY, FEW_UNSEEN = 0.1, 20
"""The share of characters that no text has from which on a file is no text; and their number."""
EXCEL_DELIMITER = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
"""What Excel reads in a first line of its own; it is no row."""
UNSEEN = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")

WHOLE = rb'<mergeCell |<row [^>]*hidden="(?:1|true)"'
"""What the XML of a sheet holds that is only known once all of it is read."""
ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
"""How workbooks begin: of Excel since 2007, and of those before it (and of protected ones)."""
BOMB, HARMLESS = 100, 500_000_000
"""Unpacked bytes per packed byte that no workbook has; unless it has fewer bytes than this."""
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
WEB_PAGE = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html|head)\b", re.I)
JSON_ENDINGS = (".json", ".jsonl", ".ndjson")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
FOREIGN = {".xls": "tables.old_excel", ".ods": "tables.open_document"}
"""Endings of tables that are not read, whatever is in them: web pages too are saved as .xls."""
FASTTEXT = re.compile(r"((?:__label__\S+[\s,]*)+)(.*)", re.DOTALL)
FILE_NAME = re.compile(r"\S+\.[A-Za-z][A-Za-z0-9]{1,4}")
MOST_SPACED = 6
"""Columns that spaces divide: more are a text."""
FASTTEXT_LABEL = re.compile(r"__label__([^\s,]+)")

REFUSED: Mapping[str, str] = {
    "tables.web_page": "it is a web page, not a table; download the file itself",
    "tables.not_a_workbook": "it is not an Excel workbook; save it again as .xlsx",
    "tables.protected": "it is protected with a password; save it without one",
    "tables.old_excel": "it is in the format of Excel before 2007; save it as .xlsx",
    "tables.open_document": "OpenDocument tables are not read; save it as .xlsx or .csv",
    "tables.binary": "it holds no text; save it as .csv or .xlsx",
    "tables.no_json": "it is no JSON that can be read",
    "tables.no_rows": "its JSON holds no list of examples",
}
"""Why a file is no table, by code."""

NAMES: Mapping[str, str] = {
    "text": "text texts sentence review reviews content contents comment comments body message "
    "messages tweet document utterance question title headline description "
    "文本 内容 评论 评价 句子 标题 kommentar kommentare bemerkung bemerkungen antwort freitext "
    "nachricht rezension texte commentaire commentaires remarque remarques réponse testo commento "
    "commenti recensione texto comentario comentarios reseña respuesta comentário tekst komentarz "
    "текст комментарий отзыв",
    "label": "label class class_name category target labels sentiment polarity rating stars score "
    "topic intent emotion choices accept cats 标签 类别 分类 情感 "
    "klasse kategorie etikett stimmung classe catégorie categorie étiquette clase categoría "
    "categoria etichetta etiqueta klasa kategoria класс категория метка",
    "split": "split set subset",
    "group": "group patient subject speaker email mail user author client customer participant "
    "respondent reviewer member account person kunde kundin nutzer benutzer proband teilnehmer "
    "patientin autor autorin verfasser auteur utilisateur cliente usuario paciente paziente autore "
    "utente klient pacjent автор клиент пациент",
}
"""What each column may be called, in lower case; earlier names are likelier."""
IDENTIFYING = (
    "id", "ids", "nr", "no", "number", "code", "key", "name", "login", "uid", "hash", "address"
)  # fmt: skip
"""What may follow the name of a group: ``customer.id``, ``user_name``, ``authorId``."""
LONG_GROUP = 40
"""Characters of a cell on average from which on a column groups nothing: a subject is a heading."""
OTHER_FORMS = ("_name", "_text", "_str", "_id", "_idx", "_index", "_code", "_num")
"""What the name of a column with classes may end in."""
PARTS = ("train", "training", "val", "valid", "validation", "dev", "test", "testing")
"""Names of the lists of a JSON file that holds one for each part."""
NOTHING = "-"
"""Chosen instead of a column: there is none."""
HALF, MAX_DEPTH = 0.5, 12
"""How true a class must be said to be; how deep objects are looked into."""
ANSWERED = frozenset(("choices", "rating", "number", "taxonomy"))
"""Kinds of results of Label Studio that say something of a whole example."""
PRODIGY = frozenset(("accept", "_input_hash", "_task_hash"))
"""Keys by which Prodigy's tasks are known."""
MARKED = re.compile(r"(.*\s.*)@(\w+)")
"""A sentence and its class: ``Profit rose .@positive``."""
SPACED_ENDINGS = (".txt", ".csv")
"""Endings of tables that spaces may divide."""
LIST_DEPTH = 3
"""Objects within each other in which the lists of a JSON file are looked for."""
DETECTION = frozenset(("images", "annotations", "categories", "boxes"))
"""Lists of a JSON file that refer to each other: it holds boxes, as COCO writes them."""
GEOMETRY = {"shapes", "points", "bbox", "box", "bndbox", "boundingBox", "polygon"}
"""Keys of things in a picture."""
ALL_SHEETS = "*"
"""Chosen instead of a sheet: all that have the same columns. No sheet can be called so."""
SHEET_ROWS = 1 << 20
"""The most rows of a sheet. Of several sheets that are read as one, the rows of the first are
numbered from here on, those of the second from twice as much on, and so on."""
FILLED = 0.8
"""The share of the columns in use that a row must fill to be the header, below titles."""
TOTAL_WORDS = (
    "total totals totale totali totales totaux totaal toplam sum sums summe summa somme suma soma "
    "subtotal gesamt gesamtsumme gesamtzahl gesamtergebnis zwischensumme endsumme insgesamt razem "
    "celkem итого всего сумма 合计 总计 總計 小计 合計 총계 합계 mean average averages mittelwert "
    "durchschnitt moyenne promedio gemiddelde średnia media среднее 平均 count anzahl nombre"
)
TOTAL = re.compile(
    rf"(grand|sub|general|overall)?[ -]?({'|'.join(TOTAL_WORDS.split())})( \w+)?\s*[:=]?", re.I
)
"""What a row that sums up the others begins with."""
TOTAL_LETTERS = frozenset(word[0] for word in (*TOTAL_WORDS.split(), "grand", "overall"))


class NoTable(ValueError):  # noqa: N818 - it says what the file is not
    """A file that is named like a table but cannot be read as one.

    Attributes:
        code: one of :data:`REFUSED`.
        reason: what the library said that could not read it, if one said anything.
    """

    def __init__(self, code: str, reason: object = "") -> None:
        super().__init__(REFUSED[code] + (f" ({reason})" if reason else ""))
        self.code = code
        self.reason = str(reason)


@dataclass(frozen=True)
class Columns:
    """Where things are in a table, by position; None for what it lacks.

    Attributes:
        names: as a person chooses them: what the header says, else ``1``, ``2`` ...
        header: whether the first row names the columns.
        labelled: whether a name says which column the labels are in; else it was guessed.
        text_named: the same of the texts.
    """

    names: tuple[str, ...]
    header: bool
    text: int | None
    label: int | None
    split: int | None = None
    group: int | None = None
    labelled: bool = False
    text_named: bool = False

    def name(self, place: int | None) -> str:
        """What a column is called; empty for none."""
        return "" if place is None else self.names[place]

    def place(self, name: str) -> int | None:
        """Where a column is, by its name: its number only where the header names it not.

        A number that was learnt from a table without a header means nothing in one that has one:
        its first column may well be a running number.
        """
        return self.names.index(name) if name in self.names else None


@dataclass(frozen=True)
class Table:
    """A table in memory.

    Attributes:
        encoding: how it was written; ``auto`` for workbooks, which say it themselves.
        rows: cells by row number, a header among them.
        keys: names of the columns where every row says them (JSON, fastText), else None.
        broken: number and beginning of what is no row.
        above: the same of titles above the header.
        totals: the same of rows that sum up the others.
        sheet: the sheet of a workbook, or the list of a JSON file, where it may have several.
        sheets: all tables of the same file by the names of their sheets, this one among them;
            empty where a file holds one table only.
        hidden: whether it is a sheet that a spreadsheet does not show.
        formulas: cells of a workbook whose results were never computed.
        hidden_rows: rows that a spreadsheet does not show, because of a filter for example.
        divided: how many columns there are, as far as that was found out; 0 where it was not.
        titled: the column that the names of several sheets make, which are read as one.
        marks: the column that was added because several others are a class each.
    """

    encoding: str
    rows: dict[int, list[str]]
    keys: tuple[str, ...] | None = None
    broken: list[tuple[int, str]] = field(default_factory=list)
    above: list[tuple[int, str]] = field(default_factory=list)
    totals: list[tuple[int, str]] = field(default_factory=list)
    sheet: str = ""
    sheets: dict[str, "Table"] = field(default_factory=dict, repr=False, compare=False)
    hidden: bool = False
    formulas: int = 0
    divided: int = 0
    hidden_rows: int = 0
    titled: str = ""
    marks: str = ""
    _parts: tuple[str, ...] = ()
    _found: dict[tuple[str, ...], Columns] = field(default_factory=dict, compare=False)

    @cached_property
    def size(self) -> int:
        """Characters."""
        return sum(sum(map(len, cells)) for cells in self.rows.values())

    @cached_property
    def unread(self) -> list[int]:
        """The rows with letters that could not be read."""
        return [at for at, cells in self.rows.items() if any("\ufffd" in cell for cell in cells)]

    def of_sheet(self, name: str = "", text: str = "") -> "Table":
        """The sheet of the same file that is called so, or all of them for ``*``.

        Where there is no such sheet, it is this one, unless another has the column ``text`` and
        this one lacks it.
        """
        if name == ALL_SHEETS:
            largest = max(self.sheets.values(), key=lambda each: len(each.alike), default=self)
            return largest.joined if len(largest.alike) > 1 else self
        if name in self.sheets:
            return self.sheets[name]
        if not text or self._has(text):
            return self
        return next((each for each in self.sheets.values() if each._has(text)), self)

    def _has(self, text: str) -> bool:
        """Whether the first row names a column so."""
        columns = self.columns(text)
        return columns.header and text in columns.names

    @property
    def other_sheets(self) -> tuple[str, ...]:
        """The sheets of the same file that are not this one, or in it."""
        return tuple(title for title in self.sheets if title not in self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """The sheets that are in this table."""
        return self._parts or (self.sheet,)

    @cached_property
    def alike(self) -> "tuple[Table, ...]":
        """The sheets with the columns of this one, which names them; at least itself."""
        if not self.columns().header or self.width < 1:
            return (self,)
        own = set(self.columns().names)
        others = (each for each in self.sheets.values() if not each.hidden and each.rows)
        found = tuple(each for each in others if set(each.columns().names) == own)
        short = all(max(each.rows, default=0) < SHEET_ROWS for each in found)
        return found if short and any(each is self for each in found) else (self,)

    def start(self, sheet: str) -> int:
        """Where the rows of a sheet begin, where several are read as one."""
        return (list(self.sheets).index(sheet) + 1) * SHEET_ROWS

    def at(self, number: int) -> "tuple[Table, int]":
        """The sheet in which a row is, and its number there."""
        sheet, row = divmod(number, SHEET_ROWS)
        if not 0 < sheet <= len(self.sheets):
            return self, number
        return list(self.sheets.values())[sheet - 1], row

    def having(self, text: str) -> "list[tuple[int, Table]]":
        """This table; or, where several sheets have the column ``text``, these, with the numbers
        at which their rows begin."""
        found = [
            (self.start(title), each)
            for title, each in self.sheets.items()
            if not each.hidden and each._has(text)
        ]
        return found if len(found) > 1 else [(0, self)]

    @property
    def divides(self) -> bool:
        """Whether these are several sheets, called as parts of the data: Train, Test."""
        return len(self._parts) > 1 and all(map(_parts_in, self._parts))

    @cached_property
    def joined(self) -> "Table":
        """All sheets that are :attr:`alike` as one."""
        return _together(self)

    @cached_property
    def first(self) -> list[str]:
        """The first row."""
        return next(iter(self.rows.values()), [])

    @cached_property
    def sampled(self) -> list[list[str]]:
        """Rows from all over the table, but not the first."""
        step = max(1, len(self.rows) // SAMPLED)
        return list(itertools.islice(self.rows.values(), 1, None, step))

    @cached_property
    def width(self) -> int:
        """How many columns there are; some rows may have more or fewer cells."""
        found = len(self.keys or ()) or self.divided or _width([self.first, *self.sampled])
        return found if self.rows or self.keys else 0

    def columns(
        self,
        text: str = "",
        label: str = "",
        header: str = "auto",
        split: str = "",
        group: str = "",
    ) -> Columns:
        """Where text, label, split and group are.

        Args:
            text, label, split, group: columns as a person chose them; what the table lacks, and
                what is empty, is guessed: by the names in the header, else by what stands below.
                ``-`` says that there is no split, or no group.
            header: ``yes``, ``no`` or ``auto``.
        """
        asked = (text, label, header, split, group)
        if asked not in self._found:  # every row that is loaded asks
            chosen = {"text": text, "label": label, "split": split, "group": group}
            self._found[asked] = _columns(self, chosen, header)
        return self._found[asked]

    def below(self, header: bool) -> Iterator[int]:
        """The numbers of all rows but the header, wherever it is repeated."""
        if not header or self.keys is not None:
            return iter(self.rows)
        return (number for number, cells in self.rows.items() if cells != self.first)

    def headers(self) -> list[int]:
        """The numbers of the rows that are the same as the first."""
        return [number for number, cells in self.rows.items() if cells == self.first]

    def cell(self, number: int, column: int | None) -> str:
        """What stands in one row; empty where nothing does.

        Raises:
            KeyError: there is no such row.
        """
        cells = self.rows[number]
        return cells[column].strip() if column is not None and column < len(cells) else ""

    def values(self, number: int, column: int | None) -> Sequence[str]:
        """The same, where a cell may be a list: ``["pos"]`` is one value, ``["a", "b"]`` are two.

        Raises:
            KeyError: there is no such row.
        """
        cell = self.cell(number, column)
        return _listed(cell) if cell[:1] == "[" and cell[-1] == "]" else (cell,)


def _listed(cell: str) -> Sequence[str]:
    """The values of a list as JSON or Python writes it; the cell itself where it is none."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list) and not any(isinstance(each, list | dict) for each in found):
            return [plain(each) for each in found] or [""]
    return (cell,)


def parse(name: str, data: bytes, encoding: str = "auto") -> Table:
    """The table that ``data`` hold.

    Args:
        name: of the file; its ending tells what cannot be told from ``data``.
        encoding: a name that Python knows, or ``auto``.

    Raises:
        NoTable: the file is something else.
        ImportError: it is a workbook, and openpyxl is not installed.
    """
    ending = name[name.rfind(".") :].lower().rstrip(" .")
    if data.startswith(OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise NoTable("tables.protected" if protected else "tables.old_excel")
    if data.startswith(ZIP) or ending in WORKBOOK_ENDINGS:
        return _workbook(data)
    if ending in FOREIGN:
        raise NoTable(FOREIGN[ending])
    if encoding == "auto":
        encoding = found_encoding(data)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    head = text[:4096]
    if len(UNSEEN.findall(head)) > max(FEW_UNSEEN, BINARY * len(head)):
        raise NoTable("tables.binary")
    if WEB_PAGE.match(head):
        raise NoTable("tables.web_page")
    lines = list(itertools.islice(_lines(text), PROBE))
    if ending in JSON_ENDINGS or (lines and lines[0][:1] == "{" and json_object(lines[0])):
        return _json_table(text, encoding)
    if is_fasttext(lines):
        return _fasttext_table(text, encoding)
    if ending == ".txt" and is_marked(lines):
        return _marked_table(text, encoding)
    if ending in SPACED_ENDINGS and is_spaced(lines):
        rows = enumerate(_lines(text), 1)
        return Table(encoding, {at: cells for at, line in rows if (cells := line.split())})
    return _cells_table(text, encoding, ending)


def found_encoding(data: bytes) -> str:
    """How ``data`` are written: by their beginning, or, where that is plain ASCII, by the place
    where they first are not."""
    head = data[:PROBED]
    if head.isascii() and b"\0" not in head and len(data) > PROBED:
        try:
            data.decode()
        except UnicodeDecodeError as error:
            head = data[max(0, error.start - 1) : error.start + PROBED]
    found = encoding_of(head)
    return {"utf-8-sig": "utf-8", "latin-1": "cp1252"}.get(found, found)


def _lines(text: str) -> io.StringIO:
    """The lines of a text, whatever ends them."""
    return io.StringIO(text, newline=None)


# -- cells divided by a character


def _cells_table(text: str, encoding: str, ending: str) -> Table:
    csv.field_size_limit(MAX_CELL)  # the whole process's
    lines = _lines(text)
    said = EXCEL_DELIMITER.fullmatch(next(lines, ""))
    start = lines.tell() if said else 0
    lines.seek(start)
    probe = list(itertools.islice(lines, PROBE))
    delimiter, width = (
        (said[1], _width(_leniently(probe, said[1]))) if said else _dialect(probe, ending)
    )
    lines.seek(start)
    table = Table(encoding, {}, divided=width)
    for number, (cells, line) in enumerate(_records(lines, delimiter, width), 1):
        if cells:
            table.rows[number] = cells
        elif cells is None:
            table.broken.append((number, line))
    return _samples_only(table, width)


def _dialect(lines: Sequence[str], ending: str) -> tuple[str, int]:
    """What divides the rows into the same number of cells, and that number.

    Nothing does where the rows do not divide consistently, or into what reads like one text:
    sentences hold commas too.
    """
    if ending == ".tsv" and any("\t" in line for line in lines):
        return "\t", _width(_leniently(lines, "\t"))
    best, most = (NO_DELIMITER, 1), (0, 0)
    for delimiter in DELIMITERS:
        rows = _leniently(lines, delimiter)
        width = _believed(rows, _like_prose(lines, delimiter))
        fits = sum(len(cells) >= width for cells in rows), width
        if width > 1 and fits > most:
            best, most = (delimiter, width), fits
    return best


def _width(rows: Sequence[Sequence[str]]) -> int:
    """How many columns there are: no more than have names, where the first row names them."""
    width = _commonest(map(len, rows))
    named = next((len(cells) for cells in rows[:PREAMBLE] if _names_columns(cells)), width)
    return min(named, width) if named > 1 else width


def _believed(rows: Sequence[Sequence[str]], prose: bool) -> int:
    """How many columns there are; one where what divided the rows is a mark within texts.

    Args:
        prose: whether it reads like one.
    """
    if not rows or (len(rows[0]) == 1 and _names_columns(rows[0])):
        return 1  # below a header of one column are sentences
    width = _width(rows)
    head = next((cells for cells in rows[:PREAMBLE] if len(cells) > 1), [])
    last = [cells[-1] for cells in rows[1:] if len(cells) > 1]
    likely = _like_header(head) and (len(head) == width or _like_classes(last)) and not prose
    if _names_columns(head) or likely:
        filled = sum(len(cells) >= len(head) for cells in rows)
        return len(head) if filled >= NAMED * len(rows) else 1
    same = sum(len(cells) == width for cells in rows)
    told = not prose or _like_classes([cells[-1] for cells in rows])
    return width if same >= CONSISTENT * len(rows) and told else 1


def _names_columns(cells: Sequence[str]) -> bool:
    """Whether a row has the name that a column is mostly called by."""
    known = {"path", "file", "filename", "file_name", "image", "audio", "id"}
    known.update(*(NAMES[key].split() for key in ("text", "label")))
    return (
        bool(cells)
        and all(len(cell) <= SHORT for cell in cells)
        and any(cell.strip().lower() in known for cell in cells)
    )


def _like_header(cells: Sequence[str]) -> bool:
    """Whether these may be names of columns: short, different, no numbers, no further words of a
    sentence."""
    return len(set(cells)) == len(cells) > 1 and all(
        0 < len(cell) <= SHORT and not cell[0].isspace() and not _is_number(cell) for cell in cells
    )


def _like_prose(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the delimiter is a mark of the texts: wherever it stands, a space follows, or it
    stands amid a number."""
    within = [line for line in lines if delimiter in line]
    quoted = any(f'{delimiter}"' in line or line.startswith('"') for line in within)
    mark = re.compile(rf"{re.escape(delimiter)}(?= )|(?<=\d){re.escape(delimiter)}(?=\d{{3}}\b)")
    marks = sum(len(mark.findall(line)) for line in within)
    return not quoted and marks >= CONSISTENT * sum(line.count(delimiter) for line in within)


def _like_classes(cells: Sequence[str]) -> bool:
    """Whether few and short values come again and again."""
    return 2 * len(set(cells)) <= len(cells) and all(len(cell) <= SHORT for cell in cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _leniently(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Cells of the rows, as well as it goes; line by line where one swallows all that follow."""
    try:
        rows = [cells for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:  # a cell without an end
        rows = []
    if len(rows) > 1 or len(lines) < 2:
        return rows
    return [line.rstrip("\n").split(delimiter) for line in lines if line.strip()]


def _commonest(numbers: Iterable[int]) -> int:
    return max(Counter(numbers).most_common(1), default=(0, 0))[0]


def _records(
    lines: Iterator[str], delimiter: str, width: int
) -> Iterator[tuple[list[str] | None, str]]:
    """The cells of each record (none in an empty line; None where it is broken), and its start."""
    ahead: deque[str] = deque()
    between = f'"{delimiter}"'
    while line := (ahead.popleft() if ahead else next(lines, "")):
        line = line.rstrip("\n")
        if not line.strip():
            yield [], line
        elif '"' not in line:
            yield line.split(delimiter), line
        elif line[0] == line[-1] == '"' and line.count('"') == 2 + 2 * line.count(between):
            yield line[1:-1].split(between), line  # every cell in marks, and none within
        else:
            cells = (
                _parsed(line, delimiter)
                or _escaped(line, delimiter, width)
                or _joined(line, lines, ahead, delimiter, width)
            )
            if cells is None and delimiter in UNQUOTED and line.count(delimiter) == width - 1:
                cells = line.split(delimiter)  # nobody had to quote: the marks are the text's own
            yield cells, line


def _parsed(record: str, delimiter: str, escape: str | None = None) -> list[str] | None:
    if len(record) > MAX_CELL:
        return None
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True, escapechar=escape))
    except csv.Error:
        return None


def _escaped(record: str, delimiter: str, width: int) -> list[str] | None:
    """The cells of a record in which marks are written as databases do it; it must have as many
    as the others."""
    cells = _parsed(record, delimiter, "\\") if '\\"' in record else None
    return cells if cells is not None and len(cells) == width else None


def _joined(
    line: str, lines: Iterator[str], ahead: deque[str], delimiter: str, width: int
) -> list[str] | None:
    """The record that begins with ``line``, whose quoted cell goes on below.

    It must have as many cells as the others, and in tables that are divided by tabs, where few
    people quote, some line of it fewer; else the lines below are records of their own, and are
    put back into ``ahead``.
    """
    taken = [line]
    marks, size = line.count('"'), len(line)
    while marks % 2 and len(taken) < MAX_JOINED and size < MAX_CELL:
        below = ahead.popleft() if ahead else next(lines, "")
        if not below:
            break
        taken.append(below.rstrip("\n"))
        marks, size = marks + below.count('"'), size + len(below)
    record = "\n".join(taken)
    whole = not marks % 2 and len(taken) > 1
    cells = (_parsed(record, delimiter) or _escaped(record, delimiter, width)) if whole else None
    if (
        cells is not None
        and len(cells) == width
        and not (delimiter == "\t" and all(each.count("\t") == width - 1 for each in taken))
    ):
        return cells
    ahead.extendleft(f"{below}\n" for below in reversed(taken[1:]))
    return None


def _samples_only(table: Table, width: int) -> Table:
    """Without the rows above the header that hold a title, or nothing; and without totals."""
    heads = list(itertools.islice(table.rows.items(), PREAMBLE))
    filled = [[cell.strip() for cell in cells if cell.strip()] for _, cells in heads]
    for (number, _), cells in zip(heads[: _header_at(table, heads, width)], filled, strict=False):
        del table.rows[number]
        if cells:
            table.above.append((number, ", ".join(cells)))
    if width > 1:
        named = [number for number, cells in table.rows.items() if _called_total(cells)]
        used = _used_columns(table.rows.values()) if named else []
        sums = [number for number in named if _sums_up(table, number, used)]
        for number in sums:
            cells = table.rows.pop(number)
            table.totals.append((number, " ".join(filter(None, map(str.strip, cells)))))
    return table


def _used_columns(rows: Iterable[Sequence[str]]) -> list[int]:
    """The columns in which most rows have something."""
    rows = list(rows)
    filled = Counter(at for cells in rows for at, cell in enumerate(cells) if cell.strip())
    return [at for at, count in sorted(filled.items()) if 2 * count > len(rows)]


def _header_at(table: Table, heads: Sequence[tuple[int, Sequence[str]]], width: int) -> int:
    """How many of the first rows stand above the header: titles, which fill few of the columns.

    The header is the first row that fills most of those that are used below, if its cells may be
    names; a row of data is none.
    """
    if width < 2:
        return 0
    below = list(table.rows.values())
    used = _used_columns(below[:SAMPLED])
    for at, (_, cells) in enumerate(heads):
        row = [cell.strip() for cell in cells]
        filled = [cell for cell in row if cell]
        full = sum(bool(row[column : column + 1] and row[column]) for column in used)
        known = len(filled) > 1 and _names_columns(filled)
        if len(filled) > 1 and used and (known or full >= FILLED * len(used)):
            return at if at and (known or _is_header(row, below[at + 1 :])) else 0
    return 0


def _is_header(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row below others may name the columns: none of its names comes again there."""
    filled = [cell for cell in row if cell]
    again = any(
        cell and any(cells[at : at + 1] == [cell] for cells in below[:SAMPLED])
        for at, cell in enumerate(row)
    )
    return not again and (_like_header(filled) or _like_header(filled[1:]))


def _called_total(cells: Sequence[str]) -> bool:
    """Whether the first cell with something in it is a word for a total."""
    first = next(filter(str.strip, cells), "").strip()
    likely = len(first) <= SHORT and first[:1].lower() in TOTAL_LETTERS
    return likely and TOTAL.fullmatch(first) is not None


def _sums_up(table: Table, number: int, used: Sequence[int]) -> bool:
    """Whether a row that begins with "total" is one: beside, it holds but numbers, and it has too
    few of them, or one where others have words."""
    row = [cell.strip() for cell in table.rows[number]]
    row += [""] * (max(used, default=0) + 1 - len(row))
    _word, *rest = (at for at, cell in enumerate(row) if cell)
    if not all(_is_amount(row[at]) for at in rest):
        return False
    empty = sum(not row[at] for at in used)
    return 2 * empty >= len(used) or any(at in used and _in_words(table, at) for at in rest)


def _is_amount(cell: str) -> bool:
    return _is_number(re.sub(r"[%€$£\s]", "", cell).replace(",", "."))


def _in_words(table: Table, column: int) -> bool:
    """Whether most cells of a column are no numbers."""
    rows = itertools.islice(table.rows.values(), 1, SAMPLED)
    cells = [row[column] for row in rows if len(row) > column and row[column].strip()]
    return 2 * sum(map(_is_number, cells)) < len(cells)


# -- JSON and fastText


def json_object(text: str) -> dict[str, Any] | None:
    """The object that a line of JSON holds; None where it holds none."""
    tree = _tree(text) if len(text) <= MAX_CELL else None
    return tree if isinstance(tree, dict) else None


def _tree(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


LONE = re.compile("[\ud800-\udfff]")
"""Half of a character, as programs leave it that cut texts: ``"\\ud83d"`` of an emoji in JSON."""


def plain(value: Any) -> str:
    """A value of such an object as a cell; a list of several values as JSON writes it."""
    if isinstance(value, str):
        return LONE.sub("\ufffd", value.strip())
    if not isinstance(value, list):
        return "" if value is None or isinstance(value, dict) else str(value).strip()
    if any(isinstance(each, list | dict) for each in value):
        return ""
    cells = [plain(each) for each in value]
    return json.dumps(cells, ensure_ascii=False) if len(cells) > 1 else "".join(cells)


def _json_table(text: str, encoding: str) -> Table:
    """A row for each entry of a list, or for each line."""
    tree = _tree(text)
    entries = _entries(tree)
    if entries and isinstance(entries[0], list):
        cells = (map(plain, entry) for entry in entries if isinstance(entry, list))
        return Table(encoding, {number: list(row) for number, row in enumerate(cells, 1)})
    if entries is not None:
        return _table_of(((n, entry, str(entry)) for n, entry in enumerate(entries, 1)), encoding)
    if isinstance(tree, dict) and (lists := dict(_lists(tree))):
        return _of_sheets(
            {name: _list_table(name, list_, encoding) for name, list_ in lists.items()}
        )
    table = _table_of(
        (
            (number, json_object(line.rstrip(",")), line)
            for number, line in enumerate(map(str.strip, _lines(text)), 1)
            if line not in ("", "[", "]")
        ),
        encoding,
    )
    if tree is None and text.lstrip()[:1] == "[" and not table.rows:
        raise NoTable("tables.no_json")
    nested = isinstance(tree, dict) and any(isinstance(v, dict | list) for v in tree.values())
    if tree is not None and (nested or not table.rows):
        raise NoTable("tables.no_rows")
    return table


def _list_table(name: str, entries: Sequence[Any], encoding: str) -> Table:
    found = _table_of(((n, entry, str(entry)) for n, entry in enumerate(entries, 1)), encoding)
    return replace(found, sheet=name)


def _lists(
    tree: Mapping[str, Any], path: str = "", depth: int = LIST_DEPTH
) -> Iterator[tuple[str, list[Any]]]:
    """The lists of objects in a tree of JSON by their paths; none that hold boxes."""
    if len(DETECTION.intersection(tree)) > 1:
        return
    lists = {name: value for name, value in tree.items() if _objects(value)}
    if len(lists) > 1 and (parts := _of_parts(lists)):
        yield path or next(iter(lists)), parts
        return
    for name, value in tree.items():
        below = f"{path}.{name}" if path else name
        if name in lists and name not in GEOMETRY and GEOMETRY.isdisjoint(value[0]):
            yield below, value
        elif isinstance(value, dict) and depth > 1:
            yield from _lists(value, below, depth - 1)


def _table_of(entries: Iterable[tuple[int, Any, str]], encoding: str) -> Table:
    """The table of objects with their numbers and how they are written."""
    rows: dict[int, list[str]] = {}
    broken: list[tuple[int, str]] = []
    places: dict[str, None] = {}
    entries = list(entries)
    several = len({name for _n, entry, _w in entries for name in _questions(entry)}) > 1
    for number, entry, written in entries:
        if not isinstance(entry, dict):
            broken.append((number, written))
            continue
        flat = _flat(_by_question(entry) if several else entry)
        if not flat.keys() <= places.keys():
            places.update(dict.fromkeys(flat))
        rows[number] = [plain(flat.get(key)) for key in places]
    return Table(encoding, _padded(rows, len(places)), tuple(places), broken)


def _results(entry: Any) -> Iterator[dict[str, Any]]:
    """What people answered in Label Studio, each with the name of the question."""
    annotations = entry.get("annotations") if isinstance(entry, dict) else None
    for each in annotations or () if _objects(annotations) else ():
        results = each.get("result")
        yield from (r for r in results if r.get("from_name")) if _objects(results) else ()


def _questions(entry: Any) -> Iterator[str]:
    return (str(r["from_name"]) for r in _results(entry) if r.get("type") in ANSWERED)


def _by_question(entry: Any) -> Any:
    """An entry of Label Studio with a column for each question, where there are several."""
    if not any(True for _result in _results(entry)):
        return entry
    annotations = []
    for each in entry["annotations"]:
        if each.get("was_cancelled"):
            continue
        answers = {
            str(r["from_name"]): next(iter(r["value"].values()))
            for r in each.get("result") or ()
            if r.get("type") in ANSWERED and isinstance(r.get("value"), dict) and r["value"]
        }
        annotations.append({"result": answers})
    return {**entry, "annotations": annotations}


def _flat(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry without objects in it: what is nested is named by its path, as in ``data.text``.

    Of a list of objects, the different values of each path are a list. Two marks are taken as
    those who write them mean them: Label Studio's cancelled annotations, Prodigy's rejections.
    """
    entry = _meant(entry)
    if not any(isinstance(value, dict) or _objects(value) for value in entry.values()):
        return entry
    found: dict[str, list[Any]] = {}
    _gather(entry, "", found)
    return {path: values[0] if len(values) == 1 else values for path, values in found.items()}


def _meant(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry without what was not said of it, or not by a person."""
    entry = dict(entry)
    if "annotations" in entry:
        entry.pop("predictions", None)
        if _objects(entry["annotations"]):
            entry["annotations"] = [
                each for each in entry["annotations"] if not each.get("was_cancelled")
            ]
    if entry.get("answer") in ("reject", "ignore") and not PRODIGY.isdisjoint(entry):
        entry |= {key: [] for key in ("accept", "label") if key in entry}
    return {key: _choices(value) for key, value in entry.items()}


def _choices(value: Any) -> Any:
    """The labels of ``{"choices": [...]}``, as Label Studio's short export writes several."""
    return value["choices"] if isinstance(value, dict) and [*value] == ["choices"] else value


def _gather(value: Any, path: str, found: dict[str, list[Any]], depth: int = 0) -> None:
    """Add the different values below ``path``, each path's in the order met."""
    if isinstance(value, list) and path and not _objects(value):
        for each in value:
            _gather(each, path, found, depth + 1)
        found.setdefault(path, [])
    elif _objects(value):
        for each in value:
            _gather(each, path, found, depth + 1)
    elif isinstance(value, Mapping) and path and _marks(value, path.rpartition(".")[2]):
        found.setdefault(path, []).extend(name for name, mark in value.items() if mark >= HALF)
    elif isinstance(value, Mapping):
        if depth < MAX_DEPTH:
            for name, inner in value.items():
                _gather(inner, f"{path}.{name}" if path else name, found, depth + 1)
    else:
        values = found.setdefault(path, [])
        if value is not None and value not in values:
            values.append(value)


def _marks(value: Mapping[str, Any], name: str) -> bool:
    """Whether an object says of each class how true it is: ``{"pos": 1.0, "neg": 0.0}``.

    spaCy's ``cats`` are meant so whatever their numbers are.
    """
    numbers = [mark for mark in value.values() if isinstance(mark, int | float)]
    if not value or len(numbers) < len(value):
        return False
    if name == "cats":
        return all(0 <= mark <= 1 for mark in numbers)
    return len(value) > 1 and set(numbers) == {0, 1}


def _entries(tree: Any) -> list[Any] | None:
    """The rows in a tree of JSON, in any of the forms that programs write; None where none are."""
    if not isinstance(tree, dict) or not tree:
        return tree if isinstance(tree, list) else None
    if isinstance(tree.get("columns"), list) and isinstance(tree.get("data"), list):
        return [tree["columns"], *tree["data"]]
    return _of_object(tree)


def _of_object(tree: Mapping[str, Any]) -> list[Any] | None:
    values = list(tree.values())
    if all(isinstance(value, list) for value in values):
        return _of_lists(tree)
    if all(isinstance(value, dict) for value in values):
        return _of_objects(tree)
    if all(isinstance(value, str | int | float) and re.search(r"\.\w{1,5}$", key)
           for key, value in tree.items()):  # fmt: skip
        return [{"path": key, "label": value} for key, value in tree.items()]
    return None


def _of_lists(tree: Mapping[str, list[Any]]) -> list[Any] | None:
    """The rows of parts, of classes, or of columns."""
    values = list(tree.values())
    if all(map(_pairs, values)):
        return _of_parts(
            {key: [{"text": t, "label": c} for t, c in pairs] for key, pairs in tree.items()}
        )
    if all(map(_objects, values)):
        return _of_parts(tree)
    if _of_classes(tree):
        return [{"label": key, "text": text} for key, texts in tree.items() for text in texts]
    if len(set(map(len, values))) == 1 and values[0]:
        return [dict(zip(tree, cells, strict=True)) for cells in zip(*values, strict=True)]
    return None


def _of_classes(tree: Mapping[str, list[Any]]) -> bool:
    """Whether every list holds the texts of a class, which it is called after."""
    cells = [cell for cells in tree.values() for cell in cells]
    if len(tree) < 2 or _names_columns(list(tree)) or not all(isinstance(c, str) for c in cells):
        return False
    spoken = all(
        sum(" " in cell for cell in cells) >= MOSTLY * len(cells) for cells in tree.values()
    )
    return spoken and len(set(cells)) > MOSTLY * len(cells)


def _objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _pairs(value: list[Any]) -> bool:
    """Whether a list holds pairs of a text and its class."""
    return bool(value) and all(
        isinstance(each, list) and len(each) == 2 and all(isinstance(cell, str) for cell in each)
        for each in value
    )


def _of_parts(tree: Mapping[str, list[dict[str, Any]]]) -> list[Any] | None:
    """The rows of a list, or of one for each part."""
    if len(tree) == 1:
        return next(iter(tree.values()))
    parts = {name: _parts_in(name) for name in tree}
    if all(len(found) == 1 for found in parts.values()):
        return [
            {**entry, "split": next(iter(parts[name]))}
            for name, entries in tree.items()
            for entry in entries
        ]
    return None  # lists that refer to each other, of boxes say


def _of_objects(tree: Mapping[str, dict[str, Any]]) -> list[Any] | None:
    """The rows of columns that name their rows, or of rows that are named."""
    first = next(iter(tree.values()))
    if (
        first
        and all(value.keys() == first.keys() for value in tree.values())
        and all(key.isdecimal() for key in first)
    ):
        return [{name: column[key] for name, column in tree.items()} for key in first]
    scalar = all(
        not isinstance(v, dict) and not _objects(v)
        for value in tree.values()
        for v in value.values()
    )
    if len(tree) < 2 or not scalar:
        return None
    named = not all(name.isdecimal() for name in tree)
    return [{**({"path": name} if named else {}), **value} for name, value in tree.items()]


def is_fasttext(lines: Iterable[str]) -> bool:
    """Whether lines begin with their classes, as fastText wants them."""
    filled = [line for line in lines if line.strip()]
    labelled = sum(line.startswith("__label__") for line in filled)
    return labelled > 0 and labelled >= CONSISTENT * len(filled)


def is_marked(lines: Iterable[str]) -> bool:
    """Whether every line is a sentence with its class behind an @, as in the Financial
    PhraseBank."""
    found = [MARKED.fullmatch(line.strip()) for line in lines if line.strip()]
    kinds = {match[2] for match in found if match}
    return len(found) > 2 * len(kinds) > 2 and all(found)


def _marked_table(text: str, encoding: str) -> Table:
    table = Table(encoding, {}, ("text", "label"))
    for number, line in enumerate(_lines(text), 1):
        if found := MARKED.fullmatch(line.strip()):
            table.rows[number] = [found[1].strip(), found[2]]
        elif line.strip():
            table.broken.append((number, line))
    return table


def is_spaced(lines: Iterable[str]) -> bool:
    """Whether spaces divide the names of files from what is said of them: ``a/1.jpg 3``."""
    rows = [cells for line in lines if (cells := line.split())]
    width = _commonest(map(len, rows))
    divided = 2 <= width <= MOST_SPACED and all(len(cells) == width for cells in rows)
    return divided and any(all(FILE_NAME.fullmatch(row[at]) for row in rows) for at in range(width))


def _fasttext_table(text: str, encoding: str) -> Table:
    rows = {}
    for number, line in enumerate(_lines(text), 1):
        if line.strip():
            found = FASTTEXT.match(line)
            labels = FASTTEXT_LABEL.findall(found[1]) if found else []
            rows[number] = [plain(labels), (found[2] if found else line).strip()]
    return Table(encoding, rows, ("label", "text"))


# -- workbooks


def _workbook(data: bytes) -> Table:
    """The sheet of a workbook that looks most like a table of examples."""
    _require_workbook(data)
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that are of no use here
        try:
            whole = _sheets_hold(data, WHOLE)  # told only to those who read all at once
            book = openpyxl.load_workbook(io.BytesIO(data), not whole, data_only=True)
            found = [(sheet, _sheet_rows(sheet)) for sheet in book.worksheets]
            hidden = {sheet.title for sheet, _ in found if sheet.sheet_state != "visible"}
            filled = {sheet.title: rows for sheet, rows in found if rows}
            unseen = {sheet.title: _hidden_rows(sheet, rows) for sheet, rows in found if whole}
            book.close()
        except Exception as error:  # the library raises nearly anything on damaged files
            raise NoTable("tables.not_a_workbook", error) from error
        unsolved = _unsolved(data, filled)
        sheets: dict[str, Table] = {}
        for title, rows in filled.items():
            table = _sheet_table(title, rows, title in hidden, unsolved[title])
            sheets[title] = replace(table, hidden_rows=unseen.get(title, 0))
    return _of_sheets(sheets) if sheets else Table("auto", {})


def _sheet_table(title: str, rows: dict[int, list[str]], hidden: bool, formulas: int) -> Table:
    width = max(map(len, rows.values()), default=0)
    table = Table(
        "auto",
        _padded(rows, width),
        sheet=title,
        hidden=hidden,
        formulas=formulas,
        divided=width,
    )
    return _samples_only(table, width)


def _of_sheets(sheets: dict[str, Table]) -> Table:
    """The likeliest of several tables in one file; each knows the others."""
    if len(sheets) > 1:
        for table in sheets.values():
            table.sheets.update(sheets)
    return max(sheets.values(), key=_likeliness)


def _likeliness(table: Table) -> tuple[bool, bool, bool, int]:
    """How much a sheet looks like a table of examples: by its columns, by values that come again
    as classes do, by the number of rows."""
    columns = [[cells[at] for cells in table.sampled if len(cells) > at and cells[at].strip()]
               for at in range(table.width)]  # fmt: skip
    again = any(2 * len(set(cells)) <= len(cells) for cells in columns)
    several = len(table.rows) > 1 and sum(map(bool, columns)) > 1
    return not table.hidden, several, again and several, len(table.rows)


def _together(table: Table) -> Table:
    """Sheets of the same columns as one table.

    What the sheets are called becomes a column: the part of the data, where it is that; else the
    class, where nothing in the rows can be.
    """
    first = table.alike[0]
    names = first.columns().names
    titles = [each.sheet for each in table.alike]
    extra = _meaning_of_titles(table.alike)
    starts = [table.start(title) for title in titles]
    rows: dict[int, list[str]] = {}
    for start, each in zip(starts, table.alike, strict=True):
        places = [each.columns().names.index(name) for name in names]
        for number, cells in each.rows.items():
            header = each.keys is None and cells == each.first
            if header and each is not first:
                continue
            row = [cells[place] if place < len(cells) else "" for place in places]
            rows[start + number] = row + ([extra if header else each.sheet] if extra else [])
    keys = None if first.keys is None else (*names, *([extra] if extra else []))
    whole = Table("auto" if first.keys is None else first.encoding, rows, keys, sheet=ALL_SHEETS)
    for start, each in zip(starts, table.alike, strict=True):
        for kept, more in ((whole.above, each.above), (whole.totals, each.totals),
                           (whole.broken, each.broken)):  # fmt: skip
            kept += [(start + number, line) for number, line in more]
    return replace(
        whole,
        sheets=table.sheets,
        formulas=sum(each.formulas for each in table.alike),
        hidden_rows=sum(each.hidden_rows for each in table.alike),
        divided=len(names) + bool(extra),
        titled=extra,
        _parts=tuple(titles),
    )


def _parts_in(title: str) -> set[str]:
    return set(re.split(r"[^a-z]+", title.lower())) & set(PARTS)


def _meaning_of_titles(sheets: Sequence[Table]) -> str:
    """The column that the titles of the sheets make: the part of the data, or the class where no
    column can be it; empty where they say nothing, or only number the sheets."""
    names = {name.strip().lower() for name in sheets[0].columns().names}
    if all(_parts_in(each.sheet) for each in sheets):
        meant = "split"
    elif not any(each.columns().labelled for each in sheets) and not _come_again(sheets):
        meant = "label"
    elif any(re.search(r"\d", each.sheet) for each in sheets):
        meant = ""
    else:
        meant = "sheet"
    return "" if meant in names else meant


def _come_again(sheets: Sequence[Table]) -> bool:
    """Whether the values of a column come again in all sheets together, as those of classes do."""
    for name in sheets[0].columns().names:
        places = [(each, each.columns().names.index(name)) for each in sheets]
        cells = [r[at] for each, at in places for r in each.sampled if len(r) > at and r[at]]
        if cells and 2 * len(set(cells)) <= len(cells):
            return True
    return False


def _hidden_rows(sheet: Any, rows: Iterable[int]) -> int:
    """How many rows are hidden, of those that hold something."""
    return sum(bool(sheet.row_dimensions[number].hidden) for number in rows)


def _padded(rows: dict[int, list[str]], width: int) -> dict[int, list[str]]:
    """``rows``, filled up to ``width`` cells each."""
    for cells in rows.values():
        cells.extend([""] * (width - len(cells)))
    return rows


def _require_workbook(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            kind = archive.read("mimetype") if "mimetype" in archive.namelist() else b""
    except Exception as error:  # as above
        raise NoTable("tables.not_a_workbook") from error
    if kind.startswith(OPEN_DOCUMENT):
        raise NoTable("tables.open_document")
    total = sum(member.file_size for member in members)
    if total > max(HARMLESS, BOMB * len(data)):
        raise NoTable("tables.not_a_workbook", f"{total / 1e9:.0f} GB")


def _sheet_rows(sheet: Any) -> dict[int, list[str]]:
    """The rows that are not empty, without empty cells at their ends.

    What stands in several rows that were merged is in each of them.
    """
    above: dict[tuple[int, int], Any] = {}
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # many programs write wrong ones
    else:
        for area in sheet.merged_cells.ranges:
            cell = sheet.cell(area.min_row, area.min_col)
            above |= {(row, area.min_col): cell for row in range(area.min_row, area.max_row + 1)}
    found = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_seen(above.get((number, at), cell)) for at, cell in enumerate(row, 1)]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            found[number] = cells
    return found


def _seen(cell: Any) -> str:
    """What a person sees in a cell of a workbook."""
    value = cell.value
    if value is None or cell.data_type == "e":  # an error, such as #N/A
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime.datetime):
        day = value.time() == datetime.time()
        return value.date().isoformat() if day else value.isoformat(" ", "seconds")
    return str(value)


def _number(value: float, pattern: str) -> str:
    """A number without what computing added to it; with zeros in front and per cent if so shown."""
    if percent := re.fullmatch(r"0(?:\.(0+))?%", pattern):
        return f"{value:.{len(percent[1] or '')}%}"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value)).zfill(len(pattern) if set(pattern) == {"0"} else 0)
    return str(value) if isinstance(value, int) else f"{value:.15g}"


def _sheets_hold(data: bytes, pattern: bytes) -> bool:
    """Whether the XML of any sheet holds a pattern."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(re.search(pattern, archive.read(name)) for name in sheets)


def _unsolved(data: bytes, sheets: Mapping[str, Mapping[int, Sequence[str]]]) -> Counter[str]:
    """How many formulas of each sheet have no result: a program wrote them, and no spreadsheet
    opened them."""
    if not _sheets_hold(data, rb"<f[ >]"):
        return Counter()
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    found: Counter[str] = Counter()
    for title, rows in sheets.items():
        book[title].reset_dimensions()
        found[title] = sum(
            cell.data_type == "f" and not (rows.get(number, [])[at : at + 1] or [""])[0]
            for number, row in enumerate(book[title].iter_rows(), 1)
            for at, cell in enumerate(row)
        )
    book.close()
    return found


# -- which column is what


def _columns(table: Table, chosen: Mapping[str, str], header: str) -> Columns:
    has_header = _has_header(table, chosen) if header == "auto" else header == "yes"
    named = table.keys or (tuple(table.first) if has_header else ())
    columns = Columns(names_of(named, table.width), has_header, None, None)
    content = Content(_below(table, has_header), table.width)
    found = {key: content.likeliest(key, _named(named, key)) for key in NAMES}
    found["group"] = content.grouping(_groups(named))
    places = {key: columns.place(name) for key, name in chosen.items()}
    sure = {key: place for key, place in places.items() if place is not None}
    taken = list(sure.values())
    found |= {key: None for key, place in found.items() if key not in sure and place in taken}
    found |= {key: None for key, name in chosen.items() if name == NOTHING}
    found |= sure
    if found["text"] is not None and "text" not in sure and content.sparse(found["text"]):
        found["text"] = None  # remarks beside the texts
    labelled, text_named = found["label"] is not None, found["text"] is not None
    if found["text"] is None:
        found["text"] = content.longest({found[key] for key in ("label", "split", "group")})
    if found["label"] is None:
        found["label"] = content.fewest({found[key] for key in ("text", "split", "group")})
    if found["label"] is not None and "label" not in sure:
        others = {found[key] for key in ("text", "split", "group")}
        found["label"] = content.in_words(found["label"], others)
    return Columns(columns.names, has_header, **found, labelled=labelled, text_named=text_named)


def _below(table: Table, has_header: bool) -> list[list[str]]:
    return table.sampled if has_header and not table.keys else [table.first, *table.sampled]


def names_of(named: Sequence[str], width: int) -> tuple[str, ...]:
    """What each column is called; its number where it has no name, and ``label (2)`` for the
    second that is called ``label``."""
    said = [name.strip() for name in named[:width]]
    said += [""] * (width - len(said))
    names: list[str] = []
    for place, name in enumerate(said, 1):
        before = said[: place - 1].count(name)
        numbered = f"{name} ({before + 1})" if before else name
        names.append(numbered if name and numbered not in names else str(place))
    return tuple(names)


def _named(header: Sequence[str], key: str) -> list[int]:
    """The columns that the header calls by the likeliest name of ``key``; mostly one."""
    names = [name.strip().lower() for name in header]
    known = NAMES[key].split()
    if key == "label":
        known += [f"{name}{form}" for name in known for form in OTHER_FORMS]
    depths = [0] * len(names)
    if not set(known) & set(names):  # of JSON: data.text
        depths = [name.count(".") for name in names]
        names = [name.rpartition(".")[2] for name in names]
        known = ["choices", *known] if key == "label" else known  # not the labels of its words
    likeliest = next((name for name in known if name in names), None)
    found = [at for at, name in enumerate(names) if name == likeliest]
    return [at for at in found if depths[at] == min(depths[other] for other in found)]


def is_label(name: str) -> bool:
    """Whether a column is called as labels are."""
    return name.strip().lower().rpartition(".")[2] in NAMES["label"].split()


def _groups(header: Sequence[str]) -> list[int]:
    """The columns that are called as those whose values keep rows together, likelier ones first."""
    known = NAMES["group"].split()
    ranks: dict[int, tuple[int, bool]] = {}
    for at, name in enumerate(header):
        parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip()).lower()
        words = [word for word in re.split(r"[\W_]+", parts) if word]
        identified = len(words) > 1 and words[-1] in IDENTIFYING
        word = words[-2] if identified else words[-1] if words else ""
        own = "." in name or len(words) == 1 + identified
        mail = word == "subject" and not identified  # of a message, or what it is about
        if own and word in known and not mail:
            ranks[at] = (known.index(word), identified and words[-1] not in ("id", "ids"))
    return sorted(ranks, key=ranks.__getitem__)


def _has_header(table: Table, chosen: Mapping[str, str]) -> bool:
    """Whether the first row names columns: known ones, or what no row below could be."""
    first = [cell.strip() for cell in table.first]
    named = {name for name in chosen.values() if name and not name.isdecimal()} - {NOTHING}
    if table.keys is not None or named & set(first):
        return True
    called = any(_named(first, key) for key in ("text", "label"))
    if called and all(len(cell) <= SHORT for cell in first):
        return True
    content = Content(table.sampled, table.width)
    if first and len(first) == table.width and _titles(first, content):
        return True
    if called and not all(len(cell) <= QUESTION and cell for cell in first):
        return False
    text = content.longest(set())
    label = content.fewest({text})
    if text is None or label is None or len(first) != table.width:
        return False
    seen = content.of(label)
    repeated = len(set(seen)) < len(seen)
    return repeated and first[label] not in seen and len(first[text]) < content.length(text)


class Content:
    """What stands in the columns of some rows."""

    def __init__(self, below: Sequence[Sequence[str]], width: int) -> None:
        self._below = [cells for cells in below if len(cells) == width]
        self._places = range(width)

    def of(self, column: int) -> list[str]:
        """The cells that are not empty."""
        cells = (cells[column].strip() for cells in self._below)
        return [cell for cell in cells if cell]

    def length(self, column: int) -> float:
        """Characters of a cell, on average; empty ones count, remarks beside few rows are none."""
        return mean(len(cells[column].strip()) for cells in self._below) if self._below else 0.0

    def sparse(self, column: int) -> bool:
        """Whether a column is mostly blank, where another one holds longer cells."""
        blank = 2 * len(self.of(column)) < len(self._below)
        return blank and self.longest(set()) != column

    def likeliest(self, key: str, columns: Sequence[int]) -> int | None:
        """Which of several columns of one name holds what ``key`` says; None of none."""
        if len(columns) < 2:
            return columns[0] if columns else None
        others: set[int | None] = {place for place in self._places if place not in columns}
        return self.longest(others) if key == "text" else self.fewest(others)

    def grouping(self, columns: Sequence[int]) -> int | None:
        """The first of ``columns`` with several values of which some come again; else the first
        in which none does, unless all is one value, or a heading."""
        kinds = {column: self.of(column) for column in columns}
        several = [column for column in columns if len(set(kinds[column])) > 1]
        several = [column for column in several if self.length(column) < LONG_GROUP]
        again = [column for column in several if len(set(kinds[column])) < len(kinds[column])]
        return next(iter(again or several), None)

    def longest(self, other_than: set[int | None]) -> int | None:
        """The column with the longest cells."""
        return max((c for c in self._places if c not in other_than), key=self.length, default=None)

    def fewest(self, other_than: set[int | None]) -> int | None:
        """The column that divides the rows into the fewest classes, two at least."""
        free = [column for column in self._places if column not in other_than]
        kinds = {column: len(set(self.of(column))) for column in free}
        filled = [column for column in free if 2 * len(self.of(column)) >= len(self._below)]
        dividing = [column for column in filled if kinds[column] > 1]
        used = [column for column in free if kinds[column]]
        return min(dividing or used or free, key=kinds.__getitem__, default=None)

    def in_words(self, column: int, other_than: set[int | None]) -> int:
        """The column that says in words what ``column`` says in numbers; else ``column``."""
        if not all(map(_is_number, self.of(column))):
            return column
        kinds = len(set(self.of(column)))
        for other in self._places:
            words = self.of(other)
            pairs = {(cells[column].strip(), cells[other].strip()) for cells in self._below}
            if (
                other not in other_than
                and 1 < kinds == len(set(words)) == len(pairs) < len(words)
                and not any(map(_is_number, words))
            ):
                return other
        return column


def _titles(first: Sequence[str], content: Content) -> bool:
    """Whether a first row is of another kind than what stands below it: a word above numbers, or a
    single word above sentences only."""
    for column, cell in enumerate(first):
        below = content.of(column)
        if len(below) > 1 and cell and not _is_number(cell) and all(map(_is_number, below)):
            return True
    (word, *more) = first
    sentences = [cell for cell in content.of(0) if " " in cell]
    return (
        not more
        and word.isalpha()
        and len(sentences) > 1
        and len(sentences) >= MOSTLY * len(content.of(0))
    )
