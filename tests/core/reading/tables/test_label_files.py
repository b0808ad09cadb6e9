"""Tables of labels that another program wrote: how they are encoded, and what is wrong in them."""

from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.reading.tables import label_files


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gb18030", ","), ("utf-16", "\t"), ("utf-8-sig", ";")]
)
def test_tables_of_spreadsheets_are_read_as_they_are_written(
    encoding: str, delimiter: str, tmp_path: Path
) -> None:
    table = tmp_path / "given.csv"
    rows = (("path", "label"), ("红裙.jpg", "连衣裙"), ("b.jpg", "帽子"))
    table.write_bytes("".join(delimiter.join(row) + "\n" for row in rows).encode(encoding))
    assert label_files.read(table) == {"红裙.jpg": "连衣裙", "b.jpg": "帽子"}


def test_names_of_files_may_be_any_bytes_but_labels_not(tmp_path: Path) -> None:
    table = tmp_path / "given.csv"
    table.write_bytes(b"path,label\nd\xe9.jpg,caf\xe9\n")
    assert label_files.read(table) == {"dé.jpg": "café"}
    table.write_bytes(b"path,label\nd\xe9.jpg,cafe\n")
    assert label_files.read(table) == {"d\udce9.jpg": "cafe"}
    names = "红裙.jpg".encode("gb18030")  # as of an old zip, in a table that the program wrote
    table.write_bytes(b"path,label\n" + names + b",dress\n")
    assert label_files.read(table) == {"红裙.jpg": "dress"}
    table.with_suffix(".json").touch()
    assert label_files.read(table) == {names.decode("utf-8", "surrogateescape"): "dress"}


@pytest.mark.parametrize("text", ["path,label,label\na.jpg,cat,dog\n", "path,label\na.jpg,c\0t\n"])
def test_a_table_that_says_two_things_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "given.csv").write_text(text)
    with pytest.raises(UserError) as caught:
        label_files.read(tmp_path / "given.csv")
    assert caught.value.code == "labelling.unreadable"


def test_several_labels_of_one_example_are_counted(tmp_path: Path) -> None:
    table = tmp_path / "given.csv"
    table.write_text("path,label\na.jpg,cat\n./b.jpg,cat\na.jpg,cat\nc.jpg,cat\n")
    assert label_files.read_noted(table)[1] == []
    with table.open("a") as stream:
        stream.write("b.jpg,dog\nc.jpg,dog\nc.jpg,cat\n")
    labels, (noted,) = label_files.read_noted(table)
    assert labels == {"a.jpg": "cat", "b.jpg": "dog", "c.jpg": "cat"}
    assert noted.code == "labelling.several"
    assert noted.values == {"count": 2, "first": "b.jpg", "name": "dog"}


def test_an_apostrophe_is_the_users_where_formulas_have_none(tmp_path: Path) -> None:
    table = tmp_path / "given.csv"
    table.write_text("path,label\na.jpg,=1\nb.jpg,'=1\n")
    assert label_files.read(table) == {"a.jpg": "=1", "b.jpg": "'=1"}
    table.write_text("path,label\na.jpg,'=1\nb.jpg,''=1\n")  # as the program writes them
    assert label_files.read(table) == {"a.jpg": "=1", "b.jpg": "'=1"}
    table.write_text("path,label\n'-a.jpg,cat\nb.jpg,-dog\n")  # ... and with a row put to it
    table.with_suffix(".json").touch()
    assert label_files.read(table) == {"-a.jpg": "cat", "b.jpg": "-dog"}
