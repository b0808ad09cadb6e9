"""Views that show what a result is worth."""

import functools
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from transfergui.cli import main
from transfergui.core.evaluation import baselines, report_charts, siblings
from transfergui.core.evaluation.kinds import Chart
from transfergui.core.evaluation.run_differences import paired
from transfergui.core.evaluation.score_bars import score_bars
from transfergui.core.figures.learning_curve import Band
from transfergui.core.recipe import RunOptions
from transfergui.core.runs.run import Run
from transfergui.core.training import companions, sub_samples
from transfergui.core.training.sub_samples import Half
from transfergui.core.views import from_scratch, learning_curve, repeats
from transfergui.core.views import frozen_probe as probe_view
from transfergui.core.views.result import Result


@pytest.fixture
def copied(
    objective_run: Callable[[str, str], Run], tmp_path: Path
) -> Callable[[str, str], Result]:
    """A run of its own, to train and measure beside."""

    def make(objective: str, modality: str = "image") -> Result:
        source = objective_run(objective, modality).path
        path = tmp_path / objective
        shutil.copytree(source, path)
        return Result(Run(path))

    return make


class EnoughError(Exception):
    """The user stops it."""


def ignore(done: int, total: int) -> None:
    pass


@pytest.mark.parametrize(
    "objective, modality",
    [
        ("one_class", "text"),
        ("several_labels", "image"),
        ("several_questions", "image"),
        ("number", "image"),
    ],
)
def test_a_linear_model_is_measured_on_the_same_test_set(
    copied: Callable[[str, str], Result],
    objective: str,
    modality: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = copied(objective, modality)
    assert probe_view.obstacle(result) == "transfer.frozen"  # that is a linear model already
    monkeypatch.setattr(Result, "is_frozen", False)
    assert probe_view.obstacle(result) == "" and probe_view.kept(result) is None
    shown = probe_view.compute(result, ignore)
    side = baselines.known_probe(result.run)
    assert side is not None
    assert [key for key, _truth in side.found.keys] == [row.path for row in result.rows]
    assert side.report.primary is not None and side.report.primary.value is not None
    assert [note.code.rpartition("_")[0] for note in shown.notes] == ["transfer.probe"] or (
        shown.notes[0].code == "transfer.probe_needs_more"
    )
    assert shown.figures["baselines"]["frozen_probe"]["n"] == len(result.rows)  # type: ignore[index]
    kept = probe_view.kept(result)
    assert kept is not None and kept[1]
    found = siblings.beside(result.run, result.report)
    assert [note for note in found.notes if note.code.startswith("transfer.")] == [*shown.notes]
    bars = score_bars(result.report, found.others)
    assert bars is not None and bars.bars[-1].name == "Linear model"


def test_what_needs_no_backbone_has_none_to_freeze(copied: Callable[[str, str], Result]) -> None:
    result = copied("one_class", "text")
    result.run.path.joinpath("predictions.csv").unlink()
    assert probe_view.obstacle(result) == "transfer.untested"


def test_repeats_stay_when_they_are_stopped_and_go_on(
    copied: Callable[[str, str], Result],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(companions, "SEEDS", 1)
    monkeypatch.setattr(companions, "SPLITS", 1)
    result = copied("one_class", "text")
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if baselines.finished(result.run, "seed-1"):
            raise EnoughError

    with pytest.raises(EnoughError):
        repeats.compute(result, stop)
    assert told == sorted(told) and told[-1][1] == 2 * companions.STEPS
    first = repeats.kept(result)
    assert first is not None and not first[1]  # one of two
    assert [note.code for note in first[0].notes] == ["repeats.one"]
    shown = repeats.compute(result, ignore)
    assert [note.code for note in shown.notes] == ["repeats.one", "repeats.one"]
    runs = companions.repeats(result.run)
    assert runs["seed"][0].split == result.split
    assert runs["split"][0].split.test != result.split.test
    assert baselines.apart_by_seed(result.run) is None  # of two runs nobody knows
    shutil.copytree(
        baselines.folder(result.run) / "seed-1", baselines.folder(result.run) / "seed-2"
    )
    assert baselines.apart_by_seed(result.run) is not None
    monkeypatch.setattr(companions, "SEEDS", 2)
    known = repeats.kept(result)
    assert known is not None
    said = known[0].notes[0]
    alike = said.values["low"] == said.values["high"]
    assert said.code == (repeats.SAME if alike else "repeats.seed") and said.sentence()
    assert (said.values["count"], said.values["others"]) == (3, 2)
    capsys.readouterr()
    assert main(["repeat", str(result.run.path), "--count", "1", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["seed"]["values"]) == 3 and document["seed"]["apart"] >= 0
    difference = paired(result.run, result.run)
    assert difference is not None and baselines.chance(result.run, difference) is None
    other = runs["split"][0].split
    assert {s.path for s in other.train + other.val + other.test} == {
        s.path for s in result.split.train + result.split.val + result.split.test
    }


def test_the_network_is_trained_from_scratch_on_request(
    copied: Callable[[str, str], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companions, "RunOptions", functools.partial(RunOptions, epochs=1))
    result = copied("one_class", "text")
    assert from_scratch.obstacle(result) == "" and from_scratch.kept(result) is None
    shown = from_scratch.compute(result, ignore)
    assert shown.notes[0].code.startswith("transfer.")
    own = baselines.finished(result.run, baselines.SCRATCH)
    assert own is not None and own.split == result.split
    assert own.recipe.strategy == "from_scratch" and own.recipe.data == result.run.recipe.data
    assert from_scratch.kept(result) is not None


@pytest.mark.parametrize("objective, modality", [("one_class", "text"), ("number", "image")])
def test_the_learning_curve_is_drawn(
    copied: Callable[[str, str], Result],
    objective: str,
    modality: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sub_samples, "DRAWS", 3)
    result = copied(objective, modality)
    too_few = len(result.split.train) + len(result.split.val) < sub_samples.FEWEST
    assert learning_curve.obstacle(result) == ("curve.too_few" if too_few else "")
    shown = learning_curve.compute(result, ignore)
    codes = [note.code for note in shown.notes]
    assert codes[0] in ("curve.helps", "curve.flat", "curve.unclear")
    assert codes[-2:] == ["curve.basis", "curve.horizon"]
    assert ("curve.no_class" in codes or "curve.next_class" in codes) is (objective == "one_class")
    points, band = shown.parts[0].lines  # type: ignore[union-attr]
    assert points.points and band.low is not None and len(band.x) == len(band.low)
    assert band.band_only is (codes[0] == "curve.unclear")  # a line would say what cannot be told
    for only in (False, True):
        (line,) = report_charts.draw(Chart("", "", "", (replace(band, band_only=only),))).lines  # type: ignore[union-attr]
        assert line.band and bool(line.pieces) is not only


def test_whether_more_would_help_is_said_only_where_it_shows(
    copied: Callable[[str, str], Result],
) -> None:
    result = copied("one_class", "text")

    def said(now: float, low: float, middle: float, high: float) -> str:
        ends = (np.array([now, each]) for each in (middle, low, high))
        band = Band(np.array([10.0, 20.0]), *ends)
        score = result.objective.probe
        return learning_curve._said(result, score, "Accuracy", band, 10).code

    assert said(0.8, 0.82, 0.86, 0.9) == "curve.helps"
    assert said(0.8, 0.79, 0.8, 0.81) == "curve.flat"
    assert said(0.8, 0.7, 0.8, 0.9) == "curve.unclear"
    assert said(0.6, 0.3, 0.7, 1.0) == "curve.unclear"
    assert said(0.92, 0.88, 0.94, 0.97) == "curve.unclear"  # it may become worse


def test_a_class_is_named_only_where_it_stands_out(copied: Callable[[str, str], Result]) -> None:
    result = copied("one_class", "text")
    clear = [Half(0, 0.06, 0.005), Half(1, 0.01, 0.005)]
    alike = [Half(0, 0.015, 0.006), Half(1, 0.01, 0.005)]
    recalls = np.array([0.8, 0.82])
    assert learning_curve._next(result, clear, recalls).code == "curve.next_class"
    assert learning_curve._next(result, alike, recalls).code == "curve.no_class"
    weakest = learning_curve._next(result, alike, np.array([0.86, 0.62]))
    assert weakest.code == "curve.weakest_tested"
    assert weakest.values["count"] == result.report.per_class[weakest.values["name"]].support
    assert weakest.values["name"] == result.split.classes[1]
