"""A promise, a temperature and the limits of strangers go with every export."""

import csv
import io
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from transfergui.cli import main
from transfergui.core.base.errors import UserError
from transfergui.core.exporters.export import export
from transfergui.core.exporters.package import _import
from transfergui.core.figures import strangers
from transfergui.core.runs import doubts
from transfergui.core.runs.doubts import Doubts
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel


def fifth(rows: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The distance of runs of older versions."""
    return 1 - np.sort(strangers.on_sphere(rows) @ kept.T.astype(np.float32))[:, -strangers.FIFTH]


@pytest.fixture(
    scope="module", params=["now", pytest.param("older version", marks=pytest.mark.slow)]
)
def doubting(
    request: pytest.FixtureRequest, trained_run: Run, tmp_path_factory: pytest.TempPathFactory
) -> TrainedModel:
    """A run with a temperature and limits beyond which some of the pictures lie."""
    folder = tmp_path_factory.mktemp("doubting") / "run"
    shutil.copytree(trained_run.path, folder)
    run = Run.open(folder)
    known = TrainedModel.load(folder)
    paths = sorted(Path(run.split.root).rglob("*.png"))
    from transfergui.core.views.result import features_of

    seen = features_of(known, Path(run.split.root), run.split.train)
    kept = strangers.reference(seen.rows)
    signs = strangers.signs(seen.rows, kept)
    distance = signs.distance if request.param == "now" else fifth(seen.rows, kept)
    middle, far = np.quantile(distance, [0.2, 0.5])
    limits = {"distance": middle, "far": far, "energy": 0, "high": 1e6, "held_out": 20}
    if request.param == "now":
        usual, beyond = np.quantile(signs.residual, [0.2, 0.6])
        limits |= {"nearest": strangers.NEAREST, "residual": usual, "beyond": beyond}
    report = {"strangers": limits, "calibration": {"temperatures": [2.0]}}
    (folder / "report.json").write_text(json.dumps(report))
    confidence = np.linspace(0, 1, 200)
    found = Doubts(confidence, confidence > 0.4, kept)
    (folder / doubts.FILE).write_bytes(found.to_bytes())
    assert paths
    return TrainedModel.load(folder)


def test_predictions_are_withheld_and_say_why(doubting: TrainedModel) -> None:
    assert doubting.run is not None
    paths = [Path(doubting.run.split.root) / s.path for s in doubting.run.split.train]
    plain, promised = (list(model.predict(paths)) for model in (doubting, doubting.promising(0.05)))
    assert {each.doubt for each in plain} == {"", "unlike"}
    assert all(each.label(doubting.classes) for each in plain)
    assert all(bool(each.label(doubting.classes)) != bool(each.doubt) for each in promised)
    logits = doubting.logits(doubting.read(paths[0])[None])
    shares = logits.double().softmax(1).numpy()
    cooled = (logits.double() / 2).softmax(1).numpy()
    assert doubting.answers(logits) == pytest.approx(cooled)
    assert cooled.max() < shares.max()


def test_what_is_unlike_is_beyond_one_of_the_limits(doubting: TrainedModel) -> None:
    from transfergui.core.views.result import features_of

    assert doubting.run is not None
    found, known = doubting.card.strangers, doubting.doubts
    assert found is not None and known is not None and known.kept is not None
    split = doubting.run.split
    rows = features_of(doubting, Path(split.root), split.train).rows
    if found.beyond is None:
        wanted = fifth(rows, known.kept) > found.far
    else:
        wanted = strangers.stranger(strangers.signs(rows, known.kept), (found.far, found.beyond))
    predictions = doubting.predict(Path(split.root) / sample.path for sample in split.train)
    assert [each.doubt == "unlike" for each in predictions] == wanted.tolist()


def test_every_export_doubts_the_same(doubting: TrainedModel, tmp_path: Path) -> None:
    assert doubting.run is not None
    model = doubting.promising(0.05)
    export(model, "package", tmp_path / "m.zip")
    with zipfile.ZipFile(tmp_path / "m.zip") as package:
        package.extractall(tmp_path / "m")
    paths = [Path(doubting.run.split.root) / s.path for s in doubting.run.split.train][:12]
    wanted = list(model.predict(paths))
    for source in (tmp_path / "m.zip", tmp_path / "m", tmp_path / "m" / "model.onnx"):
        found = list(TrainedModel.load(source).predict(paths))
        assert [each.doubt for each in found] == [each.doubt for each in wanted]
        assert [each.withheld for each in found] == [each.withheld for each in wanted]
        differences = [a.unlike - b.unlike for a, b in zip(found, wanted, strict=True)]
        assert np.abs(differences).max() < 1e-3
    answering = _import(tmp_path / "m" / "predict.py").Model(tmp_path / "m")
    rows = [next(answering.judged(path)) for path in paths]
    assert [row[2] for row in rows] == pytest.approx([each.unlike for each in wanted], abs=1e-3)
    with pytest.raises(UserError) as refused:
        TrainedModel.load(tmp_path / "m" / "model.onnx").promising(0.1)
    assert refused.value.code == "promise.unknown"


def test_what_cannot_be_promised_is_refused(doubting: TrainedModel) -> None:
    with pytest.raises(UserError) as refused:
        doubting.promising(0.001)
    assert refused.value.code == "promise.too_few"
    assert refused.value.note.values["needed"] > 2000


def test_the_choice_is_kept_in_the_run(doubting: TrainedModel) -> None:
    assert doubting.run is not None
    doubts.keep_wanted(doubting.run.path, 0.05)
    kept = TrainedModel.load(doubting.run.path).promise
    assert kept is not None
    assert kept.at_most_wrong == 0.05
    doubts.keep_wanted(doubting.run.path, None)
    assert TrainedModel.load(doubting.run.path).promise is None


def test_a_run_of_an_older_version_says_nothing(trained_run: Run) -> None:
    model = TrainedModel.load(trained_run.path)
    assert model.doubts is model.unlikeness is model.card.strangers is None


def test_the_command_leaves_predictions_out(
    doubting: TrainedModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doubting.run is not None
    folder = Path(doubting.run.split.root)
    out = tmp_path / "p.csv"
    command = ["predict", str(doubting.run.path), str(folder), "--csv", str(out)]
    assert main([*command, "--at-most-wrong", "5"]) == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert {row["reason"] for row in rows} >= {"", "unlike"}
    assert all(bool(row["label"]) != bool(row["reason"]) for row in rows)
    assert main([*command, "--at-most-wrong", "0.1"]) != 0
    assert "promise.too_few" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"", b"no tensors", b"\xff" * 64])
def test_damaged_doubts_are_said(data: bytes, tmp_path: Path) -> None:
    (tmp_path / doubts.FILE).write_bytes(data)
    with pytest.raises(UserError) as damaged:
        doubts.read(tmp_path / doubts.FILE)
    assert damaged.value.code == "model.damaged"
