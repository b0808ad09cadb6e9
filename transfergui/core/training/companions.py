"""Trainings beside a run, which show what its figure is worth: the same recipe with other seeds and
splits, and from scratch. Each is a run of its own in a folder of the run; one that was interrupted
goes on.

Several processes may train the repeats of one run, on one computer or on several that share a disk:
who holds the lock of a repeat trains it, and the others go on with the next one.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core import registry
from transfergui.core.base import locks
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import Tell, untold
from transfergui.core.data import split as splitting
from transfergui.core.data.dataset import Dataset
from transfergui.core.evaluation.baselines import PUBLISHED, SCRATCH, finished, folder
from transfergui.core.recipe import OptimOptions, Recipe, RunOptions
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import RECIPE, Run
from transfergui.core.training import overlaps

if TYPE_CHECKING:
    from transfergui.core.data.split import Split

FROM_SCRATCH = "from_scratch"
SEEDS, SPLITS = 3, 3
"""So many repeats on the same split, and on others, unless more are asked for."""
MOST = 100
"""Of each kind."""
STEPS = 100
"""Of the progress of one training: per cent."""
PAUSE = 1.0
"""Seconds between two looks at what other processes train."""
LOCK = "lock"
"""Ends the name of the lock of the process that makes and trains a run."""


def repeats(run: Run) -> dict[str, list[Run]]:
    """The repeats of a run that have ended, with another seed on the same split (``seed``) and on
    another one (``split``)."""
    return {
        kind: [found for n in range(MOST) if (found := finished(run, f"{kind}-{n + 1}"))]
        for kind in ("seed", "split")
    }


def can_repeat(recipe: Recipe) -> bool:
    """Whether a training of the recipe is one training, not a search or a combination."""
    return registry.strategy(recipe.strategy).procedure == "train"


def repeat(run: Run, tell: Tell = untold, count: int | None = None) -> None:
    """Train what is missing of the repeats; those that other processes train are waited for.

    Args:
        count: how many on the same split, and as many on others; by default :data:`SEEDS`.
        tell: may raise to end it; what is trained by then stays.

    Raises:
        UserError: a training fails.
    """
    recipe, split = run.recipe, run.split
    wanted = [*_wanted(recipe, split, count or SEEDS)]
    left = wanted
    while left:
        tried, left = left, []
        for at, (name, seed, parts) in enumerate(tried):
            if finished(run, name) is not None:
                continue
            told = _part(tell, len(wanted) - len(tried) + at - len(left), wanted)
            try:
                own = beside(recipe, split, parts)
                _train(run, name, recipe.replace(run__seed=seed), own, told)
            except UserError as error:
                if error.code != "run.busy":
                    raise
                left.append((name, seed, parts))
        if len(left) == len(tried):  # all are trained by others
            tell(STEPS * (len(wanted) - len(left)), STEPS * len(wanted))
            time.sleep(PAUSE)


def beside(recipe: Recipe, split: Split, parts: Split) -> Split:
    """``parts``, in which the samples of ``split`` were divided again, with the other data of
    ``split``: without what is in its validation and test set now."""
    others = split.companions
    if parts is split or not others:
        return parts
    plan = resolve(recipe, msgspec.structs.replace(parts, companions=others))
    return msgspec.structs.replace(parts, companions=tuple(overlaps.apart(plan, others)))


def _wanted(recipe: Recipe, split: Split, count: int) -> Iterator[tuple[str, int, Split]]:
    """Name, seed and split of each repeat, by turns."""
    first = recipe.run.seed
    others = divides(split)
    for n in range(1, count + 1):
        yield f"seed-{n}", first + n, split
        if others:
            yield f"split-{n}", first + n, divided_again(split, recipe.split, first + n)


def divides(split: Split) -> bool:
    """Whether the program divided the data, so that it can divide them in another way."""
    return split.method != "split.folders"


def divided_again(split: Split, options: splitting.SplitOptions, seed: int) -> Split:
    """The samples of ``split``, divided as another seed divides them.

    Raises:
        UserError: as of :func:`transfergui.core.data.split.split`.
    """
    samples = sorted((*split.train, *split.val, *split.test), key=lambda sample: sample.path)
    dataset = Dataset(
        source=Path(split.root),
        root=Path(split.root),
        modality=split.modality,
        classes=split.classes,
        samples=tuple(samples),
        input=split.input,
        languages=split.languages,
        targets=split.targets,
    )
    found = splitting.split(dataset, options, seed)
    kept = split.grouped_by if found.ungrouped is None else None
    return msgspec.structs.replace(found, grouped_by=kept)


def from_scratch(run: Run, tell: Tell = untold) -> Run:
    """Train the network of a run from random weights, on the same split.

    Raises:
        UserError: the training fails.
    """
    known = finished(run, SCRATCH)
    if known is not None:
        return known
    own = run.recipe
    recipe = msgspec.structs.replace(
        own,
        strategy=FROM_SCRATCH,
        backbone=resolve(own, run.split).backbone.key,
        options={},
        augment=None,
        optim=OptimOptions(balance=own.optim.balance),
        run=RunOptions(seed=own.run.seed, device=own.run.device),
    )
    return _train(run, SCRATCH, recipe, run.split, tell)


def published(run: Run, tell: Tell = untold) -> Run:
    """Train the recipe of a run that began with another run with the published weights of that
    backbone instead, on the same split.

    Raises:
        UserError: the training fails; ``weights.missing``.
    """
    known = finished(run, PUBLISHED)
    if known is not None:
        return known
    key = resolve(run.recipe, run.split).backbone.key
    return _train(run, PUBLISHED, run.recipe.replace(backbone=key), run.split, tell)


def _part(tell: Tell, number: int, wanted: Sequence[object]) -> Tell:
    """Tells of one of several."""

    def told(done: int, total: int) -> None:
        share = done / total if total else 0.0
        tell(int(STEPS * (number + share)), STEPS * len(wanted))

    return told


def _goes_on(run: Run) -> bool:
    """Whether a training that was interrupted is there; what is damaged begins anew."""
    with contextlib.suppress(UserError):
        if (run.path / RECIPE).is_file() and run.recipe and run.split:
            ended = run.history().outcome
            return not isinstance(ended, ev.Finished) or ended.outcome == "cancelled"
    return False


@contextlib.contextmanager
def _alone(run: Run, name: str) -> Iterator[None]:
    """Be the one that makes and trains the run of that name.

    Raises:
        UserError: ``run.busy``: another process is; ``run.not_writable``.
    """
    path = folder(run) / f"{name}.{LOCK}"
    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locks.held(path))
        except locks.Busy as busy:
            raise UserError("run.busy", **busy.holder.values) from None
        except OSError as error:
            reason = error.strerror or str(error)
            raise UserError("run.not_writable", path=str(run.path), reason=reason) from None
        yield


def _train(run: Run, name: str, recipe: Recipe, split: Split, tell: Tell) -> Run:
    """
    Raises:
        UserError: it fails; ``run.busy``: another process is at it.
    """
    from transfergui.core.training import start

    path = folder(run) / name
    with _alone(run, name):
        if (known := finished(run, name)) is not None:  # by another process, just now
            return known
        own = Run(path)
        if not _goes_on(own):
            shutil.rmtree(path, ignore_errors=True)
            own = Run.create(recipe, split, path)
        done = 0.0
        tell(0, STEPS)
        with contextlib.closing(start.train(resolve(own.recipe, own.split), own)) as events:
            for event in events:
                if isinstance(event, ev.Failed):
                    raise UserError(event.code, **event.values)
                if isinstance(event, ev.Progress):
                    done = max(done, min(1.0, event.share or 0.0))  # of its test, none is told
                    tell(int(STEPS * done), STEPS)
    return own
