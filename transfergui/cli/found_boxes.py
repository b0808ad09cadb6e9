"""Boxes that ``predict`` found, written for other programs."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.cli import console
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import ngettext

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.trained import TrainedModel


def write_coco(
    found: "list[Prediction]", model: "TrainedModel", path: Path, places: Mapping[Path, Path]
) -> None:
    """Write the boxes that are shown as COCO JSON; pictures that cannot be read are left out.

    Args:
        places: where each file is, by what it is called.

    Raises:
        UserError: ``export.not_writable``.
    """
    from transfergui.core.labelling import box_files, found_boxes

    read, _left = found_boxes.found(model, found, places)
    pictures = [each.named(each.path.as_posix()) for each in read]
    scores = [each.scores for each in read]
    text = box_files.coco_text(pictures, model.found.targets.names, scores)
    try:
        files.write_output(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None
    count = sum(map(len, scores))
    told = ngettext("{n} box written to {path}", "{n} boxes written to {path}", count)
    console.say(told.format(n=count, path=path))
