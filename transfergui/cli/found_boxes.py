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
    from transfergui.core.figures import box_answers
    from transfergui.core.labelling import box_files

    names, least = model.classes, box_answers.threshold(model.found.fitted)
    pictures, scores = [], []
    for each in found:
        size = model.modality.extent(places.get(each.path, each.path))
        if each.probabilities is None or size is None:
            continue
        scored = box_answers.scored_boxes(each.probabilities, names)
        shown = [box for box in scored if box.score >= least]
        boxes = tuple(box.place for box in shown)
        pictures.append(box_files.Picture(each.path.as_posix(), *size, boxes))
        scores.append([box.score for box in shown])
    text = box_files.coco_text(pictures, names, scores)
    try:
        files.write_output(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError("export.not_writable", path=str(path), reason=reason) from None
    count = sum(map(len, scores))
    told = ngettext("{n} box written to {path}", "{n} boxes written to {path}", count)
    console.say(told.format(n=count, path=path))
