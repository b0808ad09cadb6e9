"""torchvision's detectors, taken over whole, answer as torchvision's own program does."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import torch
from torch import Tensor, nn

from tests.core.made_boxes import make_boxes
from transfergui.core import plans, sources
from transfergui.core import resolve as planning
from transfergui.core.base.errors import UserError
from transfergui.core.data import coco
from transfergui.core.data.split import Split
from transfergui.core.data.targets import Targets
from transfergui.core.exporters.export import export
from transfergui.core.interfaces.plan import Plan
from transfergui.core.modalities.image import backbones, models
from transfergui.core.modalities.image.options import ImageInput
from transfergui.core.networks import weights as weights_files
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.nn.detection import carried, published
from transfergui.core.nn.detection.decode import decoded
from transfergui.core.nn.detection.maps import shapes, width_of
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import trainer

KEY = "fasterrcnn_mobilenet_v3_large_320_fpn"
ROW = next(row for row in backbones.rows() if row.key == KEY)
SIDE = 320


def blocks(colours: Tensor) -> Tensor:
    """Pictures [N, 3, SIDE, SIDE] of squares of these colours."""
    return nn.functional.interpolate(colours, (SIDE, SIDE))


@torch.no_grad()
def made(folder: Path, sure: bool = False) -> tuple[Any, Path]:
    """One of torchvision's, at random, and its file as it was in 2021.

    Args:
        sure: whether it finds something; not so surely that scores of 1 are alike.
    """
    torch.manual_seed(0)
    detector = published.detector(KEY).eval()
    # norms as measured, or no two pictures would differ behind them
    for norm in detector.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.momentum = None
    detector.backbone.body.train()(blocks(torch.randn(4, 3, 1, 1) + torch.randn(4, 3, 10, 10)))
    detector.eval()
    # else each place is like any other, and rounding decides which are proposed
    nn.init.normal_(detector.rpn.head.cls_logits.weight, std=0.1)
    if sure:
        nn.init.normal_(detector.roi_heads.box_predictor.cls_score.weight, std=1)
        nn.init.normal_(detector.roi_heads.box_predictor.bbox_pred.weight, std=0.2)
    earlier = {
        name.replace("conv.0.0.", "conv.")
        .replace(".0.weight", ".weight")
        .replace(".0.bias", ".bias")
        if "fpn" in name or "rpn.head.conv" in name
        else name: tensor
        for name, tensor in detector.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    file = folder / weights_files.file_name(ROW)
    torch.save(earlier, file)
    return detector, file


@torch.no_grad()
def test_answers_are_those_of_torchvision(tmp_path: Path) -> None:
    detector, file = made(tmp_path, sure=True)
    row = msgspec.structs.replace(ROW, pooled=ROW.features, features=width_of(ROW.maps, SIDE, SIDE))
    encoder = models.build(row, file, ImageInput(**row.input)).eval()
    count = published.KNOWN - 1
    head = published.Published(KEY, shapes(ROW.maps, SIDE, SIDE), count, SIDE).eval()
    names = [str(number) for number in range(count)]
    carried.take_over(head, torch.load(file), names, names)
    pictures = blocks(torch.rand(2, 3, 10, 10))
    answers = decoded(head(encoder(pictures)), count).reshape(2, -1, 6)
    for mine, theirs in zip(answers, detector(list(pictures)), strict=True):
        found = len(theirs["scores"])
        assert found > 5 and int((mine[:, 1] > 0).sum()) == found
        torch.testing.assert_close(mine[:found, 1], theirs["scores"], rtol=0, atol=1e-4)
        wanted = torch.cat([theirs["labels"][:, None] - 1, theirs["boxes"] / SIDE], 1)
        distance = torch.cdist(mine[:found, [0, 2, 3, 4, 5]], wanted, p=torch.inf)
        assert distance.amin(0).max() < 1e-4 and distance.amin(1).max() < 1e-4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the weights are."""
    place = tmp_path_factory.mktemp("weights")
    made(place)
    return place


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Split:
    return make_boxes(tmp_path_factory.mktemp("boxes"), 4, 2, 2)


def plan_of(split: Split, folder: Path, **settings: Any) -> Plan:
    settings = {"backbone": KEY, "weights_dir": str(folder), "run__device": "cpu", **settings}
    return planning.resolve(Recipe().replace(**settings), split)


def trained(plan: Plan, folder: Path, stop: bool) -> Run:
    """A run; if ``stop``, one that was interrupted after its first epoch and went on."""
    run = Run.create(plan.recipe, plan.split, folder)
    for event in trainer.train(plan, run):
        if stop and isinstance(event, ev.EpochEnded):
            run.request_stop("cancel")
    if stop:
        list(trainer.train(planning.resume_plan(run), run))
    return run


def test_it_is_trained_and_begins_another_training(
    split: Split, folder: Path, tmp_path: Path
) -> None:
    """Its network and pyramid stay as they were."""
    plan = plan_of(split, folder, run__epochs=2, run__patience=2, input={"size": 128})
    assert [note.code for note in plans.notes(plan)][-2:] == ["detector.kept", "cache.maps"]
    assert plan.recipe.objective == {"head": "faster_rcnn"}
    run = trained(plan, tmp_path / "run", stop=True)
    before = torch.load(folder / weights_files.file_name(ROW))["backbone.body.5.block.0.0.weight"]
    after = models.state_dicts.read(run.best, 10**9)
    assert torch.equal(after["encoder.network.body.5.block.0.0.weight"], before)
    head = {n.removeprefix("head.looking."): t.shape for n, t in after.items()}
    assert head["box_predictor.cls_score.weight"] == (3, 1024)
    assert head["box_predictor.bbox_pred.weight"] == (12, 1024)
    source = plan_of(split, folder, backbone=str(run.path))
    assert "source.detector_classes" in [note.code for note in plans.notes(source)]
    model = classifier_of(source, source.weights).state_dict()
    assert all(torch.equal(tensor, after[name]) for name, tensor in model.items())
    with pytest.raises(UserError) as caught:
        export(run.path, "backbone", tmp_path / "backbone.safetensors")
    assert caught.value.code == "export.detector"


@pytest.mark.slow
def test_it_is_exported_and_resumed_training_is_the_same(
    split: Split, folder: Path, tmp_path: Path
) -> None:
    """In pictures so large that no two proposals see the same."""
    plan = plan_of(split, folder, run__epochs=2, run__patience=2)
    run, again = (trained(plan, tmp_path / n, n == "b") for n in "ab")
    weights = [models.state_dicts.read(each.best, 10**9) for each in (run, again)]
    assert all(torch.equal(tensor, weights[1][name]) for name, tensor in weights[0].items())
    for key in ("onnx", "package"):
        parity = export(TrainedModel.load(run.path), key, tmp_path / f"model.{key}")
        assert parity.same and parity.agree == 1


def test_classes_of_coco_are_kept(split: Split, folder: Path) -> None:
    targets = msgspec.structs.replace(split.targets, names=("dog", "red"))
    plan = plan_of(msgspec.structs.replace(split, targets=targets), folder)
    assert "detector.classes" in [note.code for note in plans.notes(plan)]
    file = folder / weights_files.file_name(ROW)
    found = classifier_of(plan, file).head.state_dict()["looking.box_predictor.cls_score.weight"]
    wanted: Tensor = torch.load(file)["roi_heads.box_predictor.cls_score.weight"]
    number = 1 + coco.NAMES.index("dog")
    assert torch.equal(found[:2], wanted[[0, number]])
    assert not torch.equal(found[2], wanted[2])


def test_names_are_those_of_torchvision() -> None:
    from torchvision.models import get_model_weights

    assert get_model_weights(KEY).DEFAULT.meta["categories"][1:] == list(coco.NAMES)


def test_it_only_finds_boxes(split: Split, folder: Path) -> None:
    """But a file can give the network within it."""
    one = msgspec.structs.replace(split, targets=Targets())
    file = folder / weights_files.file_name(ROW)
    for made_of, settings, code in (
        (one, {}, "objective.detector"),
        (split, {"objective": {"head": "fcos"}}, "objective.detector_head"),
        (split, {"input": {"size": 352}}, "objective.size"),
    ):
        with pytest.raises(UserError) as caught:
            plan_of(made_of, folder, **settings)
        assert caught.value.code == code
        assert caught.value.note.sentence()
    assert plan_of(one, folder, backbone=str(file)).backbone.key == "mobilenet_v3_large"
    assert plan_of(split, folder, backbone=str(file)).backbone.key == KEY
    assert sources.named_backbone(plan_of(split, folder).modality, KEY).targets.names == coco.NAMES


def test_a_file_without_a_head_is_refused(folder: Path, tmp_path: Path) -> None:
    tensors = torch.load(folder / weights_files.file_name(ROW))
    file = tmp_path / f"{KEY}.pth"
    torch.save({n: t for n, t in tensors.items() if not n.startswith("rpn.")}, file)
    with pytest.raises(UserError) as caught:
        models.build(ROW, file, ImageInput(size=SIDE))
    assert caught.value.code == "weights.misfit"
