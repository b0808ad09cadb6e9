"""The command line from a folder of data to an exported model, with the real engine."""

import contextlib
import csv
import functools
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from tests.conftest import TINY
from transfergui.cli import main
from transfergui.core import registry
from transfergui.core.base import options as opt
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import start

SMALL = ["--set", "input.size=32", "--set", "input.resize=32", "--set", "augment={}"]
SCRATCH = ["--backbone", "tgnet", "--strategy", "from_scratch", *SMALL]
REPORT = {"accuracy", "balanced_accuracy", "macro_f1", "n", "classes", "confusion", "per_class"}
REPORT |= {"interval", "seconds"}


class Outcome(NamedTuple):
    """What one command left: its status and its two streams."""

    status: int
    out: str
    err: str


def cli(*arguments: object) -> Outcome:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([str(argument) for argument in arguments])
    return Outcome(status, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def pictures(tiny_pictures: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tiny_pictures(tmp_path_factory.mktemp("data") / "shapes", classes=3, per_class=20)
    (folder / "class_0" / "broken.png").write_text("<html>")
    return folder


@pytest.fixture(scope="module")
def training(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    out = tmp_path_factory.mktemp("runs") / "run"
    exact = ["--set", "run.precision=float32"]  # measured in another home, it might be another
    return cli("train", pictures, *SCRATCH, *exact, "--epochs", 4, "--out", out)


@pytest.fixture(scope="module")
def run(training: Outcome) -> Path:
    return Path(training.out.strip())


def test_train_prints_the_run_and_nothing_else(training: Outcome, run: Path) -> None:
    assert training.status == 0, training.err
    assert training.out == f"{run}\n"
    assert "epoch 4/4" in training.err
    assert "1 left out of the data" in training.err
    assert "test pictures correct (" in training.err


def test_the_report_has_what_scripts_rely_on(run: Path) -> None:
    report = json.loads((run / "report.json").read_text())
    assert set(report) >= REPORT
    assert report["n"] == 9
    assert report["accuracy"] > 0.5
    assert {"precision", "recall", "f1", "support"} <= set(report["per_class"]["class_0"])
    assert {"low", "high"} <= set(report["interval"])


def test_a_finished_run_is_not_resumed(run: Path) -> None:
    outcome = cli("resume", run)
    assert (outcome.status, outcome.out) == (1, "")
    assert "[run.finished]" in outcome.err


def test_the_recipe_of_a_run_trains_again(run: Path, pictures: Path, tmp_path: Path) -> None:
    again = cli("train", pictures, "--recipe", run / "recipe.json", "--out", tmp_path / "again")
    assert again.status == 0
    best = "checkpoints/best.safetensors"
    assert (tmp_path / "again" / best).read_bytes() == (run / best).read_bytes()


def test_evaluate(run: Path, pictures: Path) -> None:
    outcome = cli("evaluate", run, pictures, "--json")
    assert outcome.status == 0
    report = json.loads(outcome.out)
    assert set(report) >= REPORT
    assert report["n"] == 60
    assert "broken.png" in outcome.err
    text = cli("evaluate", run, pictures).out
    assert "test pictures correct (" in text
    assert text.splitlines()[-1].split()[:2] == ["class_2", "20"]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_predict(run: Path, pictures: Path, tmp_path: Path) -> None:
    outcome = cli("predict", run, pictures, "--csv", tmp_path / "p.csv")
    assert (outcome.status, outcome.out) == (0, "")
    assert "broken.png" in outcome.err
    rows = read_csv(tmp_path / "p.csv")
    classes = ["class_0", "class_1", "class_2"]
    assert list(rows[0]) == ["path", "label", "confidence", *classes, "note", "reason"]
    assert len(rows) == 61
    (unread,) = [row for row in rows if not row["label"]]
    assert unread["note"].startswith("broken.png is not a picture")
    rows.remove(unread)
    for row in rows:
        figures = {name: float(row[name]) for name in classes}
        assert row["label"] == max(figures, key=lambda name: figures[name])
        assert float(row["confidence"]) == pytest.approx(figures[row["label"]], rel=1e-4)
        assert sum(figures.values()) == pytest.approx(1, abs=1e-4)


def test_predict_for_a_person(run: Path, pictures: Path) -> None:
    file = pictures / "class_1" / "00.png"
    outcome = cli("predict", run, file)
    assert outcome.status == 0
    assert outcome.out.split()[0] == str(file)


@pytest.mark.parametrize("name", ["absent.png", "class_0/broken.png"])
def test_what_cannot_be_read_ends_nothing(
    name: str, run: Path, pictures: Path, tmp_path: Path
) -> None:
    good = pictures / "class_1" / "00.png"
    outcome = cli("predict", run, good, pictures / name, "--csv", tmp_path / "p.csv")
    assert outcome.status == 0
    (said,) = [line for line in outcome.err.splitlines() if line.startswith("left out: ")]
    assert str(pictures / name) in said
    assert f"1 prediction written to {tmp_path / 'p.csv'}" in outcome.err
    assert "1 more row says why a file has no prediction" in outcome.err
    rows = {row["path"]: row for row in read_csv(tmp_path / "p.csv")}
    assert rows.keys() == {str(good), str(pictures / name)}
    assert rows[str(pictures / name)]["label"] == ""
    assert Path(name).name in rows[str(pictures / name)]["note"]


def test_where_nothing_can_be_answered_the_reason_is_the_error(run: Path, pictures: Path) -> None:
    missing = cli("predict", run, pictures / "absent.png")
    assert (missing.status, missing.out) == (1, "")
    assert f"{pictures / 'absent.png'} does not exist" in missing.err
    assert missing.err.endswith("[predict.missing]\n")
    broken = cli("predict", run, pictures / "class_0" / "broken.png", pictures / "absent.png")
    assert broken.status == 1
    assert "[predict.missing]" in broken.err
    assert "broken.png is not a picture" in broken.err


def test_predict_with_nothing_to_look_at(run: Path, tmp_path: Path) -> None:
    outcome = cli("predict", run, tmp_path)
    assert (outcome.status, outcome.out) == (1, "")
    assert "[predict.empty]" in outcome.err


def test_export_answers_alike(run: Path, pictures: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.onnx"
    model.write_bytes(b"older")
    outcome = cli("export", run, "--format", "onnx", "--out", model)
    assert (outcome.status, outcome.out) == (0, f"{model}\n"), outcome.err
    assert "existed and was replaced" in outcome.err
    head, first, *others = outcome.err.splitlines()[-4:]
    assert head == "How to use it:"
    known = "class_0, class_1, class_2"
    assert first.startswith(
        f"  To predict with TransferGUI ({known}): transfergui predict {model} {pictures}"
    )
    assert len(others) == 2
    cli("predict", run, pictures, "--csv", tmp_path / "run.csv")
    assert cli("predict", model, pictures, "--csv", tmp_path / "onnx.csv").status == 0
    answers = [[row["label"] for row in read_csv(tmp_path / f"{k}.csv")] for k in ("run", "onnx")]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["export", "RUN", "--format", "onxx", "--out", "TMP/x"], "registry.unknown"),
        (["export", "RUN", "--format", "onnx", "--out", "TMP/no/x.onnx"], "export.not_writable"),
        (["export", "TMP", "--format", "onnx", "--out", "TMP/x"], "run.missing"),
        (["predict", "TMP/none", "TMP"], "model.missing"),
        (["evaluate", "RUN", "TMP/none"], "data.missing"),
        (["train", "TMP"], "data.empty"),
        (["train", "DATA/class_0"], "data.unsorted"),
        (["train", "DATA", "--out", "RUN", *SCRATCH], "run.exists"),
        (["train", "DATA", "--backbone", "mobilenet_v2"], "weights.missing"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_mistakes_have_codes(
    arguments: list[str], code: str, run: Path, pictures: Path, tmp_path: Path
) -> None:
    for name, place in {"RUN": run, "DATA": pictures, "TMP": tmp_path}.items():
        arguments = [text.replace(name, str(place)) for text in arguments]
    outcome = cli(*arguments)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.splitlines()[-1].endswith(f"[{code}]")


def test_without_weights_the_built_in_network_is_taken_and_said(
    pictures: Path, tmp_path: Path
) -> None:
    outcome = cli("train", pictures, *SMALL, "--epochs", 2, "--out", tmp_path / "run")
    assert (outcome.status, outcome.out) == (0, f"{tmp_path / 'run'}\n")
    (said,) = [line for line in outcome.err.splitlines() if line.startswith("Backbone: TGNet")]
    assert "MobileNetV2 is usually more accurate" in said
    assert Run(tmp_path / "run").recipe.backbone == "tgnet"


def test_pretrained_weights_are_used(shared_data: Path, tmp_path: Path) -> None:
    """Real photos, a real network, small: far above the 10 % of guessing."""
    data = tmp_path / "clothing"
    for folder in sorted((shared_data / "images" / "clothing").iterdir()):
        (data / folder.name).mkdir(parents=True)
        for file in sorted(folder.iterdir())[:12]:
            (data / folder.name / file.name).symlink_to(file)
    settings = ["--backbone", "squeezenet1_1", "--set", "input.size=96", "--set", "input.resize=96"]
    weights = ["--set", f"weights_dir={shared_data / 'weights'}"]
    outcome = cli("train", data, *settings, *weights, "--epochs", 20, "--set", "augment={}")
    assert outcome.status == 0, outcome.err
    assert Run(Path(outcome.out.strip())).report()["accuracy"] > 0.3


def test_ctrl_c_leaves_a_run_that_goes_on(pictures: Path, tmp_path: Path) -> None:
    """Interrupted and resumed equals uninterrupted, bit for bit."""
    arguments = ["train", str(pictures), *SCRATCH, "--epochs", "5", "--out"]
    command = [sys.executable, "-m", "transfergui", *arguments, str(tmp_path / "run")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stderr is not None
        while "epoch 1/5" not in (line := process.stderr.readline()):
            assert line, "ended before the first epoch"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, f"{tmp_path / 'run'}\n")
    assert f"transfergui resume {tmp_path / 'run'}" in err
    assert cli("resume", tmp_path / "run").status == 0
    assert cli(*arguments, tmp_path / "straight").status == 0
    best = "checkpoints/best.safetensors"
    assert (tmp_path / "run" / best).read_bytes() == (tmp_path / "straight" / best).read_bytes()


# -- every modality, from its data to an exported model

BUILT_IN = {"image": "tgnet", "audio": "tgnet", "text": "word_vectors"}
BEST = "checkpoints/best.safetensors"


@pytest.fixture(scope="module", params=[modality.key for modality in registry.MODALITIES])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def tiny(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return TINY[kind](tmp_path_factory.mktemp("tiny") / kind)


@pytest.fixture(scope="module")
def tuning(kind: str, tiny: Path) -> list[object]:
    """A short training that changes the network, whose samples are changed at random."""
    network = ["--backbone", BUILT_IN[kind], "--strategy", "fine_tuning", "--epochs", 3]
    # what is measured decides between precisions, and may come out otherwise the second time
    exact = ["--set", "run.precision=float32"]
    return ["train", tiny, *network, *exact, "--set", "optim.batch_size=8", "--out"]


@pytest.fixture(scope="module")
def tuned(tuning: list[object], tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("tuned") / "run"
    outcome = cli(*tuning, run)
    assert (outcome.status, outcome.out) == (0, f"{run}\n"), outcome.err
    return run


def test_what_the_data_are_is_found_out(kind: str, tiny: Path) -> None:
    outcome = cli("scan", tiny, "--json")
    assert outcome.status == 0, outcome.err
    found = json.loads(outcome.out)
    assert found["modality"] == kind
    assert found["classes"] == {"class_0": 12, "class_1": 12}
    options = [option.name for option in opt.describe(registry.modality(kind).data_options)]
    assert list(found["chosen"]) == [name for name in options if name in found["chosen"]]


def test_a_run_of_any_kind_has_its_report(kind: str, tuned: Path) -> None:
    run = Run(tuned)
    assert run.recipe.modality == kind
    assert set(run.report()) >= REPORT
    assert (tuned / "report.html").is_file()
    assert (tuned / "predictions.csv").read_text().count("\n") == 1 + run.report()["n"]


def test_interrupted_and_resumed_equals_uninterrupted(
    tuning: list[object], tuned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = start.train

    def cancelled_after_an_epoch(plan: Plan, run: Run) -> Iterator[ev.Event]:
        with contextlib.closing(train(plan, run)) as events:
            for event in events:
                yield event
                if isinstance(event, ev.EpochEnded):
                    run.request_stop("cancel")

    with monkeypatch.context() as patch:
        patch.setattr(start, "train", cancelled_after_an_epoch)
        assert cli(*tuning, tmp_path / "run").status == 130
    assert len(Run(tmp_path / "run").history().epochs) == 1
    outcome = cli("resume", tmp_path / "run")
    assert outcome.status == 0, outcome.err
    assert (tmp_path / "run" / BEST).read_bytes() == (tuned / BEST).read_bytes()


def test_evaluated_on_data_of_its_kind(tuned: Path, tiny: Path) -> None:
    outcome = cli("evaluate", tuned, tiny, "--json")
    assert outcome.status == 0, outcome.err
    report = json.loads(outcome.out)
    assert set(report) >= REPORT
    assert report["n"] == 24
    assert f"{report['trained_on']} of these 24" in outcome.err
    assert report["trained_on"] == 20


def test_what_evaluate_leaves_out_is_counted_and_named(
    tuned: Path, kind: str, tmp_path: Path
) -> None:
    """A class that the model lacks, one that it writes otherwise, one that may be the same."""
    folder = TINY[kind](tmp_path / "data", per_class=6, seed=5)
    (folder / "class_0").rename(folder / "class_0 ")
    shutil.copytree(TINY[kind](tmp_path / "more", per_class=5, seed=9) / "class_0", folder / "moth")
    outcome = cli("evaluate", tuned, folder, "--json")
    assert outcome.status == 0, outcome.err
    report = json.loads(outcome.out)
    assert (report["n"], report["unknown_classes"]) == (12, {"moth": 5})
    assert report["matched_classes"] == {"class_0 ": "class_0"}
    assert "5 of 17" in outcome.err and "“moth” (5)" in outcome.err
    assert "5 of 17" in cli("evaluate", tuned, folder).out
    (folder / "class_1").rename(folder / "Class_1")
    outcome = cli("evaluate", tuned, folder)
    assert (outcome.status, outcome.out) == (1, "")
    assert "“Class_1” – “class_1”" in outcome.err
    merge = "data.options.similar_labels=merge"
    assert f"--set {merge}" in outcome.err
    assert json.loads(cli("evaluate", tuned, folder, "--set", merge, "--json").out)["n"] == 12
    wrong = cli("evaluate", tuned, folder, "--set", "optim.lr=1")
    assert wrong.err.splitlines()[-1].endswith("[recipe.invalid]")


def test_a_table_whose_rows_are_all_for_the_test_is_measured(
    tuned: Path, kind: str, tiny: Path
) -> None:
    rows = [
        (path.relative_to(tiny).as_posix(), path.parent.name, "test")
        for path in sorted(tiny.rglob("*.*"))
    ]
    table = tiny / "holdout.csv"
    table.write_text("".join(",".join(row) + "\n" for row in [("path", "label", "split"), *rows]))
    try:
        report = json.loads(cli("evaluate", tuned, table, "--json").out)
        scanned = cli("scan", table)
    finally:
        table.unlink()
    assert report["n"] == 24
    assert scanned.status == 0
    assert "so none are left for training" in scanned.err


def test_a_zip_and_a_table_are_predicted(tuned: Path, tiny: Path, tmp_path: Path) -> None:
    files = sorted(tiny.rglob("*.*"))
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        for path in files[:3]:
            archive.write(path, path.relative_to(tiny))
    table = tmp_path / "names.csv"
    table.write_text("file\n" + "".join(f"{path}\n" for path in files[3:5]) + "gone.x\n")
    outcome = cli("predict", tuned, tmp_path / "some.zip", table, "--csv", tmp_path / "p.csv")
    assert outcome.status == 0, outcome.err
    named = [row["path"] for row in read_csv(tmp_path / "p.csv")]
    inside = [str(tmp_path / "some.zip" / path.relative_to(tiny)) for path in files[:3]]
    assert [Path(name).resolve() for name in named] == [table, *map(Path, inside), *files[3:5]]
    assert "One row of" in outcome.err and "gone.x" in outcome.err


@pytest.fixture(scope="module")
def exported(tuned: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The tuned model in a format; exported once."""
    folder = tmp_path_factory.mktemp("exported")

    @functools.cache
    def make(format: str) -> Path:
        model = folder / f"model.{format}"
        outcome = cli("export", tuned, "--format", format, "--out", model)
        assert (outcome.status, outcome.out) == (0, f"{model}\n"), outcome.err
        assert "was there before" not in outcome.err
        return model

    return make


@pytest.mark.parametrize("format", ["package", "onnx"])
def test_exported_it_answers_alike(
    format: str, tuned: Path, exported: Callable[[str], Path], tiny: Path, tmp_path: Path
) -> None:
    tables = []
    for each in (tuned, exported(format)):
        outcome = cli("predict", each, tiny, "--csv", tmp_path / "answers.csv")
        assert outcome.status == 0, outcome.err
        tables.append(read_csv(tmp_path / "answers.csv"))
    assert len(tables[0]) == 24
    assert list(tables[0][0]) == [
        "path",
        "label",
        "confidence",
        "class_0",
        "class_1",
        "note",
        "reason",
    ]
    for mine, theirs in zip(*tables, strict=True):
        assert (mine["path"], mine["label"]) == (theirs["path"], theirs["label"])
        assert float(mine["class_0"]) == pytest.approx(float(theirs["class_0"]), abs=1e-4)


def test_an_unpacked_package_answers_and_begins_a_training(
    exported: Callable[[str], Path], tiny: Path, tmp_path: Path
) -> None:
    shutil.copy(exported("package"), tmp_path / "given.zip")
    with zipfile.ZipFile(tmp_path / "given.zip") as archive:
        archive.extractall(tmp_path / "given")
    assert cli("evaluate", tmp_path / "given", tiny).status == 0
    again = ["train", tiny, "--backbone", tmp_path / "given.zip", "--epochs", 1, "--out"]
    outcome = cli(*again, tmp_path / "run")
    assert outcome.status == 0, outcome.err
    assert "Training starts from the trained backbone of given.zip" in outcome.err
    (tmp_path / "given.zip").unlink()
    assert cli("predict", tmp_path / "run", tiny).status == 0


def test_lines_of_standard_input_are_a_text_each(
    kind: str, tuned: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = "It was lovely and 温暖 warm.\n\nIt was dreary and cold.\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
    outcome = cli("predict", tuned, "-")
    if kind != "text":
        assert outcome.status == 1
        assert "[predict.no_lines]" in outcome.err
        return
    assert outcome.status == 0, outcome.err
    first, second = outcome.out.splitlines()
    assert first.startswith("line 1  class_")
    assert first.endswith("It was lovely and 温暖 warm.")
    assert second.startswith("line 3  class_")
    file = tmp_path / "both.txt"
    file.write_text(given)
    outcome = cli("predict", tuned, file)
    assert f"transfergui predict MODEL - < {file}" in outcome.err
    assert len(outcome.out.splitlines()) == 1


def test_an_answer_that_means_little_is_called_doubtful(
    kind: str, tuned: Path, tmp_path: Path
) -> None:
    import soundfile

    soundfile.write(tmp_path / "silence.wav", [0.0] * 4000, 8000)
    (tmp_path / "amharic.txt").write_text("\u1230\u120b\u121d \u1208\u12d3\u1208\u121d")
    named = {"audio": "silence.wav", "text": "amharic.txt"}
    if kind not in named:
        return  # nothing tells it of a picture
    outcome = cli("predict", tuned, tmp_path / named[kind])
    assert outcome.status == 0, outcome.err
    assert len(outcome.out.splitlines()) == 1
    (said,) = [line for line in outcome.err.splitlines() if line.startswith("note: ")]
    assert named[kind] in said


def test_a_long_recording_is_answered_as_a_whole_as_the_package_does(
    kind: str, tuned: Path, exported: Callable[[str], Path], tmp_path: Path
) -> None:
    import soundfile

    if kind != "audio":
        return
    noise = np.random.default_rng(0).normal(0, 0.1, 5 * 8000)
    soundfile.write(tmp_path / "talk.wav", noise, 8000)
    outcome = cli("predict", tuned, tmp_path / "talk.wav", "--csv", tmp_path / "answers.csv")
    assert outcome.status == 0, outcome.err
    mine = read_csv(tmp_path / "answers.csv")
    assert mine[-1]["path"] == str(tmp_path / "talk.wav")
    mean = np.mean([float(row["class_0"]) for row in mine[:-1]])
    assert float(mine[-1]["class_0"]) == pytest.approx(mean, abs=1e-5)
    with zipfile.ZipFile(exported("package")) as archive:
        archive.extractall(tmp_path / "model")
    command = [sys.executable, str(tmp_path / "model" / "predict.py"), str(tmp_path / "talk.wav")]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    theirs = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert [row["path"] for row in mine] == [row["path"] for row in theirs]
    for one, other in zip(mine, theirs, strict=True):
        assert float(one["class_0"]) == pytest.approx(float(other["class_0"]), abs=1e-4)


def test_a_file_for_another_model_is_called_so(kind: str, tuned: Path, tmp_path: Path) -> None:
    others = {"image": "a.wav", "audio": "a.txt", "text": "a.wav"}
    file = tmp_path / others[kind]
    file.write_bytes(b"\0\1\2" * 100)
    outcome = cli("predict", tuned, file)
    assert (outcome.status, outcome.out) == (1, "")
    assert f"({'texts' if kind == 'audio' else 'recordings'})" in outcome.err
    assert "[predict.foreign]" in outcome.err


def test_how_data_are_read_may_be_set(tmp_path: Path) -> None:
    sounds = TINY["audio"](tmp_path / "sounds")
    plain = json.loads(cli("scan", sounds, "--json").out)
    cut = json.loads(cli("scan", sounds, "--set", "data.options.clip=0.25", "--json").out)
    assert (plain["samples"], plain["chosen"]["clip"]) == (24, 0.5)
    assert (cut["samples"], cut["chosen"]["clip"]) == (40, 0.25)  # what is longer, in pieces
    choices = plain["choices"]["group_by"]
    by_name = next(key for key, groups in choices.items() if groups.startswith("anna"))
    kept = cli("scan", sounds, "--set", f"data.options.group_by={by_name}")
    assert "anna, bela, carl" in kept.err
    table = tmp_path / "reviews.csv"
    rows = [f"{'good' if n % 2 else 'bad'} bread {n},{n % 2},shop {n % 3}" for n in range(40)]
    table.write_text("\n".join(["opinion,stars,place", *rows]))
    found = json.loads(cli("scan", table, "--set", "data.options.label_column=place", "--json").out)
    assert found["classes"] == {"shop 0": 14, "shop 1": 13, "shop 2": 13}
    wrong = cli("scan", table, "--set", "data.options.clip=2")
    assert wrong.err.splitlines()[-1].endswith("[recipe.invalid]")
    assert "data.options.clip" in wrong.err


# -- several networks, several trainings


def test_networks_together_and_trainings_as_one(pictures: Path, tmp_path: Path) -> None:
    """Each by its own command; what holds all of them is exported and asked like others."""
    start = tmp_path / "start"
    other = ["--backbone", "squeezenet1_1", "--strategy", "from_scratch", *SMALL]
    assert cli("train", pictures, *other, "--epochs", 1, "--out", start).status == 0
    tgnet = ["--backbone", "tgnet", *SMALL]
    fused = ["--strategy", "fusion", "--set", f"options.partners={start}"]
    outcome = cli("train", pictures, *tgnet, *fused, "--epochs", 2, "--out", tmp_path / "fused")
    assert outcome.status == 0, outcome.err
    assert "Training tgnet+squeezenet1_1, fusion" in outcome.err
    plain = cli("train", pictures, *tgnet, "--epochs", 2, "--out", tmp_path / "plain")
    assert plain.status == 0, plain.err
    runs = f"options.runs={tmp_path / 'fused'},{tmp_path / 'plain'}"
    soup = ["--strategy", "soup", "--set", runs]
    outcome = cli("train", pictures, *soup, "--out", tmp_path / "soup")
    assert outcome.status == 0, outcome.err
    assert outcome.out == f"{tmp_path / 'soup'}\n"
    assert "are averaged" in outcome.err
    for name in ("fused", "soup"):
        assert json.loads((tmp_path / name / "report.json").read_text())["n"] > 0
    exported = tmp_path / "soup.onnx"
    outcome = cli("export", tmp_path / "soup", "--format", "onnx", "--out", exported)
    assert outcome.status == 0, outcome.err
    answers = [
        [line.split(",")[:2] for line in lines(cli("predict", model, pictures / "class_1"))]
        for model in (tmp_path / "soup", exported)
    ]
    assert answers[0] == answers[1]
    refused = cli("train", pictures, *soup, "--seed", 3, "--out", tmp_path / "refused")
    assert refused.status == 1
    assert "[soup.learnt]" in refused.err


def lines(outcome: Outcome) -> list[str]:
    return outcome.out.splitlines()
