"""What the single formats hold, and that real pretrained weights survive."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from transfergui.core.data.dataset import DataOptions, Sample
from transfergui.core.data.split import Split
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.export import export
from transfergui.core.nn.classifier import classifier_of
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel
from transfergui.core.training import checkpoint


def test_onnx_describes_itself_and_tells_nothing_of_this_machine(exported):
    import onnx

    path = exported["onnx"][0]
    proto = onnx.load(path)
    onnx.checker.check_model(proto)
    metadata = {entry.key: entry.value for entry in proto.metadata_props}
    assert json.loads(metadata["classes"]) == ["class_0", "class_1", "class_2"]
    assert json.loads(metadata["input"])["shape"] == ["batch", 3, 32, 32]
    assert proto.producer_name == "TransferGUI"
    assert str(Path(__file__).parents[3]).encode() not in path.read_bytes()
    assert b"site-packages" not in path.read_bytes()


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_onnx_takes_any_batch_and_gives_probabilities(exported, batch):
    import onnxruntime

    session = onnxruntime.InferenceSession(exported["onnx"][0], providers=["CPUExecutionProvider"])
    inputs = np.random.default_rng(0).random((batch, 3, 32, 32), dtype=np.float32)
    probabilities, logits = session.run(["probabilities", "logits"], {"input": inputs})
    assert probabilities.shape == (batch, 3)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(batch))
    wanted = torch.from_numpy(logits).softmax(1).numpy()
    assert probabilities == pytest.approx(wanted, abs=1e-6)


def test_pt2_opens_without_the_program(exported):
    extra = {"classes.json": "", "card.json": ""}
    with exported["pt2"][0].open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch, about a buffer of its own
        program = torch.export.load(stream, extra_files=extra)
    probabilities, logits = program.module()(torch.rand(3, 3, 32, 32))
    assert torch.allclose(probabilities, logits.softmax(1))
    assert json.loads(extra["classes.json"]) == ["class_0", "class_1", "class_2"]
    assert json.loads(extra["card.json"])["backbone"] == "resnet18"


@pytest.mark.slow
def test_pretrained_weights_answer_alike_in_onnx(shared_data, tmp_path):
    root = shared_data / "images" / "clothing"
    paths = sorted(root.rglob("*.jpg"))[::6]
    classes = tuple(sorted({path.parent.name for path in paths}))
    samples = tuple(
        Sample(p.relative_to(root).as_posix(), classes.index(p.parent.name)) for p in paths
    )
    split = Split(str(root), "image", classes, samples, samples[:64], (), 0, "split.random")
    recipe = Recipe(
        data=DataOptions(path=str(root)),
        backbone="mobilenet_v2",
        input={"size": 64, "resize": 72},
    )
    run = Run.create(recipe, split, tmp_path / "run")
    plan = resolve(recipe, split)
    weights = shared_data / "weights" / "mobilenet_v2.pth"
    module = classifier_of(plan, weights)
    torch.manual_seed(0)
    for parameter in module.head.parameters():
        torch.nn.init.normal_(parameter)
    run.checkpoints.mkdir()
    checkpoint.save_best(run.checkpoints, module.state_dict())
    parity = export(run.path, "onnx", tmp_path / "model.onnx")
    assert (parity.samples, parity.agree) == (64, 1)
    assert parity.scale > 5
    trained, carried = (TrainedModel.load(p) for p in (run.path, tmp_path / "model.onnx"))
    labels = [[p.label(classes) for p in m.predict(paths)] for m in (trained, carried)]
    assert labels[0] == labels[1]
    assert len(set(labels[0])) > 3


def test_exporters_are_complete():
    for exporter in formats.EXPORTERS:
        assert exporter.title
        assert exporter.summary.endswith(".")
        assert exporter.suffix.startswith(".")
