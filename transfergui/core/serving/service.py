"""What is served: the model, its card and its predictions as JSON, without HTTP."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from transfergui import __version__
from transfergui.core.app import answering
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.file_part import FilePart
from transfergui.core.evaluation import prediction_table as table
from transfergui.core.evaluation.prediction_json import as_json
from transfergui.core.reading.given import ZIP
from transfergui.core.reading.tables.table_files import REFUSED, SUFFIXES
from transfergui.core.serving.body import Names, Received
from transfergui.core.serving.limits import Limits
from transfergui.core.serving.refusals import Refused
from transfergui.core.serving.worker import Full, Stopped, TooLate, Worker

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.trained import TrainedModel

Answer = tuple[HTTPStatus, dict[str, Any]]


class Service:
    """One model, predicting in a thread of its own.

    Args:
        unsure: per cent of confidence below which a prediction is flagged; by default as in
            ``transfergui predict``.
    """

    def __init__(self, model: TrainedModel, limits: Limits, unsure: float | None = None) -> None:
        self.model, self.limits = model, limits
        usual = 0.0 if model.promise is not None else float(table.UNSURE)
        self._unsure = usual if unsure is None else unsure
        self._worker = Worker(self._predictions, limits.waiting)

    def stop(self, seconds: float = 5.0) -> None:
        """End the thread; who still waits gets an error."""
        self._worker.stop(seconds)

    def names(self, folder: Path) -> Names:
        """For the files of a request."""
        modality = self.model.modality
        first = modality.typed or modality.patterns[0].removeprefix("*")
        return Names(folder, first, modality.typed)

    @functools.cached_property
    def card(self) -> dict[str, Any]:
        """What ``GET /model`` answers."""
        model, modality = self.model, self.model.modality
        patterns = [*modality.patterns, *modality.patterns_on_request]
        if modality.tables:
            patterns += [f"*{ending}" for ending in sorted(SUFFIXES)]
        return {
            "name": model.name,
            "program": f"TransferGUI {__version__}",
            "modality": modality.key,
            "objective": model.objective.key,
            "classes": list(model.classes),
            "patterns": patterns,
            "typed": bool(modality.typed),
            "unsure_below": self._unsure / 100,
            "promise": model.promise and {"at_most_wrong": model.promise.at_most_wrong},
            "limits": dataclasses.asdict(self.limits),
        }

    def answer(self, files: Sequence[Received]) -> Answer:
        """What ``POST /predict`` answers: 200, or 422 where no file has a prediction.

        Raises:
            Refused: 413, 415, 503, 504.
        """
        for each in files:
            self._require_readable(each)
        try:
            found = self._worker.do(files, self.limits.answer_seconds)
        except Full:
            error = UserError("serve.busy", count=self.limits.waiting)
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, error, Retry_After="1") from None
        except Stopped:
            error = UserError("serve.stopping")
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, error) from None
        except TooLate:
            error = UserError("serve.too_late", seconds=f"{self.limits.answer_seconds:g}")
            raise Refused(HTTPStatus.GATEWAY_TIMEOUT, error) from None
        except answering.TooMany:
            error = UserError("serve.too_many_examples", count=self.limits.examples)
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, error) from None
        some = any(each.probabilities is not None for each in found)
        status = HTTPStatus.OK if some else HTTPStatus.UNPROCESSABLE_ENTITY
        sizes = self._sizes(files, len(found))
        predictions = [
            as_json(each, self.model, self._unsure, size)
            for each, size in zip(found, sizes, strict=True)
        ]
        return status, {"model": self.model.name, "predictions": predictions}

    def _sizes(self, files: Sequence[Received], count: int) -> list[tuple[int, int] | None]:
        """Width and height of so many upright pictures, where the model finds places in them."""
        if not self.model.objective.places or len(files) != count:
            return [None] * count
        return [self.model.modality.extent(each.path) for each in files]

    def _require_readable(self, file: Received) -> None:
        """
        Raises:
            Refused: 415: zips and tables of file names are not followed.
        """
        ending, modality = file.path.suffix, self.model.modality
        table_of_files = ending in SUFFIXES and not modality.tables
        if ending == ZIP or ending in REFUSED or table_of_files:
            reason = _("{name} is an archive or a table; send the {noun} themselves")
            reason = reason.format(name=file.name, noun=_(modality.many))
            error = UserError("serve.unknown_kind", reason=reason)
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, error)

    def _predictions(self, files: Sequence[Received]) -> list[Prediction]:
        """In the thread of the model."""
        names = {str(each.path): each.name for each in files}
        paths = [each.path for each in files]
        found = answering.answered(self.model, paths, self.limits.examples)
        return [_called(each, names) for each in found]


def _called(prediction: Prediction, names: dict[str, str]) -> Prediction:
    """As who sent the file calls it; where it lies here is nobody's business."""
    file, part = FilePart.parse(prediction.path)
    name = Path(str(FilePart(names.get(file, Path(file).name), part)))
    problem = prediction.problem
    problem = problem and msgspec.structs.replace(problem, path=str(name))
    return dataclasses.replace(prediction, path=name, problem=problem, own=())
