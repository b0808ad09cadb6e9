"""The tools behind the model card: what they say of figures, and a small probe from end to end."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image

from tests import model_card, probe
from tests.gui import finished
from tests.probe import TGNET, Figure, Probe, Speed
from transfergui.core import registry
from transfergui.core.data.dataset import DataOptions
from transfergui.core.data.split import split
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run

MEASURED = Probe(
    (
        Figure("clothing", 10, 600, "pixels", 32, (0.2, 0.3)),
        Figure("digits", 10, 1797, "pixels", 32, (0.9, 1.0)),
        Figure("clothing", 10, 600, "tgnet", 128, (0.7, 0.8)),
    ),
    (Speed("tgnet", 128, 151.2), Speed("mobilenet_v2", 224, 60.4)),
)


def test_the_table_has_a_line_for_each_data_set_and_their_mean():
    assert probe.table(MEASURED).splitlines() == [
        "| data | pixels, 32 px | tgnet, 128 px |",
        "| --- | --- | --- |",
        "| clothing, 10 classes, 600 pictures | 0.250 | 0.750 |",
        "| digits, 10 classes, 1797 pictures | 0.950 |  |",
        "| mean of the 2 | 0.600 |  |",
    ]


def test_speeds_are_compared():
    assert probe.speed_sentence(MEASURED.speeds) == (
        "tgnet at 128 px 151 pictures a second, mobilenet_v2 at 224 px 60 pictures a second: "
        "2.5 times as many"
    )


@pytest.mark.parametrize(
    ("name", "size", "input"),
    [
        ("pixels", None, {"size": 32, "resize": 32}),
        ("mobilenet_v2", None, {"size": 224, "resize": 232}),
        ("mobilenet_v2", 112, {"size": 112, "resize": 116}),
        ("untrained", 64, {"size": 64, "resize": 64}),
    ],
)
def test_each_network_sees_its_own_size_unless_told_otherwise(tmp_path, name, size, input):
    column = probe.network(name, size, tmp_path)
    assert (column.name, column.input) == (name, input)


def test_colours_are_told_apart_by_pixels_and_by_an_untrained_network(tiny_pictures, tmp_path):
    pictures = tiny_pictures(tmp_path / "shapes", classes=2, per_class=12, size=32)
    dataset = registry.modality("image").scan(DataOptions(path=str(pictures)))
    for name, size in (("pixels", None), ("untrained", 32)):
        column = probe.network(name, size, tmp_path)
        figure = probe.probe(column, dataset, seeds=2)
        assert (figure.data, figure.classes, figure.pictures) == ("shapes", 2, 24)
        assert len(figure.accuracies) == 2
        assert figure.mean > 0.8
    assert probe._features(column, dataset).inputs.shape == (24, TGNET.features)


# -- the card


@pytest.fixture
def run(tiny_pictures, tmp_path) -> Run:
    """A training of TGNet as it is recorded, but for the training."""
    pictures = tiny_pictures(tmp_path / "objects", classes=2, per_class=8, size=32)
    recipe = Recipe(data=DataOptions(path=str(pictures)), backbone="tgnet").replace(
        strategy="distillation", options={"teacher": "mobilenet_v2"}, optim__lr=0.2
    )
    dataset = registry.modality("image").scan(recipe.data)
    run = Run.create(recipe, split(dataset, recipe.split, 0), tmp_path / "run")
    resumed = msgspec.structs.replace(finished.started(), resumed=True)
    for event in (finished.started(), *finished.epochs(1, 3), resumed, *finished.epochs(3, 5)):
        run.record(event)
    run.record(ev.Finished(outcome="done", epochs=5, best_epoch=3, seconds=7500.0))
    report = {"measured_on": "test", "n": 4, "accuracy": 0.75}
    (run.path / "report.json").write_text(json.dumps(report))
    return run


@pytest.fixture
def weights(tmp_path) -> Path:
    path = tmp_path / "tgnet.safetensors"
    path.write_bytes(b"0" * 6_120_000)
    return path


def test_the_card_says_what_the_run_records(run, weights):
    card = model_card.render([run], MEASURED, weights, "two cores of a test")
    for said in (
        "6.1 MB",
        "| `optim.lr` | 0.2 |",
        "| `options.teacher` | mobilenet_v2 |",
        "In one training, on two cores of a test",
        "2 h 5 min for 5 epochs (",
        "](tgnet-curves-1.png)",
        "taken up again once",
        "Right on 0.800 of the validation pictures at epoch 3",
        "on the 4 pictures that it was neither trained on nor chosen by, on 0.750.",
        "| clothing, 10 classes, 600 pictures | 0.250 | 0.750 |",
        "2.5 times as many.",
    ):
        assert said in card
    assert str(run.path.parent) not in card
    assert "| `run." not in card  # nothing else was set


def test_the_card_tells_of_every_training(run, weights):
    card = model_card.render([run, run], MEASURED, weights, "two cores")
    assert "In 2 trainings, each beginning where the one before it ended" in card
    assert card.index("### `tgnet-1.recipe.json`") < card.index("### `tgnet-2.recipe.json`")
    assert "](tgnet-curves-2.png)" in card


def test_the_parts_of_the_network_are_all_of_it():
    rows = list(model_card.layers(128))
    assert rows[0][:2] == ("stem", "48 x 64 x 64")
    head = (TGNET.features + 1) * 200
    assert sum(parameters for *_, parameters in rows) == TGNET.params - head


def test_no_card_of_a_training_that_goes_on(run, weights):
    run.record(msgspec.structs.replace(finished.started(), resumed=True))
    with pytest.raises(ValueError, match="not finished"):
        model_card.render([run], MEASURED, weights, "")


def test_the_curves_are_drawn(qapp, run, tmp_path):
    model_card.draw(run.history(), tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.shape[1] >= model_card.WIDTH
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 8
