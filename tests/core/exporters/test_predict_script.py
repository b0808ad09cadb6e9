"""The ``predict.py`` of a package: by itself, and exactly as the program does it."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from transfergui.core.evaluation import prediction_table
from transfergui.core.trained import TrainedModel

ALONE = """
import runpy, sys
for name in ("transfergui", "torch", "torchvision", "onnx", "sklearn", "msgspec"):
    sys.modules[name] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a script where nothing but numpy, Pillow and onnxruntime can be imported of what we use."""


@pytest.fixture(scope="module")
def unpacked(exported, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(exported["package"][0]) as package:
        package.extractall(folder)
    return folder


def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-c", ALONE, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, env={})


def test_alone_it_gives_the_labels_of_the_program(unpacked, odd_pictures, trained_run):
    done = run(unpacked / "predict.py", *odd_pictures)
    assert (done.returncode, done.stderr) == (0, b"")
    table = list(csv.reader(io.StringIO(done.stdout.decode())))
    model = TrainedModel.load(trained_run.path)
    assert table[0] == ["path", "label", "confidence", *model.classes, "note", "reason"]
    answers = [(row[0], row[1]) for row in table[1:]]
    assert answers == [(str(p.path), p.label(model.classes)) for p in model.predict(odd_pictures)]


def test_folders_are_walked_and_bad_files_named(unpacked, odd_pictures, tmp_path):
    (tmp_path / "good.png").write_bytes(odd_pictures[0].read_bytes())
    (tmp_path / "bad.png").write_bytes(b"no picture")
    (tmp_path / "notes.txt").write_text("not looked at")
    done = run(unpacked / "predict.py", tmp_path)
    assert done.returncode == 1
    rows = list(csv.reader(io.StringIO(done.stdout.decode())))
    assert [Path(row[0]).name for row in rows[1:]] == ["bad.png", "good.png"]
    assert set(map(len, rows)) == {len(rows[0])}
    label, *_others, note, reason = rows[1][1:]
    assert (label, reason) == ("", "")
    assert note
    assert b"bad.png" in done.stderr
    assert b"notes.txt" not in done.stderr


def test_notes_and_reasons_are_those_of_the_program(unpacked, odd_pictures, trained_run):
    """``predict --csv`` says what is doubtful; the script said nothing."""
    model = TrainedModel.load(trained_run.path)
    found = prediction_table.rows(prediction_table.of(model, list(model.predict(odd_pictures))))
    theirs = [row[-2:] for row in found]
    done = run(unpacked / "predict.py", *odd_pictures)
    mine = [tuple(row[-2:]) for row in csv.reader(io.StringIO(done.stdout.decode()))]
    assert [reason for _note, reason in mine] == [reason for _note, reason in theirs]
    unsure = ("low confidence", "unsure")
    assert [row == unsure for row in mine] == [row == unsure for row in theirs]


def test_without_files_it_says_how_it_is_used(unpacked):
    done = run(unpacked / "predict.py")
    assert done.returncode == 2
    assert b"PICTURE_OR_FOLDER" in done.stderr


def test_help_and_options_that_there_are_not(unpacked):
    asked = run(unpacked / "predict.py", "--help")
    assert asked.returncode == 0
    assert b"python predict.py PICTURE_OR_FOLDER" in asked.stdout
    wrong = run(unpacked / "predict.py", "--csv", "x.png")
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert b"no option --csv" in wrong.stderr


def test_what_is_missing_is_said_in_a_sentence(unpacked, tmp_path):
    done = run(unpacked / "predict.py", tmp_path / "gone.png")
    assert done.returncode == 1
    assert done.stderr.decode() == f"{tmp_path / 'gone.png'}: there is no such file or folder\n"
    (tmp_path / "predict.py").write_bytes((unpacked / "predict.py").read_bytes())
    alone = run(tmp_path / "predict.py", "a.png")
    assert alone.returncode == 1
    assert alone.stderr.startswith(b"The model cannot be opened: there is no such file or folder.")
    without = f"import sys; sys.modules['onnxruntime'] = None\n{ALONE}"
    command = [sys.executable, "-I", "-c", without, str(unpacked / "predict.py"), "a.png"]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, env={})
    assert done.returncode == 1
    assert b"onnxruntime" in done.stderr
    assert b"says what to install" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_package_describes_itself(unpacked, trained_run):
    card = json.loads((unpacked / "model.json").read_text())
    assert card["classes"] == ["class_0", "class_1", "class_2"]
    assert card["recipe"]["data"]["path"] == "pictures"
    assert str(trained_run.path.parent) not in (unpacked / "model.json").read_text()
    readme = (unpacked / "README.md").read_text()
    assert readme.startswith("---\n") and "\n# shapes\n" in readme
    assert "3 x 32 x 32" in readme


def test_it_ends_quietly_when_nobody_reads_on(unpacked, odd_pictures):
    command = [sys.executable, "-I", "-c", ALONE, unpacked / "predict.py", *odd_pictures]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as script:
        assert script.stdout is not None and script.stderr is not None
        script.stdout.close()
        assert script.stderr.read() == b""
    assert script.returncode == 0
