"""scan and list, as a person and as a script see them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from tests.bad_sounds import RATE, tone
from transfergui.cli import data, main
from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.data import corrections
from transfergui.core.data.corrections import Correction
from transfergui.core.data.dataset import DataOptions
from transfergui.core.recipe import Recipe

Pictures = Callable[..., Path]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_scan_as_json(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", classes=2, per_class=3)
    (folder / "class_0" / "broken.png").write_text("<html>")
    tree = json.loads(printed(capsys, "scan", str(folder), "--json"))
    assert tree["classes"] == {"class_0": 3, "class_1": 3}
    assert tree["samples"] == 6
    assert Path(tree["path"]) == folder
    (problem,) = [p for p in tree["problems"] if p["left_out"]]
    assert problem["path"] == "class_0/broken.png"
    assert problem["code"] == "picture.not_a_picture"
    assert problem["path"] in problem["sentence"]


def test_scan_for_a_person(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", classes=2, per_class=3)
    (folder / "class_0" / "broken.png").write_text("<html>")
    out = printed(capsys, "scan", str(folder))
    assert "class_0  3" in out.splitlines()
    assert "left out: class_0/broken.png is not a picture" in out


def test_classes_renamed_in_the_window_are_used_when_asked_for(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", classes=2, per_class=3)
    scanned = registry.modality("image").scan(DataOptions(path=str(folder)))
    corrections.save(scanned, [Correction("class_0", label="ladybird", of_class=True)])
    assert main(["scan", str(folder), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["classes"] == {"class_0": 3, "class_1": 3}
    assert "1 correction from the window not applied (1 class renamed)." in told.err
    assert main(["scan", str(folder), "--corrections", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["classes"] == {"class_1": 3, "ladybird": 3}
    assert main(["scan", str(folder), "--set", "data.rename.class_1=stag", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["classes"] == {"class_0": 3, "stag": 3}


def sounds(folder: Path, *names: str) -> Path:
    """Short tones, none like another, in two classes."""
    for number, name in enumerate(names):
        path = folder / "WT"[number % 2] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(0.3, pitch=200.0 + 17 * number), RATE)
    return folder


def test_scan_says_what_may_be_kept_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    speakers = ("03", "08", "09", "10")
    names = [f"{speakers[n // 2 % 4]}a01{'WT'[n % 2]}{'abcd'[n // 8]}.wav" for n in range(32)]
    folder = sounds(tmp_path / "emotions", *names)
    assert main(["scan", str(folder)]) == 0
    label = "03, 08, 09, … (4): characters 1-2 of the file name, as 03a01Ta → 03"
    said = capsys.readouterr().err
    assert f"Possible values of data.options.group_by: chars:1-2 ({label})" in said
    assert main(["scan", str(folder), "--set", "data.options.group_by=chars:1-2"]) == 0
    out, err = capsys.readouterr()
    assert "can be" not in err
    assert f"Grouped by: {label}." in out
    assert main(["scan", str(folder), "--set", "data.options.group_by=chars:1-20"]) == 1
    assert "has only 7 characters before its extension" in capsys.readouterr().err


def test_scan_says_why_nothing_may_be_kept_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = sounds(tmp_path / "plain", *(f"{n}.wav" for n in range(12)))
    assert main(["scan", str(folder)]) == 0
    said = capsys.readouterr().err
    assert "data.options.group_by: No groups found: the file names have no parts" in said


def test_scan_says_what_becomes_of_a_class_with_one_example(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", classes=3, per_class=6)
    first, *others = sorted((folder / "class_2").iterdir())
    for path in others:
        path.unlink()
    out = printed(capsys, "scan", str(folder))
    assert (
        "note: The class “class_2” has only one example. It is used for training, so nothing is "
        "known about how well the class is recognised. Add more pictures, or exclude the class."
    ) in out.splitlines()
    assert first.exists()


def test_scan_tells_a_few_of_each_kind(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", classes=2, per_class=3)
    for number in range(8):
        (folder / "class_0" / f"broken{number}.png").write_text("<html>")
    (folder / "class_1" / "one.png").write_bytes(b"")
    out = printed(capsys, "scan", str(folder))
    assert out.count("is not a picture") == 5
    assert "… and 3 more of this kind; --json lists all" in out.splitlines()
    assert "class_1/one.png" in out


def test_a_relative_path_means_the_same(
    tiny_pictures: Pictures,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tiny_pictures(tmp_path / "d", per_class=3)
    absolute = printed(capsys, "scan", str(folder), "--json")
    monkeypatch.chdir(tmp_path)
    assert printed(capsys, "scan", "d", "--json") == absolute


def test_counting_shows_only_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    counter = data._Counter(registry.modality("text"))
    counter(5)
    assert not capsys.readouterr().err
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    for files in range(5, 1000):
        counter(files)
    counter.clear()
    said = capsys.readouterr().err
    assert "5 texts" in said
    assert said.count("texts") < 100  # ten a second, not one a file
    assert said.endswith(f"{'':<40}\r")


def test_scan_says_what_cannot_be_learnt_from(
    tmp_path: Path, tiny_pictures: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "one", classes=1)
    assert main(["scan", str(folder)]) == 0
    told = capsys.readouterr()
    assert "12 pictures in 1 class\n" in told.out
    assert "At least two are needed" in told.err


MADE = (
    Correction("class_0/00.png", label="class_1"),
    Correction("class_0/01.png", label="class_1"),
    Correction("class_1/02.png", left_out=True),
)


@pytest.fixture
def with_corrections(tmp_path: Path, tiny_pictures: Pictures) -> Path:
    """Data that were corrected in the window."""
    folder = tiny_pictures(tmp_path / "d", per_class=6)
    scanned = registry.modality("image").scan(DataOptions(path=str(folder)), lambda _count: None)
    corrections.save(scanned, MADE)
    return folder


def test_corrections_of_the_window_are_told_and_not_used(
    with_corrections: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(with_corrections), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["classes"] == {"class_0": 6, "class_1": 6}
    assert told.err == (
        "3 corrections from the window not applied (2 labels changed, 1 excluded). "
        "To apply them: --corrections\n"
    )


def test_corrections_of_the_window_are_used_where_that_is_wanted(
    with_corrections: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(with_corrections), "--json", "--corrections"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["classes"] == {"class_0": 4, "class_1": 7}
    assert told.err == "3 corrections from the window applied (2 labels changed, 1 excluded).\n"


def test_a_plan_has_the_corrections_that_are_used(with_corrections: Path) -> None:
    """A run keeps them in its recipe, so that it can be resumed and opened."""
    given = Recipe().replace(data__path=str(with_corrections))
    recipe, dataset = data.read_corrected(given, use=True)
    assert recipe.data.exclude == ("class_1/02.png",)
    assert set(recipe.data.relabel) == {"class_0/00.png", "class_0/01.png"}
    assert dataset.counts() == [4, 7]
    assert data.read_corrected(given, use=False)[0] == given


def test_corrections_that_a_recipe_has_are_not_told_again(
    with_corrections: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = Recipe().replace(data__path=str(with_corrections))
    recipe, _dataset = data.read_corrected(given, use=True)
    capsys.readouterr()
    assert data.read_corrected(recipe, use=False)[1].counts() == [4, 7]
    assert capsys.readouterr().err == ""


def test_no_corrections_are_told_where_they_are_wanted(
    tmp_path: Path, tiny_pictures: Pictures, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", per_class=6)
    assert main(["scan", str(folder), "--corrections"]) == 0
    assert capsys.readouterr().err == (
        "There are no saved corrections from the window that fit these data.\n"
    )


def test_corrections_that_cannot_be_read_are_told(
    with_corrections: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corrections.place(with_corrections).write_text("{")
    assert main(["scan", str(with_corrections)]) == 0
    told = capsys.readouterr()
    assert "cannot be read" in told.err and "12 pictures in 2 classes" in told.out


def test_data_that_can_be_read_in_two_ways_name_the_setting(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_pictures(tmp_path / "d" / "x", per_class=3)
    (tmp_path / "d/x/class_0").rename(tmp_path / "d/x/test")
    assert main(["scan", str(tmp_path / "d")]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    first, *answers = err.splitlines()
    assert first.endswith("[data.class_or_part]")
    assert answers == [
        "  --set data.options.layout=class  The folders class_1, test are the classes"
    ]
    assert main(["scan", str(tmp_path / "d"), "--set", "data.options.layout=class"]) == 0
    assert "6 pictures in 2 classes" in capsys.readouterr().out


def test_scan_says_how_the_data_would_be_divided(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", per_class=10)
    out = printed(capsys, "scan", str(folder))
    assert "20 pictures in 2 classes" in out
    assert "Training set 14, validation set 2, test set 4. Split at random" in out
    for part in ("train", "val", "test"):
        tiny_pictures(tmp_path / "given" / part, per_class=4, seed=len(part))
    assert main(["scan", str(tmp_path / "given")]) == 0
    out, err = capsys.readouterr()
    assert "Layout: The folders class_0, class_1 are the classes, split into training" in err
    assert "test set 8. Split as in your folders or your table." in out
    tree = json.loads(printed(capsys, "scan", str(folder), "--json"))
    assert (tree["split"]["train"], tree["files"]) == (14, 20)


def test_pieces_of_long_sounds_are_not_called_recordings(
    tiny_sounds: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_sounds(tmp_path / "d", per_class=4)
    assert main(["scan", str(folder), "--set", "data.options.clip=0.25"]) == 0
    out = capsys.readouterr().out
    assert "clips of 8 recordings in 2 classes" in out


# -- what is predicted


def of_table(tiny_pictures: Pictures, folder: Path, header: str, cells: list[str]) -> Path:
    """Different pictures in one folder, and a table of them."""
    made = tiny_pictures(folder / "made", classes=2, per_class=len(cells) // 2)
    data_folder = folder / "data"
    data_folder.mkdir()
    for n, file in enumerate(sorted(made.rglob("*.png"))):
        file.rename(data_folder / f"{n}.png")
    rows = [f"{n}.png,{cell}" for n, cell in enumerate(cells)]
    (data_folder / "t.csv").write_text("\n".join([header, *rows]))
    return data_folder


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    assert main(list(arguments)) == 0
    captured = capsys.readouterr()
    return captured.out, captured.err


def test_scan_counts_labels(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = ["cat;dog", "cat", "", "dog", "cat;dog", "cat", "dog;cat", ""]
    folder = of_table(tiny_pictures, tmp_path, "file,tags", cells)
    out, err = shown(capsys, "scan", str(folder))
    assert "Predicted: Several labels: cat, dog (found in the data" in err
    assert "Label separator: ; (data.options.separator)" in err
    lines = out.splitlines()
    assert lines[:3] == ["cat     5", "dog     4", "(none)  2"]
    assert "8 pictures with 2 labels" in lines
    tree = json.loads(shown(capsys, "scan", str(folder), "--json")[0])
    assert tree["objective"] == "several_labels"
    assert tree["targets"] == {
        "names": ["cat", "dog"],
        "labels": {"cat": 5, "dog": 4},
        "without": 2,
    }


def test_scan_counts_answers(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = ["red,big", "red,small", "blue,", "blue,big"] * 2
    folder = of_table(tiny_pictures, tmp_path, "file,colour,size", cells)
    out, err = shown(capsys, "scan", str(folder), "--predict", "colour,size")
    assert "Predicted: Several questions: colour, size (columns chosen by you, kind found" in err
    again = ("--set", "data.options.label_column=colour,size")
    assert "size (columns chosen by you" in shown(capsys, "scan", str(folder), *again)[1]
    both = ("--objective", "several_questions", "--predict", "colour,size")
    assert "size (chosen by you" in shown(capsys, "scan", str(folder), *both)[1]
    assert out.splitlines()[:5] == [
        "colour: blue  4",
        "colour: red   4",
        "size: big     4",
        "size: small   2",
        "size: ?       2",
    ]
    tree = json.loads(shown(capsys, "scan", str(folder), "--predict", "2,3", "--json")[0])
    assert tree["targets"]["questions"] == {
        "colour": {"blue": 4, "red": 4},
        "size": {"big": 4, "small": 2},
    }
    assert tree["targets"]["missing"] == {"colour": 0, "size": 2}


def test_scan_tells_what_numbers_are_like(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [f"{n * n}.5 kg" for n in range(8)]
    folder = of_table(tiny_pictures, tmp_path, "file,weight", cells)
    assert main(["scan", str(folder)]) == 0  # a question with one answer is none
    err = capsys.readouterr().err
    assert "No column holds classes, so the numbers in “weight” are predicted." in err
    assert "Predicted: A number: weight (found in the data" in err
    out, err = shown(capsys, "scan", str(folder), "--objective", "number")
    assert "Predicted: A number: weight (chosen by you" in err
    assert "Unit: kg (data.options.unit)" in err
    assert "8 pictures with a number from 0.5 to 49.5 kg, mean 18" in out
    tree = json.loads(shown(capsys, "scan", str(folder), "--objective", "number", "--json")[0])
    told = tree["targets"]
    assert (told["low"], told["high"], told["mean"], told["unit"]) == (0.5, 49.5, 18.0, "kg")
    assert told["histogram"]["counts"] == [3, 1, 0, 1, 0, 1, 0, 1, 0, 1]
    assert told["histogram"]["bounds"][0] == 0.5


def test_one_class_is_told_as_before(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny_pictures(tmp_path / "d", classes=2, per_class=3)
    tree = json.loads(printed(capsys, "scan", str(folder), "--json"))
    assert (tree["objective"], tree["targets"]) == ("one_class", {"names": []})


def test_the_keys_of_the_command_line_are_those_of_the_objectives() -> None:
    keys = [key for key, _title in next(
        o for o in opt.describe(DataOptions) if o.name == "objective"
    ).choices]  # fmt: skip
    assert keys == ["", *(objective.key for objective in registry.OBJECTIVES)]


def test_which_of_several_numbers_is_predicted_is_asked(
    tiny_pictures: Pictures, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [f"{n * n}.5,{n * 1.7:.2f}" for n in range(8)]
    folder = of_table(tiny_pictures, tmp_path, "file,length,width", cells)
    assert main(["scan", str(folder)]) == 1
    assert "data.only_numbers" in capsys.readouterr().err
