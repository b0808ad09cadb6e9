"""Predict texts with the model beside this file, without TransferGUI.

    pip install numpy tokenizers onnxruntime
    python predict.py TEXT_OR_TABLE_OR_FOLDER ... > predictions.csv
    echo "The bread was still warm." | python predict.py -

Texts can be lines of standard input (`-`), files, or rows of tables (CSV, TSV, JSON, fastText;
Excel with `pip install openpyxl`). In a table, the column that the model was trained on is read,
otherwise the column with the longest texts. `reviews.csv#17` is row 17. Texts are prepared exactly
as in training. From Python:

    model = Model(Path("folder of this file"))
    model.answer(Path("review.txt"))         # {"praise": 0.93, "complaint": 0.07}
"""

import codecs
import functools
import io
import re
import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from transfergui.core.base.i18n import _
from transfergui.core.reading.parsing.lines import is_fasttext
from transfergui.core.reading.parsing.parser import found_encoding, parse
from transfergui.core.reading.parsing.refusals import NoTable

TABLES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm")
PART = re.compile(r"(.*\.[^./#]{1,6})#([0-9]{1,12})", re.DOTALL)
MAX_BYTES = 16_000_000
LONGEST = 64  # characters of a token, where only the beginning of a text is wanted
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
                found = (p for p in path.rglob("*") if p.suffix.lower() in (".txt", *TABLES))
                yield from sorted(p for p in found if p.suffix.lower() == ".txt" or lists_rows(p))
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
            name = _("line {number}")
            numbered = enumerate(lines, 1)
            yield from ((name.format(number=n), line) for n, line in numbered if line.strip())
        elif file.suffix.lower() in TABLES or part or lists_rows(file):
            wanted, label = self.options["text_column"], self.options["label_column"]
            whole = rows_of(file, self.options["encoding"])
            whole = whole.of_sheet(self.options.get("sheet", ""), wanted)
            found = whole.having(wanted)
            if part:
                table, row = whole.at(int(part[2]))
                found = [(int(part[2]) - row, table)]
            for start, table in found:
                columns = table.columns(wanted, label)
                for number in [row] if part else table.below(columns.header):
                    text = table.cell(number, columns.text)
                    if text or part:
                        yield f"{file}#{start + number}", text
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
    encoding = found_encoding(data) if marked or encoding == "auto" else encoding
    return data.decode(encoding, errors="replace").removeprefix("\ufeff")


# -- tables


def lists_rows(path):
    """Whether a file in a folder is a table: JSON and text may hold anything."""
    ending = path.suffix.lower()
    if ending == ".txt":
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
        return b"__label__" in head and is_fasttext(decoded(head, "auto").split("\n"))
    try:
        return ending in TABLES and (ending != ".json" or len(rows_of(path, "auto").rows) > 1)
    except NoTable:
        return False


@functools.lru_cache(maxsize=1)
def rows_of(path, encoding):
    """The table in a file."""
    try:
        return parse(path.name, path.read_bytes(), encoding)
    except ImportError:
        raise ValueError(_("Excel files need openpyxl: pip install openpyxl")) from None
