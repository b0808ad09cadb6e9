"""Which modality data are of: by the names of files, or by what a table names."""

import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from transfergui.core import registry
from transfergui.core.app import detection
from transfergui.core.app.detection import detect
from transfergui.core.base.errors import Question, UserError


def fake(
    key: str, patterns: tuple[str, ...], on_request: tuple[str, ...] = (), tables: bool = False
) -> SimpleNamespace:
    return SimpleNamespace(
        key=key, many=key, patterns=patterns, patterns_on_request=on_request, tables=tables
    )


@pytest.fixture(autouse=True)
def modalities(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three, so that nothing depends on which ones the program has."""
    rows = (
        fake("pictures", ("*.png", "*.jpg")),
        fake("sounds", ("*.wav", "*.mp3"), on_request=("*.mp4",)),
        fake("texts", ("*.txt", "*.csv"), tables=True),
    )
    monkeypatch.setattr(registry, "MODALITIES", rows)


def made(folder: Path, names: Iterable[str], content: str = "x") -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return folder


def many(pattern: str, count: int) -> list[str]:
    return [pattern.format(number) for number in range(count)]


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (many("cat/{}.png", 3), "pictures"),
        (many("cat/{}.PNG", 3), "pictures"),
        (many("dog/{}.wav", 3), "sounds"),
        (many("good/{}.txt", 3), "texts"),
        ([*many("dog/{}.wav", 3), "cover.jpg", "read-me.txt"], "sounds"),
        ([*many("cat/{}.jpg", 5), *many("dog/{}.wav", 2)], "pictures"),
        ([*many("dog/{}.wav", 3), "list.csv"], "sounds"),  # a table does not outvote files
        (["reviews.csv"], "texts"),
        (["reviews.tsv", "train/more.jsonl"], "texts"),
        (many("good/{}", 3), "texts"),
    ],
)
def test_a_folder_and_a_zip_of_it(names: list[str], key: str, tmp_path: Path) -> None:
    folder = made(tmp_path / "data", ["other.bin", *names], "text,label\nwell made,good\n")
    assert detect(folder) == key
    archive = tmp_path / "data.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder))
    assert detect(archive) == key


@pytest.mark.parametrize("names", [[], ["unknown.xyz", "b/thesis.pdf"]], ids=str)
def test_where_nothing_can_be_learnt_from_everything_is_named(
    names: list[str], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    folder = made(tmp_path / "data", names)
    archive = tmp_path / "data.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*")):
            packed.write(path, path.relative_to(folder))
    for source in (folder, archive):
        with pytest.raises(UserError) as caught:
            detect(source)
        assert caught.value.code in ("data.empty", "data.foreign_only")
        assert registry.kinds() in str(caught.value)


@pytest.mark.parametrize(
    ("head", "key"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "pictures"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "pictures"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "sounds"),
        (b"ID3\x03\0\0", "sounds"),
        ("Grüße aus Köln".encode("latin-1"), "texts"),
        ("你好".encode("utf-16"), "texts"),
        (b"\0\1\2\3", "pictures"),  # the first, whose scan says what is wrong
    ],
)
def test_files_without_an_ending_are_told_by_their_beginning(
    head: bytes, key: str, tmp_path: Path
) -> None:
    for label in ("a", "b"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "49960").write_bytes(head)
    assert detect(tmp_path) == key


def test_about_as_many_pictures_as_sounds_are_asked_about(tmp_path: Path) -> None:
    made(tmp_path, [*many("wav/rock.{}.wav", 6), *many("png/rock{}.png", 4)])
    with pytest.raises(Question) as asked:
        detect(tmp_path)
    assert (asked.value.code, asked.value.guess) == ("data.which_modality", "sounds")
    assert asked.value.choices["pictures"] == "the 4 pictures"


def test_a_table_without_an_ending_is_named(tmp_path: Path) -> None:
    rows = [f"{'spam' if n % 2 else 'ham'}\tmessage number {n}" for n in range(20)]
    (tmp_path / "Messages").write_text("\n".join(rows))
    (tmp_path / "readme").write_text("about the messages")
    for source in (tmp_path, tmp_path / "Messages"):
        with pytest.raises(UserError, match=r"Messages looks like a table.*\.tsv") as refused:
            detect(source)
        assert refused.value.code == "data.unnamed_table"


def test_unknown_files_are_named_where_nothing_else_is(tmp_path: Path) -> None:
    made(tmp_path, ["train_5500.label", "dev.label", "words.vocab", "notes.md"])
    with pytest.raises(UserError, match=r"2 \.label files are not read.* 1 \.vocab file"):
        detect(tmp_path)


def test_json_files_are_no_tables_by_their_names(tmp_path: Path) -> None:
    made(tmp_path, ["settings.json"], '{"a": [1, 2], "b": 3}')
    with pytest.raises(UserError) as caught:
        detect(tmp_path)
    assert caught.value.code == "data.empty"


@pytest.mark.parametrize("name", ["list.csv", "list.tsv", "list.jsonl", "list.json", "list.xlsx"])
@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("clips/bark.wav", "sounds"),
        ("photos\\\\cat.jpg", "pictures"),
        ("notes/1.txt", "texts"),
        ("The bread was still warm.", "texts"),
        ("I sent you bark.wav. It barks", "texts"),
    ],
)
def test_a_table_counts_for_what_it_names(name: str, cell: str, key: str, tmp_path: Path) -> None:
    delimiter = "\t" if name.endswith("tsv") else ","
    rows = [f"{cell}{delimiter}good"] * 3
    if name.endswith("jsonl"):
        rows = [f'{{"path": "{cell}", "label": "good"}}'] * 3
    table = tmp_path / name
    table.write_text("\n".join([f"path{delimiter}label", *rows]))
    if name.endswith("json"):
        table.write_text(f'[{{"path": "{cell}", "label": "good"}}, {{"path": "{cell}"}}]')
    if name.endswith("xlsx"):
        book = openpyxl.Workbook()
        for row in (["path", "label"], *([cell, "good"] for _ in range(3))):
            book.active.append(row)
        book.save(table)
    assert detect(table) == key
    assert detect(tmp_path) == key


@pytest.mark.parametrize(
    "beside",
    [
        many("labels/{}.txt", 9),
        many("images/{}.txt", 9),
        ["classes.txt", "README.txt", "captions/1.txt", "captions/2.txt"],
    ],
)
def test_texts_beside_pictures_are_no_examples(beside: list[str], tmp_path: Path) -> None:
    assert detect(made(tmp_path, [*many("images/{}.jpg", 3), *beside])) == "pictures"


def test_labels_before_the_pictures_do_not_hide_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detection, "ENOUGH", 4)
    made(tmp_path, [*many("labels/{}.txt", 30), *many("z/{}.png", 3)])
    assert detect(tmp_path) == "pictures"


def test_sounds_with_a_picture_each_are_asked_about(tmp_path: Path) -> None:
    made(tmp_path, [*many("a/song {}.wav", 3), *many("a/song {}.png", 3)])
    with pytest.raises(Question) as asked:
        detect(tmp_path)
    assert asked.value.setting == "modality"
    assert set(asked.value.choices) == {"sounds", "pictures"}


def test_a_zip_in_a_folder_is_offered(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "train.zip", "w") as packed:
        packed.writestr("cat/1.png", "x")
    with pytest.raises(Question) as asked:
        detect(tmp_path)
    assert asked.value.setting == "data.path"
    assert detect(Path(asked.value.guess)) == "pictures"


def zipped(folder: Path, **members: str) -> None:
    """A zip for each name, which holds one file."""
    for name, member in members.items():
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as packed:
            packed.writestr(member, "x")


def test_notes_do_not_hide_zips_that_are_the_parts(tmp_path: Path) -> None:
    made(tmp_path, ["LICENSE.txt", "md5sums.txt"])
    zipped(tmp_path, train="cat/1.png", test="cat/2.png")
    with pytest.raises(Question) as asked:
        detect(tmp_path)
    every, *single = asked.value.choices
    assert every == asked.value.guess == str(tmp_path / "*.zip")
    assert single == [str(tmp_path / "test.zip"), str(tmp_path / "train.zip")]
    assert detect(Path(every)) == "pictures"


def test_a_zip_is_offered_with_the_table_beside_it(tmp_path: Path) -> None:
    zipped(tmp_path, audio="audio/1.wav")
    rows = [f"{n}.wav,{'ab'[n % 2]}" for n in range(30)]
    (tmp_path / "labels.csv").write_text("\n".join(["file,label", *rows]))
    with pytest.raises(Question) as asked:
        detect(tmp_path)
    assert asked.value.guess == str(tmp_path / "*.zip")
    assert "labels.csv" in asked.value.choices[asked.value.guess]
    assert detect(Path(asked.value.guess)) == "sounds"


def test_a_zip_beside_what_can_be_learnt_from_is_not_asked_about(tmp_path: Path) -> None:
    zipped(tmp_path, backup="cat/1.png")
    rows = [f"a sentence number {n},{'ab'[n % 2]}" for n in range(30)]
    (tmp_path / "reviews.csv").write_text("\n".join(["text,label", *rows]))
    assert detect(tmp_path) == "texts"
    made(tmp_path, ["cat/1.png", "dog/1.png"])
    assert detect(tmp_path) == "pictures"


def test_one_file(tmp_path: Path) -> None:
    made(tmp_path, ["bark.wav"])
    assert detect(tmp_path / "bark.wav") == "sounds"


@pytest.mark.parametrize("name", ["gone", "gone.csv", "a\0b", "x" * 5000])
def test_what_is_not_there_is_left_to_the_scan(name: str, tmp_path: Path) -> None:
    assert detect(tmp_path / name) == "pictures"


def test_what_cannot_be_read_is_left_to_the_scan(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 no zip")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 100)
    assert detect(tmp_path / "broken.zip") == "pictures"
    assert detect(tmp_path / "empty.csv") == "texts"
    assert detect(tmp_path / "binary.csv") == "texts"


def test_a_huge_folder_is_not_walked_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detection, "ENOUGH", 4)
    made(tmp_path, [*many("a/{}.wav", 4), *many("z/{}.png", 50)])
    assert detect(tmp_path) == "sounds"


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_in_a_circle_end(tmp_path: Path) -> None:
    made(tmp_path, ["a/1.wav"])
    (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
    assert detect(tmp_path) == "sounds"


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["a/1.mp4", "b/2.mp4"], "sounds"),
        (["a/1.mp4", "b/2.mp4", "b/3.mp4", "b/3.png"], "pictures"),
    ],
)
def test_what_is_read_on_request_counts_where_there_is_nothing_else(
    tmp_path: Path, names: list[str], key: str
) -> None:
    assert detect(made(tmp_path, names)) == key


def test_a_model_is_no_data(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "model.zip", "w") as archive:
        archive.writestr("model.json", "{}")
        archive.writestr("model.safetensors", b"")
    with pytest.raises(UserError) as refused:
        detect(tmp_path / "model.zip")
    assert refused.value.code == "data.is_model"


@pytest.mark.parametrize("inside", ["", "pictures/"])
@pytest.mark.parametrize("ids", ["{:03}", "scan {} left"])
def test_a_table_that_names_pictures_without_their_endings(
    tmp_path: Path, ids: str, inside: str
) -> None:
    """Opened by itself, it is no table of texts."""
    names = [ids.format(n) for n in range(1, 13)]
    made(tmp_path, [f"{inside}{name}.png" for name in names])
    table = tmp_path / "found.csv"
    table.write_text("id,label\n" + "".join(f"{n},{'ab'[i % 2]}\n" for i, n in enumerate(names)))
    assert detect(table) == "pictures"
    made(tmp_path, [f"{n}.wav" for n in range(90)])
    table.write_text(
        "id,text,label\n" + "".join(f"x{n},word {n},{'ab'[n % 2]}\n" for n in range(9))
    )
    assert detect(table) == "texts"


def test_numbers_of_rows_name_no_pictures_that_happen_to_be_there(tmp_path: Path) -> None:
    made(tmp_path, [f"{n}.jpg" for n in range(200)])
    rows = "".join(f"{n},this is text number {n},{'ab'[n % 2]}\n" for n in range(20))
    (tmp_path / "texts.csv").write_text("id,text,label\n" + rows)
    assert detect(tmp_path / "texts.csv") == "texts"
