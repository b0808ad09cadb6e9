"""What is learnt from, how knowledge is carried over, and the plan of a training.

They stand in one file because they name each other: a plan holds a modality and a strategy, whose
hooks take plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options
from transfergui.core.data.companions import Role
from transfergui.core.data.dataset import DataOptions, Dataset, Problem
from transfergui.core.data.likeness import Likeness
from transfergui.core.data.properties import Fault, Framing, Property, Value
from transfergui.core.data.targets import Targets
from transfergui.core.figures.metrics import Baseline
from transfergui.core.interfaces.capture import Device
from transfergui.core.interfaces.choices import BackboneChoice, SettingChoice
from transfergui.core.interfaces.logs import Log
from transfergui.core.interfaces.networks import ONE, Backbone, Networks, Source, WeightState
from transfergui.core.interfaces.objective import Objective
from transfergui.core.interfaces.phase import Phase, PhaseSettings
from transfergui.core.interfaces.samples import Augmented, Preview

if TYPE_CHECKING:
    import numpy as np
    import torch

    from transfergui.core.data.rows import OwnRow
    from transfergui.core.data.split import Split
    from transfergui.core.figures.borrowing import Labelled, Lent
    from transfergui.core.recipe import Recipe


ScanProgress = Callable[[int], None]
"""Called now and then with the number of files seen; raises to cancel the scan."""


class Modality(Protocol):
    """Everything the engine and the window need to know about one kind of data.

    Attributes:
        data_options: how the data are read; one whose choices are found in the data is a text
            with ``chooser="found"``.
        patterns: of the files that it looks for, as a file dialog wants them.
        patterns_on_request: of those that it reads only where an option says so.
        reading: names of the input options that say how a file is read (which column, say), not
            what the network sees: other data may need other ones.
        tables: whether a table of rows (CSV, ...) holds the samples themselves, not names of files.
        typed: the ending of a file for a sample that was typed or pasted as words; empty where
            samples cannot be typed.
        icon: of ``resources/icons``, where no sample is shown.
        recommended: key of the network that is worth its download where only a poorer one is there.
        prepared: what :meth:`prepare` returns, in words for those who use an exported model.
        properties: what :meth:`measure` measures that people have a name for.
        faults: by which of these figures a sample is a bad example.
        likeness: how alike two samples are; None where the features of a backbone tell enough.
        device: what samples can be taken with; None where there is no such device.
    """

    key: str
    title: str
    one: str
    many: str
    data_options: type[Options]
    input_options: type[Options]
    augment_options: type[Options]
    augment_presets: Mapping[str, Options]
    patterns: tuple[str, ...]
    patterns_on_request: tuple[str, ...]
    reading: tuple[str, ...]
    tables: bool
    typed: str
    icon: str
    recommended: str
    prepared: str
    properties: tuple[Property, ...]
    faults: tuple[Fault, ...]
    likeness: Likeness | None
    device: Device | None

    def backbones(self) -> tuple[Backbone, ...]:
        """The rows, torch-free and fast."""

    def scan(self, options: DataOptions, progress: ScanProgress = ...) -> Dataset:
        """Read a folder, manifest or zip; bad files become problems, never exceptions.

        Raises:
            UserError: ``data.missing``, ``data.empty``: there is nothing to list.
        """

    def list_files(self, paths: Sequence[Path], input: Options) -> Iterator[Path]:
        """The samples to predict in ``paths``: folders walked, files cut into parts."""

    def own_row(self, path: Path, input: Options) -> OwnRow | None:
        """The row of a table that a sample is, with all its columns; None where it is a file, or
        cannot be read."""

    def data_for(self, input: Options) -> dict[str, Any]:
        """Data options with which data are read for a model that was trained with ``input``."""

    def check(self, path: Path) -> Problem | None:
        """What is wrong with one file, or None."""

    def extent(self, path: Path) -> tuple[int, int] | None:
        """Width and height of the upright picture that a sample is, in pixels; None of others, and
        of what cannot be read."""

    def digest(self, path: Path, input: Options) -> str:
        """32 hex digits over the content of one sample, as far as it was read with ``input``.

        Raises:
            OSError: the file is gone.
        """

    def copies(
        self,
        own: Sequence[Path],
        others: Sequence[Path],
        input: Options,
        check_cancelled: Callable[[], object],
    ) -> list[tuple[int, int]] | None:
        """Indices (own, other) of samples that are the same, saved again or hardly changed, as far
        as their files tell; None where there are too many. Files that cannot be read are like
        nothing."""

    def load(self, path: Path, input: Options) -> torch.Tensor:
        """Decode one sample to what is cached and augmented: for pictures uint8 [3, H, W].

        Raises:
            UserError: the file cannot be read; the code says why.
        """

    def prepare(self, loaded: torch.Tensor, input: Options) -> torch.Tensor:
        """What the network sees without augmentation: for pictures float [3, S, S] in [0, 1]."""

    def tokens(self, input: Options) -> tuple[int, int | None] | None:
        """Of samples that are prepared as numbers of tokens: the one that fills them up, and the
        one of whatever has no token, if any; None of other samples."""

    def prediction_warning(self, prepared: torch.Tensor, input: Options) -> Note | None:
        """Why an answer for what :meth:`prepare` returned means little; None where that is not
        known."""

    def file_warning(self, path: Path, input: Options) -> Note | None:
        """The same by what the file itself shows: damage inside, values beyond those trained on."""

    def measure(self, path: Path, input: Options) -> dict[str, Value]:
        """What can be measured of a sample without knowing what it shows, by the keys of
        ``properties`` and ``faults``; torch-free and quick.

        Raises:
            UserError: the file cannot be read.
        """

    def framing(self, columns: Mapping[str, np.ndarray], input: Options) -> Iterable[Framing]:
        """What samples lose when they are brought to the network's size, where that is much.

        Args:
            columns: what :meth:`measure` measured of the samples, by key [N].
        """

    def input_shape(self, input: Options) -> tuple[int, ...]:
        """The shape of one prepared sample."""

    def example(self, input: Options) -> torch.Tensor:
        """Two prepared samples of no meaning, to trace an export with."""

    def augment(
        self,
        loaded: Sequence[torch.Tensor],
        input: Options,
        options: Options,
        rngs: Sequence[np.random.Generator],
        device: torch.device,
        places: torch.Tensor | None = None,
    ) -> Augmented:
        """Like :meth:`prepare`, randomly changed, for a whole batch: [N, ...], on ``device``.

        What becomes of a sample does not depend on the others.

        Args:
            rngs: one for each sample, from which all its randomness comes.
            device: where the network is trained; what is worth it is computed there.
            places: boxes [N, M, 5], which move with the samples; None where nothing does. See
                :attr:`.objective.Objective.places`.
        """

    def mixes(self, options: Options) -> bool:
        """Whether :meth:`mix` does anything with these options."""

    def unmeant(self, places: bool) -> tuple[str, ...]:
        """The names of those options of augmentation that mean nothing where targets are
        ``places``, or are not; 0 turns each off."""

    def idle(self, input: Options) -> tuple[str, ...]:
        """The names of input options that have no effect, by what the others are."""

    def mix(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        options: Options,
        rng: np.random.Generator,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Change a batch as a whole (mixup, cutmix): inputs [N, ...], soft targets [N, classes]; or
        (mosaic) places [N, M, 5]."""

    def input_limits(self, backbone: Backbone, input: Options) -> dict[str, int]:
        """The largest values that the network can work with, of input options that have such."""

    def require_fit(self, backbone: Backbone, input: Options, augment: Options) -> None:
        """Insist that the network takes whatever :meth:`mix` makes of prepared inputs.

        Raises:
            UserError: it does not; the code says why.
        """

    def fused(self, inputs: Sequence[Options]) -> tuple[Options, tuple[Options, ...]]:
        """How one prepared sample serves several networks at once.

        Args:
            inputs: with which each of them would look at it alone; the first one counts most.

        Returns:
            the options with which the sample is prepared, and those that each network then works
            with. Where two of these have another :meth:`input_shape`, what was prepared is a
            picture, and is resized inside the network.

        Raises:
            UserError: ``fusion.`` codes: no sample serves them all.
        """

    def beside(self, backbone: Backbone, weights: Path | None) -> dict[str, Any]:
        """Input options that are found with the weights: for texts, where the tokenizer is."""

    def from_path(self, path: Path) -> Source | None:
        """The network at ``path``, which is no run; None where it is none of a kind of its own.

        Raises:
            UserError: it is one, but cannot be used.
        """

    def save_assets(self, plan: Plan, folder: Path) -> None:
        """Put into ``folder`` what reading samples and building the network need beside the
        options: a tokenizer, a vocabulary. A run and what is exported from it keep it.

        Raises:
            UserError: it cannot be made.
            OSError: ``folder`` cannot be written.
        """

    def baselines(self, plan: Plan) -> tuple[Baseline, ...]:
        """Simple methods to compare a training with, measured on its test samples."""

    def notes(self, plan: Plan, searched: bool) -> Iterable[Note]:
        """What the user should know before the training begins.

        Args:
            searched: whether other networks were tried on these data, and did no better.
        """

    def build(self, backbone: Backbone, weights: Path | None, input: Options) -> torch.nn.Module:
        """The encoder: prepared batch [N, ...] to features [N, ``backbone.features``].

        Normalisation is inside, so that exports carry it; a weights file names the
        tensors of its submodule ``network``. In train mode an
        encoder may return a tuple (features, auxiliary features); its
        ``aux_features`` is then their length, otherwise 0.

        Raises:
            UserError: the weights do not fit; the code says what does not.
        """

    def shown(self, prepared: torch.Tensor, input: Options) -> Preview:
        """What :meth:`prepare` or :meth:`augment` made, as the network gets it."""

    def without(self, prepared: torch.Tensor, hidden: np.ndarray, input: Options) -> torch.Tensor:
        """A prepared sample with a part of it made to hold nothing.

        Args:
            hidden: bool; for pictures and sounds [h, w], stretched over them (for sounds low tones
                and the beginning first), for texts [T].
        """

    def units(self, path: Path, input: Options) -> np.ndarray | None:
        """Which places of a prepared sample belong together, int [T], -1 for those that stand for
        nothing of it; None where there are no such places.

        Raises:
            UserError: the file cannot be read.
        """

    def explained(
        self, path: Path, prepared: torch.Tensor, heat: np.ndarray, hot: np.ndarray, input: Options
    ) -> Preview:
        """A sample with what a prediction rests on.

        Args:
            heat: [h, w] or [T] as of :meth:`without`; at most 1.
            hot: what of it counts most, bool, of the same shape or finer.

        Raises:
            UserError: the file cannot be read.
        """

    def preview(self, path: Path, input: Options, large: bool = False) -> Preview:
        """A sample as the user knows it, decoded small; torch-free.

        Args:
            large: with the detail that is seen when one zooms in, where there is such.

        Raises:
            UserError: the file cannot be read.
        """


def any_backbone(backbone: Backbone) -> str:
    """As :attr:`Strategy.obstacle`: every network will do."""
    return ""


def always_pretrained(options: Options) -> bool:
    """As :attr:`Strategy.starts_pretrained`."""
    return True


def nothing_chosen(plan: Plan, networks: Networks) -> dict[str, Any]:
    """As :attr:`Strategy.chosen`: no option can be left to the program."""
    return {}


Align = Callable[["torch.Tensor"], "torch.Tensor"]
"""Features [..., F] to features [..., F]."""

Weigh = Callable[[Options, "Labelled", "Labelled"], "Lent"]
"""Of a strategy's options, one's own training samples and the source's: how much each of the latter
counts."""

Procedure = Literal["train", "search", "combine", "adapt"]
"""What a run does: trains the phases of a strategy, searches for a network and a strategy first, or
combines finished runs."""


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """One way of carrying knowledge over; a row of the registry. Free of torch.

    Attributes:
        key: how recipes and the command line call it.
        title: marked with ``N_``.
        summary: one sentence that says when it is the right one, marked with ``N_``.
        options: its own options.
        cost: beside the other strategies, a coarse class for people: 1 (quick) to 3 (slowest).
            How long it takes depends on the data and the network; that is estimated.
        preset: the augmentation preset where the user chose none.
        compact: whether it is for a small network: one is then taken where the user chose
            none, not the most accurate one.
        procedure: what a run of it does.
        needs: the other data without which it cannot work.
        uses: other data that it makes use of where there are some.
        modalities: keys of those whose samples it works with; every one where empty.
        epochs: where the user chose none, of the phases whose epochs are open to choice.
        lr: the same of the learning rate.
        obstacle: the code of why it cannot work with a network, empty where it can.
        starts_pretrained: whether the backbone begins with pretrained weights.
        phases: the phases, in order; none where nothing is trained by it.
        task: wraps a model and its loss in a module whose ``forward(inputs, targets)`` returns
            :class:`transfergui.core.nn.losses.Loss`; None for that loss alone. In a phase with a
            teacher, its features [N, F] are the third argument; of each of the phase's streams the
            inputs [M, ...] follow, of labelled ones the targets behind them. What the module holds
            beside the model is trained too, and forgotten at the end.
        pretext: the same for phases that go through samples without labels: wraps a model in a
            module (:class:`transfergui.core.nn.pretext.Pretext`) whose ``forward(inputs, ...)``
            looks at no targets. Afterwards only the backbone is kept.
        logs: what the task tells of its steps beside the loss, in the order in which it is shown.
        align: of a frozen backbone's features of the training samples [N, F] and of the target's
            [M, F], the map that brings the former to the latter; training and validation samples
            are then seen through it. None for none.
        weigh: of one that borrows from sources: see :data:`Weigh`; their features are those of the
            backbone before it is trained. None for all samples alike.
        discards: whether these weights only fall from 1, so that it can be counted which samples
            kept theirs; else their mean is 1.
        sharpens: whether its training makes predictions for the target more certain by what it
            minimises: that they become so then shows little.
        plain: of one that adapts to a target, or borrows from sources: the recipe of the same
            training without them, beside which the model must stand. None for others.
        gather: of a strategy that trains, or makes, a network of several, which its options name:
            the plan of the one network that the recipe's backbone names becomes one for all of
            them. What is left to the program is chosen there, and written into the recipe.
            Raises :class:`~transfergui.core.base.errors.UserError` where they do not go together.
        chosen: what the program chooses for each option that can be left to it (None, ``auto``, or
            missing in a mapping), by name, after ``gather``.
    """

    key: str
    title: str
    summary: str
    options: type[Options]
    cost: int
    preset: str
    compact: bool = False
    procedure: Procedure = "train"
    needs: tuple[Role, ...] = ()
    uses: tuple[Role, ...] = ()
    modalities: tuple[str, ...] = ()
    epochs: int = 0
    lr: float = 0.0
    obstacle: Callable[[Backbone], str] = any_backbone
    starts_pretrained: Callable[[Options], bool] = always_pretrained
    phases: Callable[[PhaseSettings], tuple[Phase, ...]] = lambda settings: ()
    task: Callable[[torch.nn.Module, torch.nn.Module, Plan], torch.nn.Module] | None = None
    pretext: Callable[[torch.nn.Module, Plan], torch.nn.Module] | None = None
    logs: tuple[Log, ...] = ()
    align: Callable[[torch.Tensor, torch.Tensor], Align] | None = None
    weigh: Weigh | None = None
    discards: bool = False
    sharpens: bool = False
    plain: Callable[[Recipe], Recipe] | None = None
    gather: Callable[[Plan, Networks, Mapping[str, WeightState] | None], Plan] | None = None
    chosen: Callable[[Plan, Networks], Mapping[str, Any]] = nothing_chosen

    def fits(self, modality: str) -> bool:
        """Whether it works with samples of the modality with this key."""
        return not self.modalities or modality in self.modalities

    @property
    def trains_plainly(self) -> bool:
        """Whether it trains one network on the labelled samples alone, by the loss alone."""
        more = self.needs or self.task or self.pretext or self.gather or self.align or self.weigh
        return self.procedure == "train" and not more


@dataclass(frozen=True)
class Plan:
    """A recipe with everything that it names looked up, and every default a value.

    :func:`transfergui.core.resolve.resolve` makes it. Plain data: what is to be known of it beside
    is a function of :mod:`transfergui.core.plans`.

    Attributes:
        recipe: complete: what it left to the program is written into it.
        options: the strategy's options, checked.
        objective_options: the objective's, checked.
        input: the modality's input options, the backbone's defaults filled in.
        augment: the modality's augmentation options, checked.
        pretrained: whether the backbone begins with pretrained weights; one without parameters has
            none.
        class_weights: loss weight per class (mean 1 over the training samples), or None for all
            alike.
        weights: the file of the weights where no backbone key was named, else None.
        run: the run that these weights are of, if they are one's.
        learnt: what that run predicts, or a model package; one class of everything else.
        backbone_unchanged: whether that training, or a model package's, left its network as it was.
        choice: why this backbone, where the recipe left it to the program.
        members: the networks that the backbone is made of by this training: one for each of its
            parts, or, where it has none, those whose weights are averaged; empty where it is
            one network from the start.
        patience: epochs without improvement that are waited for.
        phases: of the training; none where it is yet to be found, or nothing is trained.
        automatic: what the program chooses for each setting that can be left to it, by its path in
            the recipe, whether it was left to it or not.
        resolved_defaults: those of them that were left to it because of how little data there are.
    """

    recipe: Recipe
    split: Split
    modality: Modality
    backbone: Backbone
    strategy: Strategy
    objective: Objective
    options: Options
    objective_options: Options
    input: Options
    augment: Options
    pretrained: bool
    class_weights: tuple[float, ...] | None = None
    weights: Path | None = None
    run: Path | None = None
    learnt: Targets = ONE
    backbone_unchanged: bool = False
    choice: BackboneChoice | None = None
    members: tuple[Source, ...] = ()
    patience: int = 0
    phases: tuple[Phase, ...] = ()
    automatic: Mapping[str, Any] = field(default_factory=dict)
    resolved_defaults: tuple[SettingChoice, ...] = ()
