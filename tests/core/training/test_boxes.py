"""Small trainings that find boxes."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from safetensors.torch import load_file

from tests.core.made_boxes import NAMES, SIDE, make_boxes
from transfergui.core import plans
from transfergui.core import resolve as planning
from transfergui.core.base.errors import UserError
from transfergui.core.data.split import Split
from transfergui.core.data.targets import Targets
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.prediction_json import as_json
from transfergui.core.exporters.export import export
from transfergui.core.figures.box_answers import parsed_scored
from transfergui.core.interfaces.plan import Plan
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.nn.detection.loss import PARTS
from transfergui.core.objectives.boxes import TAUGHT
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import estimate, ranking, trainer
from transfergui.core.views.result import Result

Make = Callable[..., Run]


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    return make_boxes(tmp_path_factory.mktemp("boxes"))


def plan_of(split: Split, **settings: Any) -> Plan:
    settings = {
        "backbone": "tgnet",
        "input": {"size": SIDE},
        "optim__batch_size": 8,
        "run__device": "cpu",
        **settings,
    }
    return planning.resolve(Recipe().replace(**settings), split)


@pytest.fixture(scope="module")
def detector(split: Split, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[ev.Event]]:
    """Frozen, with augmented copies."""
    plan = plan_of(split, run__epochs=16, augment={"flip": True, "crop": 30}, run__patience=16)
    run = Run.create(plan.recipe, split, tmp_path_factory.mktemp("detector") / "run")
    return run, list(trainer.train(plan, run))


def test_boxes_are_found(split: Split, detector: tuple[Run, list[ev.Event]]) -> None:
    run, events = detector
    ended = [event for event in events if isinstance(event, ev.EpochEnded)]
    assert all(each.train_score is None for each in ended)
    assert (ended[-1].val_score or 0) > 0.5
    assert set(ended[-1].logs) == set(PARTS)
    shown = [[(each.path, bool(parsed_scored(each.said))) for each in e.examples] for e in ended]
    assert [path for path, _some in shown[0]] == [path for path, _some in shown[-1]]
    assert any(some for _path, some in shown[-1])
    made = reports.load(run.path)
    assert made.primary is not None and (made.primary.name, made.objective) == ("ap50", "boxes")
    assert made.primary.value is not None and made.primary.value > 0.5
    model = TrainedModel.load(run.path)
    assert (model.classes, len(model.card.fitted)) == (NAMES, 1)
    (path,) = [Path(split.root) / each.path for each in split.test][:1]
    (answered,) = model.predict([path])
    assert answered.said is not None and answered.confidence is None
    rows = {row.path: row for row in reports.load_predictions(run.path)}
    assert rows[split.test[0].path].label == answered.said.label


def test_whole_pictures_are_looked_at_to_rank_networks(split: Split) -> None:
    """By the classes that occur in them; what is kept of maps is kept elsewhere."""
    plan = plan_of(split)
    row = next(each for each in plan.modality.backbones() if each.key == "tgnet")
    ranked = ranking.look(plan, row, lambda: None)
    assert ranked.score is not None and ranked.score > 0.5
    assert ranking.source_of(plan, split.val).versions.shape[2] == row.features
    maps = ranking.source_of(plan, split.val, whole=False)
    assert maps.versions.shape[2] == plan.backbone.features > row.features


def test_maps_that_would_fill_the_disk_are_not_kept(
    split: Split, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = plan_of(split)
    monkeypatch.setattr(plans, "MOST_KEPT", plans.kept_bytes(kept, kept.phases[0]) - 1)
    made = plan_of(split, run__epochs=1)
    assert [each.cache_features for each in (*kept.phases, *made.phases)] == [True, False]
    run = Run.create(made.recipe, split, tmp_path / "run")
    events = list(trainer.train(made, run))
    said = [event.code for event in events if isinstance(event, ev.Notice)]
    assert "cache.maps_too_large" in said
    assert isinstance(events[-1], ev.Finished)
    assert estimate.estimate(kept).seconds > estimate.START
    assert estimate.estimate(made).seconds > estimate.START


def test_a_recipe_of_one_class_is_made_one_for_boxes(split: Split) -> None:
    recipe = Recipe().replace(
        strategy="auto",
        input={"fit": "pad", "size": SIDE},
        augment={"mixup": 0.2, "flip": True},
        head__kind="hidden",
    )
    made = planning.for_targets(recipe, split.targets)
    assert planning.resolve(made.replace(backbone="tgnet"), split).input.fit == "squash"
    assert made.augment == {"flip": True}


def test_interrupted_and_resumed_is_the_same(split: Split, tmp_path: Path) -> None:
    plan = plan_of(
        split, strategy="fine_tuning", run__epochs=2, augment={"flip": True, "mosaic": 50.0}
    )
    weights = []
    for how in ("whole", "interrupted"):
        run = Run.create(plan.recipe, split, tmp_path / how)
        for event in trainer.train(plan, run):
            if how == "interrupted" and isinstance(event, ev.EpochEnded):
                run.request_stop("cancel")
        if how == "interrupted":
            list(trainer.train(planning.resume_plan(run), run))
        weights.append(load_file(run.best))
    assert weights[0].keys() == weights[1].keys()
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


@pytest.mark.slow
def test_two_stages_are_trained_and_exported(split: Split, tmp_path: Path) -> None:
    """Three epochs: that something is found, and that the graph answers alike."""
    plan = plan_of(split, objective={"head": "faster_rcnn"}, run__epochs=3)
    run = Run.create(plan.recipe, split, tmp_path / "run")
    ended = [each for each in trainer.train(plan, run) if isinstance(each, ev.EpochEnded)]
    assert set(ended[-1].logs) == set(TAUGHT)
    assert ended[-1].val_loss is not None and ended[-1].val_loss < (ended[0].val_loss or 0)
    parity = export(TrainedModel.load(run.path), "onnx", tmp_path / "model.onnx")
    assert parity.same and parity.agree == 1


def test_its_maps_are_looked_at_as_whole_pictures(detector: tuple[Run, list[ev.Event]]) -> None:
    """As ``predict`` does, which compares many pictures with those held out."""
    result = Result(detector[0])
    assert result.is_frozen and not result.is_cached  # the cache of whole pictures has no maps
    found = result.features("test")
    channels = sum(each.channels for each in result.plan.backbone.maps)
    assert found.rows.shape == (len(result.rows), channels)
    said = result.objective.said(found.answers, result.found)
    assert [each.label for each in said] == [row.label for row in result.rows]


def test_a_classifier_and_a_detector_begin_with_each_other(
    split: Split, detector: tuple[Run, list[ev.Event]], tmp_path: Path
) -> None:
    there = tuple(msgspec.structs.replace(s, label=int(s.path[0]) % 2) for s in split.train)
    one = msgspec.structs.replace(
        split, train=there, val=there, test=there, classes=("a", "b"), targets=Targets()
    )
    first, _events = detector
    plan = plan_of(one, backbone=str(first.path), run__epochs=1)
    assert plan.backbone.features == 2688
    run = Run.create(plan.recipe, one, tmp_path / "classifier")
    list(trainer.train(plan, run))
    back = plan_of(split, backbone=str(run.path), run__epochs=1, strategy="progressive_unfreezing")
    assert back.backbone.pooled == 2688
    again = Run.create(back.recipe, split, tmp_path / "detector")
    assert isinstance(list(trainer.train(back, again))[-1], ev.Finished)


def test_a_detector_goes_on_as_a_detector(
    split: Split, detector: tuple[Run, list[ev.Event]]
) -> None:
    run, _events = detector
    codes = {}
    for head in ("fcos", "faster_rcnn"):
        plan = plan_of(split, backbone=str(run.path), objective={"head": head})
        codes[head] = [note.code for note in plans.notes(plan)]
        model = classifier_of(plan, plan.weights)
        held = load_file(run.best)
        same = [torch.equal(t, held[n]) for n, t in model.state_dict().items() if n in held]
        assert all(same) and len(same) > 30
    assert "source.detector_classes" in codes["fcos"]
    assert "source.pyramid" in codes["faster_rcnn"]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"backbone": "vit_b_16", "input": {}}, "objective.no_maps"),
        ({"strategy": "distillation"}, "objective.plain_only"),
        ({"strategy": "auto"}, "objective.plain_only"),
        ({"input": {"size": 70}}, "objective.size"),
        ({"input": {"fit": "crop"}}, "objective.fixed_input"),
        ({"augment": {"mixup": 0.2}}, "objective.augment"),
        ({"head__kind": "hidden"}, "objective.own_head"),
        ({"optim__balance": "weights"}, "objective.no_balance"),
        ({"modality": "audio", "input": {}}, "objective.other_modality"),
    ],
)
def test_what_boxes_cannot_be_learnt_with_is_said(
    split: Split, settings: dict[str, Any], code: str
) -> None:
    with pytest.raises(UserError) as caught:
        plan_of(split, **settings)
    assert caught.value.code == code
    assert caught.value.note.sentence()


def test_validation_pictures_without_any_box_are_told(split: Split) -> None:
    """All epochs are as good as the first then."""
    none = next(label for label, row in enumerate(split.targets.values) if not row)
    empty = tuple(msgspec.structs.replace(each, label=none) for each in split.val)
    for made, told in ((split, False), (msgspec.structs.replace(split, val=empty), True)):
        codes = [note.code for note in plans.notes(plan_of(made))]
        assert ("split.nothing_to_choose_by" in codes) == told


def test_it_is_exported_and_used_alone(
    split: Split, detector: tuple[Run, list[ev.Event]], tmp_path: Path
) -> None:
    """The package holds the ONNX graph, whose boxes the export has compared with the model's."""
    run, _events = detector
    model = TrainedModel.load(run.path)
    for key in ("html", "pt2"):
        with pytest.raises(UserError, match="box"):
            export(model, key, tmp_path / f"model.{key}")
    parity = export(model, "package", tmp_path / "model.zip")
    assert parity.same and parity.agree == 1
    pictures = [Path(split.root) / each.path for each in split.test][:3]
    package = TrainedModel.load(tmp_path / "model.zip")
    said_alone = list(model.predict(pictures))
    said = [[each.said for each in said_alone], [each.said for each in package.predict(pictures)]]
    assert said[0] == said[1]
    with zipfile.ZipFile(tmp_path / "model.zip") as archive:
        archive.extractall(tmp_path / "model")
    command = [sys.executable, str(tmp_path / "model" / "predict.py"), *map(str, pictures)]
    command += ["--draw", str(tmp_path / "drawn"), "--json", str(tmp_path / "boxes.json")]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"")
    table = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    boxes = [parsed_scored(row["boxes"]) for row in table]
    assert any(boxes)
    for row, found in zip(table, boxes, strict=True):  # as counts, with the least confidence
        counts = [f"{float(row[name]):.0f} {name}" for name in NAMES if float(row[name])]
        assert row["label"] == (", ".join(counts) or "(none)")
        least = min((box.score for box in found), default=None)
        assert (row["confidence"] or None) == (least and f"{least:.6g}")
    rows = list(answers.rows(answers.of(model, said_alone, extent=model.modality.extent)))
    assert [*rows[0]] == [*table[0]]
    for own, other in zip(rows[1:], table, strict=True):  # the same columns mean the same
        mine = dict(zip(rows[0], own, strict=True))
        assert (mine["label"], mine["reason"]) == (other["label"], other["reason"])
        least = [float(each["confidence"] or 0) for each in (mine, other)]
        assert least[0] == pytest.approx(least[1], abs=1e-3)
        assert float(mine["threshold"]) == pytest.approx(float(other["threshold"]), abs=1e-5)
        for column, close in (("boxes", 1e-3), ("boxes_pixels", 0.5)):
            pairs = zip(str(mine[column]).split(), other[column].split(), strict=True)
            for one, another in pairs:
                figures = [re.fullmatch(r"[\d.]+;?", each) for each in (one, another)]
                if all(figures):
                    close_to = pytest.approx(float(another.rstrip(";")), abs=close)
                    assert float(one.rstrip(";")) == close_to
    tree = as_json(said_alone[0], model, size=(SIDE, SIDE))
    assert (tree["prediction"], tree["confidence"] or "") == rows[1][1:3]
    assert [tree["width"], tree["threshold"]] == [SIDE, pytest.approx(model.found.fitted[0])]
    for box in tree["boxes"]:
        assert box["pixels"][0] == pytest.approx(SIDE * box["left"], abs=0.01)
    listed = json.loads((tmp_path / "boxes.json").read_text())["pictures"]
    assert [len(each["boxes"]) for each in listed] == [
        sum(float(row[name]) for name in NAMES) for row in table
    ]
    assert (listed[0]["width"], listed[0]["height"]) == (SIDE, SIDE)
    assert len(list((tmp_path / "drawn").iterdir())) == len(pictures)
