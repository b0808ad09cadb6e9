"""Answer what texts are about with the model beside this file, without TransferGUI.

    pip install numpy tokenizers onnxruntime
    python predict.py TEXT_OR_TABLE_OR_FOLDER ... > answers.csv
    echo "The bread was still warm." | python predict.py -

Texts are lines of the standard input (`-`), files, or rows of tables (CSV, TSV, JSON lines); of
these, the column is read that the model learnt from, else the one with the longest texts.
`reviews.csv#17` is row 17. Texts are prepared exactly as they were in training. From Python:

    model = Model(Path("folder of this file"))
    model.answer(Path("review.txt"))         # {"praise": 0.93, "complaint": 0.07}
"""

import codecs
import collections
import csv
import functools
import io
import itertools
import json
import re
import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

TABLES = (".csv", ".tsv", ".jsonl")
PART = re.compile(r"(.*\.[^./#]{1,6})#([0-9]{1,12})", re.DOTALL)
DELIMITERS = ",\t;|"
EXCEL_DELIMITER = re.compile(r"sep=(.)\s*", re.IGNORECASE)
MAX_CELL, MAX_BYTES = 4_000_000, 16_000_000
MAX_JOINED = 500  # lines that one quoted cell may go on for
PROBE, PROBED = 200, 1 << 20  # lines and bytes that are looked at first
LONGEST = 64  # characters of a token, where only the beginning of a text is wanted
TEXT_COLUMNS = [
    "text",
    "texts",
    "sentence",
    "review",
    "reviews",
    "content",
    "contents",
    "comment",
    "comments",
    "body",
    "message",
    "messages",
    "tweet",
    "document",
    "utterance",
    "question",
    "title",
    "headline",
    "description",
    "文本",
    "内容",
    "评论",
    "评价",
    "句子",
    "标题",
]
CLEANING = (
    (r"</?[A-Za-z][^<>]{0,500}>|<!--[^<>]{0,2000}-->", " "),
    ("&nbsp;", " "),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&#0?39;|&apos;", "'"),
    ("&amp;", "&"),
    (
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]",
        " ",
    ),
    (r"\s+", " "),
)
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


# -- from a text to what the network reads


class Reader:
    """Texts as numbers of tokens; how many is said in ``tokenizer.json``."""

    mean = False

    def __init__(self, options, assets):
        self.options = options
        self.tokenizer = Tokenizer.from_file(str(assets / "tokenizer.json"))

    def files(self, names):
        """The files named, and the texts and tables in the folders named."""
        for path in map(Path, names):
            if path.is_dir():
                endings = (".txt", *TABLES)
                yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in endings)
            else:
                yield path

    def samples(self, path):
        """Names and tokens, int64 [tokens], of the texts in a file."""
        for name, text in self.texts(path):
            yield name, self.prepare(text)

    def texts(self, path):
        """Names and texts in a file, a row of a table, or the standard input."""
        part = PART.fullmatch(str(path))
        file = Path(part[1] if part else path)
        if str(path) == "-":
            lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
            yield from ((f"line {n}", line) for n, line in enumerate(lines, 1) if line.strip())
        elif file.suffix.lower() in TABLES:
            rows = table(file, self.options["encoding"], self.options["text_column"])
            wanted = [int(part[2])] if part else [number for number in rows if rows[number]]
            yield from ((f"{file}#{number}", rows[number]) for number in wanted)
        else:
            yield str(path), decoded(path.read_bytes()[:MAX_BYTES], self.options["encoding"])

    def prepare(self, text):
        """Numbers of the tokens of a text, cut off or filled up."""
        count = LONGEST * self.options["tokens"]
        if len(text) > count:
            text = clean(text[: 4 * count])[:count]
        return np.array(self.tokenizer.encode(text).ids, np.int64)


def clean(text):
    """A text without markup and what cannot be seen."""
    for pattern, replacement in CLEANING:
        text = re.sub(pattern, replacement, text)
    return text.strip()


# -- how files are written


def decoded(data, encoding):
    marked = data.startswith(codecs.BOM_UTF8)
    encoding = guessed(data) if marked or encoding == "auto" else encoding
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


def guessed(data):
    """The likely encoding: by a mark, UTF-8, common Chinese characters, or Windows-1252."""
    head = data[:PROBED]
    if head.isascii() and b"\0" not in head and len(data) > PROBED:
        foreign = re.search(rb"[^\0-\x7f]", data)
        if foreign:
            head = data[max(0, foreign.start() - 1) : foreign.start() + PROBED]
    marked = [name for mark, name in MARKS.items() if head.startswith(mark)]
    if marked:
        return marked[0]
    if b"\0" in head[:2]:
        return "utf-16-be" if head[0] == 0 else "utf-16-le"
    return next((name for name in ("utf-8", "gb18030") if reads_as(head, name)), "cp1252")


def reads_as(head, encoding):
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    foreign = "".join(character for character in text if ord(character) > 127)
    common = foreign.encode("gb2312", "ignore").decode("gb2312")
    return encoding == "utf-8" or len(common) >= 0.9 * len(foreign)


# -- tables


@functools.lru_cache(maxsize=1)
def table(path, encoding, wanted):
    """The texts of a table by the number of their row, as a spreadsheet counts."""
    text = decoded(path.read_bytes(), encoding)
    rows, named = json_rows(text) if path.suffix.lower() == ".jsonl" else cell_rows(text, path)
    first = next(iter(rows.values()), [])
    header = named or [cell.strip() for cell in first]
    known = [place for place, name in enumerate(header) if name.lower() in TEXT_COLUMNS]
    if header.count(wanted) == 1 and not wanted.isdecimal():
        column = header.index(wanted)
        if not named:
            rows.pop(min(rows))
    elif known:
        column = known[0]
        if not named:
            rows.pop(min(rows))
    elif wanted.isdecimal() and 0 < int(wanted) <= len(header):
        column = int(wanted) - 1
    else:
        column = longest(rows)
    return {n: cells[column].strip() if column < len(cells) else "" for n, cells in rows.items()}


def longest(rows):
    """The column with the longest cells."""
    sizes = collections.Counter()
    for cells in rows.values():
        sizes.update({place: len(cell) for place, cell in enumerate(cells)})
    return sizes.most_common(1)[0][0]


def json_rows(text):
    rows, names = {}, {}
    for number, line in enumerate(io.StringIO(text, newline=None), 1):
        try:
            tree = json.loads(line) if len(line) <= MAX_CELL else None
        except (ValueError, RecursionError):
            continue
        if isinstance(tree, dict):
            names.update(dict.fromkeys(tree))
            rows[number] = [plain(tree.get(name)) for name in names]
    return rows, list(names)


def plain(value):
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def cell_rows(text, path):
    csv.field_size_limit(MAX_CELL)
    first, _, rest = text.partition("\n")
    said = EXCEL_DELIMITER.fullmatch(first)
    lines = io.StringIO(rest if said else text, newline=None)
    probe = list(itertools.islice(lines, PROBE))
    delimiter, width = dialect(probe, path)
    if said:
        delimiter, width = said[1], commonest(map(len, leniently(probe, said[1])))
    lines.seek(0)
    found = enumerate(records(lines, delimiter, width), 1)
    return {number: cells for number, cells in found if cells}, []


def dialect(lines, path):
    """What divides most rows into the same number of cells, and that number; else a tab."""
    if path.suffix.lower() == ".tsv":
        return "\t", commonest(map(len, leniently(lines, "\t")))
    best, most = ("\t", 1), (0, 0)
    for delimiter in DELIMITERS:
        widths = [len(cells) for cells in leniently(lines, delimiter)]
        width = commonest(widths)
        fits = widths.count(width), width
        if width > 1 and fits > most and 2 * fits[0] >= len(widths):
            best, most = (delimiter, width), fits
    return best


def leniently(lines, delimiter):
    """Cells of the rows, as well as it goes."""
    try:
        return [cells for cells in csv.reader(lines, delimiter=delimiter) if cells]
    except csv.Error:
        return []


def commonest(numbers):
    return max(collections.Counter(numbers).most_common(1), default=(0, 0))[0]


def parsed(record, delimiter):
    try:
        return next(csv.reader([record], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def records(lines, delimiter, width):
    """The cells of each record: none in an empty line, None where it is broken."""
    ahead = collections.deque()
    while line := (ahead.popleft() if ahead else next(lines, "")):
        line = line.rstrip("\n")
        if not line.strip():
            yield []
        elif '"' not in line:
            yield line.split(delimiter)
        elif len(line) <= MAX_CELL and (cells := parsed(line, delimiter)) is not None:
            yield cells
        elif delimiter == "\t" and line.count("\t") == width - 1:
            yield line.split("\t")
        else:
            yield joined(line, lines, ahead, delimiter, width)


def joined(line, lines, ahead, delimiter, width):
    """The record that begins here, whose quoted cell goes on below; else nothing was taken."""
    taken, marks, size = [line], line.count('"'), len(line)
    while marks % 2 and len(taken) < MAX_JOINED and size < MAX_CELL:
        below = ahead.popleft() if ahead else next(lines, "")
        if not below:
            break
        taken.append(below.rstrip("\n"))
        marks, size = marks + below.count('"'), size + len(below)
    cells = parsed("\n".join(taken), delimiter) if not marks % 2 and len(taken) > 1 else None
    if cells is not None and len(cells) == width:
        return cells
    ahead.extendleft(f"{below}\n" for below in reversed(taken[1:]))
    return None
