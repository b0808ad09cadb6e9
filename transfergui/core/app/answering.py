"""Predictions for files that come one after the other, not all at once: each request of a service,
each new file of a watched folder.

They are those of ``transfergui predict`` for the same files.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.app import predicting
from transfergui.core.app.wholes import with_wholes
from transfergui.core.reading.given import Given

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.trained import TrainedModel


class TooMany(Exception):  # noqa: N818 - an answer, not a fault
    """The files hold more examples than are wanted."""


def answered(
    model: TrainedModel, files: Sequence[Path], most: int | None = None
) -> list[Prediction]:
    """A prediction for each example in ``files``, in their order, and one for each whole recording.

    Tables that name other files, and zips, are not followed: who sends a table may not be one who
    may read these files.

    Args:
        most: examples.

    Raises:
        TooMany: there are more.
    """
    found = model.modality.list_files(files, model.input)
    listed = list(found if most is None else itertools.islice(found, most + 1))
    if most is not None and len(listed) > most:
        raise TooMany
    predictions = predicting.predict(model, Given(list(files)), listed)
    return list(with_wholes(predictions, model.modality, model.said, files, model.promise))
