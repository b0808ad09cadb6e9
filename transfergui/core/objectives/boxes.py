"""Boxes: finding any number of things in a picture, each with its class and its place.

A pyramid and a head of :class:`transfergui.core.nn.detection.fcos.FCOS` on the feature maps of an
encoder, taught by :class:`transfergui.core.nn.detection.loss.DetectionLoss`. Pictures are squashed
into a square, as SSD has it (Liu et al., "SSD: Single Shot MultiBox Detector", 2016,
arXiv:1512.02325), so that shares of a picture's sides stay what they are.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, ngettext
from transfergui.core.base.options import Options, option
from transfergui.core.data.boxes import MOST, NUMBERS, boxes_of, boxes_text, named
from transfergui.core.data.labels import quoted
from transfergui.core.data.targets import BOXES, Targets
from transfergui.core.figures import box_answers, box_parity, box_report, detection
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Circumstances, Report
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.objective import (
    Found,
    LossSettings,
    Match,
    Matched,
    Needs,
    Probe,
    Said,
    Score,
)
from transfergui.core.objectives.matching import Row, extended
from transfergui.core.objectives.usual import Usual

if TYPE_CHECKING:
    import numpy as np
    import onnx
    import torch

    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.recipe import HeadOptions

PLACES = 40
"""Of the finest map in either direction: 320 pixels of most networks. MobileNetV2 on blood cells:
see tests/benchmarks/boxes.py."""
USUAL_STEPS = 13.0
"""Of an epoch: with so many, as many epochs as strategies take by themselves where nothing but the
head is trained, and two and a half times as many where all is. Blood cells (205 pictures, 26 steps)
on a frozen MobileNetV2, AP50 on validation: 0.857 after 12 epochs, 0.871 after 16."""
LEAST_LONGER, MOST_LONGER = 0.25, 4.0
LEAST_DRAWN = 0.45
"""Score of a box that is shown while a training goes on, when no threshold is chosen yet."""


TWO_STAGE = "faster_rcnn"
TAUGHT = ("loss_objects", "loss_classes", "loss_places")
"""The parts of the loss of a head that makes its own."""


class BoxesOptions(Options, frozen=True):
    """How boxes are found on the maps of a backbone."""

    head: Annotated[
        Literal["fcos", "faster_rcnn"],
        option(
            N_("Detection head"),
            N_(
                "The new layers that find boxes. FCOS looks once, at every place of the picture, "
                "and is faster. Faster R-CNN first proposes places and then looks at each one "
                "again; this is slower. A detector as the backbone keeps its own head, a "
                "Faster R-CNN."
            ),
            labels={"fcos": "FCOS", "faster_rcnn": "Faster R-CNN"},
            advanced=True,
        ),
    ] = "fcos"


LOGS = (
    Log(
        "loss_objects",
        N_("Objects (loss)"),
        N_("Errors in which places of the picture may hold an object. A part of the loss."),
        "loss",
    ),
    Log(
        "loss_classes",
        N_("Classes (loss)"),
        N_("Errors in the class of each place, or that there is nothing. A part of the loss."),
        "loss",
    ),
    Log(
        "loss_places",
        N_("Places (loss)"),
        N_("How far boxes are from fitting: 0 if all match exactly. A part of the loss."),
        "loss",
    ),
    Log(
        "loss_centres",
        N_("Centres (loss)"),
        N_("Errors in where the middle of an object is. A part of the loss."),
        "loss",
    ),
)


class Boxes(Usual):
    """See :class:`.interfaces.objective.Objective`; wanted are boxes [N, M, 5], answers K boxes
    [N, K * 6] (name, score, left, top, right, bottom; a score of 0 is none)."""

    key = BOXES
    title = N_("Boxes")
    summary = N_("Things are found in each example, each with its class and its place.")
    options: type[Options] = BoxesOptions
    curve = Score("ap50", N_("AP50"))
    primary = curve
    balances = False
    smooths = False
    fits = True
    confident = False
    several = True
    probe = Score("mean_average_precision", N_("Mean average precision"))
    modalities: ClassVar[tuple[str, ...]] = ("image",)
    places: ClassVar[bool] = True
    strangers: ClassVar[bool] = False
    adds_up: ClassVar[bool] = False
    fixed_input: ClassVar[Mapping[str, Any]] = {"fit": "squash"}
    usual: ClassVar[Mapping[str, Any]] = {"head.dropout": 0.0, "run.patience": 12}
    logs: ClassVar[tuple[Log, ...]] = LOGS
    by_score: ClassVar[bool] = True
    """With 28 pictures of blood cells, the loss was least after 20 epochs, and AP50 rose on."""
    continues: ClassVar[bool] = True
    batch_size: ClassVar[int] = 8
    """A picture teaches thousands of places. With 32, the same took 33 epochs, not 12."""

    # -- what it can be learnt with

    def obstacle(self, strategy: Needs) -> str:
        return "" if strategy.trains_plainly else "objective.plain_only"

    def backbone_obstacle(self, backbone: Backbone) -> str:
        return "" if backbone.maps else "objective.no_maps"

    def own_input(self, backbone: Backbone) -> dict[str, Any]:
        if backbone.body:
            return {"size": backbone.input["size"]}
        return {"size": PLACES * backbone.maps[0].stride}

    def asked(self, backbone: Backbone, options: Mapping[str, Any]) -> dict[str, Any]:
        """A detector has a head of its own."""
        if not backbone.body:
            return dict(options)
        if options.get("head", TWO_STAGE) != TWO_STAGE:
            raise UserError("objective.detector_head", title=backbone.title)
        return {**options, "head": TWO_STAGE}

    def encoder(self, backbone: Backbone, shape: Sequence[int]) -> Backbone:
        """Its maps, side by side."""
        _channels, height, width = shape
        coarsest = backbone.maps[-1].stride
        if height % coarsest or width % coarsest:
            below = height // coarsest * coarsest
            values = {"title": backbone.title, "size": height, "step": coarsest}
            values |= {"below": below or coarsest, "above": below + coarsest}
            raise UserError("objective.size", **values)
        return msgspec.structs.replace(
            backbone,
            features=sum(
                each.channels * (height // each.stride) * (width // each.stride)
                for each in backbone.maps
            ),
            pooled=backbone.pooled or backbone.features,
        )

    def pace(self, frozen: bool, steps: int) -> tuple[float, float]:
        """Longer, the fewer steps an epoch has."""
        longer = min(max(USUAL_STEPS / max(1, steps), LEAST_LONGER), MOST_LONGER)
        return (longer, 2.0) if frozen else (2.5 * longer, 1.0)

    def head(
        self,
        backbone: Backbone,
        targets: Targets,
        classes: int,
        options: HeadOptions,
        own: Options,
    ) -> torch.nn.Module:
        from transfergui.core.base import imports
        from transfergui.core.nn.detection.fcos import FCOS
        from transfergui.core.nn.detection.maps import shapes

        side, count = _side(backbone), len(targets.names)
        if not _is_two_stage(own):
            return FCOS(shapes(backbone.maps, side, side), count)
        with imports.without_compiler():
            from transfergui.core.nn.detection.published import Published
            from transfergui.core.nn.detection.two_stage import FasterRCNN
        if backbone.body:
            return Published(backbone.key, shapes(backbone.maps, side, side), count, side)
        return FasterRCNN(shapes(backbone.maps, side, side), count)

    def take_over(
        self,
        head: torch.nn.Module,
        tensors: Mapping[str, torch.Tensor],
        targets: Targets,
        learnt: Targets,
    ) -> None:
        from transfergui.core.nn.detection import carried

        carried.take_over(head, tensors, targets.names, learnt.names)

    def taken_over(
        self, names: Collection[str], targets: Targets, learnt: Targets, own: Options
    ) -> tuple[str, dict[str, Any]]:
        assert isinstance(own, BoxesOptions)
        if head_kind(names) != own.head:
            return "source.pyramid", {}
        known = [name for name in targets.names if name in learnt.names]
        if not known:
            return "source.detector", {}
        return "source.detector_classes", {"names": quoted(known)}

    # -- learning

    def counted(self, targets: Targets, classes: int) -> str:
        count = len(targets.names)
        return ngettext("{count} class", "{count} classes", count).format(count=count)

    def outputs(self, targets: Targets, classes: int) -> int:
        return len(targets.names)

    def width(self, backbone: Backbone, targets: Targets, classes: int, own: Options) -> int:
        from transfergui.core.nn.detection.fcos import BESIDE
        from transfergui.core.nn.detection.maps import shapes

        side = _side(backbone)
        places = sum(high * wide for _channels, high, wide in shapes(backbone.maps, side, side))
        if backbone.body:
            from transfergui.core.base import imports

            with imports.without_compiler():
                from transfergui.core.nn.detection import published
            most = published.proposals(backbone.key)
            places = published.places(most, len(targets.names))
        elif _is_two_stage(own):
            from transfergui.core.nn.detection.two_stage import PROPOSALS

            places = PROPOSALS
        return places * (len(targets.names) + BESIDE)

    def answered(self, targets: Targets, classes: int) -> int:
        from transfergui.core.nn.detection.decode import MOST, NUMBERS

        return MOST * NUMBERS

    def output_names(self, targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
        return targets.names

    def table(self, targets: Targets, classes: int) -> torch.Tensor:
        """[K, M, 5]: name, left, top, right, bottom; -1 as the name of none."""
        import torch

        most = max((len(row) // NUMBERS for row in targets.values), default=0)
        table = torch.zeros(len(targets.values), max(1, min(most, MOST)), NUMBERS)
        table[..., 0] = -1
        for place, row in enumerate(targets.values):
            found = torch.tensor(row).reshape(-1, NUMBERS)[:MOST]
            table[place, : len(found)] = found
        return table

    def loss(self, targets: Targets, settings: LossSettings) -> torch.nn.Module:
        return _loss(len(targets.names), settings.options)

    def kept(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets, own: Options
    ) -> torch.Tensor:
        """[N, 2 + K * 6]: the loss of the batch and its size, in each row, and the answers."""
        import torch

        head = outputs.new_empty(len(outputs), 2)
        head[:, 0] = _loss(len(targets.names), own)(outputs, wanted)
        head[:, 1] = len(outputs)
        return torch.cat([head, self.answers(outputs, targets)], 1)

    def decided(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """The answers [N, K * 6]; not finite where the outputs are not."""
        import torch

        found = self.answers(outputs.double(), targets)
        found[~torch.isfinite(outputs).all(1)] = math.nan
        return found

    def settled(self, decided: torch.Tensor, targets: Targets) -> torch.Tensor:
        return decided

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> float:
        """The mean over batches, which is not that of all places at once."""
        sums, at = 0.0, 0
        while at < len(outputs):
            loss, size = outputs[at, :2].tolist()
            sums += size * loss
            at += int(size)
        return sums / max(1, len(outputs))

    def soften(self, wanted: torch.Tensor, targets: Targets, classes: int) -> torch.Tensor:
        return wanted.flatten(1)

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        """Nothing: average precision is no sum over batches."""
        return ()

    def rate(self, tally: Sequence[float], samples: int) -> float:
        return tally[0] if tally else 0.0

    def scored(self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets) -> float:
        import numpy as np

        answers = outputs[:, 2:].double().numpy()
        truth = detection.boxes([row[row[:, 0] >= 0].tolist() for row in wanted])
        said = box_answers.said_boxes(answers)
        found = detection.match(truth, said, len(answers), len(targets.names))
        (value,) = detection.ap50(found, np.ones((1, len(answers)), dtype=np.int32))
        return 0.0 if math.isnan(value) else float(value)

    def calibrate(
        self, outputs: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        return ()

    def energy(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs.sum(1) * 0

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        from transfergui.core.nn.detection.decode import decoded

        return decoded(outputs, len(targets.names))

    def evidence(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """The largest logit of each class anywhere in the picture [N, classes]."""
        from transfergui.core.nn.detection.fcos import BESIDE

        count = len(targets.names)
        return outputs.reshape(len(outputs), -1, count + BESIDE)[..., :count].amax(1)

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        import torch

        return torch.stack(list(outputs)).mean(0)

    # -- what it says

    def exports(self, found: Found) -> dict[str, tuple[str, ...]]:
        """Of K boxes: their sides, as shares of the picture; their scores, 0 of none; and which
        class each is, as its place among the names."""
        sides = ("left", "top", "right", "bottom")
        return {"boxes": sides, "scores": ("score",), "names": found.targets.names}

    def exported(self, outputs: torch.Tensor, found: Found) -> tuple[torch.Tensor, ...]:
        """What :meth:`complete` makes the outputs of."""
        from transfergui.core.nn.detection.decode import undecided

        return undecided(outputs, len(found.targets.names))

    def complete(self, proto: onnx.ModelProto) -> None:
        from transfergui.core.nn.detection import onnx_nodes

        onnx_nodes.complete(proto)

    def read_back(self, rows: np.ndarray, found: Found) -> np.ndarray:
        return box_parity.side_by_side(rows)

    def apart(self, wanted: np.ndarray, found: np.ndarray) -> tuple[float, float]:
        return box_parity.apart(wanted, found), box_parity.TOLERANCE

    def agreement(
        self, wanted: torch.Tensor, outputs: torch.Tensor, found: Found, close: float
    ) -> float:
        """The same boxes."""
        both = (self.answers(each, found.targets).double().numpy() for each in (wanted, outputs))
        pairs = zip(*both, strict=True)
        same = [
            box_parity.apart(one[None], other[None]) < box_parity.PARTNER for one, other in pairs
        ]
        return sum(same) / len(same)

    def chosen(self, targets: Targets, counts: Sequence[int]) -> dict[str, Any]:
        return {}

    def compares_alone(self, options: Options) -> bool:
        return False

    def thresholds(self, classes: int) -> int:
        return 1

    def fit(
        self, answers: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        """From which score on boxes are shown."""
        return box_answers.fit(answers, labels, targets)

    def said(self, answers: np.ndarray, found: Found) -> list[Said]:
        """The boxes above the threshold."""
        texts = box_answers.said_texts(answers, found.targets.names, found.fitted)
        return [Said(text, None) for text in texts]

    def drawn(self, answers: np.ndarray, found: Found) -> list[str]:
        """Boxes with their scores, without those that are hardly any."""
        rows = [box_answers.scored_boxes(row, found.targets.names) for row in answers]
        return [
            box_answers.scored_text(box for box in boxes if box.score >= LEAST_DRAWN)
            for boxes in rows
        ]

    def columns(self, found: Found) -> tuple[str, ...]:
        return box_answers.columns(found.targets.names)

    def cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        return box_answers.cells(answers, found.targets.names, found.fitted)

    def told_cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        """Only the boxes that are shown."""
        return box_answers.cells(answers, found.targets.names, found.fitted, shown=True)

    def error(self, row: PredictionRow, targets: Targets) -> float:
        """How many boxes are missed or too many."""
        return box_answers.row_error(row)

    def matched(
        self, classes: Sequence[str], targets: Targets, found: Found, match: Match
    ) -> Matched:
        """Boxes of what the model does not know are left out of the combinations."""
        own = found.targets.names
        known = match(targets.names, own)
        place = {n: own.index(known[name]) for n, name in enumerate(targets.names) if name in known}
        rows = [_renamed(row, place) for row in targets.values]
        longer, labels = extended(found, rows, lambda row: boxes_text(named(boxes_of(row), own)))
        some = bool(known) or not targets.names
        return Matched(
            longer,
            labels if some else (None,) * len(rows),
            tuple(
                tuple(
                    dict.fromkeys(
                        targets.names[box.name] for box in boxes_of(row) if box.name not in place
                    )
                )
                for row in targets.values
            ),
            {name: other for name, other in known.items() if name != other},
        )

    def probes(self, labels: np.ndarray, targets: Targets) -> tuple[Probe, ...]:
        """Which classes occur in each picture."""
        import numpy as np

        there = np.zeros((len(targets.values), len(targets.names)), dtype=np.uint8)
        for at, row in enumerate(targets.values):
            there[at, [box.name for box in boxes_of(row)]] = 1
        return tuple(Probe("label", column) for column in there[labels].T)

    def measure(
        self,
        answers: np.ndarray,
        labels: Sequence[int],
        found: Found,
        train_counts: Sequence[int] | None,
        circumstances: Circumstances,
    ) -> Report:
        return box_report.measure(
            self.key, answers, labels, found.targets, found.fitted, train_counts, circumstances
        )


def head_kind(names: Collection[str]) -> str:
    """Which :attr:`BoxesOptions.head` the tensors in a checkpoint are of, by their names."""
    return TWO_STAGE if any(name.startswith("head.looking.") for name in names) else "fcos"


def _is_two_stage(options: Options) -> bool:
    assert isinstance(options, BoxesOptions)
    return options.head == TWO_STAGE


def _loss(classes: int, options: Options) -> torch.nn.Module:
    from transfergui.core.nn.detection.loss import DetectionLoss
    from transfergui.core.nn.detection.taught_loss import TaughtLoss

    return TaughtLoss(classes, TAUGHT) if _is_two_stage(options) else DetectionLoss(classes)


def _side(backbone: Backbone) -> int:
    """Of the square pictures whose maps, side by side, are as long as the backbone's features."""
    coarsest = backbone.maps[-1].stride
    each = sum(each.channels * (coarsest // each.stride) ** 2 for each in backbone.maps)
    return coarsest * math.isqrt(backbone.features // each)


def _renamed(row: Row, place: Mapping[int, int]) -> Row:
    """The boxes of ``row`` whose names are known, with the places of these."""
    kept = (box for box in boxes_of(row) if box.name in place)
    return tuple(number for box in kept for number in (float(place[box.name]), *box[1:]))
