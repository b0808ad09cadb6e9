"""How good a model is: the figures that are written, as ``report.json`` and elsewhere have them.

Where there was nothing to measure, a figure is None ("n/a"), never 0 or 100 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

import msgspec

from transfergui.core.base.records import Count, Epoch, Number, Seconds, Share
from transfergui.core.data.dataset import Problem
from transfergui.core.figures.adapting import Adaptation
from transfergui.core.figures.borrowing import Borrowed
from transfergui.core.figures.borrowing_gain import BorrowingGain
from transfergui.core.figures.intervals import Interval, Range
from transfergui.core.runs.doubts import Limits

if TYPE_CHECKING:
    pass


MeasuredOn = Literal["test", "val", "data"]


class ClassFigures(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row of the per-class table; None where there was nothing to measure.

    Attributes:
        precision, recall, f1: of boxes, of those that are shown.
        support: test samples of the class; of boxes, true boxes.
        ap50, ap: average precision of boxes, as of :mod:`.detection`.
        ap50_interval: its 95 % interval.
        false_alarms: of boxes.
        count_error: mean absolute error of how many there are in a picture.
    """

    precision: Share | None
    recall: Share | None
    f1: Share | None
    support: Count
    ap50: Share | None = None
    ap: Share | None = None
    ap50_interval: Interval | None = None
    false_alarms: Count | None = None
    count_error: Number | None = None


class FoundBySize(msgspec.Struct, frozen=True):
    """True boxes of about the same size.

    Attributes:
        low, high: the smallest and the largest: the side of a square of the same area, as a share
            of the picture's.
        found, boxes: how many are found, of how many.
        interval: 95 % interval of their share.
    """

    low: Share
    high: Share
    found: Count
    boxes: Count
    interval: Interval


class Confused(msgspec.Struct, frozen=True):
    """``count`` samples of class ``truth`` were taken for ``label``."""

    truth: str
    label: str
    count: Count


class BestEpoch(msgspec.Struct, frozen=True, kw_only=True):
    """The epoch of a training whose weights were kept, by its validation samples.

    Attributes:
        epoch: 1-based, over all phases.
        phase: the name of the phase that it lies in.
        later: epochs of later phases, none of which did better.
        untouched: whether the pretrained network was then still as it began, so that only new
            last layers have learnt.
        accuracy: then; of what is not one class, the figure of :attr:`Objective.curve`.
        highest: the same of another epoch, ``highest_epoch``, in which it was better, though its
            loss was larger; None where there is none.
    """

    epoch: Epoch
    phase: str = ""
    later: Count = 0
    untouched: bool = False
    accuracy: Number | None = None
    highest: Number | None = None
    highest_epoch: Epoch | None = None


class EnsembleSummary(msgspec.Struct, frozen=True, kw_only=True):
    """Finished trainings that were put together, on the validation samples.

    Attributes:
        count: how many are in it, ``of`` those that were to be put together.
        together: the accuracy of the whole, or what stands for it (:attr:`Objective.curve`); None
            without validation samples.
        best: the accuracy of the best of them alone.
        less_sure: whether the whole has a clearly larger loss than that one.
    """

    count: Count
    of: Count
    together: Number | None = None
    best: Number | None = None
    less_sure: bool = False


class Verdict(msgspec.Struct, frozen=True, rename={"adapted": "with"}):
    """Whether other data helped, for programs that read reports.

    Attributes:
        kept: which of two models.
        code: of the sentence that says why.
        adapted, without: the figure of the model with the other data, and of the one without: the
            share of right answers, or whatever stands first where not one class is predicted.
        probe: the same of a linear model on the frozen backbone; None where there is none.
    """

    kept: str
    code: str
    adapted: Number
    without: Number
    probe: Number | None = None


class Checked(msgspec.Struct, frozen=True):
    """What a model gets right of labelled samples from where it will be used.

    Attributes:
        accuracy: with the ends of its 95 % interval.
        n: samples.
    """

    accuracy: Share
    low: Share
    high: Share
    n: Count


class Teacher(msgspec.Struct, frozen=True, kw_only=True):
    """The network that a student was taught by.

    Attributes:
        title: what people call it.
        params: how many parameters it has, and ``own`` the student.
        answers: whether it tells the same classes apart.
        accuracy: on the very samples that the student was measured on; None where it was not
            tested on them, or learnt from some.
    """

    title: str
    params: Count
    own: Count
    answers: bool = False
    accuracy: Share | None = None


class Primary(msgspec.Struct, frozen=True):
    """The figure to compare models by, with its 95 % interval where one is known.

    Attributes:
        name: its field in the report; ``mean_accuracy`` is that of the ``questions``.
    """

    name: str
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    higher_is_better: bool = True


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """What the confidence is worth.

    Attributes:
        temperatures: by which the outputs are divided; as of
            :meth:`transfergui.core.interfaces.objective.Objective.calibrate`.
        examples: validation samples that they were, or could have been, fitted on.
        error: expected calibration error of the measured samples, with its 95 % interval; None
            without any.
    """

    temperatures: tuple[Number, ...] = ()
    examples: Count = 0
    error: Share | None = None
    low: Share | None = None
    high: Share | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """How good a classifier is; the contract of ``report.json``.

    Attributes:
        accuracy: share of right answers; None without samples, like every figure here.
        balanced_accuracy: mean recall over the classes that have samples.
        macro_f1: mean F1 over the same classes.
        n: samples measured on.
        classes: all names, in the order of the labels.
        confusion: counts; rows are the truth, columns the answer, both in the
            order of ``confusion_classes``.
        confusion_classes: ``classes``; with more than :data:`MATRIX_CLASSES` of them only
            the most confused.
        confused: the commonest mistakes, most frequent first.
        per_class: by class name.
        interval: Wilson's 95 % interval of the accuracy.
        seconds: how long answering took.
        confidence: mean confidence of the answers; far above ``accuracy`` means too sure of itself.
        majority: the best accuracy of always predicting one class: the commonest of the training
            samples or of the measured ones; None where the former are unknown.
        majority_class: that class.
        imbalance: the largest class over the smallest one, of the training samples
            (of the measured ones where the former are unknown).
        measured_on: ``test``; ``val`` where there were too few samples for a test split;
            ``data`` for a folder given later.
        seen_before: how many of the samples measured on were learnt from already, by the
            run that this one began with or was taught by.
        baselines: what simple methods get right of the same samples.
        grouped_by: as of :class:`transfergui.core.data.split.Split`.
        frozen: whether the pretrained network stayed as it was, only a new head was trained.
        transferred: whether it began with anything pretrained.
        moment: whose weights these are; None where that is not known.
        joined: where finished trainings were put together, what that gained.
        teacher: where it was taught by another network, what is known of that one.
        tried: strategies with which the automatic choice trained networks on the same data.
        ungrouped: as of :class:`transfergui.core.data.split.Split`.
        unknown_classes: samples that were left out because the model lacks their class, by class.
        matched_classes: classes of the data that the model calls otherwise, with its names.
        trained_on: how many of the samples the model was trained on, or chosen by; None where that
            cannot be found out.
        data_version: which state of the data it was trained on, as of
            :mod:`transfergui.core.data.versions`; empty where that was not written down.
        split_version: the same without the content of the files, by which checks of the data are
            found again; empty of earlier versions, where ``data_version`` is that.
        corrections: how many of them the user had corrected.
        objective: key of what is predicted; what follows is for others than one class.
        primary: the figure to compare models by.
        fitted: what was chosen on the validation samples, as of
            :meth:`transfergui.core.interfaces.objective.Objective.fit`: thresholds, one per label.
        calibration: None of numbers, which have no confidence.
        strangers: from where on something is unlike the training samples; None where that is not
            known.
        mean_average_precision, micro_f1, exact_match: of several labels.
        baseline_mean_average_precision: what the same answer for all samples reaches, each label
            as likely as in the training samples.
        per_label: of several labels, by name.
        true_together, predicted_together: how often two labels occur together [labels, labels].
        none_true, none_predicted: share of samples without any label.
        questions: of several questions, by name: a report for each.
        alone: in the report of such a question, how it does where it is learnt alone.
        mean_absolute_error, median_absolute_error, baseline_mean_absolute_error, r2, unit: of a
            number; the baseline always predicts the mean of the training samples.
        error_interval: 95 % interval of the mean absolute error.
        ap50, ap: mean average precision of boxes over the classes, at an overlap of 0.5, and at
            0.5 to 0.95.
        baseline_ap50: what the same boxes for all pictures reach, where those of the training
            pictures most often are.
        found, missed, false_alarms: boxes at the threshold in ``fitted``.
        boxes, pictures: true boxes, and the pictures that they are looked for in.
        found_by_size: the smallest objects first.
        count_error: mean absolute error of how many objects a picture has, of whichever class.
        balanced_interval, macro_f1_interval: 95 % intervals of these figures.
        tested_groups: how many groups (speakers, patients) the samples are of; 0 where they are in
            none. Of two or more, the intervals are of another group.
        few_trained: as of :func:`transfergui.core.data.few_trained.shortage`.
        views: figures of what was found by looking closer, by the keys of the views.
        adaptation: of a model that was adapted to unlabelled examples from elsewhere, what it is
            beside one that was not; ``verdict`` the same in a few figures.
        borrowing: of a model that learnt from other data, what these were worth, likewise.
        checked: of one that was not: labelled examples from where it will be used, if there are.
        borrowed: of a model that also learnt from sources, how much these counted.
    """

    accuracy: Share | None
    balanced_accuracy: Share | None
    macro_f1: Share | None
    n: Count
    classes: tuple[str, ...]
    confusion: list[list[Count]]
    confusion_classes: tuple[str, ...]
    confused: tuple[Confused, ...]
    per_class: dict[str, ClassFigures]
    interval: Interval | None
    confidence: Share | None
    seconds: Seconds = 0.0
    majority: Share | None = None
    majority_class: str | None = None
    imbalance: Number = 1.0
    measured_on: MeasuredOn = "test"
    seen_before: Count = 0
    baselines: tuple[Baseline, ...] = ()
    grouped_by: str | None = None
    frozen: bool = False
    transferred: bool = True
    moment: BestEpoch | None = None
    joined: EnsembleSummary | None = None
    teacher: Teacher | None = None
    tried: tuple[str, ...] = ()
    ungrouped: Problem | None = None
    unknown_classes: dict[str, Count] = {}
    matched_classes: dict[str, str] = {}
    trained_on: Count | None = 0
    data_version: str = ""
    split_version: str = ""
    corrections: Count = 0
    objective: str = "one_class"
    primary: Primary | None = None
    fitted: tuple[float, ...] = ()
    calibration: Calibration | None = None
    strangers: Limits | None = None
    mean_average_precision: Share | None = None
    baseline_mean_average_precision: Share | None = None
    micro_f1: Share | None = None
    exact_match: Share | None = None
    per_label: dict[str, LabelFigures] = {}
    true_together: list[list[Count]] = []
    predicted_together: list[list[Count]] = []
    none_true: Share | None = None
    none_predicted: Share | None = None
    questions: dict[str, Report] = {}
    alone: Alone | None = None
    mean_absolute_error: Number | None = None
    median_absolute_error: Number | None = None
    baseline_mean_absolute_error: Number | None = None
    r2: float | None = None
    unit: str = ""
    error_interval: Range | None = None
    ap50: Share | None = None
    ap: Share | None = None
    baseline_ap50: Share | None = None
    found: Count | None = None
    missed: Count | None = None
    false_alarms: Count | None = None
    boxes: Count | None = None
    pictures: Count | None = None
    found_by_size: tuple[FoundBySize, ...] = ()
    count_error: Number | None = None
    balanced_interval: Interval | None = None
    macro_f1_interval: Interval | None = None
    tested_groups: Count = 0
    few_trained: dict[str, int] = {}
    views: dict[str, dict[str, Any]] = {}
    adaptation: Adaptation | None = None
    verdict: Verdict | None = None
    checked: Checked | None = None
    borrowed: Borrowed | None = None
    borrowing: BorrowingGain | None = None


class Circumstances(TypedDict, total=False):
    """What :func:`measure` is told and :class:`Report` keeps."""

    seconds: float
    measured_on: MeasuredOn
    seen_before: int
    baselines: tuple[Baseline, ...]
    grouped_by: str | None
    frozen: bool
    transferred: bool
    moment: BestEpoch | None
    joined: EnsembleSummary | None
    teacher: Teacher | None
    tried: tuple[str, ...]
    ungrouped: Problem | None
    few_trained: dict[str, int]
    fitted: tuple[float, ...]
    calibration: Calibration | None
    strangers: Limits | None
    unknown_classes: dict[str, int]
    matched_classes: dict[str, str]
    trained_on: int | None
    data_version: str
    split_version: str
    corrections: int


class NoClassFigures(TypedDict):
    """What a :class:`Report` says of one class, where something else is predicted."""

    accuracy: None
    balanced_accuracy: None
    confusion: list[list[int]]
    confusion_classes: tuple[str, ...]
    confused: tuple[Confused, ...]
    per_class: dict[str, ClassFigures]
    interval: None
    confidence: None


def no_class_figures() -> NoClassFigures:
    return NoClassFigures(
        accuracy=None,
        balanced_accuracy=None,
        confusion=[],
        confusion_classes=(),
        confused=(),
        per_class={},
        interval=None,
        confidence=None,
    )


def primary(
    score: str, value: float | None, span: Interval | Range | None, higher_is_better: bool = True
) -> Primary:
    """The figure to compare models by, with its interval where one is known."""
    low, high = (None, None) if span is None else (span.low, span.high)
    return Primary(score, value, low, high, higher_is_better)


class Alone(msgspec.Struct, frozen=True, kw_only=True):
    """A question that was also learnt alone: same recipe, same samples.

    Attributes:
        accuracy: on the same samples; None where none has an answer.
        verdict: ``helped``, ``harmed`` or ``unclear``: learning it together with the others.
        difference: accuracy together minus accuracy alone, with its 95 % interval.
        p: of the exact McNemar test.
    """

    accuracy: Share | None
    verdict: Literal["helped", "harmed", "unclear"]
    difference: Number | None = None
    low: Number | None = None
    high: Number | None = None
    p: Share = 1.0


class Baseline(msgspec.Struct, frozen=True):
    """What a simple method, without any transfer, gets right of the same samples.

    Attributes:
        title: of the method, marked with ``N_``.
        accuracy: in [0, 1].
        n: samples measured on.
    """

    title: str
    accuracy: Share
    n: Count


class LabelFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the per-label table.

    Attributes:
        average_precision: None without positive samples.
        precision: of the samples that the label was predicted for; None where there are none.
        recall: of the samples that have the label; None where there are none, like ``f1``.
        support: samples that have the label.
        predicted: samples that it was predicted for.
        precision_interval: Wilson's 95 % interval, like ``recall_interval``.
    """

    average_precision: float | None = None
    precision: float | None
    recall: float | None
    f1: float | None
    support: int
    predicted: int
    precision_interval: Interval | None
    recall_interval: Interval | None
