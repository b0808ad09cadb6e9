"""What the session has done in worker threads: data scanned and divided, runs and weights read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from transfergui.core import registry
from transfergui.core.app import moved
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.base import archives
from transfergui.core.base.errors import UserError
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.data.split import Split, split
from transfergui.core.interfaces.networks import WeightState
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks import weights as weights_files
from transfergui.core.places import assignment as assignments
from transfergui.core.projects import after
from transfergui.core.recipe import Recipe
from transfergui.core.registry import named_in
from transfergui.core.resolve import left_open, require_own_tars, resolve, resume_plan
from transfergui.core.runs.history import History
from transfergui.core.runs.run import Run
from transfergui.core.runs.watching import Watch


@dataclass(frozen=True)
class Derived:
    """What follows from a scanned dataset and a recipe; one of ``split`` and ``error`` is None.

    Attributes:
        weights: where the weights of the modality's networks are, by key.
    """

    dataset: Dataset
    split: Split | None
    error: UserError | None
    weights: Mapping[str, WeightState]


@dataclass(frozen=True)
class Reopened:
    """A run with its data as they are now.

    Attributes:
        recipe: of the plan, leaving to the program what it would choose alike.
        same: whether the run may go on.
        only_follow: nothing is begun on another computer; what goes on there is followed.
    """

    run: Run
    plan: Plan
    recipe: Recipe
    history: History
    scanned: Dataset
    dataset: Dataset
    same: bool
    only_follow: bool = False


@dataclass(frozen=True)
class RunSettings:
    """Data, settings and corrections of a run.

    Attributes:
        fingerprint: of its data at that time.
    """

    recipe: Recipe
    fingerprint: str


def scan(
    modality: str | None, data: DataOptions, kept: str, report: Callable[[int], None]
) -> Dataset:
    """Scan without corrections: these are applied later, so that they can be undone.

    Args:
        modality: None where the data must tell.
        kept: as of :class:`transfergui.core.data.split.SplitOptions`.
    """
    from transfergui.core.app.detection import detect  # 60 modules: not before the window is seen
    from transfergui.core.projects import reading

    kind = registry.modality(modality or detect(Path(data.path)))
    return reading.scan(kind, data.uncorrected, kept, report)


def scan_sample(key: str, report: Callable[[int], None]) -> tuple[Recipe, Dataset]:
    recipe = samples.recipe_of(key)
    return recipe, scan(recipe.modality, recipe.data, "", report)


def derive(scanned: Dataset, recipe: Recipe) -> Derived:
    dataset, states = scanned, look(recipe)
    try:
        dataset = corrected(scanned, recipe.data)
        divided = split(dataset, recipe.split, recipe.run.seed)
        _count(dataset, divided)
        return Derived(dataset, divided, None, states)
    except UserError as error:
        _count(dataset, None)
        return Derived(dataset, None, error, states)


def _count(dataset: Dataset, divided: Split | None) -> None:
    """Count here, in a worker thread, what panels show of all samples: each is counted once."""
    dataset.files, dataset.counts(), dataset.fingerprint
    if divided is not None:
        divided.train_counts()


def look(recipe: Recipe) -> Mapping[str, WeightState]:
    rows = registry.modality(recipe.modality).backbones()
    return weights_files.states(rows, recipe.weights_dir)


def names_files(recipe: Recipe) -> bool:
    """Whether resolving ``recipe`` reads files that it names: a package of 400 MB is unpacked and
    hashed, which takes 2 s and more."""
    named = (recipe.backbone, *named_in(recipe.options))
    return any(weights_files.is_file_name(str(name)) for name in named)


def reopen(
    run: Run,
    changed: bool,
    places: Mapping[str, Path],
    only_follow: bool,
    report: Callable[[int], None],
) -> Reopened:
    """
    Args:
        changed: go on although files are gone or have changed.
        places: where other data that were moved are now, by their old places.
        only_follow: see :class:`Reopened`.
    """
    run.heed_stops()
    assignments.require_listed(run)
    moved.relocate(run, places)
    moved.require_places(run.split)
    follows = assignments.goes_on(run)  # with what was sent
    if not follows:
        require_own_tars(run)
    plan = resume_plan(run, True) if changed else resolve(run.recipe, run.split)
    data, kept = _answered(plan.recipe.data), plan.recipe.split.kept
    scanned = scan(plan.recipe.modality, data, kept, report)
    dataset = corrected(scanned, plan.recipe.data)
    _count(dataset, plan.split)
    same = changed or follows or dataset.fingerprint == plan.split.fingerprint
    recipe, history = left_open(plan), run.history()
    return Reopened(run, plan, recipe, history, scanned, dataset, same, only_follow)


def _answered(data: DataOptions) -> DataOptions:
    """``data`` of a run, whose classes are known: similar names that nobody was asked about are
    those of several."""
    from transfergui.core.reading.classes import class_names

    known = {class_names.OPTION: class_names.SEPARATE}
    return msgspec.structs.replace(data, options=known | data.options)


def settings_of(run: Run) -> RunSettings:
    """What a run was trained with, to be opened.

    Raises:
        UserError: ``run.data_missing``, or the run is damaged.
    """
    recipe = run.recipe
    if not archives.is_there(Path(recipe.data.path)):
        raise UserError("run.data_missing", path=recipe.data.path)
    return RunSettings(_to_open(recipe), run.split.fingerprint)


def settings_to_open(run: Run) -> RunSettings:
    """The same, leaving to the program what it would choose alike, as before the run was trained.

    Raises:
        UserError: as of :func:`settings_of`.
    """
    settings = settings_of(run)
    with contextlib.suppress(UserError):  # say a backbone is gone: a card says it
        recipe = left_open(resolve(run.recipe, run.split))
        return replace(settings, recipe=_to_open(recipe))
    return settings


def settings_as_they_were(run: Run) -> RunSettings:
    """The same for its data as they were: in the parts that they had, without what is new since."""
    recipe = settings_to_open(run).recipe
    kept = after.keeping(recipe, run)
    options = msgspec.structs.replace(kept.split, only_kept=True)
    return RunSettings(msgspec.structs.replace(kept, split=options), "")


def same_settings(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes have the same data, settings and corrections, whatever their names."""
    return _to_open(one) == _to_open(other)


def same_data(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes have the same data and corrections, whatever their settings."""
    return _answered(one.data) == _answered(other.data)


def _to_open(recipe: Recipe) -> Recipe:
    return msgspec.structs.replace(recipe, name="", data=_answered(recipe.data))


def read_run(path: Path) -> tuple[Run, History]:
    """
    Raises:
        UserError: what is wrong with it, if anything is.
    """
    run, history, _watch = open_run(path)
    return run, history


def open_run(path: Path) -> tuple[Run, History, Watch | None]:
    """A run, what it has told, and, where another process trains it now, what follows that.

    Raises:
        UserError: what is wrong with it, if anything is.
    """
    run = Run.open(path)
    registry.modality(run.recipe.modality)
    watch = Watch(run) if run.active() else None
    history = run.history() if watch is None else watch.history
    if history.started is not None:
        registry.modality(history.started.modality)
        registry.strategy(history.started.strategy)
    return run, history, watch
