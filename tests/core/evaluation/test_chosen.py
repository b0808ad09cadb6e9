"""Settings in words."""

import shutil
from pathlib import Path

import pytest

from tests.core.made_runs import make_run
from transfergui.core import registry
from transfergui.core.evaluation import chosen
from transfergui.core.recipe import Recipe

IMAGE = registry.modality("image")


def test_an_unusual_detection_head_is_named_with_the_strategy() -> None:
    assert chosen.method_title(Recipe(), "X") == "X"
    assert chosen.method_title(Recipe(objective={"head": "fcos"}), "X") == "X"
    recipe = Recipe(objective={"head": "faster_rcnn"})
    assert chosen.method_title(recipe, "X") == "X, Faster R-CNN"


def test_every_strategy_is_told_in_words() -> None:
    for strategy in registry.STRATEGIES:
        rows = dict(chosen.told(Recipe().replace(strategy=strategy.key, data__path="/data")))
        assert rows["Strategy"] == strategy.title
        assert rows["Backbone"] == rows["Learning rate"] == "Automatic"
        assert rows["Early stopping"] == "Automatic"
        assert rows["Validation share"] == "15 %"
        assert not [title for title in rows if "." in title or "_" in title]


def test_a_network_of_ones_own_is_called_by_its_name(tmp_path: Path) -> None:
    run = make_run(tmp_path / "beetles_1", ("ant", "bee"))
    recipe = Recipe().replace(
        backbone=str(run.path), strategy="distillation", options={"teacher": "resnet18"}
    )
    rows = dict(chosen.told(recipe))
    assert rows["Backbone"] == "ShuffleNetV2 x0.5, from your run “beetles_1”"
    assert rows["Teacher"] == "ResNet-18"
    shutil.rmtree(run.path)
    assert dict(chosen.told(recipe))["Backbone"] == "beetles_1 (deleted or moved)"


def test_trainings_that_were_put_together_are_all_named(tmp_path: Path) -> None:
    runs = [make_run(tmp_path / name, ("ant", "bee")) for name in ("one", "two")]
    recipe = Recipe().replace(strategy="soup", options={"runs": [str(run.path) for run in runs]})
    told = dict(chosen.told(recipe))["Runs"]
    assert "“one”; " in told
    assert told.endswith("from your run “two”")


@pytest.mark.parametrize("modality", ["image", "audio", "text"])
def test_what_the_preset_changes_is_told(modality: str) -> None:
    recipe = Recipe().replace(modality=modality, strategy="fine_tuning")
    assert len(chosen.told(recipe)) > 20


def test_renamed_classes_and_runs_are_told_by_both_names(tmp_path: Path) -> None:
    run = make_run(tmp_path / "beetles_1", ("ant", "bee"))
    run.rename("my best")
    recipe = Recipe().replace(
        backbone=str(run.path), data__path="/data", data__rename={"class_0": "ant"}
    )
    rows = dict(chosen.told(recipe))
    assert rows["Class renamed by you"] == "class_0 → ant"
    assert "from your run “my best”" in rows["Backbone"]


@pytest.mark.parametrize(
    ("epochs", "early_stopping", "told"),
    [(40, "loss", "at most 40"), (40, "none", "40"), (None, "loss", "Automatic")],
)
def test_epochs_are_the_most_where_early_stopping_may_end_before(
    epochs: int | None, early_stopping: str, told: str
) -> None:
    recipe = Recipe().replace(run__epochs=epochs, run__early_stopping=early_stopping)
    assert dict(chosen.told(recipe))["Epochs"] == told
