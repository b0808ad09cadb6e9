"""Marks of time beside recordings, as Raven, Audacity and Praat write them."""

from pathlib import Path

import pytest

from tests.core.reading.sources.test_tree import found, make
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.reading.listings.listing import Listing
from transfergui.core.reading.marks import spans
from transfergui.core.reading.sources import reader
from transfergui.core.reading.sources.wanted import Wanted

SOUNDS = Wanted("recordings", frozenset({".wav"}))
RAVEN = "Selection\tView\tBegin Time (s)\tEnd Time (s)\tSpecies\n{}"
ROW = "1\tSpectrogram 1\t{}\t{}\t{}\n"
GRID = """File type = "ooTextFile"
Object class = "TextGrid"
xmin = 0
    intervals [1]:
        text = ""
    intervals [2]:
        text = "{}"
"""
HEARD = {"day1/a": ["robin"], "day1/b": ["wren", "wren"], "day2/c": ["robin", "wren"], "day2/d": []}


def raven(marks: list[str]) -> str:
    return RAVEN.format("".join(ROW.format(n, n + 1, mark) for n, mark in enumerate(marks)))


def audacity(marks: list[str]) -> str:
    return "".join(f"{n}.5\t{n + 1}.25\t{mark}\n" for n, mark in enumerate(marks))


def listing(path: Path, **asked: object) -> Listing:
    return reader.read(DataOptions(path=str(path), options=asked), SOUNDS, lambda count: None)


@pytest.mark.parametrize(
    ("written", "ending"),
    [
        (raven, ".Table.1.selections.txt"),
        (raven, ".selections.tsv"),
        (audacity, ".txt"),
        (audacity, "_labels.txt"),
        (lambda marks: "".join(map(GRID.format, marks)) or "xmin = 0", ".TextGrid"),
    ],
)
def test_recorders_are_no_classes_where_marks_lie_beside(
    tmp_path: Path, written: object, ending: str
) -> None:
    for name, marks in HEARD.items():
        make(tmp_path, f"{name}.wav")
        (tmp_path / f"{name}{ending}").write_text(written(marks))  # type: ignore[operator]
    with pytest.raises(Question) as asked:
        listing(tmp_path)
    assert (asked.value.code, asked.value.guess) == ("data.spans", "boxes")
    assert set(asked.value.choices) == {"boxes", "class"}
    assert "2 recordings have one class; 1 with several" in asked.value.choices["boxes"]
    read = listing(tmp_path, layout="boxes")
    assert found(read) == {"day1/a.wav": ("robin", None), "day1/b.wav": ("wren", None)}
    left = {problem.code: problem.path for problem in read.problems}
    assert left == {"data.several_boxes": "day2/c.wav", "data.no_spans": "day2/d.wav"}
    assert found(listing(tmp_path, layout="class"))["day2/d.wav"] == ("day2", None)


def test_a_table_with_a_row_for_each_sound(tmp_path: Path) -> None:
    make(tmp_path, *(f"{name}.wav" for name in HEARD))
    rows = [f"{name}.wav,{n},{n + 1},{m}" for name, ms in HEARD.items() for n, m in enumerate(ms)]
    head = "filename,onset,offset,event_label"
    (tmp_path / "events.csv").write_text("\n".join([head, *rows]))
    with pytest.raises(Question) as asked:
        listing(tmp_path)
    assert asked.value.code == "data.spans"
    assert found(listing(tmp_path, layout="boxes")) == {
        "day1/a.wav": ("robin", None),
        "day1/b.wav": ("wren", None),
    }


def test_a_table_that_says_the_begin_of_each_clip_is_no_table_of_marks(tmp_path: Path) -> None:
    """As UrbanSound8K: one row for each file."""
    make(tmp_path, *(f"{n}.wav" for n in range(6)))
    rows = [f"{n}.wav,{n},{n + 4},{'siren' if n % 2 else 'drill'}" for n in range(6)]
    (tmp_path / "clips.csv").write_text("\n".join(["slice_file_name,start,end,class", *rows]))
    assert set(listing(tmp_path).classes) == {"drill", "siren"}


def test_what_is_said_in_each_recording_is_no_class(tmp_path: Path) -> None:
    for n in range(8):
        make(tmp_path, f"{'yes' if n % 2 else 'no'}/{n}.wav")
        beside = tmp_path / ("yes" if n % 2 else "no") / f"{n}.TextGrid"
        beside.write_text(GRID.format(f"this is sentence {n}"))
    assert set(listing(tmp_path).classes) == {"yes", "no"}


def test_marks_that_leave_no_class_alone(tmp_path: Path) -> None:
    for name in "abc":
        make(tmp_path, f"{name}.wav")
        (tmp_path / f"{name}.txt").write_text(audacity(["robin", "wren"]))
    with pytest.raises(UserError) as refused:
        listing(tmp_path)
    assert refused.value.code == "data.spans_mixed"
    assert "3 contain several" in str(refused.value)


def test_notes_beside_recordings_are_no_marks(tmp_path: Path) -> None:
    make(tmp_path, "a.wav", "b.wav")
    (tmp_path / "a.txt").write_text("recorded at dawn, 5:30\nwind")
    (tmp_path / "b.txt").write_text("")
    assert spans.find(tmp_path, ["a.wav", "b.wav"], ["a.txt", "b.txt"]) is None


def test_more_columns_than_a_label_are_no_marks(tmp_path: Path) -> None:
    make(tmp_path, "all/101_a.wav", "all/102_a.wav")
    for name in ("101_a", "102_a"):
        (tmp_path / f"all/{name}.txt").write_text("0.5\t1.25\t0\t1\n1.5\t2.25\t0\t0\n")
    assert (
        spans.find(tmp_path, ["all/101_a.wav", "all/102_a.wav"], ["all/101_a.txt", "all/102_a.txt"])
        is None
    )


def test_a_mark_that_occurs_once_hides_no_others(tmp_path: Path) -> None:
    names = [f"tape{n}" for n in range(4)]
    for n, name in enumerate(names):
        make(tmp_path, f"{name}.wav")
        (tmp_path / f"{name}.txt").write_text(
            audacity(["music", "speech", ["?", "end"][n % 2]][n % 2 :])
        )
    found = spans.find(tmp_path, [f"{n}.wav" for n in names], [f"{n}.txt" for n in names])
    assert found is not None
    assert found.inside[0] == {"music", "speech", "?"}
