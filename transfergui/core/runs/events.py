"""What a training tells: frozen, tagged events with codes and values instead of sentences.

One JSON line each in ``events.jsonl``; the same objects reach the window, the
command line and a replay. Times are seconds, from a monotonic clock.
"""

import json
from typing import Annotated, Any, Literal

import msgspec

from transfergui.core.base import records
from transfergui.core.base.messages import Level
from transfergui.core.base.notes import Note
from transfergui.core.base.records import Count, Epoch, Number, Seconds, Share


class Event(msgspec.Struct, frozen=True, tag=True, tag_field="event", kw_only=True):
    """Base of all events."""


class Started(Event, frozen=True):
    """A training begins or is resumed.

    Attributes:
        resumed: True when it goes on from a checkpoint.
        classes: their names.
        sizes: samples in training, validation and test.
        epochs: planned in total, over all phases.
        baseline: accuracy of always predicting the commonest class, on validation; None where
            something else is predicted.
        objective: key of what is predicted.
        unit: of a number.
    """

    run: str
    resumed: bool
    modality: str
    backbone: str
    strategy: str
    device: str
    precision: str
    classes: tuple[str, ...]
    sizes: dict[str, Count]
    epochs: Epoch
    baseline: Share | None
    objective: str = "one_class"
    unit: str = ""


class PhaseStarted(Event, frozen=True):
    """A phase of the strategy begins: what is trained changes here.

    Attributes:
        epoch: epochs done before it, over all phases.
        precision: in which it is trained.
        lr: the learning rate at its highest; None in runs of older versions.
    """

    index: Epoch
    name: str
    epoch: Epoch
    epochs: Epoch
    trainable: Count
    frozen: Count
    precision: str = "float32"
    lr: Number | None = None


class Tried(Event, frozen=True):
    """Something that the automatic choice looked at, once its fate is known.

    Attributes:
        backbone: as a recipe names it; ``title`` for people.
        strategy: empty where only the frozen network was scored.
        settings: what else was tried of it, by the path in the recipe; empty for the usual
            (:mod:`transfergui.core.training.tuning`).
        accuracy: on validation samples; of a frozen network, cross-validated on training samples.
        loss: on validation samples.
        seconds: spent on it.
        full: what training it in full would take, in seconds, as far as that is known.
        dropped: the code of why it went no further; empty for what was chosen.
        epoch: of one that another process trains, the epoch that has ended, of ``epochs``; 0
            before the first, and where nobody has begun.
    """

    backbone: str
    title: str
    strategy: str = ""
    settings: dict[str, Any] = {}
    accuracy: Number | None = None
    loss: Number | None = None
    seconds: Seconds = 0.0
    full: Seconds | None = None
    dropped: str = ""
    epoch: Epoch = 0
    epochs: Epoch = 0


Stage = Literal[
    "search",
    "features",
    "teach",
    "train",
    "validate",
    "evaluate",
    "compare",
    "beside",
    "read",
    "send",
    "fetch",
]
"""What is going on; ``search``: backbone and strategy are being chosen; ``teach``: the teacher
looks at the training samples; ``compare``: each of several questions is trained alone; ``beside``:
a model is trained without the target, with which the adapted one is compared; ``read``,
``send``, ``fetch``: files are read to find out which of them another computer lacks, go there, or
come back (in bytes; never recorded)."""


class Progress(Event, frozen=True):
    """Where the work stands; at most every 0.2 s.

    Attributes:
        epoch: epochs done, over all phases, as a fraction: 2.5 is amid the third.
        step: batches done in this stage, of ``steps``.
        loss: mean training loss of the batches since the last report (None outside training).
        rate: samples per second.
        eta: seconds until the whole training ends, None while unknown.
        memory: bytes of the device (accelerator) or process (processor) in use.
        logs: what the strategy's task told of its steps, means as ``loss``; by the keys of
            :attr:`transfergui.core.interfaces.plan.Strategy.logs`.
        share: of the training's work, done, 0 to 1; what has to be computed before it begins is
            not part of it. Of a search's time, or of what there is to try. None in runs of older
            versions.
    """

    stage: Stage
    epoch: Annotated[float, msgspec.Meta(ge=0, le=10_000_000)]
    step: Count
    steps: Count
    loss: Number | None = None
    accuracy: Number | None = None
    lr: Number | None = None
    rate: Number = 0.0
    eta: Seconds | None = None
    memory: Count = 0
    share: Share | None = None
    logs: dict[str, Number] = {}


class Example(msgspec.Struct, frozen=True):
    """What the model says of a validation sample, to be drawn.

    Attributes:
        path: relative to the folder of the data.
        said: as of :meth:`transfergui.core.interfaces.objective.Objective.drawn`.
    """

    path: str
    said: str


class EpochEnded(Event, frozen=True):
    """One pass over the training samples is done and was validated.

    Attributes:
        epoch: 1-based, over all phases.
        train_score, val_score: the figure that the objective is followed by while training; None
            of what was not measured, or where nobody looked at labels.
        best: True when this is the best epoch so far, by the early-stopping measure.
        logs: what the strategy's task told of its steps, means over the epoch.
        examples: a few validation samples, the same in every epoch, where the objective shows some.
    """

    epoch: Epoch
    phase: Epoch
    train_loss: Number
    train_score: Number | None
    val_loss: Number | None
    val_score: Number | None
    lr: Number
    seconds: Seconds
    best: bool
    logs: dict[str, Number] = {}
    examples: tuple[Example, ...] = ()


class Saved(Event, frozen=True):
    """A checkpoint is safely on the disk."""

    kind: Literal["last", "best"]
    epoch: Epoch


class Notice(Event, Note, frozen=True):
    """A note that does not end the training.

    Attributes:
        passing: it is true only of what goes on now: until that has ended, or the next begins.
    """

    passing: bool = False

    @classmethod
    def of(cls, note: Note) -> "Notice":
        return cls(note.code, note.values, note.level)


Outcome = Literal["done", "stopped", "cancelled"]


class Finished(Event, frozen=True):
    """The training is over.

    Attributes:
        outcome: ``done``; ``stopped`` (ended early by the user, the best kept and
            reported); ``cancelled`` (left as it is, can be resumed).
        report: the figures of ``report.json``, empty when cancelled.
    """

    outcome: Outcome
    epochs: Epoch
    best_epoch: Epoch | None
    seconds: Seconds
    report: dict[str, Any] = {}


class Failed(Event, Note, frozen=True):
    """A note on why the training could not go on; its code is ``bug`` for anything unforeseen.

    Attributes:
        details: the traceback of a bug, to copy; empty otherwise.
    """

    level: Level = "error"
    details: str = ""


AnyEvent = (
    Tried | Started | PhaseStarted | Progress | EpochEnded | Saved | Notice | Finished | Failed
)


def to_line(event: Event) -> bytes:
    """One line of ``events.jsonl``, newline included.

    ASCII: undecodable bytes of a path survive as ``\\udcXX``, which msgspec's own JSON refuses.
    """
    return json.dumps(msgspec.to_builtins(event)).encode() + b"\n"


def from_line(line: bytes) -> AnyEvent:
    """The event of one line.

    Raises:
        ValueError: the line was cut off or is no event of this version.
    """
    event: AnyEvent = msgspec.convert(_renamed(records.parse(line)), AnyEvent)
    if isinstance(event, Notice) and not event.is_known:
        raise ValueError(f"unknown notice {event.code}")
    if isinstance(event, Failed) and event.code != "bug" and not event.is_known:
        return Failed(code="run.unknown_failure", values={"name": event.code})
    if isinstance(event, Tried) and event.dropped and not Note(event.dropped).is_known:
        raise ValueError(f"unknown end of a trial {event.dropped}")
    return event


FORMER_NAMES = {"train_accuracy": "train_score", "val_accuracy": "val_score"}
"""Fields as versions called them that knew one class only."""


def _renamed(tree: Any) -> Any:
    """An event of an older version with the names of today."""
    if not isinstance(tree, dict) or FORMER_NAMES.keys().isdisjoint(tree):
        return tree
    return {FORMER_NAMES.get(name, name): value for name, value in tree.items()}
