"""The field for several networks, and the strategies that have one."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui import finished
from tests.gui.conftest import estimated, open_data, rest
from transfergui.core import registry
from transfergui.core.runs.run import Run
from transfergui.gui.base import tasks
from transfergui.gui.base.run_names import RunName
from transfergui.gui.networks.network_field import NetworkField
from transfergui.gui.networks.networks_field import NetworksField
from transfergui.gui.panels import training
from transfergui.gui.panels.training import TrainingPanel
from transfergui.gui.parts.empty_page import EmptyPage
from transfergui.gui.session.session import Session

IMAGE = registry.modality("image")


@pytest.fixture
def field(qtbot: QtBot) -> NetworksField:
    field = NetworksField()
    qtbot.addWidget(field)
    field.set_modality(IMAGE, None)
    field.show()
    return field


@pytest.fixture
def panel(qtbot: QtBot, ready: Session, monkeypatch: pytest.MonkeyPatch) -> TrainingPanel:
    monkeypatch.setattr(training, "_estimate", lambda plan: estimated(42.0))
    panel = TrainingPanel(ready)
    qtbot.addWidget(panel)
    panel.show()
    return panel


def field_of(panel: TrainingPanel, strategy: str, name: str) -> NetworksField:
    widget = panel.essentials.own[strategy].fields[name].widget
    assert isinstance(widget, NetworksField)
    return widget


def shown(field: NetworksField) -> list[str]:
    assert tasks.wait_all()
    return [row.field.accessibleDescription() for row in field.rows]


def test_a_chooser_may_outlive_its_field(qtbot: QtBot) -> None:
    """Another strategy is clicked, or dropped upon, while it is open: what it says then is lost."""
    window = QWidget()
    qtbot.addWidget(window)
    field = NetworkField(window)
    field.set_modality(IMAGE, None)
    chooser = field.choose()
    with qtbot.waitSignal(field.destroyed):
        field.deleteLater()
    chooser._finish("tgnet")


def test_it_shows_a_row_for_each_network(qtbot: QtBot, field: NetworksField) -> None:
    with qtbot.assertNotEmitted(field.edited):
        field.put("tgnet, resnet18")
    assert field.value() == ("tgnet", "resnet18")
    qtbot.waitUntil(lambda: shown(field) == ["TGNet", "ResNet-18"])
    field.put(())
    assert field.rows == []


def test_one_is_added_exchanged_and_taken_away(qtbot: QtBot, field: NetworksField) -> None:
    with qtbot.waitSignal(field.edited):
        field._new._take("tgnet")
    with qtbot.waitSignal(field.edited):
        field._new._take("resnet18")
    assert field.value() == ("tgnet", "resnet18")
    with qtbot.waitSignal(field.edited):
        field.rows[0].field._take("vgg11")
    assert field.value() == ("vgg11", "resnet18")
    with qtbot.waitSignal(field.edited):
        field.rows[0].remove.click()
    assert field.value() == ("resnet18",)


def test_the_same_one_is_not_there_twice(field: NetworksField) -> None:
    field.put(("tgnet", "resnet18"))
    field.rows[1].field._take("tgnet")
    assert field.value() == ("tgnet",)
    assert len(field.rows) == 1


def test_it_says_what_the_program_would_choose_while_nothing_is_chosen(
    field: NetworksField,
) -> None:
    field.set_automatic("SqueezeNet 1.1")
    assert "SqueezeNet 1.1" in field.add.text()
    field.put(("tgnet",))
    assert "SqueezeNet" not in field.add.text()


def test_the_chooser_of_finished_trainings_offers_only_these(qtbot: QtBot, ready: Session) -> None:
    run = finished.finished_run(ready.plan)
    keep_weights(run)
    field = NetworksField(own=True)
    qtbot.addWidget(field)
    field.set_modality(IMAGE, None)
    chooser = field._new.choose()
    assert tasks.wait_all()
    qtbot.waitUntil(lambda: chooser.shown() == [str(run.path)])
    texts = [button.text() for button in chooser.buttons.buttons()]
    assert not any("weights file" in text for text in texts)
    assert any("folder" in text for text in texts)
    chooser.reject()


def test_the_chooser_of_finished_trainings_speaks_of_trainings(
    qtbot: QtBot, ready: Session
) -> None:
    keep_weights(finished.finished_run(ready.plan))
    field = NetworksField(own=True)
    qtbot.addWidget(field)
    field.set_modality(IMAGE, None)
    chooser = field._new.choose()
    assert tasks.wait_all()
    assert chooser.windowTitle() == "Choose a finished run"
    assert chooser.count.text() == "1 run"
    header = chooser.table.header()
    sections = [n for n in range(header.count()) if not header.isSectionHidden(n)]
    titles = [chooser.filter.headerData(n, Qt.Orientation.Horizontal) for n in sections]
    assert titles == ["Run", "Parameters", "Speed", "Accuracy"]
    assert not chooser.only_here.isVisible()
    assert "with the trained head" in chooser.details.summary.text()
    chooser.reject()


def test_without_a_finished_training_it_says_what_to_do(qtbot: QtBot, ready: Session) -> None:
    field = NetworksField(own=True)
    qtbot.addWidget(field)
    field.set_modality(IMAGE, None)
    chooser = field._new.choose()
    assert tasks.wait_all()
    page = chooser.pages.currentWidget()
    assert isinstance(page, EmptyPage)
    assert "First train a model" in page.text.text()
    assert not chooser.use.isEnabled()
    assert chooser.use.text() == "Use this run"
    keep_weights(finished.finished_run(ready.plan))
    chooser.look_again()
    assert tasks.wait_all()
    assert chooser.pages.currentIndex() == 0
    chooser.reject()


def test_trainings_that_are_chosen_are_told_apart_by_network_and_strategy(
    qtbot: QtBot, ready: Session
) -> None:
    """Their data are the same."""
    run = finished.finished_run(ready.plan)
    keep_weights(run)
    field = NetworksField(own=True)
    qtbot.addWidget(field)
    field.set_modality(IMAGE, None)
    field.put((str(run.path),))
    accuracy = f"{100 * run.report()['accuracy']:.1f}\u00a0%"
    assert shown(field) == [f"MobileNetV2, {accuracy}\nFeature extraction"]
    assert RunName.of(run).when in field.rows[0].field.toolTip()
    assert "with the trained head" in field.rows[0].field.toolTip()


def keep_weights(run: Run) -> None:
    """A finished training has some; nobody reads these."""
    run.checkpoints.mkdir(exist_ok=True)
    run.best.write_bytes(b"weights")


def test_networks_together_are_chosen_in_the_card(
    panel: TrainingPanel, ready: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel._choose_strategy(registry.strategy("fusion"))
    assert "No other backbone" in panel.button.toolTip()  # only what comes with the program is here
    field = field_of(panel, "fusion", "partners")
    assert field.isVisible()
    field._new._take("resnet18")
    assert ready.recipe.options["partners"] == ("resnet18",)
    assert ready.plan is not None
    assert ready.plan.backbone.parts[1].backbone.key == "resnet18"
    assert not panel.needed.isHidden()  # which is to be downloaded
    ready.undo_stack.undo()
    assert field.value() == ()
    (tmp_path / "squeezenet1_1.pth").write_bytes(b"weights")
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path))
    ready.look_for_weights()
    assert tasks.wait_all()
    assert "SqueezeNet 1.1" in field.add.text() or "TGNet" in field.add.text()


def test_finished_trainings_are_chosen_in_the_card_and_nothing_else_is_asked(
    panel: TrainingPanel, ready: Session
) -> None:
    assert panel.essentials.epochs.isVisible()
    panel._choose_strategy(registry.strategy("soup"))
    assert field_of(panel, "soup", "runs").isVisible()
    for part in (panel.essentials.epochs, panel.essentials.augmentation):
        assert not part.isVisible()
    assert not panel.button.isEnabled()
    assert "at least two" in panel.button.toolTip()
    panel._choose_strategy(registry.strategy("fine_tuning"))
    assert panel.essentials.epochs.isVisible()


def test_data_of_another_kind_have_other_networks(qtbot: QtBot, made_data, session) -> None:
    open_data(qtbot, session, made_data.folder)
    field = NetworksField()
    qtbot.addWidget(field)
    field.set_modality(made_data.modality, None)
    chooser = field._new.choose()
    assert tasks.wait_all()
    known = {row.key for row in made_data.modality.backbones()}
    qtbot.waitUntil(lambda: set(chooser.shown()) == known)
    chooser.reject()
    rest(qtbot, session)
