"""``train``, ``resume`` and ``stop``: the engine's events, from a terminal."""

import argparse
import contextlib
import math
import os
import shlex
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from transfergui.cli import console, data, elsewhere, joining, progress
from transfergui.cli.machines import join, machines_of
from transfergui.cli.setting_names import spelt_out
from transfergui.cli.settings import PROCESSES, kept_split, recipe_from
from transfergui.core import plans
from transfergui.core import resolve as planning
from transfergui.core.app import moved
from transfergui.core.app.companions import with_companions
from transfergui.core.base import imports
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, comma_list, duration, ngettext, paragraph
from transfergui.core.base.progress import untold
from transfergui.core.data import split as splitting
from transfergui.core.data import versions
from transfergui.core.data.companions import ROLES
from transfergui.core.data.split import Split
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.interfaces.plan import Plan
from transfergui.core.places import assignment as assignments
from transfergui.core.places import place as places
from transfergui.core.processes.seat import Machines
from transfergui.core.recipe import Recipe
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, Stop
from transfergui.core.search_options import SearchOptions

if TYPE_CHECKING:
    from transfergui.core.evaluation.kinds import Shown
    from transfergui.core.views.result import Result

Events = Generator[ev.Event, None, None]
SHOWN = 5
"""Problems of other data that are named."""
NO_SAMPLES = Split("", "", (), (), (), (), 0, "")
"""To check a recipe before a long scan."""


def train(arguments: argparse.Namespace) -> None:
    """``transfergui train DATA ...``."""
    _refuse_torchrun()
    machines = machines_of(arguments)
    if machines is not None and arguments.on:
        raise UserError("place.machines")
    if machines is not None and machines.number:
        join(machines, vars(arguments)[PROCESSES] or 1)
        return
    recipe = recipe_from(arguments)
    place = places.find(arguments.on) if arguments.on else None
    plan = prepare(recipe, arguments.corrections, kept_split(arguments))
    say_choice(plan)
    _say_checks(plan)
    provide_weights(plan, arguments.download)
    if place is not None:
        elsewhere.say_cargo(plan, place)
    elif plan.recipe.run.device not in ("auto", "cpu"):  # before a run is made that cannot begin
        from transfergui.core.training import devices

        devices.find(plan.recipe.run.device)
    run = Run.create(plan.recipe, plan.split, arguments.out and arguments.out.absolute())
    run.heed_stops()
    if place is not None:
        assignments.assign(run, place)
    follow(plan, run, machines, new=True)


def resume(arguments: argparse.Namespace) -> None:
    """``transfergui resume RUN``."""
    _refuse_torchrun()
    if arguments.join:
        joining.join(arguments)
        return
    machines = machines_of(arguments)
    run = Run.open(arguments.run)
    if machines is not None and assignments.is_elsewhere(run):
        raise UserError("place.machines")
    run.heed_stops()
    assignments.require_listed(run)
    moved.relocate(run, {old: Path(new) for old, new in arguments.moved})
    if not (arguments.accept_changes or assignments.goes_on(run)):
        moved.require_places(run.split)
    with imports.beside(*imports.TRAINING):
        if assignments.goes_on(run):
            plan = planning.resolve(run.recipe, run.split)
        else:
            plan = planning.resume_plan(run, arguments.accept_changes)
    plan = _by_processes(plan, run, vars(arguments)[PROCESSES])
    provide_weights(plan, arguments.download)
    follow(plan, run, machines)


def _refuse_torchrun() -> None:
    """
    Raises:
        UserError: ``processes.torchrun``: each of several processes would make the same run.
    """
    if "TORCHELASTIC_RUN_ID" in os.environ:
        raise UserError("processes.torchrun")


def _by_processes(plan: Plan, run: Run, count: int | None) -> Plan:
    """``plan`` by another number of processes, which the run remembers; None for as many as before.

    Raises:
        UserError: ``run.busy``; as of :func:`transfergui.core.requirements.divisible`.
    """
    if count is None or count == plan.recipe.run.processes:
        return plan
    plan = planning.resolve(plan.recipe.replace(run__processes=count), plan.split)
    with run.claimed():
        run.adopt(plan.recipe)
    return plan


def stop(arguments: argparse.Namespace) -> None:
    """``transfergui stop RUN [--cancel]``.

    Raises:
        UserError: ``run.missing``; ``run.idle``: nobody trains it.
    """
    run = Run.open(arguments.run)
    how: Stop = "cancel" if arguments.cancel else "finish"
    assigned, active = assignments.of(run), run.active()
    if assigned is None and not active:
        raise UserError("run.idle", path=str(arguments.run))
    if assigned is not None and (assigned.begun or not active):
        try:
            elsewhere.request_stop(run, assigned, how)
        except UserError:
            if not active:  # else who follows it here tries until it is reached
                raise
    if active:
        run.request_stop(how)
    say_stopping(arguments.cancel)


def say_stopping(pauses: bool) -> None:
    """What becomes of a training that was asked to end."""
    console.say(
        _("Training pauses after the current step. Resume it later.")
        if pauses
        else _("Training stops after the current step. The best model so far is kept and tested.")
    )


# -- the plan


def prepare(
    recipe: Recipe, use_corrections: bool | None = None, known: Split | None = None
) -> Plan:
    """Scan and divide the data, and check the recipe, before and after.

    Args:
        use_corrections: those that were saved in the window; None: nothing is said of them.
        known: the data as a finished run keeps them; they are not scanned then, and may be gone.

    Raises:
        UserError: what the recipe or the data deserve.
    """
    planning.resolve(recipe, NO_SAMPLES)
    with imports.beside(*imports.TRAINING):
        if known is not None:
            return _beside(planning.resolve(recipe, known))
        return _prepare(recipe, use_corrections)


def _prepare(recipe: Recipe, use_corrections: bool | None) -> Plan:
    if use_corrections is None:
        dataset = data.read(recipe.modality, recipe.data, recipe.split.kept)
    else:
        recipe, dataset = data.read_corrected(recipe, use_corrections)
    data.say_chosen(dataset)
    left_out = sum(p.values.get("count", 1) for p in dataset.problems if p.left_out)
    if left_out:
        text = _("{count} left out of the data; `transfergui scan` says which and why")
        console.say(text.format(count=left_out))
    plan = planning.resolve(recipe, splitting.split(dataset, recipe.split, recipe.run.seed))
    for row in data.new_examples(plan.recipe, dataset, plan.split):
        console.say(str(row["sentence"]))
    return _beside(plan)


def _beside(plan: Plan) -> Plan:
    """``plan`` with the other data that it names, of which is said what they are."""
    plan = with_companions(plan)
    for each in plan.split.companions:
        left_out = sum(p.values.get("count", 1) for p in each.problems if p.left_out)
        text = _("{role}: {amount} ({path}); {left_out} left out.")
        console.say(
            text.format(
                role=_(ROLES[each.role].title),
                amount=data.amount(plan.modality, len(each.samples), each.files),
                path=each.path,
                left_out=left_out,
            )
        )
        if each.problems:
            told = list(dict.fromkeys(p.sentence() for p in each.problems))
            more = len(told) - SHOWN
            if more > 0:
                text = ngettext("And {count} more.", "And {count} more.", more)
                told[SHOWN:] = [text.format(count=more)]
            console.say(paragraph(told))
    if (few := plans.too_few_to_adapt_to(plan)) is not None:  # before a run is made
        raise few
    return plan


def say_choice(plan: Plan) -> None:
    """Where the program chose the backbone: which, why, and what would be better."""
    if plan.choice is None:
        return
    if isinstance(plan.options, SearchOptions):
        console.say(_bounds(60 * plan.options.budget))
        return
    chosen, better = plan.choice.backbone, plan.choice.better
    text = _("Backbone: {title} (--backbone {key}). {why}")
    parts = [text.format(title=chosen.title, key=chosen.key, why=plan.choice.why.sentence())]
    if better is not None:
        offer = _(
            "{title} is usually more accurate: --backbone {key} --download gets it ({size} MB)."
        )
        size = round(better.download_bytes / 1e6)
        parts.append(offer.format(title=better.title, key=better.key, size=size))
    console.say(paragraph(parts))


def _say_checks(plan: Plan) -> None:
    """Which checks of these data found problems, if that is known. They are not run here: a
    training waits for nothing that was not asked for, and its report says if there were none."""
    from transfergui.core.evaluation import data_checks

    found = data_checks.known(versions.version_of(plan.split))
    if found is not None and found.problems:
        text = _("Checks of these data found problems: {names}. Details: `transfergui check`.")
        console.say(text.format(names=comma_list(found.problems)))


def _bounds(seconds: float) -> str:
    """How long a search goes on."""
    if math.isinf(seconds):
        return _(
            "Backbones and strategies are tried until all promising ones are done. The best on the "
            "validation set is kept."
        )
    text = _(
        "Backbones and strategies are tried for up to {time}. The best on the validation set is "
        "kept."
    )
    return text.format(time=duration(seconds))


def provide_weights(plan: Plan, download: bool) -> None:
    """Download the pretrained weights that are not there, if that is wanted.

    Args:
        download: without asking.

    Raises:
        UserError: ``weights.missing``, or why the download failed.
    """
    from transfergui.core.networks import weights

    place = plan.recipe.weights_dir
    needed = (source.backbone for source in plans.sources(plan) if source.weights is None)
    for backbone in needed:
        if weights.find(backbone, place):
            continue
        if backbone.weights_url and (download or _download_wanted(backbone)):
            with progress.downloading(backbone.title) as report:
                weights.download(backbone, weights.folder(place), report)
        weights.require(backbone, place)


def _download_wanted(backbone: Backbone) -> bool:
    question = _("The weights of {title} are not on this computer. Download them ({megabytes} MB)?")
    megabytes = round(backbone.download_bytes / 1e6)
    return console.is_terminal() and console.ask(
        question.format(title=backbone.title, megabytes=megabytes)
    )


# -- the training


def follow(plan: Plan, run: Run, machines: Machines | None = None, new: bool = False) -> None:
    """Train and show it; the folder of the run is printed last.

    Args:
        machines: the computers that train together, of which this is the first.
        new: the run was made for this: it is deleted where nothing came of it elsewhere.

    Raises:
        UserError: why the training could not go on.
        KeyboardInterrupt: it was cancelled, here or from elsewhere, and can be resumed.
    """
    try:
        last = _show_events(plan, run, machines)
        if isinstance(last, ev.Failed):
            raise UserError(last.code, **last.values)
    except BaseException as error:
        if new and isinstance(error, UserError) and assignments.discard_empty(run):
            console.say(_("Nothing was sent, so no run was kept."))
            raise
        if isinstance(error, KeyboardInterrupt):
            text = _("To resume: transfergui resume {run}")
            if assignments.trains(run):
                text = _("The training continues there. To follow it: transfergui resume {run}")
            console.say(text.format(run=shlex.quote(str(run.path))))
        with contextlib.suppress(UserError, OSError):  # what ended it is more important
            console.result(str(run.path))
        raise
    console.result(str(run.path))


def _show_events(plan: Plan, run: Run, machines: Machines | None) -> ev.Event | None:
    last = None
    events, ask_to_end = _source(plan, run, machines)
    with contextlib.closing(events), progress.Display(plan) as display, _heard(ask_to_end) as asked:
        for last in events:
            display.show(last)
    if isinstance(last, ev.Finished) and last.outcome == "cancelled":
        if not asked():
            text = _(
                "The training was paused from another window or by a command. `resume` "
                "continues it."
            )
            console.say(text)
        raise KeyboardInterrupt
    if isinstance(last, ev.Finished):
        _say_report(plan, run)
        _complete_report(run)
    return last


def _source(plan: Plan, run: Run, machines: Machines | None) -> tuple[Events, Callable[[], bool]]:
    """The events of a training, here or elsewhere, and what asks for its end: here it is left
    resumable, elsewhere it goes on."""
    if assignments.of(run) is not None:
        return elsewhere.source(plan, run)
    from transfergui.core.processes import launch

    def cancel() -> bool:
        if not run.active():  # before it is claimed, nothing has been learnt
            return False
        with contextlib.suppress(UserError):  # it ended just now
            run.request_stop("cancel")
        return True

    return launch.train(plan, run, machines), cancel


def _say_report(plan: Plan, run: Run) -> None:
    from transfergui.core.evaluation import borrowing_gain, report, siblings, words

    found = report.load(run.path)
    notes = words.notes(found, plan.modality, siblings.beside(run, found))
    for note in notes:
        console.say(spelt_out(note.sentence()))
    if borrowing_gain.HURT.intersection(note.code for note in notes):
        console.say(_without_them(run))


def _without_them(run: Run) -> str:
    """Where the better model is, and how it is used."""
    from transfergui.core.evaluation import baselines

    path = baselines.folder(run) / baselines.PLAIN
    text = _("Use the model without the other data like any run: transfergui predict {run} FILES")
    return text.format(run=shlex.quote(str(path)))


def _complete_report(run: Run) -> None:
    """Add to the page what takes a second look; without the samples, it stays as it is."""
    from transfergui.core.app import whole_report
    from transfergui.core.views.result import Result

    result = Result(run)
    with contextlib.suppress(UserError):
        whole_report.write(result, _on_second_test(result))


def _on_second_test(result: "Result") -> "dict[str, Shown]":
    """The run and the one before it on the second test set, which is said; nothing without one.

    Raises:
        UserError: the model cannot be loaded.
    """
    from transfergui.core.projects import second_test
    from transfergui.core.views import new_examples

    if not result.split.new:
        return {}
    shown = new_examples.VIEW.compute(result, untold)
    console.say(second_test.said(second_test.measured(result.run), result.modality.many).sentence())
    return {new_examples.VIEW.key: shown}


@contextlib.contextmanager
def _heard(ask_to_end: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
    """Ctrl+C, SIGTERM and the end of the terminal ask for the end; the second time, at once.

    Args:
        ask_to_end: False where there is nothing that could be left in order.

    Yields:
        whether one of them was heard.
    """
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked or not ask_to_end():
            raise KeyboardInterrupt
        asked = True

    before = {number: signal.signal(number, ask) for number in heard()}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """As Ctrl+C ends what runs, so do SIGTERM and the end of the terminal."""

    def end(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in heard()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def heard() -> tuple[signal.Signals, ...]:
    """The signals that end a training; not the end of the terminal, where ``nohup`` ignores it."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last is of Windows
    found = (getattr(signal, name) for name in names if hasattr(signal, name))
    return tuple(number for number in found if signal.getsignal(number) is not signal.SIG_IGN)
