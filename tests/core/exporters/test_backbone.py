"""The backbone of a run as a file, and trainings that begin with it."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from tests.core.conftest import make_tiny_pictures
from transfergui import __version__
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import split
from transfergui.core.exporters.backbone import _halved
from transfergui.core.exporters.export import export
from transfergui.core.recipe import Recipe, RunOptions
from transfergui.core.registry import modality
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training.trainer import train


@pytest.fixture
def file(exported) -> Path:
    return exported["backbone"][0]


def test_it_says_what_it_is(file):
    with safe_open(file, "pt") as opened:
        said = opened.metadata()
    assert (said["name"], said["backbone"], said["transfergui"]) == (
        "shapes",
        "resnet18",
        __version__,
    )
    assert json.loads(said["input"])["size"] == 32


def test_it_takes_half_the_space_and_knows_no_classes(file, trained_run):
    assert 0.49 < file.stat().st_size / trained_run.best.stat().st_size < 0.51
    tensors = load_file(file)
    assert {tensor.dtype for tensor in tensors.values()} == {torch.float16}
    assert not any(name.startswith("fc.") or "num_batches" in name for name in tensors)


def test_the_network_of_torchvision_takes_it_by_its_own_names(file):
    from torchvision.models import resnet18

    found = resnet18().load_state_dict(load_file(file), strict=False)
    assert found.unexpected_keys == []
    assert {name for name in found.missing_keys if not name.endswith("tracked")} == {
        "fc.weight",
        "fc.bias",
    }


def test_what_16_bits_do_not_hold_is_kept_as_it_is():
    assert _halved(torch.tensor([1.0, 2.0])).dtype == torch.float16
    assert _halved(torch.tensor([1.0, 70_000.0])).dtype == torch.float32
    assert torch.equal(_halved(torch.tensor([2**20 + 1])), torch.tensor([2**20 + 1]))


def test_real_features_survive_the_rounding(shared_data, trained_run, tmp_path):
    """MobileNetV2 is deep, and its BatchNorm statistics are of very different sizes."""
    pictures = shared_data / "images" / "clothing"
    run = _run(pictures, tmp_path / "run", backbone=str(shared_data / "weights/mobilenet_v2.pth"))
    _train(run)
    parity = export(run.path, "backbone", tmp_path / "clothes.safetensors")
    assert parity.samples == 64
    assert parity.agree > 0.95
    assert parity.difference < 1e-2 * parity.scale


@pytest.mark.parametrize("source", ["file", "run"])
def test_another_training_begins_where_this_one_ended(file, trained_run, tmp_path, source):
    """From the file, whatever it is called, or from the folder of the run."""
    named = tmp_path / "anything.safetensors"
    named.symlink_to(file)
    begin = {"file": named, "run": trained_run.path}[source]
    pictures = make_tiny_pictures(tmp_path / "pictures", classes=2, per_class=8, size=48, seed=1)
    run = _run(pictures, tmp_path / "second", backbone=str(begin))
    started = next(event for event in _train(run) if isinstance(event, ev.Started))
    assert started.backbone == "resnet18"
    first, second = (TrainedModel.load(r.path).module.encoder for r in (trained_run, run))
    with torch.no_grad():
        features = first(torch.ones(1, 3, 32, 32))
        assert torch.allclose(second(torch.ones(1, 3, 32, 32)), features, rtol=0.02, atol=0.01)


def _run(pictures: Path, folder: Path, backbone: str) -> Run:
    recipe = Recipe(
        data=DataOptions(path=str(pictures)),
        backbone=backbone,
        strategy="feature_extraction",
        input={"size": 32, "resize": 40},
        run=RunOptions(epochs=1),
    )
    dataset = modality("image").scan(recipe.data)
    return Run.create(recipe, split(dataset, recipe.split, 0), folder)


def _train(run: Run) -> list[ev.Event]:
    events = list(train(resolve(run.recipe, run.split), run))
    assert isinstance(events[-1], ev.Finished)
    return events
