"""Tables as people and spreadsheets write them: bytes to rows, rows to columns."""

import codecs
import csv
import datetime
import io
import json
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transfergui.core.base.errors import UserError
from transfergui.core.data.captions import caption
from transfergui.core.reading.parsing import parser
from transfergui.core.reading.parsing.table import SHEET_ROWS, Table
from transfergui.core.reading.tables import row_notes, table_files

CHINESE = (
    "text,label\n很快，好吃，味道足，量大,1\n没有送水没有送水没有送水,0\n送餐快态度也特别好,1\n"
)
WESTERN = "text;label\nDas Café war schön – très bon;gut\nÜbel, für 5 € zu teuer;schlecht\n"


def parsed(text: str | bytes, name: str = "a.csv", encoding: str = "auto") -> Table:
    data = text.encode() if isinstance(text, str) else text
    return table_files.parse(Path(name), data, encoding)


def texts(table: Table, **chosen: str) -> list[str]:
    columns = table.columns(**chosen)
    numbers = list(table.rows)[columns.header and table.keys is None :]
    return [table.cell(number, columns.text) for number in numbers]


# -- encodings


@pytest.mark.parametrize(
    ("text", "encoding", "mark", "found"),
    [
        (CHINESE, "utf-8", b"", "utf-8"),
        (CHINESE, "utf-8", codecs.BOM_UTF8, "utf-8"),
        (CHINESE, "gb18030", b"", "gb18030"),
        (CHINESE, "utf-16", b"", "utf-16"),
        (CHINESE, "utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        (CHINESE, "utf-16-le", b"", "utf-16-le"),
        (WESTERN, "cp1252", b"", "cp1252"),
        (WESTERN, "utf-8", codecs.BOM_UTF8, "utf-8"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_are_found(
    text: str, encoding: str, mark: bytes, found: str, newline: str
) -> None:
    table = parsed(mark + text.replace("\n", newline).encode(encoding))
    wanted = parsed(text)
    assert table.encoding == found
    assert table.rows == wanted.rows
    assert table.columns() == wanted.columns()
    assert table.columns().header


def test_an_encoding_can_be_chosen() -> None:
    data = "text,label\nпривет мир,a\nплохо,b\n".encode("cp1251")
    assert texts(parsed(data, encoding="cp1251")) == ["привет мир", "плохо"]


def test_characters_far_down_decide_where_the_beginning_is_plain() -> None:
    plain = b"text,label\n" + b"some words,a\n" * 100_000
    assert parsed(plain + "schön,b\n".encode("cp1252")).encoding == "cp1252"
    table = parsed(plain + "schön,b\n".encode())
    assert table.encoding == "utf-8"
    assert texts(table)[-1] == "schön"


# -- cells


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter: str) -> None:
    lines = ["text,label", "one. two: three,a", "four five,b", "six,a"]
    table = parsed("\n".join(lines).replace(",", delimiter))
    assert texts(table) == ["one. two: three", "four five", "six"]


def test_what_excel_says_of_the_delimiter_is_no_row() -> None:
    table = parsed("sep=;\r\ntext;label\r\na, b;x\r\nc;y\r\n")
    assert table.rows == {1: ["text", "label"], 2: ["a, b", "x"], 3: ["c", "y"]}


def test_quoted_cells_go_on_below_and_count_as_one_row() -> None:
    table = parsed('text,label\n"one\ntwo, ""three""\n\nfour",a\nplain,b\n')
    assert table.rows[2] == ['one\ntwo, "three"\n\nfour', "a"]
    assert table.rows[3] == ["plain", "b"]
    assert not table.broken


def test_an_unclosed_quote_spoils_one_row_only() -> None:
    table = parsed('text,label\n"never closed,a\nfine,b\n"good, too",a\nlast,b\n')
    assert table.broken == [(2, '"never closed,a')]
    assert texts(table) == ["fine", "good, too", "last"]
    assert list(table.rows) == [1, 3, 4, 5]


def test_marks_may_be_escaped_as_databases_do_it() -> None:
    table = parsed('text,label\n"He said \\"no, never\\", twice",a\n"C:\\new",b\n')
    assert texts(table) == ['He said "no, never", twice', "C:\\new"]
    assert not table.broken


def test_marks_in_tab_separated_texts_are_their_own() -> None:
    table = parsed('a " b\tx\n"quoted" c\ty\n" open\tx\n"whole\tcell"\tz\n', "a.tsv")
    assert table.rows[1] == ['a " b', "x"]
    assert table.rows[2] == ['"quoted" c', "y"]
    assert table.rows[3] == ['" open', "x"]
    assert table.rows[4] == ["whole\tcell", "z"]
    assert not table.broken


def test_long_cells_empty_lines_and_nul() -> None:
    long = "word " * 40_000
    table = parsed(f'text,label\n"{long}",a\n\nnul\0here,b\n')
    assert table.rows[2] == [long, "a"]
    assert 3 not in table.rows
    assert table.rows[4] == ["nul\0here", "b"]


def test_nothing_is_a_table_too() -> None:
    for data in (b"", b"\n\n", codecs.BOM_UTF8):
        table = parsed(data)
        assert table.rows == {}
        assert table.columns().text is None
    only = parsed("text,label\n")
    assert only.columns().header
    one = parsed("just\nwords\n")
    assert (one.columns().text, one.columns().label) == (0, None)


def test_lines_of_json() -> None:
    table = parsed(
        '{"t": "good film", "l": true}\nnonsense\n[1]\n{"l": 0, "t": "bad", "x": {"y": 1}}\n',
        "a.jsonl",
    )
    assert [number for number, _ in table.broken] == [2, 3]
    assert table.keys == ("t", "l", "x.y")
    assert table.cell(1, 0) == "good film"
    assert table.cell(1, 1) == "True"
    assert (table.cell(4, 0), table.cell(4, 1), table.cell(4, 2)) == ("bad", "0", "1")
    assert table.cell(1, 2) == ""


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"))


def rows_of(cells: st.SearchStrategy[Any], least: int = 2) -> st.SearchStrategy[list[list[Any]]]:
    """Two columns and more, and at least three rows of them."""
    widths = st.integers(least, 5)
    return widths.flatmap(
        lambda width: st.lists(
            st.lists(cells, min_size=width, max_size=width), min_size=3, max_size=20
        )
    )


@given(rows_of(CELLS))
@example([["", ""], ["", ""], ["\\", "\n"]])
def test_what_was_written_as_csv_is_read(rows: list[list[str]]) -> None:
    """Whatever Python's own writer makes; empty rows above all others are no rows."""
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    table = parsed(stream.getvalue().encode(), encoding="utf-8")
    assert list(table.rows.values()) == rows[len(rows) - len(table.rows) :]
    dropped = rows[: len(rows) - len(table.rows)]
    assert [text for _, text in table.above] == [
        ", ".join(cell.strip() for cell in row if cell.strip()) for row in dropped if any(row)
    ]


@given(st.lists(st.dictionaries(st.text("abc", min_size=1), CELLS, min_size=2), min_size=2))
def test_what_was_written_as_json_is_read(entries: list[dict[str, str]]) -> None:
    lines = "\n".join(map(json.dumps, entries))
    for text, name in ((json.dumps(entries), "a.json"), (json.dumps(entries, indent=1), "a.jsonl"),
                       (json.dumps({"data": entries}), "a.json"), (lines, "a.jsonl")):  # fmt: skip
        table = parsed(text, name)
        assert table.keys == tuple(dict.fromkeys(key for entry in entries for key in entry))
        assert list(table.rows) == list(range(1, len(entries) + 1))
        for number, entry in enumerate(entries, 1):
            found = [table.cell(number, place) for place in range(table.width)]
            assert found == [entry.get(key, "").strip() for key in table.keys]


def workbook(**sheets: Iterable[Iterable[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


VALUES = (
    CELLS.map(lambda text: "x" + text)
    | st.integers(-(10**14), 10**14)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.dates(min_value=datetime.date(1901, 1, 1))
)


@settings(max_examples=30)
@given(rows_of(VALUES))
def test_what_was_written_as_a_workbook_is_read(rows: list[list[Any]]) -> None:
    table = parsed(workbook(Data=rows), "a.xlsx")
    assert list(table.rows) == list(range(1, len(rows) + 1))
    for row, cells in zip(rows, table.rows.values(), strict=True):
        for value, cell in zip(row, cells, strict=True):
            if isinstance(value, float):
                assert float(cell) == pytest.approx(value, rel=1e-14)
                assert not cell.endswith(".0")
            elif isinstance(value, bool):
                assert cell == str(value).upper()
            else:
                assert cell == str(value)


@given(st.binary(max_size=2000))
def test_no_bytes_break_it(data: bytes) -> None:
    for name in ("a.csv", "a.tsv", "a.jsonl", "a.json", "a.txt", "a.xlsx"):
        try:
            table = parsed(data, name)
        except UserError as error:
            assert error.code.startswith("tables.")
            continue
        table.columns()
        assert set(table.rows).isdisjoint(number for number, _ in table.broken)


# -- one column, or several

SENTENCES = (
    "I came, I saw",
    "Well, that was fun",
    "No",
    "Yes, I like it",
    "It was good, but long, and dull",
    "Bad, really bad; and loud | harsh",
)


@pytest.mark.parametrize("header", ["", "text\n", "Review\n"])
@pytest.mark.parametrize("mark", [",", ";", " |", ":"])
def test_sentences_are_one_column(header: str, mark: str) -> None:
    lines = [line.replace(",", mark) for line in SENTENCES]
    table = parsed(header + "\n".join(lines))
    assert list(table.rows.values())[bool(header) :] == [[line] for line in lines]
    assert (table.columns().text, table.columns().label) == (0, None)
    assert table.columns().header == bool(header)


@pytest.mark.parametrize(
    "lines",
    [
        ["I came, I saw", "Well, that was fun", "Yes, I like it"],  # one comma each
        ["It costs 1,000 dollars", "It costs 2,500 dollars", "It costs 3,100 euros"],
        ["the bread was good, really"],
    ],
)
def test_marks_that_divide_every_sentence_alike_divide_nothing(lines: list[str]) -> None:
    assert list(parsed("\n".join(lines)).rows.values()) == [[line] for line in lines]


def test_a_column_of_texts_may_have_quoted_and_long_lines() -> None:
    table = parsed('text\n"one,\ntwo"\n"three ""or"" four"\n"five" he said\nsix, seven\n')
    assert texts(table) == ["one,\ntwo", 'three "or" four', '"five" he said', "six, seven"]


def test_a_header_says_how_many_columns_there_are() -> None:
    """Texts with commas that nobody quoted make rows too wide, not a table of three columns."""
    lines = [f"{line},{'good' if at % 2 else 'bad'}" for at, line in enumerate(SENTENCES * 3)]
    table = parsed("text,label\n" + "\n".join(lines))
    columns = table.columns()
    assert (table.width, columns.names, columns.label) == (2, ("text", "label"), 1)


def test_a_space_behind_the_comma_is_no_sentence_where_classes_follow() -> None:
    table = parsed("good film, pos\nbad film, neg\nfine film, pos\ndull, neg\n")
    assert texts(table) == ["good film", "bad film", "fine film", "dull"]
    assert [table.cell(number, 1) for number in table.rows] == ["pos", "neg", "pos", "neg"]


@pytest.mark.parametrize(
    "above",
    ["Reviews of 2024\n\n", "Reviews of 2024,,\n,,\n", "# by a tool\n# on Monday\n", "<br />\n"],
)
def test_titles_above_the_header_are_told(above: str) -> None:
    table = parsed(f"{above}id,text,label\n1,good film,pos\n2,bad film,neg\n")
    first = above.count("\n") + 1
    assert list(table.rows) == [first, first + 1, first + 2]
    assert texts(table) == ["good film", "bad film"]
    reasons = row_notes.RowProblems("a.csv")
    row_notes.count_unread(table, True, reasons)
    (problem,) = reasons.problems()
    assert (problem.code, problem.values["row"]) == ("rows.above", 1)
    assert problem.values["value"] == above.split("\n", maxsplit=1)[0].rstrip(",")


def test_a_header_that_comes_again_is_no_example() -> None:
    table = parsed("text,label\none,a\ntext,label\ntwo,b\n")
    assert list(table.below(True)) == [2, 4]
    reasons = row_notes.RowProblems("a.csv")
    row_notes.count_unread(table, True, reasons)
    assert [(p.code, p.values["row"]) for p in reasons.problems()] == [("rows.header_repeated", 3)]


# -- JSON and fastText

RECORDS = [{"text": f"words {at}", "label": "ab"[at % 2]} for at in range(4)]
FORMS = {
    "array": json.dumps(RECORDS),
    "object": json.dumps({"version": 1, "data": RECORDS}),
    "columns": json.dumps({key: [r[key] for r in RECORDS] for key in ("text", "label")}),
    "pandas": json.dumps(
        {key: {str(at): r[key] for at, r in enumerate(RECORDS)} for key in ("text", "label")}
    ),
    "index": json.dumps({str(at): record for at, record in enumerate(RECORDS)}),
    "split": json.dumps({"columns": ["text", "label"], "data": [[*r.values()] for r in RECORDS]}),
    "rows": json.dumps([["text", "label"], *([*r.values()] for r in RECORDS)]),
    "lines": "\n".join(map(json.dumps, RECORDS)),
    "lines of an array": "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]",
    "cut": "[\n" + ",\n".join(map(json.dumps, RECORDS)) + ',\n{"te',
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_forms_of_json(form: str, name: str, encoding: str) -> None:
    table = parsed(FORMS[form].encode(encoding), name)
    columns = table.columns()
    found = [(table.cell(n, columns.text), table.cell(n, columns.label)) for n in table.below(True)]
    assert found == [(record["text"], record["label"]) for record in RECORDS]
    assert len(table.broken) == (form == "cut")


def test_json_with_a_list_for_each_part() -> None:
    table = parsed(json.dumps({"train": RECORDS, "test": RECORDS[:1]}), "a.json")
    assert [table.cell(n, table.columns().split) for n in table.rows] == ["train"] * 4 + ["test"]


def test_json_of_files_and_their_classes() -> None:
    for tree in (
        {"a.jpg": "cat", "b.jpg": "dog"},
        {"a.jpg": {"label": "cat"}, "b.jpg": {"label": "dog"}},
    ):
        table = parsed(json.dumps(tree), "a.json")
        assert table.keys == ("path", "label")
        assert list(table.rows.values()) == [["a.jpg", "cat"], ["b.jpg", "dog"]]


@pytest.mark.parametrize(
    "tree",
    [
        {"images": [{"id": 1}], "annotations": [{"id": 1}], "categories": [{"id": 1}]},
        {"shapes": [{"label": "cat"}], "imagePath": "a.jpg"},
        5,
    ],
)
def test_json_without_a_list_of_examples_is_no_table(tree: Any, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        parsed(json.dumps(tree), "a.json")
    boxes = isinstance(tree, dict) and "images" in tree  # COCO: the folder is to be opened
    assert caught.value.code == ("tables.of_boxes" if boxes else "tables.no_rows")
    (tmp_path / "a.json").write_text(json.dumps(tree))
    assert not table_files.is_table(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        (["pos"], ["pos"]),
        (["pos", "neg"], ["pos", "neg"]),
        ([], [""]),
        (True, ["True"]),
        (1.0, ["1.0"]),
        ('["pos"]', ["pos"]),
        ("['pos', 'neg']", ["pos", "neg"]),
        ("[deleted]", ["[deleted]"]),
        ("[", ["["]),
        ([["a"]], [""]),
    ],
)
def test_labels_that_are_lists(cell: Any, values: list[str]) -> None:
    table = parsed(
        json.dumps([{"text": "x", "label": cell}, {"text": "y", "label": "z"}]), "a.json"
    )
    assert list(table.values(1, 1)) == values


def test_lines_of_fasttext(tmp_path: Path) -> None:
    lines = "__label__pos good film\n\n__label__neg __label__sad bad, film\nno class\n" + (
        "__label__pos , fine\n" * 20
    )
    table = parsed(lines, "train.txt")
    assert table.keys == ("label", "text")
    assert (table.rows[1], table.rows[4]) == (["pos", "good film"], ["", "no class"])
    assert list(table.values(3, 0)) == ["neg", "sad"]
    assert table.rows[5] == ["pos", "fine"]
    (tmp_path / "a.txt").write_text(lines)
    (tmp_path / "b.txt").write_text("a text about __label__ and nothing else")
    assert table_files.is_table(tmp_path / "a.txt")
    assert not table_files.is_table(tmp_path / "b.txt")


# -- workbooks


def test_cells_of_a_workbook_are_what_a_person_sees() -> None:
    rows = [
        ["text", "label", "when"],
        ["good, film", 1.0, datetime.datetime(2024, 5, 1)],
        ["bad\nfilm", 0, datetime.datetime(2024, 5, 1, 13, 30)],
        [None, None, None],
        ["'quoted'", True, datetime.time(13, 0)],
        ["sum", 0.1 + 0.2, None],
    ]
    table = parsed(workbook(Data=rows), "a.xlsx")
    assert table.rows == {
        1: ["text", "label", "when"],
        2: ["good, film", "1", "2024-05-01"],
        3: ["bad\nfilm", "0", "2024-05-01 13:30:00"],
        5: ["'quoted'", "TRUE", "13:00:00"],
        6: ["sum", "0.3", ""],
    }
    assert parsed(workbook(Data=rows), "renamed.csv").rows == table.rows


def test_formats_errors_and_formulas_of_a_workbook() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["text", "code"], ["a b", 123], ["c d", 0.5], ["e", "#N/A"], ["f", "=A2"]):
        sheet.append(row)
    sheet["B2"].number_format, sheet["B3"].number_format = "00000", "0%"
    stream = io.BytesIO()
    book.save(stream)
    table = parsed(stream.getvalue(), "a.xlsx")
    assert [table.cell(number, 1) for number in table.rows] == ["code", "00123", "50%", "", ""]
    assert table.formulas == 1
    assert [(p.code, p.left_out) for p in row_notes.notes(table, "a.xlsx")] == [
        ("tables.formulas", False)
    ]


def test_the_first_sheet_with_a_table_is_read_and_the_others_are_named() -> None:
    rows = [["text", "label"], ["a b", "x"], ["c d", "y"]]
    told = [["Made by Anna"], ["on Monday"]]
    table = parsed(workbook(Notes=told, Empty=[], Data=rows, More=rows), "a.xlsx")
    assert list(table.rows.values()) == rows
    (note,) = row_notes.notes(table, "a.xlsx")
    assert note.values == {"sheet": "Data", "count": 2, "others": "Notes, More"}
    assert "Notes, More" in note.sentence()
    assert list(parsed(workbook(Only=told), "a.xlsx").rows.values()) == told


def examples(count: int, *names: str) -> list[list[Any]]:
    """Rows of texts with classes, below their header."""
    rows = [[f"a text about {at}", "xy"[at % 2], at % 5] for at in range(count)]
    return [list(names or ("comment", "opinion", "mark")), *rows]


def test_a_legend_or_a_summary_is_not_taken_for_the_examples() -> None:
    legend = [["Code", "Meaning"], ["x", "good"], ["y", "bad"], ["?", "cannot be read"]]
    long = [[f"field {at}", f"what field {at} means, in words"] for at in range(60)]
    counts = [["opinion", "number"], ["x", 10], ["y", 10], ["Total", 20]]
    book = workbook(Legend=legend, Fields=long, Answers=examples(20), Pivot=counts)
    table = parsed(book, "a.xlsx")
    assert (table.sheet, table.other_sheets) == ("Answers", ("Legend", "Fields", "Pivot"))
    assert len(list(table.below(table.columns().header))) == 20
    assert table.of_sheet("Legend").rows[3] == ["y", "bad"]
    assert table.of_sheet("No such sheet") is table


def test_a_hidden_sheet_is_read_only_where_it_is_chosen() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(Old=examples(40), New=examples(12))))
    book["Old"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    table = parsed(stream.getvalue(), "a.xlsx")
    assert (table.sheet, table.other_sheets) == ("New", ("Old",))
    assert len(table.of_sheet("Old").rows) == 41
    assert table.of_sheet("*") is table  # the hidden one is not one of all


def test_rows_that_a_filter_hides_are_read_and_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(Data=examples(12))))
    for number in (4, 5, 40):
        book["Data"].row_dimensions[number].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    table = parsed(stream.getvalue(), "a.xlsx")
    assert len(table.rows) == 13
    (note,) = row_notes.notes(table, "a.xlsx")
    assert (note.code, note.left_out, note.values) == ("tables.hidden_rows", False, {"count": 2})


def test_sheets_of_the_same_columns_are_one_table() -> None:
    swapped = [[c, a, b] for a, b, c in examples(3)]
    titled = [["Season 2024"], [], *swapped, ["Total", 3, None]]
    other = [["n", "m"], [1, 2]]
    book = workbook(Notes=[["by Anna"]], A1=examples(2), A2=titled, Other=other)
    table = parsed(book, "a.xlsx").of_sheet("*")
    assert table.parts == ("A1", "A2")
    assert table.other_sheets == ("Notes", "Other")
    second, third = 2 * SHEET_ROWS, 3 * SHEET_ROWS
    assert table.rows == {
        second + 1: ["comment", "opinion", "mark"],
        second + 2: ["a text about 0", "x", "0"],
        second + 3: ["a text about 1", "y", "1"],
        third + 4: ["a text about 0", "x", "0"],
        third + 5: ["a text about 1", "y", "1"],
        third + 6: ["a text about 2", "x", "2"],
    }
    assert table.above == [(third + 1, "Season 2024")]
    assert table.totals == [(third + 7, "Total 3")]
    assert caption(f"a.xlsx#{third + 5}") == "row 5 (sheet 3) of a.xlsx"
    assert caption(f"a.csv#{third + 5}") == f"row {third + 5} of a.csv"
    sheet, row = parsed(book, "a.xlsx").at(third + 5)
    assert (sheet.sheet, sheet.rows[row]) == ("A2", ["1", "a text about 1", "y"])


def test_what_sheets_are_called_is_their_part_or_their_class() -> None:
    parts = parsed(workbook(Train=examples(8), Test=examples(4)), "a.xlsx").of_sheet("*")
    columns = parts.columns(text="comment")
    assert parts.divides
    assert [parts.cell(n, columns.split) for n in parts.below(True)] == ["Train"] * 8 + ["Test"] * 4
    texts_only = [["comment"], *([f"a text about {at}"] for at in range(3))]
    classes = parsed(workbook(good=texts_only, bad=texts_only), "a.xlsx").of_sheet("*")
    columns = classes.columns()
    assert not classes.divides
    said = [classes.cell(number, columns.label) for number in classes.below(True)]
    assert said == ["good"] * 3 + ["bad"] * 3
    more = [["comment", "place"], *([f"a text about {at}", "Ulm"] for at in range(4))]
    named = parsed(workbook(good=more, bad=more), "a.xlsx").of_sheet("*")
    assert named.columns().names == ("comment", "place", "sheet")


@pytest.mark.parametrize(
    "above",
    [
        [["Laboratory", "", "as of 03.2024"], ["by: K. M."], []],
        [["Survey", "2024", "Hotel am See"]],
        [[], ["Answers", None, None, "Marks"], []],
        [["Survey"], ["by", "Anna"], ["as of", "May", "2024"]],
    ],
)
@pytest.mark.parametrize("kind", ["a.xlsx", "a.csv"])
def test_titles_of_several_cells_stand_above_the_header(above: list[list[Any]], kind: str) -> None:
    header = ["No", "Comment", "Place", "Date", "Verdict", "Remark"]
    rows = [[at, f"a text about {at}", "Ulm", f"2024-01-{at:02}", "xy"[at % 2], None]
            for at in range(1, 21)]  # fmt: skip
    every = [*above, header, *rows]
    if kind == "a.xlsx":
        table = parsed(workbook(Data=every), kind)
    else:
        stream = io.StringIO()
        csv.writer(stream).writerows([[*row, *[None] * (6 - len(row))] for row in every])
        table = parsed(stream.getvalue(), kind)
    assert table.first == header
    columns = table.columns(label="Verdict")
    assert (columns.header, columns.name(columns.text)) == (True, "Comment")
    assert len(list(table.below(True))) == 20
    told = [", ".join(str(cell) for cell in row if cell) for row in above if any(row)]
    assert [text for _number, text in table.above] == told


def test_a_first_row_that_lacks_a_cell_is_no_title() -> None:
    table = parsed("good bread,x,3\n,y,4\nbad bread,,5\nno bread,y,5\n")
    assert len(table.rows) == 4
    table = parsed("a long text,,\nanother text,x,1\na third one,y,2\nanother one,x,2\n")
    assert len(table.rows) == 4


TOTALS = [
    "Total", "TOTAL:", "Totals", "Grand total", "Total général", "Summe", "Gesamt", "Somme",
    "Gesamtergebnis", "Totale", "Suma", "Razem", "Итого", "合计", "Average", "Mittelwert",
]  # fmt: skip


@pytest.mark.parametrize("word", TOTALS)
def test_totals_are_no_examples(word: str) -> None:
    rows = examples(20, "comment", "opinion", "mark")
    table = parsed(workbook(Data=[*rows, [], [word, 20, None]]), "a.xlsx")
    assert table.totals == [(23, f"{word} 20")]
    assert len(list(table.below(True))) == 20
    reasons = row_notes.RowProblems("a.xlsx")
    row_notes.count_unread(table, True, reasons)
    (told,) = reasons.problems()
    assert (told.code, told.left_out, told.values["count"]) == ("rows.total", True, 1)


@pytest.mark.parametrize(
    "row",
    [
        ["total", "x", 3],  # a text of one word
        ["sum", "y", None],
        ["The total was wrong", 1, None],
        ["totally", None, None],
        ["Total recall", "x", 1],
    ],
)
def test_texts_that_only_begin_like_totals_stay(row: list[Any]) -> None:
    table = parsed(workbook(Data=[*examples(20), row]), "a.xlsx")
    assert table.totals == []
    assert table.rows[22][0] == row[0]


TICKETS = [{"body": f"a text about {at}", "topic": "xy"[at % 2]} for at in range(6)]


@pytest.mark.parametrize(
    "tree",
    [
        {"exported": "2024-01-05", "version": 2, "tickets": TICKETS},
        {"response": {"numFound": 6, "docs": TICKETS}},
        {"meta": {"by": "Anna"}, "data": {"items": TICKETS}},
        {"result": {"page": {"elements": TICKETS}, "more": 5}},
        {"tickets": TICKETS, "agents": [{"id": 1, "name": "Anna"}]},
    ],
)
def test_lists_of_any_name_are_found(tree: Any) -> None:
    table = parsed(json.dumps(tree), "a.json")
    assert list(table.rows.values()) == [[r["body"], r["topic"]] for r in TICKETS]
    assert table.keys == ("body", "topic")


def test_several_lists_of_a_json_file_are_like_sheets() -> None:
    tree = {"year": 2024, "spring": TICKETS[:4], "autumn": TICKETS[4:], "staff": [{"id": 1}]}
    table = parsed(json.dumps(tree), "a.json")
    assert (table.sheet, table.other_sheets) == ("spring", ("autumn", "staff"))
    assert table.of_sheet("autumn").rows[1][0] == "a text about 4"
    assert [row[0] for row in table.of_sheet("*").rows.values()] == [r["body"] for r in TICKETS]


@pytest.mark.parametrize(
    ("names", "values", "found"),
    [
        (("customer.id", "message.subject"), (("C1", "C2"), ("hello", "hello")), "customer.id"),
        (("customer.name", "customer.id"), (("x", "x"), ("C1", "C2")), "customer.id"),
        (("userId", "place"), (("u1", "u2"), ("a", "b")), "userId"),
        (("Reviewer", "author"), (("r1", "r2"), ("a", "a")), "Reviewer"),
        (("patient_no", "more"), (("1", "2"), ("a", "b")), "patient_no"),
        (("subject", "more"), (("hello", "hello"), ("a", "b")), ""),
        (("email.subject", "more"), (("a", "b"), ("a", "b")), ""),
        (("user_age", "customer type"), (("20", "30"), ("a", "b")), ""),
    ],
)
def test_groups_are_told_by_name_and_by_values_that_come_again(
    names: tuple[str, str], values: tuple[tuple[str, str], tuple[str, str]], found: str
) -> None:
    rows = [
        {"body": f"a text about {at}", "label": "xy"[at % 2],
         names[0]: values[0][at // 4], names[1]: values[1][at // 4]}
        for at in range(8)
    ]  # fmt: skip
    columns = parsed(json.dumps(rows), "a.json").columns()
    assert columns.name(columns.group) == found


def test_merged_cells_hold_for_each_of_their_rows() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Reviews of 2024"])
    sheet.append(["label", "text"])
    for at in range(6):
        sheet.append([None, f"a text about {at}"])
    sheet["A3"], sheet["A6"] = "good", "bad"
    for area in ("A1:B1", "A3:A5", "A6:A8"):
        sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    table = parsed(stream.getvalue(), "a.xlsx")
    assert table.above == [(1, "Reviews of 2024")]
    assert [table.cell(n, 0) for n in table.below(True)] == ["good"] * 3 + ["bad"] * 3


def test_titles_gaps_and_remarks_in_a_workbook() -> None:
    rows: list[list[Any]] = [["Reviews of 2024"], [], [None, "text", "label"]]
    rows += [[None, f"a text about {at}", "xy"[at % 2]] for at in range(12)]
    rows[5] += [None, "please look at this one again, Anna: it is not certain at all"]
    table = parsed(workbook(Data=rows), "a.xlsx")
    columns = table.columns()
    assert (columns.name(columns.text), columns.name(columns.label)) == ("text", "label")
    assert (next(iter(table.rows)), table.above) == (3, [(1, "Reviews of 2024")])


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "tables.not_a_workbook"),
        ("a.xlsx", b"text,label\n", "tables.not_a_workbook"),
        ("a.xlsx", parser.ZIP + b"no zip", "tables.not_a_workbook"),
        ("a.csv", parser.ZIP + b"no zip", "tables.not_a_workbook"),
        ("a.xls", parser.OLE + bytes(3000), "tables.old_excel"),
        (
            "a.xlsx",
            parser.OLE + bytes(100) + "EncryptedPackage".encode("utf-16-le"),
            "tables.protected",
        ),
        ("a.csv", b"\n <!DOCTYPE html>\n<html>", "tables.web_page"),
        ("a.csv", b"<!-- saved -->\n<HTML lang=en>", "tables.web_page"),
        ("a.csv", b"%PDF-1.4\n" + bytes(range(256)) * 20, "tables.binary"),
    ],
)
def test_what_is_no_table_is_called_what_it_is(name: str, data: bytes, code: str) -> None:
    with pytest.raises(UserError) as caught:
        parsed(data, name)
    assert caught.value.code == code
    assert str(caught.value).startswith(name)


def test_an_open_document_is_told_what_to_do_with() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(UserError, match=r"Save it as \.xlsx"):
        parsed(stream.getvalue(), "a.ods")


# -- columns


@pytest.mark.parametrize(
    ("text", "header", "column", "label"),
    [
        ("label,review\n1,quite good\n0,quite bad\n1,fine\n", True, 1, 0),
        ("Text,Category\nquite good,1\nquite bad,0\n", True, 0, 1),
        ("评论,标签\n很快好吃,好\n太慢了,坏\n", True, 0, 1),
        ("quite good film,1\nquite bad film,0\nfine film indeed,1\n", False, 0, 1),
        ("1,quite good film\n0,quite bad film\n1,fine film indeed\n", False, 1, 0),
        ("foo,bar\nquite a good film,pos\nquite a bad film,neg\nfine one,pos\n", True, 0, 1),
        (
            "17,pos,quite good\n18,neg,quite bad\n19,pos,rather fine\n20,neg,dull stuff\n",
            False,
            2,
            1,
        ),
        ("id,title,text,label\n1,A,the longer one here,x\n2,B,another longer,y\n", True, 2, 3),
        (",text,label\n0,one,a\n1,two,b\n", True, 1, 2),
    ],
)
def test_header_and_columns_are_guessed(text: str, header: bool, column: int, label: int) -> None:
    found = parsed(text).columns()
    assert (found.header, found.text, found.label) == (header, column, label)


def test_a_table_that_is_sorted_by_class_is_guessed_too() -> None:
    lines = [f"{kind},20{day:04},a text about {day}" for kind in "ab" for day in range(900)]
    found = parsed("\n".join(lines)).columns()
    assert (found.header, found.text, found.label) == (False, 2, 0)


def test_columns_and_header_can_be_chosen() -> None:
    table = parsed("title,text,label,topic\nA,long words here,x,p\nB,longer words still,y,q\n")
    found = table.columns(text="title", label="topic")
    assert (found.text, found.label) == (0, 3)
    assert table.columns(text="label").label not in (None, table.columns(text="label").text)
    assert table.columns(text="3").text == 1  # a number is no name where the columns have names
    assert not table.columns(header="no").header
    assert table.columns(header="no").names == ("1", "2", "3", "4")
    assert table.columns(text="nowhere") == table.columns()


def test_a_number_that_is_a_label_is_not_taken_for_a_header() -> None:
    table = parsed("a fine film,1\na bad film,2\nanother film,1\n")
    assert not table.columns(text="1", label="2").header


def test_split_and_group_are_known_by_their_names() -> None:
    table = parsed("text,label,split,speaker\nx y,a,train,s1\nz z,b,test,s2\n")
    found = table.columns()
    assert (found.split, found.group) == (2, 3)


def test_of_columns_with_one_name_the_content_tells() -> None:
    lines = [f"{at},r{at % 4},a text about {at},{at % 2},x" for at in range(12)]
    columns = parsed("\n".join(["id,text,text,label,label", *lines])).columns()
    assert (columns.text, columns.label) == (2, 3)


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("category_id,category,text", "category"),
        ("label,label_text,text", "label_text"),
        ("class,name,text", "name"),
        ("category_id,source,text", "category_id"),
    ],
)
def test_words_are_preferred_to_their_numbers(header: str, label: str) -> None:
    kinds = ("7,birds", "8,dogs", "9,cats")
    if label == "category_id":
        kinds = ("7,birds", "8,birds", "9,cats")  # which say something else
    lines = [f"{kinds[at % 3]},a text about {at}" for at in range(12)]
    table = parsed("\n".join([header, *lines]))
    columns = table.columns()
    assert columns.name(columns.label) == label
    assert table.columns(label=header.split(",", maxsplit=1)[0]).label == 0  # as asked


def test_repeated_names_are_counted_and_empty_ones_are_numbers() -> None:
    table = parsed("text,,label,label\na b,1,x,y\n")
    assert table.columns().names == ("text", "2", "label", "label (2)")


# -- reading files


def test_a_file_is_parsed_once_while_it_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\none,a\ntwo,b\n")
    first = table_files.read(path)
    assert table_files.read(path) is first
    assert table_files.read(path, "cp1252") is not first
    path.write_text("text,label\none,a\ntwo,b\nthree,a\n")
    assert len(table_files.read(path).rows) == 4


def test_what_is_kept_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "KEPT", 30)
    kept = table_files._Kept()
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        path.write_text("text,label\n" + "some words,a\n" * 3)
    first = kept.read(paths[0], "auto")
    assert kept.read(paths[0], "auto") is first
    kept.read(paths[1], "auto")
    assert kept.read(paths[0], "auto") is not first


def test_many_rows_are_parsed_quickly() -> None:
    line = 'a text, which is "quoted" and has some words in it'.replace('"', '""')
    data = ("text,label\n" + f'"{line}",a\n' * 50_000).encode()
    began = time.process_time()
    assert len(parsed(data).rows) == 50_001
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Kommentar\nIch war sehr zufrieden.\nNie wieder, danke.\n", True),
        ("Nr;Kommentar\n1;gut gemacht\n2;nicht gut\n", True),
        ("Super!\nIch war sehr zufrieden.\nNie wieder, danke.\n", False),
        ("Hallo\nja\nnein\n", False),
    ],
)
def test_a_title_above_what_is_of_another_kind(text: str, header: bool) -> None:
    assert table_files.parse(Path("a.csv"), text.encode()).columns().header == header


def test_half_a_character_is_one_that_is_not_known(tmp_path: Path) -> None:
    """As of an emoji that a program cut: it cannot be written, nor looked up by a tokenizer."""
    path = tmp_path / "t.json"
    path.write_text('[{"text": "good \\ud83d", "label": "a\\ud83d"}, {"text": "b", "label": "c"}]')
    table = table_files.read(path)
    assert table.rows[1] == ["good \ufffd", "a\ufffd"]
    (note,) = row_notes.notes(table, "t.json")
    assert (note.code, note.values["count"]) == ("tables.broken_letters", 1)


def test_json_that_cannot_be_read_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"text": "a", "label": ' + "[" * 100_000 + "}]")
    with pytest.raises(UserError) as refused:
        table_files.read(path)
    assert refused.value.code == "tables.no_json"
