"""Labels as a table: edits, and what is on the disk."""

from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.table import NONE, LabelTable


def made() -> LabelTable:
    table = LabelTable("/data", "image", ("cat", "dog"))
    return table.assigned(["a.jpg", "b.jpg"], "cat").assigned(["c.jpg"], "dog")


def test_edits_make_new_tables() -> None:
    first = made()
    assert first.counts() == {"cat": 2, "dog": 1, NONE: 0}
    assert first.assigned(["d.jpg"], " horse ").classes == ("cat", "dog", "horse")
    assert first.cleared(["a.jpg", "z.jpg"]).counts()["cat"] == 1
    assert first.renamed("dog", "wolf").labels["c.jpg"] == "wolf"
    merged = first.merged(["dog", "cat"], "pet")
    assert (merged.classes, set(merged.labels.values())) == (("pet",), {"pet"})
    apart = first.split("cat", ["b.jpg", "c.jpg"], "kitten")
    assert dict(apart.labels) == {"a.jpg": "cat", "b.jpg": "kitten", "c.jpg": "dog"}
    assert first.without_class("cat").labels == {"c.jpg": "dog"}
    assert first.assigned(["d.jpg"], NONE).used == ("cat", "dog", NONE)
    assert first == made()


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda table: table.with_class(" "), "labelling.no_name"),
        (lambda table: table.renamed("dog", "cat"), "labelling.taken"),
        (lambda table: table.merged(["dog"], "cat"), "labelling.taken"),
        (lambda table: table.without_class("cow"), "labelling.no_class"),
        (lambda table: table.renamed(NONE, "other"), "labelling.none_class"),
    ],
)
def test_what_cannot_be_is_refused(edit: object, code: str) -> None:
    with pytest.raises(UserError) as caught:
        edit(made())  # type: ignore[operator]
    assert caught.value.code == code
    assert str(caught.value)


def test_a_model_keeps_the_number_keys_of_its_labels(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    tables.save(LabelTable("/data", "text", ("good", "bad"), {"a": "good"}, "neither"), path)
    model = ("bad", "good", "neither", "new")
    assert tables.keys(path, model) == {"1": "good", "2": "bad", "3": "new", "0": "neither"}
    other = {"1": "bad", "2": "good", "3": "neither", "4": "new"}
    assert tables.keys(tmp_path / "other.csv", model) == tables.keys(None, model) == other


def test_saved_is_loaded_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "labels.csv"
    odd = ['=1+1,"x".jpg', "b\udcff.jpg", "talk.wav#12000", "'-a.jpg", "line\nbreak.png"]
    table = made().with_class("empty").assigned(odd, "-dog").assigned(["n.jpg"], NONE)
    tables.save(table, path)
    assert tables.load(path) == table
    assert path.read_bytes().startswith(b"path,label\n")
    tables.beside(path).unlink()  # as of another program
    other = tables.load(path, "/data", "image")
    assert (other.labels, other.classes) == (table.labels, ("-dog", "cat", "dog"))
    path.write_text("file,class\na,b\n")
    with pytest.raises(UserError, match="path"):
        tables.load(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mine.csv", "path,photographer,label\na.jpg,Ann,cat\n"),
        ("mine.csv", "path,label\na.jpg,cat\nb.jpg,\n"),
        ("mine.csv", "path,label\na.jpg,cat\na.jpg,dog\n"),
        ("mine.json", '{"my": "precious"}'),
        ("mine.json", '{"schema": null}'),
    ],
)
def test_nothing_of_the_user_is_written_over(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError) as caught:
        tables.save(made(), tmp_path / "mine.csv")
    assert caught.value.code == "labelling.not_ours"
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {name: text}


def test_own_tables_are_saved_again_unless_they_grew_a_column(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("label,path\ncat,a.jpg\n")  # of another program, but nothing more in it
    tables.save(made(), path)
    tables.save(made().cleared(["a.jpg"]), path)
    assert sorted(tables.load(path).labels) == ["b.jpg", "c.jpg"]
    path.write_text("path,label,notes\na.jpg,cat,blurred\n")
    with pytest.raises(UserError) as caught:
        tables.save(made(), path)
    assert (caught.value.code, "blurred" in path.read_text()) == ("labelling.not_ours", True)
    with pytest.raises(UserError) as caught:
        tables.save(made(), tmp_path / "x.JSON")
    assert caught.value.code == "labelling.not_a_table"


def test_each_folder_has_its_own_place(tmp_path: Path) -> None:
    one, two = (tables.place(tmp_path / name / "photos") for name in ("a", "b"))
    assert one != two
    assert one.name == two.name == "labels.csv"
    assert one == tables.place(f"{tmp_path}/a/./photos/")
