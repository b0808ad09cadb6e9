"""Models of one's own: chosen as the start of the next training, or as its teacher."""

import dataclasses
import hashlib
import json
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.conftest import FakeTrainer, estimated, open_data
from tests.gui.finished import finished_run
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.networks import weights
from transfergui.core.nn import state_dicts
from transfergui.core.recipe import Recipe
from transfergui.core.runs import packages
from transfergui.core.runs.card import Card
from transfergui.core.runs.packages import CARD, WEIGHTS
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.networks.backbone_chooser import BackboneChooser
from transfergui.gui.networks.backbone_details import sentences
from transfergui.gui.networks.backbone_model import ACCURACY
from transfergui.gui.networks.network_field import NetworkField
from transfergui.gui.networks.own_models import own_model, own_models, use_by
from transfergui.gui.panels import training
from transfergui.gui.panels.backbone import BackbonePanel
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.session.session import Session
from transfergui.gui.tables.run_row import RunRow

MODALITY = registry.modality(Recipe().modality)


@pytest.fixture
def ready(
    qtbot: QtBot,
    session: Session,
    pictures: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Session:
    """A session that could train; no weights are on the disk but the built-in ones."""
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path / "weights"))
    open_data(qtbot, session, pictures)
    return session


Make = Callable[..., Run]


@pytest.fixture
def make(ready: Session) -> Make:
    """Makes finished runs of MobileNetV2 at 64 pixels (whose file of weights is none)."""

    def make(**settings: Any) -> Run:
        assert ready.plan is not None
        settings = {"backbone": "mobilenet_v2", "input": {"size": 64, "resize": 64}, **settings}
        recipe = ready.plan.recipe.replace(**settings)
        run = finished_run(dataclasses.replace(ready.plan, recipe=recipe))
        run.checkpoints.mkdir()
        run.best.write_bytes(b"w" * 5_000_000)
        return run

    return make


# -- as rows


def test_a_run_is_a_row_with_what_it_reached(make: Make) -> None:
    run = make(strategy="fine_tuning")
    row = own_model(run)
    assert row.title == "shapes"
    assert row.key == str(run.path)
    assert row.accuracy == pytest.approx(100 * run.report()["accuracy"])
    assert row.input["size"] == 64
    assert row.summary.startswith("MobileNetV2, trained on “shapes” (Fine-tuning, 2")
    text = sentences(row, MODALITY)
    assert "Trained on your pictures “shapes”." in text
    assert "parameters (5.0" in text
    assert "64 px" in text


def test_the_size_of_a_run_is_that_of_its_file(make: Make) -> None:
    """The published one counts the layers for ImageNet's classes; a damaged file tells nothing."""
    run = make()
    assert own_model(run).params == registry.backbone(MODALITY, "mobilenet_v2").params
    network = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4))
    run.best.write_bytes(state_dicts.to_safetensors(network.state_dict()))
    assert own_model(run).params == 3 * 4 + 4 + 2 * 4


def test_only_finished_runs_are_listed(make: Make, tmp_path: Path) -> None:
    good, untrained, untested, damaged = (make() for _number in range(4))
    untrained.best.unlink()
    (untested.path / "report.json").unlink()
    (damaged.path / "recipe.json").write_text("{")
    assert [row.key for row in own_models(MODALITY)] == [str(good.path)]
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(good.path, elsewhere)
    rows = own_models(MODALITY, str(elsewhere))
    assert {row.key for row in rows} == {str(good.path), str(elsewhere)}
    assert own_models(MODALITY, "mobilenet_v2") == own_models(MODALITY)


def test_it_is_said_on_how_many_it_was_measured(make: Make) -> None:
    run = make()
    assert f" and tested on {run.report()['n']} pictures." in own_model(run).summary


def test_runs_in_the_list_are_told_apart(make: Make) -> None:
    first, second = make(), make(strategy="fine_tuning")
    for run, time in ((first, 86_400), (second, 90_061)):
        os.utime(run.path / "recipe.json", (time, time))
    titles = {row.key: row.title for row in own_models(MODALITY)}
    assert len(set(titles.values())) == 2
    assert titles[str(first.path)].startswith("shapes · 1970-01-0")
    assert titles[str(first.path)].endswith("\nFeature extraction · MobileNetV2")
    assert titles[str(second.path)].endswith("\nFine-tuning · MobileNetV2")


def test_one_that_is_put_together_is_taken_as_it_is(make: Make) -> None:
    make()
    (apart,), (whole,) = own_models(MODALITY), own_models(MODALITY, use="whole")
    assert "a new head is trained" in apart.summary
    assert "with the trained head" in whole.summary
    (adapted,) = own_models(MODALITY, use=use_by("shot"))
    assert "last layer is kept" in adapted.summary


def test_of_one_that_changed_last_layers_alone_nothing_is_said_to_be_taken_over(
    make: Make,
) -> None:
    run = make()
    assert "the trained backbone of this model" in own_model(run).summary
    figures = run.report() | {"moment": {"epoch": 1, "untouched": True}}
    (run.path / "report.json").write_text(json.dumps(figures))
    assert "the trained backbone of this model" not in own_model(run).summary
    assert "This run trained only the head" in own_model(run).summary


# -- in the chooser


@pytest.fixture
def choosers(qtbot: QtBot, qapp: QApplication) -> Iterator[None]:
    """Closes choosers that a test left open."""
    yield
    for widget in qapp.topLevelWidgets():
        if isinstance(widget, BackboneChooser):
            widget.reject()
    assert tasks.wait_all()


def open_chooser(qtbot: QtBot, current: str, **settings: Any) -> BackboneChooser:
    chooser = BackboneChooser(MODALITY, current, **settings)
    qtbot.addWidget(chooser)
    chooser.show()
    assert tasks.wait_all()
    return chooser


@pytest.mark.usefixtures("choosers")
def test_own_models_come_first_and_can_be_found(qtbot: QtBot, make: Make) -> None:
    run = make()
    chooser = open_chooser(qtbot, str(run.path))
    assert chooser.key == chooser.shown()[0] == str(run.path)
    assert chooser.filter.index(0, 0).data() == "Your own models"
    assert chooser.use.text() == "Use this run"
    assert chooser.details.weights.text.text() == "Weights: on this computer"
    chooser.only_here.setChecked(True)
    chooser.search.setText("shapes")
    assert chooser.shown() == [str(run.path)]
    chooser.use.click()
    assert chooser.chosen == str(run.path)


@pytest.mark.usefixtures("choosers")
def test_the_accuracy_of_an_own_model_is_not_taken_for_a_published_one(
    qtbot: QtBot, make: Make
) -> None:
    """It was measured on other data, and what is seen says so."""
    run = make()
    chooser = open_chooser(qtbot, str(run.path))
    reached = f"{100 * run.report()['accuracy']:.1f}\u00a0%"
    assert accuracy_in(chooser, str(run.path)) == f"{reached}\non your data"
    assert accuracy_in(chooser, "mobilenet_v2") == "72.2\u00a0%"


def accuracy_in(chooser: BackboneChooser, key: str) -> str:
    assert chooser.choose(key)
    column = ACCURACY
    return str(chooser.table.currentIndex().siblingAtColumn(column).data())


@pytest.mark.usefixtures("choosers")
def test_no_line_of_an_own_model_is_cut(qtbot: QtBot, make: Make) -> None:
    run = make()
    chooser = open_chooser(qtbot, str(run.path))
    assert chooser.choose(str(run.path))
    index = chooser.table.currentIndex()
    assert chooser.table.visualRect(index).height() >= 2 * chooser.fontMetrics().height()


@pytest.mark.usefixtures("choosers")
def test_a_weights_file_named_as_a_run_is_still_not_a_network(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    """Rows of runs do not take part when a file's name tells the network."""
    make()
    chooser = open_chooser(qtbot, "resnet18")
    file = tmp_path / "shapes.pth"
    file.write_bytes(b"x")
    chooser.take_file(file)
    assert tasks.wait_all()
    assert "shapes.pth" in chooser.problem.text()


@pytest.mark.usefixtures("choosers")
@pytest.mark.parametrize("automatic", [True, False])
def test_a_teacher_is_not_left_to_the_program(qtbot: QtBot, automatic: bool) -> None:
    chooser = open_chooser(qtbot, "resnet18", automatic=automatic)
    assert chooser.automatic.isVisible() == automatic


# -- as the backbone


def test_the_card_shows_a_model_of_ones_own(qtbot: QtBot, ready: Session, make: Make) -> None:
    run = make()
    panel = BackbonePanel(ready)
    qtbot.addWidget(panel)
    panel.resize(336, 200)
    panel.show()
    assert tasks.wait_all()
    chooser = panel.choose()
    assert tasks.wait_all()
    assert chooser.choose(str(run.path))
    chooser.use.click()
    assert tasks.wait_all()
    assert ready.recipe.backbone == str(run.path)
    assert ready.plan is not None
    assert ready.plan.weights == run.best
    assert ready.plan.input.size == 64  # type: ignore[attr-defined]
    assert panel.name.text() == "shapes"
    assert "MobileNetV2" in panel.summary_text.text()
    assert f"{100 * run.report()['accuracy']:.1f}" in panel.facts.text()
    assert panel.summary() == "shapes · available"
    shutil.rmtree(run.path)
    panel.look_again()
    assert tasks.wait_all()
    assert str(run.path) in panel.trouble.text()


def test_the_table_of_runs_names_the_network_and_the_run_it_began_with(make: Make) -> None:
    first = make()
    row = RunRow.read(make(backbone=str(first.path)))
    assert (row.backbone, row.origin) == ("MobileNetV2", str(first.path))


# -- as the teacher


@pytest.fixture
def panel(qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch) -> TrainingPanel:
    monkeypatch.setattr(training, "_estimate", lambda plan: estimated(42.0))
    panel = TrainingPanel(ready)
    qtbot.addWidget(panel)
    panel.resize(340, 700)
    panel.show()
    panel.strategies.cards["distillation"].click()
    assert tasks.wait_all()
    return panel


def field_of(panel: TrainingPanel) -> NetworkField:
    widget = panel.essentials.own["distillation"].fields["teacher"].widget
    assert isinstance(widget, NetworkField)
    return widget


def test_the_teacher_is_among_the_essentials(panel: TrainingPanel, ready: Session) -> None:
    field = field_of(panel)
    assert field.isVisible()
    assert field.text() == field.accessibleDescription() == "MobileNetV2"
    panel.strategies.cards["fine_tuning"].click()
    assert not field.isVisible()


@pytest.mark.usefixtures("choosers")
def test_a_run_is_chosen_as_the_teacher_with_undo(
    qtbot: QtBot, panel: TrainingPanel, ready: Session, make: Make
) -> None:
    run = make()
    field = field_of(panel)
    field.click()
    chooser = panel.window().findChild(BackboneChooser)
    assert chooser is not None
    assert tasks.wait_all()
    assert chooser.choose(str(run.path))
    chooser.use.click()
    assert tasks.wait_all()
    assert ready.recipe.options == {"teacher": str(run.path)}
    assert field.accessibleDescription() == f"shapes, {100 * run.report()['accuracy']:.1f}\u00a0%"
    panel.more.click()
    assert panel.advanced.forms["options"].fields["teacher"].get() == str(run.path)
    ready.undo_stack.undo()
    assert tasks.wait_all()
    assert field.text() == "MobileNetV2"


def test_of_a_teacher_nothing_is_said_to_be_left_behind(make: Make) -> None:
    summary = own_model(make(), "teacher").summary
    assert "learns from its predictions, too" in summary
    assert "last layers" not in summary


@pytest.mark.usefixtures("choosers")
def test_the_chooser_opens_with_the_teacher_that_is_set(
    qtbot: QtBot, ready: Session, make: Make
) -> None:
    """It may be automatic, or spelt otherwise; what is gone leaves the first row."""
    first, second = str(make().path), str(make().path)
    for named, key in (("auto", "mobilenet_v2"), (first, first), (f"{second}/", second)):
        assert open_chooser(qtbot, named, use="teacher").key == key
    assert open_chooser(qtbot, f"{first}_gone", use="teacher").key in (first, second)


def test_a_long_name_is_cut_where_there_is_no_room(qtbot: QtBot, make: Make) -> None:
    run = make(name="shapes of many colours on a noisy ground, some of them filled")
    field = NetworkField()
    qtbot.addWidget(field)
    field.resize(190, 24)
    field.set_modality(MODALITY, None)
    field.put(str(run.path))
    assert tasks.wait_all()
    assert "…" in field.text()
    assert field.fontMetrics().horizontalAdvance(field.text()) <= 190 - field.BESIDE
    assert field.accessibleDescription().startswith("shapes of many colours on a noisy ground")


def test_a_teacher_that_is_gone_is_said_and_named(
    panel: TrainingPanel, ready: Session, make: Make
) -> None:
    gone = make().path.with_name("gone")
    ready.change(ready.recipe.replace(options={"teacher": str(gone)}), "Choose")
    assert tasks.wait_all()
    assert field_of(panel).text() == "gone"
    assert not panel.button.isEnabled()
    assert str(gone) in panel.outlook.text()


def test_missing_weights_of_the_teacher_are_offered(
    qtbot: QtBot,
    panel: TrainingPanel,
    ready: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def arrive(backbone: Backbone, target: Path, *rest: object) -> Path:
        (tmp_path / "weights").mkdir()
        file = tmp_path / "weights" / weights.file_name(backbone)
        file.write_bytes(b"weights")
        return file

    def unreachable(backbone: Backbone, target: Path, *rest: object) -> Path:
        raise UserError("weights.unreachable", url="there", folder="here", reason="no route")

    needed = panel.needed
    assert needed.isVisible()
    assert needed.download.text.text() == "MobileNetV2 has to be downloaded."
    assert "14" in needed.download.start.text()
    monkeypatch.setattr(weights, "download", unreachable)
    with qtbot.waitSignal(needed.download.failed):
        needed.download.start.click()
    assert "no route" in needed.trouble.text()
    assert needed.trouble.isVisible()
    monkeypatch.setattr(weights, "download", arrive)
    with qtbot.waitSignal(needed.download.arrived):
        needed.download.start.click()
    assert tasks.wait_all()
    assert not needed.isVisible()


def test_nothing_is_offered_that_is_not_needed(
    panel: TrainingPanel, ready: Session, make: Make
) -> None:
    """Another strategy, and a run as teacher."""
    for changes in (
        {"strategy": "fine_tuning", "options": {}},
        {"options": {"teacher": str(make().path)}},
    ):
        before = ready.recipe
        assert panel.needed.isVisible()
        ready.change(ready.recipe.replace(**changes), "Change")
        assert tasks.wait_all()
        assert not panel.needed.isVisible(), changes
        ready.change(before, "Back")


def test_a_network_that_must_be_downloaded_is_offered_and_nothing_begins_without_it(
    qtbot: QtBot,
    panel: TrainingPanel,
    ready: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Low-rank updates need a transformer; without one, Train would only make a failed run."""
    panel.strategies.cards["lora"].click()
    assert tasks.wait_all()
    assert "needs a transformer" in panel.outlook.text()
    assert panel.outlook.text() == ready.obstacle
    assert ready.plan is not None
    assert ready.plan.backbone.title in panel.outlook.text()
    assert panel.needed.isVisible()
    assert not panel.button.isEnabled()
    ready.start_training()
    panel._begin_estimate()
    assert tasks.wait_all()
    assert (ready.run, ready.training) == (None, False)
    assert "needs a transformer" in panel.outlook.text()

    def arrive(backbone: Backbone, target: Path, *rest: object) -> Path:
        (tmp_path / "weights").mkdir()
        file = tmp_path / "weights" / weights.file_name(backbone)
        file.write_bytes(b"weights")
        return file

    monkeypatch.setattr(weights, "download", arrive)
    with qtbot.waitSignal(panel.needed.download.arrived):
        panel.needed.download.start.click()
    assert tasks.wait_all()
    assert not panel.needed.isVisible()
    assert panel.button.isEnabled()
    assert ready.obstacle == ""


# -- model packages


@pytest.fixture
def package(ready: Session, tmp_path: Path) -> Path:
    """One whose weights are none: nothing here builds the network."""
    recipe, weights = ready.recipe.replace(input={"size": 64, "resize": 64}), b"w" * 1000
    card = Card(
        name="shapes of a friend",
        modality=recipe.modality,
        backbone="mobilenet_v2",
        classes=("round", "square"),
        input=recipe.input,
        recipe=recipe,
        metrics={"accuracy": 0.75},
        sha256={WEIGHTS: hashlib.sha256(weights).hexdigest()},
    )
    with zipfile.ZipFile(tmp_path / "friend.zip", "w") as archive:
        archive.writestr(CARD, card.to_json())
        archive.writestr(WEIGHTS, weights)
    return tmp_path / "friend.zip"


def test_a_package_is_chosen_as_a_file(qtbot: QtBot, ready: Session, package: Path) -> None:
    panel = BackbonePanel(ready)
    qtbot.addWidget(panel)
    panel.show()
    assert tasks.wait_all()
    chooser = panel.choose()
    assert tasks.wait_all()
    chooser.take_file(package)
    assert tasks.wait_all()
    assert ready.recipe.backbone == str(package)
    assert ready.plan is not None
    assert ready.plan.input.size == 64  # type: ignore[attr-defined]
    assert panel.name.text() == "shapes of a friend"
    said = panel.summary_text.text()
    assert said.startswith("MobileNetV2, from the model package friend.zip.")
    assert "a new head is trained" in said
    assert "75.0" in panel.facts.text()


def test_a_package_is_never_read_in_the_thread_of_the_window(
    qtbot: QtBot, ready: Session, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be hundreds of megabytes, to be unpacked and hashed."""
    threads: list[threading.Thread] = []
    original = packages.open_package

    def watched(*args: Any) -> packages.Package:
        threads.append(threading.current_thread())
        return original(*args)

    monkeypatch.setattr(packages, "open_package", watched)
    panel = BackbonePanel(ready)
    qtbot.addWidget(panel)
    chooser = panel.choose()
    assert tasks.wait_all()
    chooser.take_file(package)
    assert tasks.wait_all()
    ready.change(ready.recipe.replace(run__epochs=7), "Epochs")
    assert tasks.wait_all()
    assert ready.plan is not None
    assert ready.plan.recipe.run.epochs == 7
    assert ready.plan.weights is not None
    assert threads
    assert threading.main_thread() not in threads


def test_train_waits_for_the_plan_of_a_package(
    qtbot: QtBot, ready: Session, package: Path, trainer: FakeTrainer
) -> None:
    ready.change(ready.recipe.replace(backbone=str(package)), "Backbone")
    ready.start_training()
    qtbot.waitUntil(lambda: ready.run is not None and not ready.training, timeout=20_000)
    assert ready.run is not None
    assert ready.run.recipe.backbone == str(package)


@pytest.mark.usefixtures("choosers")
def test_a_damaged_package_is_refused_where_it_is_chosen(qtbot: QtBot, package: Path) -> None:
    data = package.read_bytes()
    package.write_bytes(data.replace(b"w" * 1000, b"v" * 1000))
    chooser = open_chooser(qtbot, "resnet18")
    chooser.take_file(package)
    assert tasks.wait_all()
    assert "friend.zip" in chooser.problem.text()
    assert chooser.chosen == "resnet18"


def test_a_package_may_teach(qtbot: QtBot, package: Path) -> None:
    field = NetworkField()
    qtbot.addWidget(field)
    field.set_modality(MODALITY, None)
    field.put(str(package))
    assert tasks.wait_all()
    assert field.accessibleDescription() == "shapes of a friend, 75.0\u00a0%"
