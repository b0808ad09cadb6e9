"""Finished trainings put together: which of them, and what comes of it.

See :mod:`transfergui.core.strategies.soup` for papers and formulas. Where all members share one
frozen network, it looks at every example once. BatchNorm's statistics are averaged as the
weights are, which is exact where they were kept while training, as they are by default.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import torch
from torch import Tensor, nn

from transfergui.core import plans
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.evaluation import joined_words
from transfergui.core.figures import metrics
from transfergui.core.networks import combined, planned
from transfergui.core.networks.planned import save_assets
from transfergui.core.nn import heads, state_dicts, strangers
from transfergui.core.nn.classifier import Classifier, classifier_of, count_parameters
from transfergui.core.nn.composite import NOTHING
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, Stopped
from transfergui.core.training import checkpoint, inference, precision, reporting
from transfergui.core.training.compute import Compute
from transfergui.core.training.data_pipeline import Sources
from transfergui.core.training.held_out import Looks
from transfergui.core.training.loaders import FileSource, UnreadableFiles
from transfergui.core.training.micro_batches import MicroBatches
from transfergui.core.training.precision import EXACT
from transfergui.core.training.progress_reporter import ProgressReporter
from transfergui.core.training.sample_cache import SampleCache
from transfergui.core.training.stops import Stops

if TYPE_CHECKING:
    from collections.abc import Callable

    from transfergui.core.data.dataset import Sample
    from transfergui.core.interfaces import networks
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.loaders import Source

State = dict[str, Tensor]
Looking = Generator[ev.Event, None, Tensor]
"""Events; returns what a network makes of the samples."""
ENCODER, HEAD = "encoder.", "head."
LESS_SURE = 1.05
"""From so many times the loss of the best member alone on, the whole is called less sure."""


class Score(NamedTuple):
    """On the validation samples; None where there are none."""

    accuracy: float | None = None
    loss: float | None = None


class Mixture(Protocol):
    """What members make together.

    Attributes:
        model: with a place for every tensor of it.
    """

    model: Classifier

    def logits(self, chosen: Sequence[int]) -> Looking:
        """Of the validation samples [N, classes], by those members together."""

    def state(self, chosen: Sequence[int]) -> State:
        """The tensors of those members together."""


def events(plan: Plan, run: Run, stops: Stops) -> Generator[ev.Event, None, None]:
    """Put the plan's members together in ``run``: events as of any training.

    An epoch is a member that was tried: its training figures are the member's own, its
    validation figures those of the mixture with it. One that was interrupted begins anew.
    """
    return _Soup(plan, run, stops).events()


def mean_state(states: Sequence[State]) -> State:
    """The mean of every tensor of fractions, in double precision; of others, the first."""
    return {name: _mean([state[name] for state in states]) for name in states[0]}


def side_by_side(states: Sequence[State]) -> State:
    """The tensors of an ensemble's members, where :class:`.heads.Voting` on a
    :class:`transfergui.core.nn.composite.Composite` looks for them."""
    places = ((ENCODER, "encoder.network"), (HEAD, "head.members"))
    return {
        f"{place}.{index}.{name.removeprefix(prefix)}": tensor
        for index, state in enumerate(states)
        for prefix, place in places
        for name, tensor in state.items()
        if name.startswith(prefix)
    }


def _mean(tensors: Sequence[Tensor]) -> Tensor:
    if not tensors[0].is_floating_point():
        return tensors[0]
    return torch.stack([tensor.double() for tensor in tensors]).mean(0).to(tensors[0].dtype)


class _Soup:
    """One soup in the making."""

    def __init__(self, plan: Plan, run: Run, stops: Stops) -> None:
        self.plan = plan
        self.run = run
        self.stops = stops
        self.began = time.monotonic()
        self.cache = SampleCache()
        self.unreadable = UnreadableFiles.of(plan.split)
        self.tried = 0
        self.kept: int | None = None
        self.own: dict[int, Score] = {}
        self.chosen: list[int] = []
        self.best = Score()
        self.joined = metrics.EnsembleSummary(count=0, of=0)

    def events(self) -> Generator[ev.Event, None, None]:
        with files.temporary_folder() as folder:  # for all members, not only those kept
            self.plan = save_assets(self.plan, folder)
            yield from self._events()

    def _events(self) -> Generator[ev.Event, None, None]:
        plan = self.plan
        planned.require_fit(plan)
        seen = plans.leaked(plan)
        _require_unseen(plan)
        self.micro_batches = MicroBatches(Compute(plan.recipe.run.device))
        self.device = self.micro_batches.compute.device
        self.progress = ProgressReporter(self.plan, self.device)
        states = [_state_of(member) for member in plan.members]
        yield reporting.started(plan, self.run, str(self.device), False, len(states))
        code = "soup.weights" if combined.averages(plan) else "soup.answers"
        yield ev.Notice(code=code, values={"count": len(states)})
        try:
            val = self._source(plan, plan.split.val)
            mixture = self._mixture(states, val)
            yield self._phase(mixture.model)
            outcome = yield from self._choose(mixture, val)
            self.stops.finishing()
            yield from self._told_whole()
            yield from self._conclude(mixture, outcome, seen)
        except Stopped as stop:
            if stop.how == "finish":
                yield ev.Notice(code="training.nothing_learnt", level="warning")
            yield self._finished("cancelled", None, {})

    def _source(self, plan: Plan, samples: tuple[Sample, ...]) -> FileSource:
        return FileSource(plan, samples, self.cache, self.unreadable)

    def _mixture(self, states: list[State], val: FileSource) -> Mixture:
        def look(network: nn.Module) -> Looking:
            return (yield from self._look(network, val, "validate"))[0]

        average = combined.averages(self.plan)
        model = classifier_of(self.plan)
        for each in states if average else [side_by_side(states)]:
            _check(model, each, self.plan)
        made: type[_Weights] | type[_Answers] = _Weights if average else _Answers
        merge = functools.partial(self.plan.objective.merged, targets=self.plan.split.targets)
        return made(model.to(self.device), states, look, self.micro_batches, merge)

    def _phase(self, model: Classifier) -> ev.PhaseStarted:
        epochs, (trainable, frozen) = len(self.plan.members), count_parameters(model)
        return ev.PhaseStarted(
            index=0,
            name=N_("Combine the runs"),
            epoch=0,
            epochs=epochs,
            trainable=0,
            frozen=trainable + frozen,
        )

    def _look(
        self,
        network: nn.Module,
        source: Source,
        stage: ev.Stage,
        rows: Sequence[int] | None = None,
        shrink: inference.Shrink = inference.whole,
    ) -> inference.Outputs:
        """What ``network`` makes [N, ...] of the samples that can be read, and their rows."""
        count = len(source.labels) if rows is None else len(rows)
        report = self.progress.begin_pass(stage, float(self.tried), count)
        network = precision.Frozen(network, EXACT, self.device)
        return (
            yield from inference.over(
                network, source, self.micro_batches, report, self.stops.check, rows, shrink
            )
        )

    # -- choosing

    def _choose(self, mixture: Mixture, val: FileSource) -> Generator[ev.Event, None, ev.Outcome]:
        """Find the members that are kept, :attr:`chosen`, the best first.

        Raises:
            Stopped: there is nothing to keep, or it is to be done again later.
        """
        try:
            for member in range(len(self.plan.members)):
                self.own[member] = yield from self._score(mixture, [member], val)
            for member in self._order():
                yield from self._join(mixture, val, member)
        except Stopped as stop:
            if stop.how == "cancel" or not self.own:
                raise
            if not self.chosen:
                yield from self._join(mixture, val, self._order()[0])
            return "stopped"
        return "done"

    def _order(self) -> list[int]:
        """The members whose own score is known, the best first."""
        own = self.own
        return sorted(own, key=lambda m: (-self._score_error(own[m]), own[m].loss or 0))

    def _score_error(self, score: Score) -> float:
        """The figure of :attr:`Objective.curve`, to be made larger."""
        return self.plan.objective.curve.worth(score.accuracy)

    def _join(
        self, mixture: Mixture, val: FileSource, member: int
    ) -> Generator[ev.Event, None, None]:
        """Keep ``member`` where the whole is not worse with it."""
        score = self.own[member]
        if self.chosen:
            score = yield from self._score(mixture, [*self.chosen, member], val)
        kept = self.best.accuracy is None or self._score_error(score) >= self._score_error(
            self.best
        )
        if kept:
            self.chosen, self.best = [*self.chosen, member], score
        yield from self._told(member, self.own[member], score, kept)

    def _score(
        self, mixture: Mixture, members: list[int], val: FileSource
    ) -> Generator[ev.Event, None, Score]:
        if not val.labels:
            return Score()
        logits = yield from mixture.logits(members)
        loss, accuracy = reporting.scored(self.plan, val.wanted[self._read(val)], logits)
        return Score(accuracy, loss)

    def _read(self, source: FileSource) -> list[int]:
        """The rows of the samples that could be read."""
        return [row for row, path in enumerate(source.paths) if path not in self.unreadable.paths]

    def _told(
        self, member: int, own: Score, score: Score, kept: bool
    ) -> Generator[ev.Event, None, None]:
        self.tried += 1
        source = self.plan.members[member]
        run = combined.run_of(source)
        learnt = run.history().best
        yield ev.Tried(
            backbone=str(run.path),
            title=_title(source.backbone.title, run),
            strategy=run.recipe.strategy,
            accuracy=own.accuracy,
            loss=own.loss,
            dropped="" if kept else "soup.worse",
        )
        yield ev.EpochEnded(
            epoch=self.tried,
            phase=0,
            train_loss=learnt.train_loss if learnt else 0.0,
            train_score=learnt.train_score if learnt else 0.0,
            val_loss=score.loss,
            val_score=score.accuracy,
            lr=0.0,
            seconds=time.monotonic() - self.began,
            best=kept,
        )
        self.kept = self.tried if kept else self.kept

    def _told_whole(self) -> Generator[ev.Event, None, None]:
        """What came of it on the validation samples: a row beside the members, and a sentence."""
        alone, score, count = self.own[self.chosen[0]], self.best, len(self.chosen)
        self.joined = metrics.EnsembleSummary(
            count=count,
            of=len(self.plan.members),
            together=score.accuracy,
            best=alone.accuracy,
            less_sure=(score.loss or 0.0) > LESS_SURE * (alone.loss or 0.0),
        )
        if count > 1:
            title = _("{count} runs combined").format(count=count)
            yield ev.Tried(
                backbone=str(self.run.path),
                title=title,
                strategy=self.plan.strategy.key,
                accuracy=score.accuracy,
                loss=score.loss,
            )
        targets = self.plan.split.targets
        note = joined_words.of_joined(self.joined, targets.objective, targets.unit)
        yield ev.Notice(note.code, note.values | {"noun": self.plan.modality.many}, note.level)

    # -- the end

    def _conclude(
        self, mixture: Mixture, outcome: ev.Outcome, seen: frozenset[str]
    ) -> Generator[ev.Event, None, None]:
        """Keep what the chosen members make together, and measure it."""
        chosen = self.chosen
        members = [self.plan.members[index] for index in chosen]
        plan = combined.combine(self.plan, members, average=combined.averages(self.plan))
        state = mixture.state(chosen)
        try:
            # not always what this training was said to begin with: members were left out
            plan = save_assets(plan, self.run.assets, keep=True)
        except OSError as error:
            raise files.not_written(self.run.path, error) from None
        self.run.adopt(plan.recipe)
        checkpoint.save_best(self.run.checkpoints, state)
        yield ev.Saved(kind="best", epoch=self.kept or 0)
        model = classifier_of(plan)
        state_dicts.load(model, state)
        figures = yield from self._report(plan, model.to(self.device).eval(), seen)
        yield self._finished(outcome, self.kept, figures)

    def _report(
        self, plan: Plan, model: Classifier, seen: frozenset[str]
    ) -> Generator[ev.Event, None, dict]:
        split = plan.split
        train, val, test = (self._source(plan, p) for p in (split.train, split.val, split.test))

        def look(source: Source) -> inference.Outputs:
            return self._look(model, source, "evaluate")

        def look_inside(
            source: Source, rows: Sequence[int], shrink: inference.Shrink = inference.whole
        ) -> inference.Outputs:
            network = strangers.Inside(model.encoder, model.head)
            return self._look(network, source, "evaluate", rows, shrink)

        looks, sources = Looks(look, look_inside), Sources(train, val, test)
        return (yield from reporting.tested(plan, self.run, looks, sources, seen, self.joined))

    def _finished(self, outcome: ev.Outcome, best: int | None, figures: dict) -> ev.Finished:
        return ev.Finished(
            outcome=outcome,
            epochs=self.tried,
            best_epoch=best,
            seconds=time.monotonic() - self.began,
            report=figures,
        )


class _Mixing:
    """What both kinds of mixture are made from.

    Args:
        model: with a place for every tensor of the mixture, to be filled.
        states: of the members.
        look: what a network makes of the validation samples.
        merge: the outputs of several models to those of all together.
    """

    def __init__(
        self,
        model: Classifier,
        states: list[State],
        look: Callable[[nn.Module], Looking],
        micro_batches: MicroBatches,
        merge: heads.Merge,
    ) -> None:
        self.model = model.eval()
        self._merge = merge
        self._states = states
        self._look = look
        self._micro_batches = micro_batches

    def _on_features(self, head: nn.Module, features: Tensor) -> Looking:
        """The outputs [N, O] of a head for features [N, F]."""
        head = precision.Frozen(head, EXACT, self._micro_batches.compute.device)
        return inference.forward(head, features, self._micro_batches)


class _Weights(_Mixing):
    """A soup: one network with the mean of the members' weights."""

    _features: Tensor | None = None

    @functools.cached_property
    def _shared(self) -> bool:
        return _same_encoder(self._states)

    def logits(self, chosen: Sequence[int]) -> Looking:
        state_dicts.load(self.model, self.state(chosen))
        if not self._shared:
            return (yield from self._look(self.model))
        if self._features is None:
            self._features = yield from self._look(self.model.encoder)
        return (yield from self._on_features(self.model.head, self._features))

    def state(self, chosen: Sequence[int]) -> State:
        return mean_state([self._states[index] for index in chosen])


class _Answers(_Mixing):
    """An ensemble: the mean of the members' answers."""

    _each: tuple[Tensor, ...] = ()

    def logits(self, chosen: Sequence[int]) -> Looking:
        if not self._each:
            self._each = yield from self._ask_each()
        return self._merge([self._each[index] for index in chosen])

    def state(self, chosen: Sequence[int]) -> State:
        if len(chosen) == 1:
            return self._states[chosen[0]]
        return side_by_side([self._states[index] for index in chosen])

    def _ask_each(self) -> Generator[ev.Event, None, tuple[Tensor, ...]]:
        """The outputs [N, O] of each member."""
        state_dicts.load(self.model, side_by_side(self._states))
        voting = self.model.head
        assert isinstance(voting, heads.Voting)
        features = yield from self._look(self.model.encoder)
        parts = features.split(voting.widths, 1)
        each = []
        for head, part in zip(voting.members, parts, strict=True):
            logits = yield from self._on_features(head, part)
            each.append(logits)
        return tuple(each)


def _check(model: Classifier, state: State, plan: Plan) -> None:
    """Insist that ``state`` fits ``model`` exactly.

    Raises:
        UserError: ``weights.misfit``, ``weights.not_finite``.
    """
    path = plan.members[0].weights
    assert path is not None
    state_dicts.check(model.state_dict(), state, path, plan.backbone.title, NOTHING)


def _same_encoder(states: list[State]) -> bool:
    """Whether they differ in the head alone."""
    first, *others = states
    names = [name for name in first if not name.startswith(HEAD)]
    return all(torch.equal(first[name], other[name]) for name in names for other in others)


def _state_of(member: networks.Source) -> State:
    """The tensors of a finished run.

    Raises:
        UserError: a ``weights.`` code.
    """
    assert member.weights is not None
    return state_dicts.read(member.weights, member.weights.stat().st_size)


def _require_unseen(plan: Plan) -> None:
    """Insist that no member learnt from what measures or chooses here.

    What chose the best epoch of a member may choose among the members too.

    Raises:
        UserError: ``soup.learnt``.
    """
    here = plan.split
    val, test = here.files(here.val), here.files(here.test)
    for member in plan.members:
        run = combined.run_of(member)
        split = run.split
        known = (split.files(split.train) & (val | test)) | (split.files(split.val) & test)
        if known:
            values = {"path": str(run.path), "count": len(known), "seed": split.seed}
            raise UserError("soup.learnt", **values)


def _title(network: str, run: Run) -> str:
    """``11:05:33 · MobileNetV2``: members may differ in nothing but when they began."""
    return f"{time.strftime('%H:%M:%S', time.localtime(run.began))} · {network}"
