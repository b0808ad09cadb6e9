"""``sort``: files put into folders by what a model predicts, and put back."""

import argparse
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transfergui.cli import console, models
from transfergui.cli.progress import counting
from transfergui.core.acting.record import Record
from transfergui.core.acting.steps import Act
from transfergui.core.base import shards
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.data.dataset import Problem
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.reading.given import is_there, unfolded

if TYPE_CHECKING:
    from transfergui.core.acting.carry_out import Outcome
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.trained import TrainedModel


def sort(arguments: argparse.Namespace) -> None:
    """``transfergui sort RUN|MODEL PATH... --to DIR [--copy|--move|--link] [--name PATTERN]
    [--sidecars WHERE] [--unsure PERCENT] [--dry-run] [--json]``, ``sort --undo RECORD``,
    ``sort --continue RECORD``. The last line printed is the path of the record.

    Raises:
        UserError: an ``act.`` or ``undo.`` code; or as of ``predict``.
    """
    if arguments.undo is not None:
        _undo(arguments.undo, arguments.json)
    elif arguments.carry_on is not None:
        _carry_on(arguments.carry_on, arguments.json)
    elif arguments.model is None or not arguments.paths:
        arguments.wrong_usage(_("a model and the files to sort are missing"))
    else:
        _sort(arguments)


def _sort(arguments: argparse.Namespace) -> None:
    from transfergui.core.acting.plan import ActOptions, plan, require_possible

    model = models.promising(models.loaded(arguments.model), arguments)
    usual = 0.0 if model.promise is not None else float(answers.UNSURE)
    options = ActOptions(
        to=str(arguments.to or ""),
        how=arguments.how,
        name=arguments.name,
        threshold=usual if arguments.unsure is None else arguments.unsure,
        labels=arguments.labels,
        question=arguments.question,
        sidecars=arguments.sidecars,
        model=model.name,
    )
    require_possible(model, options)
    act = plan(model, predicted(model, arguments.paths), options)
    for problem in act.left:
        say_left(problem)
    if arguments.dry_run:
        show_plan(act, arguments.json)
        return
    if not act.steps:
        values = {"left": len(act.left), "there": act.there, "noun": model.modality.many}
        raise UserError("act.nothing", **values)
    carried_out(act, _("Sorting"), arguments.json)


def carried_out(act: Act, title: str, json: bool) -> None:
    """Do what was planned; the path of the record is printed last.

    Raises:
        UserError: an ``act.`` code.
    """
    from transfergui.core.acting.carry_out import carry_out, require_room

    require_room(act)
    if not json:
        _show_folders(act)
    with Record.create(act.to) as record, _with_path_last(record, json, act):
        with counting(title) as tell:
            outcome = carry_out(act, record, tell)
        _report(outcome, record, json, act)


def predicted(model: "TrainedModel", named: list[Path]) -> "list[Prediction]":
    """Predictions for all that is named; what cannot be read has a problem."""
    from transfergui.core.app import predicting
    from transfergui.core.app.wholes import with_wholes
    from transfergui.core.evaluation.prediction import Prediction

    missing = [path for path in named if not is_there(path)]
    found = [
        Prediction(path, problem=Problem("predict.missing", path=str(path))) for path in missing
    ]
    given = unfolded([path for path in named if path not in missing], model.modality)
    for note in given.notes:
        console.say(note.sentence())
    found += [Prediction(Path(each.path), problem=each) for each in given.problems]
    listed = list(model.modality.list_files(given.paths, model.input))
    answered = predicting.predict(model, given, listed)
    whole = with_wholes(answered, model.modality, model.said, given.paths, model.promise)
    with counting(_("Predicting")) as tell:
        for number, each in enumerate(whole, 1):
            found.append(each)
            tell(min(number, len(listed)), len(listed))
    models.require_answers(found, model, named)
    return found


# -- what is said


def show_plan(act: Act, json: bool) -> None:
    from transfergui.core.acting.carry_out import size_text

    if json:
        console.document(_document(act))
        return
    for step in act.steps:
        console.result(f"{shards.inside(Path(step.source))}\t{step.target}")
    _show_folders(act)
    if act.needed:
        text = _("{needed} needed, {free} free. Nothing was changed.")
        console.say(text.format(needed=size_text(act.needed), free=size_text(act.free or 0)))
    else:
        console.say(_("Nothing was changed."))


def _show_folders(act: Act) -> None:
    console.table(list(act.folders.items()))
    if act.there:
        text = ngettext(
            "{count} file is where it belongs already",
            "{count} files are where they belong already",
            act.there,
        )
        console.say(text.format(count=act.there))
    if act.renamed:
        text = ngettext(
            "{count} file gets another name, because its own is taken",
            "{count} files get other names, because their own are taken",
            act.renamed,
        )
        console.say(text.format(count=act.renamed))


def _document(act: Act) -> dict[str, Any]:
    """A plan as JSON."""
    steps = [
        {"kind": s.kind, "source": s.source, "target": s.target, "size": s.size} for s in act.steps
    ]
    return {
        "to": act.to,
        "folders": act.folders,
        "already_there": act.there,
        "renamed": act.renamed,
        "bytes_needed": act.needed,
        "bytes_free": act.free,
        "steps": steps,
        "left": _left(act.left),
    }


def say_left(problem: Problem) -> None:
    """What is not touched, and why."""
    sentence = problem.told()
    console.say(_("left as it is: {sentence}").format(sentence=sentence))


def _left(problems: "tuple[Problem, ...] | list[Problem]") -> list[dict[str, str]]:
    return [{"path": p.path, "code": p.code, "why": p.told()} for p in problems]


def _report(
    outcome: "Outcome", record: Record, json: bool, act: Act | None = None, undone: bool = False
) -> None:
    """What came of it; an error where the work ended before its end.

    Raises:
        UserError: the reason.
    """
    for problem in outcome.left:
        say_left(problem)
    if undone:
        text = ngettext("{count} step undone.", "{count} steps undone.", outcome.done)
    else:
        text = ngettext("{count} step done.", "{count} steps done.", outcome.done)
    console.say(text.format(count=outcome.done))
    if json:
        document = _document(act) if act is not None else {}
        stopped = None if outcome.stopped is None else outcome.stopped.code
        document |= {"done": outcome.done, "stopped": stopped, "record": str(record.path)}
        document["left"] = [*document.get("left", ()), *_left(outcome.left)]
        console.document(document)
    if outcome.stopped is not None:
        raise UserError(outcome.stopped.code, **outcome.stopped.values)


@contextlib.contextmanager
def _with_path_last(record: Record, json: bool, act: Act | None = None) -> Iterator[None]:
    """The path of the record is printed last, also where the work was interrupted."""
    try:
        yield
    except KeyboardInterrupt:
        console.say(UserError("act.halted").note.sentence())
        raise
    finally:
        if not json:
            console.result(str(record.path))


def _carry_on(path: Path, json: bool) -> None:
    from transfergui.core.acting.carry_out import carry_on

    with Record.open(path) as record, _with_path_last(record, json):
        with counting(_("Sorting")) as tell:
            outcome = carry_on(record, tell)
        _report(outcome, record, json)


def _undo(path: Path, json: bool) -> None:
    """
    Raises:
        UserError: ``undo.incomplete``; ``act.disk_full``, ``act.locked``, ``act.not_placed``.
    """
    from transfergui.core.acting.undo import undo

    with Record.open(path) as record, _with_path_last(record, json):
        with counting(_("Undoing")) as tell:
            outcome = undo(record, tell)
        _report(outcome, record, json, undone=True)
        if outcome.left:
            raise UserError("undo.incomplete", count=len(outcome.left))
