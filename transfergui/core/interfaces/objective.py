"""What is predicted of each sample: how outputs are learnt, scored and read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, Protocol

from transfergui.core.base.figure_texts import number, percent, told_apart
from transfergui.core.base.options import Options
from transfergui.core.data.targets import Targets

if TYPE_CHECKING:
    import numpy as np
    import onnx
    import torch

    from transfergui.core.figures.answer_rows import PredictionRow
    from transfergui.core.figures.metrics import Circumstances, Report
    from transfergui.core.interfaces.logs import Log
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.recipe import HeadOptions


LOGITS = "logits"
"""The output of an exported model that is compared with the model itself: before activation."""
UNLIKE = "unlike"
"""The output of an exported model that says how unlike its training samples something is: about 0
is usual, above 1 is a stranger."""


@dataclass(frozen=True)
class Score:
    """A figure of how good a model is.

    Attributes:
        key: in reports.
        title: marked with ``N_``.
        higher_is_better: else it is an error.
        share: whether it lies between 0 and 1 and is shown in per cent; else it is in the unit of
            what is predicted.
    """

    key: str
    title: str
    higher_is_better: bool = True
    share: bool = True

    def text(self, value: float | None, unit: str = "", decimals: int = 1, more: int = 0) -> str:
        """A value for people: ``85.3 %``, ``3.12 kg``; n/a where there was nothing to measure.

        Args:
            unit: of a score that is no share.
            decimals: of per cent.
            more: digits beyond the usual ones.
        """
        if self.share or value is None:
            return percent(value, decimals + more)
        return f"{number(value, more)} {unit}".strip()

    def texts(self, one: float, other: float, unit: str = "", decimals: int = 1) -> tuple[str, str]:
        """Two values that are compared, or the ends of an interval; see :func:`told_apart`."""
        return told_apart(lambda value, more: self.text(value, unit, decimals, more), one, other)

    def worth(self, value: float | None) -> float:
        """To be made larger; 0 of None."""
        return (value or 0.0) if self.higher_is_better else -(value or 0.0)


@dataclass(frozen=True)
class LossSettings:
    """What a loss is made of, beside what is predicted.

    Attributes:
        options: the objective's own, checked.
        smoothing: label smoothing, in [0, 1).
        class_weights: one per class of the data set; None for all alike.
        counts: training samples per class of the data set.
    """

    options: Options
    smoothing: float = 0.0
    class_weights: tuple[float, ...] | None = None
    counts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Found:
    """What answers are read with.

    Attributes:
        targets: what is predicted.
        classes: of the data set that was trained on.
        fitted: as of :meth:`Objective.fit`.
    """

    targets: Targets
    classes: tuple[str, ...]
    fitted: tuple[float, ...] = ()


Match = Callable[[Sequence[str], Sequence[str]], Mapping[str, str]]
"""Which of the known names (the second) each of the first means; those that mean none lack."""


@dataclass(frozen=True)
class Matched:
    """What the classes of other data mean to a model.

    Attributes:
        found: what its answers to these data are read with: its own classes stand first.
        labels: for each class of the data, its index into the classes of ``found``; None where the
            model knows nothing of it.
        unknown: for each class of the data, the names in it that the model does not know.
        renamed: names in the data that the model calls otherwise, with its own.
    """

    found: Found
    labels: tuple[int | None, ...]
    unknown: tuple[tuple[str, ...], ...]
    renamed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Probe:
    """Something that a simple model of features can predict.

    Attributes:
        kind: ``classes``: ``wanted`` are indices of classes; ``label``: zeros and ones;
            ``number``.
        wanted: [N]; of classes, -1 where that is not known.
    """

    kind: Literal["classes", "label", "number"]
    wanted: np.ndarray


class Said(NamedTuple):
    """What a model says of one sample, in words, and its confidence in [0, 1]; None of numbers."""

    label: str
    confidence: float | None


class Needs(Protocol):
    """What an objective asks of a strategy: see :class:`.interfaces.plan.Strategy`."""

    @property
    def trains_plainly(self) -> bool:
        """Whether it trains one network on the labelled samples alone, by the loss alone."""


class Objective(Protocol):
    """What is predicted of each sample: how outputs are learnt, scored and read.

    A sample's label is an index K into the classes of its data set; ``targets`` says what each of
    them means. A model has O outputs for a sample; *wanted* is what the loss compares them with:
    rows of :meth:`table`.

    Attributes:
        key: how recipes and the command line call it.
        title: marked with ``N_``.
        summary: one sentence on what it is for, marked with ``N_``.
        options: its own options.
        curve: the figure that is followed while training, from sums over the samples.
        primary: the figure of the report.
        balances: whether the classes of the data set can be balanced, by weights or by how often
            they are shown: they are the answers themselves.
        smooths: whether the loss knows label smoothing.
        fits: whether :meth:`fit` chooses anything.
        confident: whether it says how sure it is.
        several: whether a prediction is of several parts, which are shown beside it: not one class,
            whose runners-up are shown, nor a number, which is the prediction.
        probe: the figure by which a simple model of features is measured; higher is better.
        modalities: keys of those whose samples it can be learnt from; every one where empty.
        places: whether what is wanted are places in a sample, which move with it: augmentation
            then gets both, and rows of :meth:`table` are boxes [M, 5] (what it is, or -1 of none;
            left, top, right and bottom as shares of the sample's width and height).
        strangers: whether the features of a sample tell whether it is unlike the training samples.
        adds_up: whether the figure of :attr:`curve` can be had from sums over batches; else it is
            not told while an epoch is going on.
        fixed_input: input options that cannot be otherwise.
        usual: settings of the recipe that are left to the program, by their paths, where they are
            otherwise than :mod:`.small_data_defaults` has them.
        batch_size: samples of a step, where the recipe leaves it to the program.
        by_score: whether the best epoch is chosen by :attr:`curve` where the recipe leaves it to
            the program; else by the loss.
        continues: whether a new head begins with what it can use of that of the run that it begins
            with (:meth:`take_over`), where that predicts the same kind of thing.
        logs: what its loss tells of a step beside itself (:attr:`.nn.losses.Loss.logs`), in the
            order in which it is shown.
    """

    key: str
    title: str
    summary: str
    options: type[Options]
    curve: Score
    primary: Score
    balances: bool
    smooths: bool
    fits: bool
    confident: bool
    several: bool
    probe: Score
    modalities: ClassVar[tuple[str, ...]]
    places: ClassVar[bool]
    strangers: ClassVar[bool]
    adds_up: ClassVar[bool]
    fixed_input: ClassVar[Mapping[str, Any]]
    usual: ClassVar[Mapping[str, Any]]
    batch_size: ClassVar[int]
    by_score: ClassVar[bool]
    continues: ClassVar[bool]
    logs: ClassVar[tuple[Log, ...]]

    def obstacle(self, strategy: Needs) -> str:
        """The code of why it cannot be learnt with a strategy, empty where it can."""

    def backbone_obstacle(self, backbone: Backbone) -> str:
        """The code of why it cannot be learnt with a network, empty where it can."""

    def own_input(self, backbone: Backbone) -> dict[str, Any]:
        """Input options with which samples are looked at unless the recipe says otherwise,
        whatever the network has by itself."""

    def asked(self, backbone: Backbone, options: Mapping[str, Any]) -> dict[str, Any]:
        """The objective's options that a recipe asks for, with what a network brings along.

        Raises:
            UserError: it asks for something else.
        """

    def encoder(self, backbone: Backbone, shape: Sequence[int]) -> Backbone:
        """The network as its encoder is to be built for prepared samples of this shape: what it
        gives, and how long that is.

        Raises:
            UserError: samples of this shape will not do.
        """

    def pace(self, frozen: bool, steps: int) -> tuple[float, float]:
        """How many times the epochs, and the learning rate, that a strategy takes by itself.

        Args:
            frozen: whether nothing but the head is trained.
            steps: of an epoch.
        """

    def head(
        self,
        backbone: Backbone,
        targets: Targets,
        classes: int,
        options: HeadOptions,
        own: Options,
    ) -> torch.nn.Module:
        """New last layers: features [N, F] of the encoder, as of :meth:`encoder`, to outputs
        [N, O]. Where their loss is not one of outputs alone, they are
        :class:`.nn.taught.Taught`.

        Args:
            own: the objective's options, checked.
        """

    def take_over(
        self,
        head: torch.nn.Module,
        tensors: Mapping[str, torch.Tensor],
        targets: Targets,
        learnt: Targets,
    ) -> None:
        """Put into a new head what it can use of that of the run it begins with.

        Args:
            tensors: the checkpoint of that run, by name.
            learnt: what that run predicts.
        """

    def taken_over(
        self, names: Collection[str], targets: Targets, learnt: Targets, own: Options
    ) -> tuple[str, dict[str, Any]]:
        """The code of what is said of it, and more values.

        Args:
            names: of the tensors.
        """

    def answered(self, targets: Targets, classes: int) -> int:
        """How many numbers :meth:`answers` says of a sample."""

    def kept(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets, own: Options
    ) -> torch.Tensor:
        """What is kept [N, S] of the outputs [N, O] of a batch until all validation samples were
        looked at, for :meth:`validation_loss` and :meth:`scored`: the outputs, unless they are too
        long to be held of all samples at once."""

    def decided(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """The same of samples that measure a finished model, for :meth:`settled`."""

    def settled(self, decided: torch.Tensor, targets: Targets) -> torch.Tensor:
        """:meth:`answers` of the outputs of which :meth:`decided` kept this, in double
        precision."""

    def scored(self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets) -> float:
        """The figure of :attr:`curve` for all the samples that it is of.

        Args:
            outputs: what :meth:`kept` keeps of them [N, S].
        """

    def counted(self, targets: Targets, classes: int) -> str:
        """What there is to be told apart, for people: ``10 classes``, ``a number in kg``."""

    def outputs(self, targets: Targets, classes: int) -> int:
        """O; ``classes`` is how many the data set has. Of places, how many things are told apart:
        how many outputs there are then depends on the network."""

    def width(self, backbone: Backbone, targets: Targets, classes: int, own: Options) -> int:
        """How many outputs a whole network has, also of places.

        Args:
            backbone: as of :meth:`encoder`.
            own: the objective's options, checked.
        """

    def output_names(self, targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
        """What each output stands for [O]."""

    def table(self, targets: Targets, classes: int) -> torch.Tensor:
        """What is wanted for each class of the data set [K, ...]."""

    def loss(self, targets: Targets, settings: LossSettings) -> torch.nn.Module:
        """Its ``forward(outputs [N, O], wanted)`` returns a scalar to minimise."""

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> float:
        """The loss without smoothing or weights; ``outputs`` as of :meth:`scored`."""

    def soften(self, wanted: torch.Tensor, targets: Targets, classes: int) -> torch.Tensor:
        """``wanted`` as floats [N, S] of which weighted means mean something (mixup), which the
        loss takes as well."""

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        """Sums over these samples, of which :meth:`rate` makes the figure of :attr:`curve`."""

    def rate(self, tally: Sequence[float], samples: int) -> float:
        """The figure of :attr:`curve`; 0 without samples.

        Args:
            tally: sums over the batches.
        """

    def calibrate(
        self, outputs: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        """The temperatures of outputs [N, O] of validation samples, as of
        :mod:`transfergui.core.figures.temperature`; none where nothing is a probability, or the
        samples are too few."""

    def energy(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """The energy [N] of outputs [N, O], exportable: high where none of the answers is likely;
        zeros where that means nothing."""

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """What a model says [N, :meth:`answered`]: probabilities, or numbers in their unit;
        differentiable and exportable."""

    def evidence(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """What speaks for each output [N, O], without end where :meth:`answers` come near to
        certainty: log-odds; of numbers, how far above the average they are. Differentiable."""

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        """The outputs [N, O] of which :meth:`answers` makes the mean of the members' answers."""

    def exports(self, found: Found) -> dict[str, tuple[str, ...]]:
        """What an exported model answers: the names of its outputs, and what each column of one
        stands for. The outputs [N, O] themselves follow as :data:`LOGITS`."""

    def exported(self, outputs: torch.Tensor, found: Found) -> tuple[torch.Tensor, ...]:
        """The outputs of :meth:`exports` in their order, each [N, ...]; exportable."""

    def complete(self, proto: onnx.ModelProto) -> None:
        """Put behind the graph of an ONNX file, which ends in :meth:`exported`, what PyTorch's
        graphs cannot say; its outputs are then those of :meth:`exports`."""

    def read_back(self, rows: np.ndarray, found: Found) -> np.ndarray:
        """The outputs of an exported model, flat and side by side [N, ...] in the order of
        :meth:`exports`, as :meth:`answers`."""

    def apart(self, wanted: np.ndarray, found: np.ndarray) -> tuple[float, float]:
        """How far the answers of two models are apart, and how far they may be, where both are to
        be the same."""

    def agreement(
        self, wanted: torch.Tensor, outputs: torch.Tensor, found: Found, close: float
    ) -> float:
        """The share of samples for which two models, with outputs [N, O], say the same.

        Args:
            close: how far outputs may be apart that count as the same number.
        """

    def chosen(self, targets: Targets, counts: Sequence[int]) -> dict[str, Any]:
        """What the program chooses for each of its options that can be left to it (``auto``), by
        name.

        Args:
            counts: training samples per class of the data set.
        """

    def compares_alone(self, options: Options) -> bool:
        """Whether each question is to be trained alone, too, to see whether learning them together
        helped."""

    def fit(
        self, answers: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        """What is chosen on the validation samples beside the weights, a threshold per label say;
        empty where nothing is.

        Args:
            answers: [N, O].
            labels: indices into the classes of the data set [N].
        """

    def drawn(self, answers: np.ndarray, found: Found) -> list[str]:
        """What is shown of samples with these answers while the training goes on, as texts that the
        window draws; empty where nothing is."""

    def thresholds(self, classes: int) -> int:
        """How many numbers :meth:`fit` chooses, for a model with so many classes, if any."""

    def said(self, answers: np.ndarray, found: Found) -> list[Said]:
        """What answers [N, O] come to."""

    def columns(self, found: Found) -> tuple[str, ...]:
        """The columns of a table of predictions behind path, label and confidence."""

    def cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        """The cells of one sample for :meth:`columns`, of its answers [O]."""

    def told_cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        """As :meth:`cells`, for people: without what is only kept to be looked at otherwise."""

    def error(self, row: PredictionRow, targets: Targets) -> float:
        """How wrong a row of predictions is, its cells those of :meth:`cells`; 0 where it is right.
        The worst stand first among the errors."""

    def matched(
        self, classes: Sequence[str], targets: Targets, found: Found, match: Match
    ) -> Matched:
        """What the classes of other data, which ``targets`` explains, mean to a model.

        Args:
            found: of the model; its classes are those that it was trained on, where these are
                known.

        Raises:
            UserError: ``evaluate.other_unit``: nothing can be compared.
        """

    def probes(self, labels: np.ndarray, targets: Targets) -> tuple[Probe, ...]:
        """What a simple model of features is to predict of samples with ``labels`` [N]."""

    def measure(
        self,
        answers: np.ndarray,
        labels: Sequence[int],
        found: Found,
        train_counts: Sequence[int] | None,
        circumstances: Circumstances,
    ) -> Report:
        """Compare answers [N, O] with the truth.

        Args:
            labels: indices into the classes of the data set [N].
            train_counts: training samples per class of the data set; None where unknown.
        """
