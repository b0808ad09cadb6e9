"""Bad inputs at the command line: one line that names the code, status 1, nothing executed.

What the engine makes of each fault is tested beside its modules; ``tests/README.md`` says where.
"""

import io
import os
import shutil
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import bad_files
from tests.end_to_end.test_command_line import REPORT, Outcome, cli, read_csv
from transfergui.core.base import paths
from transfergui.core.runs.run import Run

BACKBONE = "squeezenet1_1"
SETTINGS = ["--set", "input.size=32", "--set", "input.resize=32", "--epochs", "1"]
SCRATCH = ["--backbone", BACKBONE, "--strategy", "from_scratch", "--set", "augment={}", *SETTINGS]
CHINESE = "我的 数据é"


def refused(code: str, *arguments: object) -> Outcome:
    """The outcome of a command that must end with ``code`` in one line."""
    outcome = cli(*arguments)
    assert outcome.status == 1, outcome.err
    assert outcome.err.endswith(f"[{code}]\n")
    assert "Traceback" not in outcome.err
    return outcome


# -- data


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("01_empty", "data.empty"),
        ("02_one_class", "data.one_class"),
        ("03_one_picture", "data.too_few"),
        ("35_slip", "zip.unsafe"),
        ("35_drive", "zip.unsafe"),
        ("35_symlink", "zip.unsafe"),
        ("36_bomb", "zip.bomb"),
        ("36_encrypted", "zip.encrypted"),
    ],
)
def test_what_cannot_be_learnt_from(tmp_path: Path, fault: str, code: str) -> None:
    make = bad_files.FOLDERS.get(fault) or bad_files.ARCHIVES[fault]
    data = make(tmp_path / f"{fault}.zip")
    assert refused(code, "train", data, *SCRATCH, "--out", tmp_path / "run").out == ""
    assert not (tmp_path / "run").exists()


def test_a_class_with_one_picture_has_no_figures(tmp_path: Path) -> None:
    data = bad_files.FOLDERS["04_class_with_one"](tmp_path / "data")
    assert cli("train", data, *SCRATCH, "--out", tmp_path / "run").status == 0
    run = Run.open(tmp_path / "run")
    fish = run.split.classes.index("fish")
    assert [s.label for s in run.split.train].count(fish) == 1
    assert fish not in {s.label for s in (*run.split.val, *run.split.test)}
    figures = run.report()["per_class"]["fish"]
    assert figures == {"precision": None, "recall": None, "f1": None, "support": 0}
    assert ">n/a<" in (run.path / "report.html").read_text(encoding="utf-8")


def test_every_bad_file_beside_good_ones(tmp_path: Path) -> None:
    """The whole corpus at once: it trains, and each file gets an answer or a reason."""
    mixed = bad_files.make_mixed(tmp_path / "mixed")
    outcome = cli("train", mixed["mixed"], *SCRATCH, "--out", tmp_path / "run")
    assert outcome.status == 0, outcome.err
    outcome = cli("predict", tmp_path / "run", mixed["mixed"], "--csv", tmp_path / "p.csv")
    assert outcome.status == 0, outcome.err
    answered = {row["path"] for row in read_csv(tmp_path / "p.csv")}
    assert str(mixed["18_rgba"]) in answered
    assert len({str(mixed[key]) for key in mixed if key.startswith("19_")} & answered) == 8
    odd = {key: path for key, path in mixed.items() if key.startswith("25_")}
    assert str(odd.pop("25_undecodable")).replace("\udce9", "\\udce9") in answered
    assert {str(path) for path in odd.values()} <= answered
    assert "bomb.png is too large" in outcome.err


def test_changed_data_need_consent(tmp_path: Path) -> None:
    data = bad_files.make_classes(tmp_path / "data", {"cat": 8, "dog": 8})
    assert cli("train", data, *SCRATCH, "--out", tmp_path / "done").status == 0
    done = Run.open(tmp_path / "done")
    run = Run.create(done.recipe, done.split, tmp_path / "run")
    gone = run.split.train[0].path
    (data / gone).unlink()
    assert gone in refused("run.data_changed", "resume", run.path).err
    assert not run.checkpoints.exists()
    assert cli("resume", run.path, "--accept-changes").status == 0
    assert gone not in {sample.path for sample in run.split.train}


# -- names


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose path has Chinese letters, an accent and a space: ``data`` and a ``run``."""
    home = tmp_path_factory.mktemp("home") / CHINESE
    bad_files.make_classes(home / "data", {"猫": 8, "小 狗": 8})
    outcome = cli("train", home / "data", *SCRATCH, "--out", home / "模型 run")
    assert outcome.status == 0, outcome.err
    return home


@pytest.mark.parametrize("key", ["onnx", "package"])
def test_chinese_names_all_the_way(
    chinese: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "小 狗  8" in cli("scan", chinese / "data").out
    run, model = chinese / "模型 run", chinese / f"出口 é.{key}"
    model.write_bytes(b"was there before")
    outcome = cli("export", run, "--format", key, "--out", model)
    assert (outcome.status, outcome.out) == (0, f"{model}\n"), outcome.err
    answers = []
    for source in (run, model):
        table = chinese / "答案.csv"
        assert cli("predict", source, chinese / "data", "--csv", table).status == 0
        answers.append([(row["path"], row["label"]) for row in read_csv(table)])
    assert answers[0] == answers[1]
    assert len(answers[0]) == 16
    assert cli("evaluate", model, chinese / "data").status == 0
    if key == "onnx":
        monkeypatch.setitem(sys.modules, "onnxruntime", None)  # as if it were not installed
        outcome = refused("part.missing", "predict", model, chinese / "data")
        assert "pip install onnxruntime" in outcome.err


@pytest.mark.skipif(sys.platform == "win32", reason="the limits of Linux and macOS")
@pytest.mark.parametrize("name", ["x" * 300, "/".join(["y" * 200] * 30)], ids=["name", "path"])
def test_names_that_are_too_long_are_called_so(chinese: Path, name: str) -> None:
    run, data, long = chinese / "模型 run", chinese / "data", chinese / name
    for command in (
        ["scan", long],
        ["train", data, "--backbone", chinese / f"{name}.pth"],
        ["predict", long, data],
        ["predict", run, long],
        ["evaluate", run, long],
        ["export", run, "--format", "onnx", "--out", long],
        ["resume", long],
        ["stop", long],
    ):
        refused("path.too_long", *command)
    refused("run.not_writable", "train", data, *SCRATCH, "--out", long)


# -- predicting


def test_predicting_what_is_not_there_to_be_predicted(chinese: Path, tmp_path: Path) -> None:
    run = chinese / "模型 run"
    (tmp_path / "words").mkdir()
    (tmp_path / "words/notes.txt").write_text("no picture")
    refused("predict.empty", "predict", run, tmp_path / "words")
    refused("predict.foreign", "predict", run, tmp_path / "words/notes.txt")
    with pytest.raises(SystemExit) as caught:
        cli("predict", run)
    assert caught.value.code == 2


def test_classes_of_another_project(chinese: Path, tmp_path: Path) -> None:
    """They can be answered, as any pictures; they cannot be compared with."""
    other = bad_files.make_classes(tmp_path, {"ape": 2, "bee": 2})
    assert len(cli("predict", chinese / "模型 run", other).out.splitlines()) == 4
    assert (
        "ape, bee" in refused("evaluate.other_classes", "evaluate", chinese / "模型 run", other).err
    )


def test_evaluating_on_one_class_only(chinese: Path, tmp_path: Path) -> None:
    shutil.copytree(chinese / "data/猫", tmp_path / "猫")
    outcome = cli("evaluate", chinese / "模型 run", tmp_path)
    assert outcome.status == 0, outcome.err
    assert [row.split()[-4:] for row in outcome.out.splitlines() if row.startswith("小 狗")] == [
        ["0", "n/a", "n/a", "n/a"]
    ]


# -- files of others


class Runs:
    """Unpickling this would run a program."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (self.command,)


def _state(change: Callable[[dict], object] = lambda state: None) -> bytes:
    """The bytes of a weights file of the network, with random weights."""
    from torchvision.models import squeezenet1_1

    state = squeezenet1_1().state_dict()
    change(state)
    return _saved(state)


def _saved(content: object) -> bytes:
    import torch

    stream = io.BytesIO()
    torch.save(content, stream)
    return stream.getvalue()


FIRST = "features.0.weight"
MODEL_FILES: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "pickle": (".pth", lambda trace: _saved({"x": Runs(f"touch {trace}")}), "weights.unsafe"),
    "truncated": (".pth", lambda _: _state()[:100_000], "weights.damaged"),
    "zero bytes": (".pth", lambda _: b"", "weights.empty"),
    "random": (".pth", lambda _: bytes(range(1, 256)) * 40, "weights.damaged"),
    "wrong size": (
        ".pth",
        lambda _: _state(lambda s: s.update({FIRST: s[FIRST][:10]})),
        "weights.misfit",
    ),
    "extra": (".pth", lambda _: _state(lambda s: s.update(more=s[FIRST])), "weights.misfit"),
    "nan": (".pth", lambda _: _state(lambda s: s[FIRST].fill_(float("nan"))), "weights.not_finite"),
    "50 GB header": (
        ".safetensors",
        lambda _: struct.pack("<Q", 50_000_000_000) + b"{}",
        "weights.damaged",
    ),
}


@pytest.mark.parametrize("fault", MODEL_FILES)
def test_bad_model_files(fault: str, chinese: Path, tmp_path: Path) -> None:
    """As weights to begin with they are refused for what they are; as a model they are none."""
    suffix, make, code = MODEL_FILES[fault]
    file = tmp_path / f"{BACKBONE}_{fault.replace(' ', '_')}{suffix}"
    file.write_bytes(make(tmp_path / "trace"))
    begun = refused(code, "train", chinese / "data", "--backbone", file, *SETTINGS)
    assert str(file) in begun.err
    assert not (Path(begun.out.strip()) / "checkpoints").exists()
    assert str(file) in refused("model.unknown", "predict", file, chinese / "data").err
    assert not (tmp_path / "trace").exists()


def test_the_old_last_layer_of_a_weights_file_may_have_any_size(
    chinese: Path, tmp_path: Path
) -> None:
    """Tensors that share their memory and a last layer for other classes are no faults."""
    import torch

    def change(state: dict) -> None:
        state["classifier.1.weight"] = torch.zeros(7, 512, 1, 1)
        state["features.3.squeeze.bias"] = state["features.4.squeeze.bias"]

    file = tmp_path / f"{BACKBONE}_tied.pth"
    file.write_bytes(_state(change))
    outcome = cli("train", chinese / "data", "--backbone", file, *SETTINGS)
    assert outcome.status == 0, outcome.err
    assert set(Run(Path(outcome.out.strip())).report()) >= REPORT


# -- pipes and devices


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
@pytest.mark.parametrize("special", ["pipe.csv", "/dev/zero"])
def test_nothing_is_read_without_end(chinese: Path, special: str) -> None:
    """A pipe that nobody writes to is not waited for, /dev/zero not read until memory is gone."""
    run, data = chinese / "模型 run", chinese / "data"
    place = chinese / special
    if not place.exists():
        os.mkfifo(place)
    for code, command in (
        ("data.not_a_file", ["scan", place]),
        ("data.not_a_file", ["train", place, *SCRATCH]),
        ("data.not_a_file", ["train", data, "--test", place, *SCRATCH]),
        ("data.not_a_file", ["evaluate", run, place]),
        ("recipe.unreadable", ["train", data, "--recipe", place]),
        ("weights.no_file", ["train", data, "--backbone", place]),
        ("model.missing", ["predict", place, data]),
        ("picture.not_a_file", ["predict", run, place]),
        ("run.missing", ["resume", place]),
        ("run.exists", ["train", data, *SCRATCH, "--out", place]),
        ("export.not_writable", ["export", run, "--format", "backbone", "--out", place]),
    ):
        refused(code, *command)
        assert not place.is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
def test_answers_may_go_into_a_device(chinese: Path) -> None:
    outcome = cli("predict", chinese / "模型 run", chinese / "data", "--csv", os.devnull)
    assert outcome.status == 0, outcome.err
    assert Path(os.devnull).is_char_device()


# -- a disk that cannot be written


@pytest.mark.skipif(sys.platform == "win32", reason="root may write everywhere on Linux, too")
def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bad_files.make_classes(tmp_path / "data", {"cat": 8, "dog": 8})
    arguments = ["train", data, "--backbone", "tgnet", *SETTINGS]
    assert cli(*arguments, "--out", tmp_path / "usual").status == 0
    monkeypatch.setenv("TRANSFERGUI_CACHE", os.devnull)
    outcome = cli(*arguments, "--out", tmp_path / "run")
    assert outcome.status == 0, outcome.err
    assert "Features cannot be cached in /dev/null/features (Not a directory)" in outcome.err
    usual, run = Run(tmp_path / "usual"), Run(tmp_path / "run")
    assert run.best.read_bytes() == usual.best.read_bytes()
    outcome = cli("resume", run.path)
    assert outcome.err.endswith("[run.finished]\n")


def test_a_damaged_cache_is_computed_anew_and_said(tmp_path: Path) -> None:
    data = bad_files.make_classes(tmp_path / "data", {"cat": 8, "dog": 8})
    arguments = ["train", data, "--backbone", "tgnet", *SETTINGS]
    assert cli(*arguments, "--out", tmp_path / "usual").status == 0
    for path in (paths.cache_dir() / "features").rglob("*.npy"):
        whole = bytearray(path.read_bytes())
        whole[-2] ^= 0x7F  # a feature of 1e38
        path.write_bytes(whole)
    outcome = cli(*arguments, "--out", tmp_path / "run")
    assert outcome.status == 0, outcome.err
    assert "feature cache" in outcome.err
    assert Run(tmp_path / "run").best.read_bytes() == Run(tmp_path / "usual").best.read_bytes()
    assert "feature cache" not in cli(*arguments, "--out", tmp_path / "again").err


def test_an_empty_path_is_not_the_folder_one_is_in() -> None:
    for command in (["scan", ""], ["train", ""], ["predict", "x", ""]):
        with pytest.raises(SystemExit) as caught:
            cli(*command)
        assert caught.value.code == 2


def test_a_table_of_predictions_has_the_ending_of_one(chinese: Path, tmp_path: Path) -> None:
    refused(
        "predict.save_ending", "predict", chinese / "模型 run", tmp_path, "--save", "answers.pdf"
    )


def test_a_device_that_is_not_there_leaves_no_run(tmp_path: Path) -> None:
    bad_files.make_classes(tmp_path / "data", {"a": 4, "b": 4})
    where = ["--set", "run.device=mps", "--out", tmp_path / "run"]
    refused("device.missing", "train", tmp_path / "data", *where)
    assert not (tmp_path / "run").exists()
