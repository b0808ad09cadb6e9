"""Which kind of examples is recorded into a folder, before anybody chooses another."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from transfergui.core import registry
from transfergui.core.capture import existing
from transfergui.gui.capture.record_dialog import CLIP, RecordDialog
from transfergui.gui.session.session import Session


def dialog(parent: QWidget, root: Path, session: Session) -> RecordDialog:
    """The dialog for a folder: of the kind that it holds already, else of the open data.

    Sounds are as long as those of the open data.
    """
    plan = session.plan
    modality = registry.modality(session.recipe.modality) if plan is None else plan.modality
    seconds = CLIP
    if plan is not None and modality.device is not None:
        seconds = modality.device.seconds(plan.input) or CLIP
    kind = existing.most_frequent(root) or modality.key
    return RecordDialog(parent, root, kind, seconds)
