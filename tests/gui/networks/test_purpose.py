"""Backbones that will not do for what is predicted, or how, are grey and say why."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from transfergui.core import registry
from transfergui.gui.base import style, tasks
from transfergui.gui.networks.backbone_chooser import BackboneChooser
from transfergui.gui.networks.purpose import Purpose

MODALITY = registry.modality("image")
ROWS = {row.key: row for row in MODALITY.backbones()}


def test_what_is_told_of_a_backbone_is_what_it_would_be_given() -> None:
    boxes, plain = Purpose.of("fine_tuning", "boxes"), Purpose.of("fine_tuning", "one_class")
    row = ROWS["mobilenet_v2"]
    assert boxes.input(row, MODALITY) == {"size": 320, "fit": "squash"}
    assert plain.input(row, MODALITY) == {"size": 224, "resize": 232}
    assert boxes.obstacle(ROWS["vit_b_16"]) and not plain.obstacle(ROWS["vit_b_16"])
    assert Purpose.of("lora", "one_class").obstacle(row)
    assert all(bool(plain.obstacle(each)) == bool(each.body) for each in ROWS.values())


def test_what_will_not_do_cannot_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    purpose = Purpose.of("fine_tuning", "boxes")
    chooser = BackboneChooser(MODALITY, "tgnet", str(tmp_path), purpose=purpose)
    qtbot.addWidget(chooser)
    chooser.show()
    assert tasks.wait_all()
    assert chooser.choose("tgnet") and chooser.use.isEnabled()
    assert chooser.choose("vit_b_16") and not chooser.use.isEnabled()
    reason = purpose.obstacle(ROWS["vit_b_16"])
    assert chooser.details.unfit.text() == reason
    grey = chooser.table.currentIndex().data(Qt.ItemDataRole.ForegroundRole)
    assert grey.color() == style.colour("muted")
    chooser.accept()
    assert chooser.isVisible()
