"""``evaluate``, ``predict`` and ``export``: what a trained model is for."""

import argparse
import dataclasses
import io
import itertools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.cli import console, data, found_boxes
from transfergui.cli.progress import counting
from transfergui.cli.setting_names import spelt_out
from transfergui.cli.settings import OBJECTIVE, PREDICT
from transfergui.core import evaluating
from transfergui.core.app import reading_for
from transfergui.core.base import files, shards
from transfergui.core.base import options as opt
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import DataOptions, Problem, by_file
from transfergui.core.data.doubt import UNLIKE, UNSURE
from transfergui.core.evaluation import prediction_table as answers
from transfergui.core.evaluation import promises
from transfergui.core.exporters import registry as formats
from transfergui.core.reading.classes import class_names
from transfergui.core.reading.given import is_there, unfolded
from transfergui.core.runs.run import Run

if TYPE_CHECKING:
    from transfergui.core.evaluation.prediction import Prediction
    from transfergui.core.figures.metrics import ClassFigures, LabelFigures, Report
    from transfergui.core.interfaces.samples import Preview
    from transfergui.core.trained import TrainedModel


def loaded(path: Path) -> "TrainedModel":
    """The model, and what is missing of it."""
    from transfergui.core.trained import TrainedModel

    try:
        model = TrainedModel.load(path)
    except UserError as error:
        if error.code == "model.missing":
            console.say(_("`transfergui runs` lists the runs with their names and folders."))
        raise
    for note in model.notes:
        console.say(note.sentence())
    return model


def evaluate(arguments: argparse.Namespace) -> None:
    """``transfergui evaluate RUN|MODEL DATA [--json] [--set data.options.NAME=VALUE]``."""
    from transfergui.core.evaluation import report, words

    model = loaded(arguments.model)
    options, similar = _data_options(model, arguments)
    dataset = reading_for.read_for(model, options, data.read)
    data.say_chosen(dataset)
    evaluation = evaluating.evaluate(model, dataset, similar)
    _say_problems([p for p in dataset.problems if p.left_out] + evaluation.problems)
    if arguments.json:
        for note in words.notes(evaluation.report, model.modality):
            if note.code.startswith("evaluate."):
                console.say(note.sentence())
        console.result(report.to_json(evaluation.report).rstrip())
    else:
        _show_report(model, evaluation.report)


def _data_options(model: "TrainedModel", arguments: argparse.Namespace) -> tuple[DataOptions, str]:
    """How the data are read: as those of the model were, for what it predicts, all classes kept;
    and what similar names of classes mean, which is between the data and the model here.

    Raises:
        UserError: ``recipe.invalid``: a setting of --set is none of the data.
    """
    asked = vars(arguments)
    own = reading_for.settings(
        model, arguments.data, asked.get(OBJECTIVE) or "", asked.get(PREDICT) or ()
    )
    tree = {"data": own}
    for path, value in arguments.set:
        if not path.startswith("data."):
            raise UserError(
                "recipe.invalid",
                path=path,
                reason=_("only settings that begin with data. can be set here"),
            )
        tree = opt.assign(tree, path, value)
    chosen = opt.check(tree["data"], DataOptions, "data")
    similar = str(chosen.options.get(class_names.OPTION) or "")
    options = chosen.options | reading_for.ALL_KEPT
    return msgspec.structs.replace(chosen, options=options), similar


def _show_report(model: "TrainedModel", report: "Report") -> None:
    from transfergui.core.evaluation import words

    for note in words.notes(report, model.modality):
        console.result(spelt_out(note.sentence()))
    for name, own in report.questions.items():
        console.result(f"\n{name}")
        _show_rows(_("class"), own.per_class)
    if report.per_label:
        _show_rows(_("label"), report.per_label)
    if report.found is not None:
        _show_found(report)
    elif report.per_class:
        _show_rows(_("class"), report.per_class)


def _show_found(report: "Report") -> None:
    """A row for each class of objects."""
    from transfergui.core.evaluation.box_words import found_of, of_count

    rows = [
        (
            name,
            _("{count} of {total}").format(count=found_of(each), total=each.support),
            each.false_alarms or 0,
            percent(each.recall),
            percent(each.precision),
            percent(each.ap50),
            "–" if each.count_error is None else of_count(each.count_error),
        )
        for name, each in report.per_class.items()
    ]
    titles = (
        *(_("class"), _("found"), _("false alarms"), _("recall"), _("precision"), _("AP50")),
        _("count off by"),
    )
    console.table(rows, titles)


def _show_rows(what: str, figures: "Mapping[str, ClassFigures | LabelFigures]") -> None:
    """A row for each class or label."""
    rows = [
        (name, each.support, percent(each.precision), percent(each.recall), percent(each.f1))
        for name, each in figures.items()
    ]
    console.table(rows, (what, _("examples"), _("precision"), _("recall"), _("F1")))


# -- predict

LINES = Path("-")
"""Stands for the lines of the standard input."""
EXCERPT = 60
"""Characters of a text that are shown beside its answer."""


def predict(arguments: argparse.Namespace) -> None:
    """``transfergui predict RUN|MODEL PATH... [--save FILE] [--unsure PERCENT]
    [--at-most-wrong PERCENT] [--at-least PERCENT] [--coco FILE] [--tent]``.

    What cannot be read is told, and ends nothing unless there is no answer at all.

    Raises:
        UserError: a ``promise.`` or ``tent.`` code; ``path.too_long``; ``predict.empty``: there is
            nothing to look at; ``predict.no_lines``; or why no file at all can be answered for.
    """
    from transfergui.core.app import predicting
    from transfergui.core.app.likeness import likeness
    from transfergui.core.app.wholes import with_wholes
    from transfergui.core.evaluation.prediction import Prediction

    answers.require_ending(arguments.save)
    _require_workbook(arguments)
    model = showing(promising(loaded(arguments.model), arguments), arguments)
    if arguments.coco is not None and not model.objective.places:
        raise UserError("boxes.no_detector")
    named = [path for path in arguments.paths if path != LINES]
    missing = [path for path in named if not is_there(path)]
    problems = [Problem("predict.missing", path=str(path)) for path in missing]
    found, places = list[Prediction](), dict[Path, Path]()
    with files.temporary_folder() as folder:
        lines = _lines(model, folder) if LINES in arguments.paths else {}
        there = [*lines, *(path for path in named if path not in missing)]
        given = unfolded(there, model.modality)
        for read in given.notes:
            console.say(read.sentence())
        given.rows |= {path: predicting.text_of(path) for path in lines}
        listed = list(model.modality.list_files(given.paths, model.input))
        for note in likeness(model, listed):
            console.say(note.sentence())
        model, how = _adapted(model, listed, arguments)
        answered = predicting.predict(model, given, listed)
        whole = with_wholes(answered, model.modality, model.said, given.paths, model.promise)
        whole = (dataclasses.replace(each, adapted=how) for each in whole)
        problems += given.problems
        unread = (Prediction(Path(problem.path), problem=problem) for problem in problems)
        for each in itertools.chain(unread, whole):  # one by one: there may be a million
            name = lines.get(each.path, shards.inside(given.called(each.path)))
            places[name] = each.path
            found.append(_called(each, name))
        require_answers(found, model, named)
        texts = {} if arguments.save else _texts(model, found, places)
    _tell(found, model, arguments, places, texts)
    _say_one_text(model, named)


def _tell(
    found: list["Prediction"],
    model: "TrainedModel",
    arguments: argparse.Namespace,
    places: Mapping[Path, Path],
    texts: dict[int, str],
) -> None:
    """Write what is asked for, else show it; say what to doubt, and what could not be read.

    Args:
        places: as of :func:`_save`.
        texts: as :func:`_texts` makes them.
    """
    if arguments.unsure is not None and not model.objective.confident:
        console.say(Note("predict.no_confidence").sentence())
    if arguments.coco is not None:
        found_boxes.write_coco(found, model, arguments.coco, places)
    if arguments.save:
        _save(found, model, arguments, places)
    elif arguments.coco is None:
        _show(found, model, texts)
    _say_doubts(found, model)
    _say_problems([each.problem for each in found if each.problem])


def _save(
    found: list["Prediction"],
    model: "TrainedModel",
    arguments: argparse.Namespace,
    places: Mapping[Path, Path],
) -> None:
    """Write the table that is asked for, and say what is in it.

    Args:
        places: where each file is, by what it is called.
    """
    usual = float(answers.UNSURE) if model.promise is None else 0.0
    unsure = usual if arguments.unsure is None else arguments.unsure

    def extent(called: Path) -> tuple[int, int] | None:
        return model.modality.extent(places.get(called, called))

    answered = answers.of(model, found, model.name, extent)
    if arguments.pictures:
        _save_with_pictures(answered, model, arguments.save, unsure, places)
    else:
        from transfergui.core.acting import spreadsheet

        more = lambda book: spreadsheet.summary(book, arguments.save, answered, unsure)  # noqa: E731
        answers.write(arguments.save, answers.rows(answered, threshold=unsure), more)
    _say_saved(found, arguments.save)


def showing(model: "TrainedModel", arguments: argparse.Namespace) -> "TrainedModel":
    """The model, with the boxes shown that are asked for.

    Raises:
        UserError: ``boxes.no_detector``.
    """
    least = arguments.at_least
    if least is None:
        return model
    if not model.objective.places:
        raise UserError("boxes.no_detector")
    return model.showing_from(max(least / 100, 1e-6))


def promising(model: "TrainedModel", arguments: argparse.Namespace) -> "TrainedModel":
    """The model, with the promise that is asked for; else with its own.

    Raises:
        UserError: a ``promise.`` code.
    """
    share = arguments.at_most_wrong
    if share is not None and vars(arguments).get("tent"):
        raise UserError("tent.with_promise")
    return model if share is None else model.promising(share / 100)


def _adapted(
    model: "TrainedModel", files: list[Path], arguments: argparse.Namespace
) -> "tuple[TrainedModel, str]":
    """The model, adapted to ``files`` where that is asked for, and how.

    Raises:
        UserError: a ``tent.`` code.
    """
    if not arguments.tent:
        return model, ""
    from transfergui.core.app import tent

    found = tent.adapted(model, files)
    for note in found.notes:
        console.say(note.sentence())
    return found.model, tent.KEY


def _say_doubts(found: "list[Prediction]", model: "TrainedModel") -> None:
    """How many predictions are not to be believed, or not given."""
    noun = model.modality.many
    strange = sum(each.doubt == UNLIKE for each in found)
    unsure = sum(each.doubt == UNSURE for each in found)
    values = {"total": sum(each.probabilities is not None for each in found), "noun": noun}
    if strange:
        console.say(Note("predict.unlike", {"count": strange, **values}).sentence())
    if model.promise is not None and unsure:
        wrong = promises.promised_text(model.promise.at_most_wrong)
        console.say(Note("predict.unsure", {"count": unsure, "wrong": wrong, **values}).sentence())


def _lines(model: "TrainedModel", folder: Path) -> dict[Path, Path]:
    """The lines of the standard input as files in ``folder``, each with what to call it."""
    ending = model.modality.typed
    if not ending:
        raise UserError("predict.no_lines", noun=model.modality.many)
    if sys.stdin is None:
        raise UserError("cli.no_input")
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    files = {}
    for number, line in enumerate(lines, 1):
        if line.strip():
            path = folder / f"{number}{ending}"
            path.write_text(line, encoding="utf-8-sig")
            files[path] = Path(_("line {number}").format(number=number))
    return files


def _called(answer: "Prediction", path: Path) -> "Prediction":
    problem = answer.problem and msgspec.structs.replace(answer.problem, path=str(path))
    return dataclasses.replace(answer, path=path, problem=problem)


def require_answers(found: "list[Prediction]", model: "TrainedModel", named: list[Path]) -> None:
    """Insist on one at least; a single file's reason is the error's own."""
    problems = [each.problem for each in found if each.problem]
    if any(each.probabilities is not None for each in found):
        return
    if not problems:
        names = ", ".join(map(str, named[:3])) or str(LINES)
        raise UserError("predict.empty", noun=model.modality.many, path=names)
    _say_problems(problems[1:])
    raise UserError(problems[0].code, **{"path": problems[0].path, **problems[0].values})


def _texts(
    model: "TrainedModel", found: "list[Prediction]", places: Mapping[Path, Path]
) -> dict[int, str]:
    """What was answered for, where that is words, by the place among the answers.

    Args:
        places: where each file is, by what it is called.
    """
    if not model.modality.typed:
        return {}
    answered = ((at, each) for at, each in enumerate(found) if each.probabilities is not None)
    previews = (
        (at, model.modality.preview(places[each.path], model.input)) for at, each in answered
    )
    return {at: " ".join(preview.data.text.split())[:EXCERPT] for at, preview in previews}


def _require_workbook(arguments: argparse.Namespace) -> None:
    """
    Raises:
        UserError: ``predict.pictures``: pictures are wanted, and not in a workbook.
    """
    path = arguments.save
    if arguments.pictures and (path is None or path.suffix.lower() != answers.EXCEL):
        raise UserError("predict.pictures")


def _save_with_pictures(
    answered: answers.Answered,
    model: "TrainedModel",
    path: Path,
    unsure: float,
    places: Mapping[Path, Path],
) -> None:
    """Args:
    places: where each file is, by what it is called.
    """
    from transfergui.core.acting import spreadsheet

    def preview(called: Path) -> "Preview":
        return model.modality.preview(places.get(called, called), model.input)

    with counting(_("Drawing the pictures")) as tell:
        spreadsheet.write(path, answered, preview, unsure, tell)


def _say_saved(found: "list[Prediction]", path: Path) -> None:
    without = sum(each.probabilities is None for each in found)
    count = len(found) - without
    text = ngettext("{n} prediction written to {path}", "{n} predictions written to {path}", count)
    console.say(text.format(n=count, path=path))
    if without:
        more = ngettext(
            "{n} more row says why a file has no prediction",
            "{n} more rows say why files have no prediction",
            without,
        )
        console.say(more.format(n=without))


def _show(found: "list[Prediction]", model: "TrainedModel", texts: dict[int, str]) -> None:
    answered = ((at, each) for at, each in enumerate(found) if each.probabilities is not None)
    rows = [
        (
            each.path,
            each.label(model.classes),
            _sure(each.confidence),
            answers.doubt_text(each.doubt),
            texts.get(at, ""),
        )
        for at, each in answered
    ]
    console.table(rows)


def _sure(confidence: float | None) -> str:
    """Of a number there is none."""
    return "" if confidence is None else f"{confidence:.3f}"


def _say_one_text(model: "TrainedModel", named: list[Path]) -> None:
    """A hint where a file that was named might be meant as many texts."""
    for path in named:
        if model.modality.typed and path.suffix.lower() == model.modality.typed and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            count = sum(bool(line.strip()) for line in text.splitlines())
            if count > 1:
                note = Note("predict.one_text", {"path": str(path), "count": count})
                console.say(note.sentence())
                return


def _say_problems(problems: list[Problem]) -> None:
    for problem in by_file(problems):
        mark = _("left out: {sentence}") if problem.left_out else _("note: {sentence}")
        console.say(mark.format(sentence=problem.told()))


# -- export


def export(arguments: argparse.Namespace) -> None:
    """``transfergui export RUN --format KEY --out FILE [--at-most-wrong PERCENT]``: to that very
    file; what was there is replaced, which is said.

    Raises:
        UserError: a ``promise.`` code, or as :func:`transfergui.core.exporters.export.export`.
    """
    from transfergui.core.exporters import export as exporting

    out = arguments.out
    there = os.path.isfile(out)  # noqa: PTH113 - Path.is_file raises on too long names
    formats.exporter(arguments.format)
    model = promising(loaded(arguments.run), arguments)
    parity = exporting.export(model, arguments.format, out)
    if there:
        console.say(_("{path} existed and was replaced.").format(path=out))
    text = (
        _("Features compared on {samples} examples: largest difference {difference:.1e}")
        if parity.features
        else _("Outputs compared on {samples} examples: largest difference {difference:.1e}")
    )
    console.say(text.format(samples=parity.samples, difference=parity.difference))
    console.say(_("How to use it:"))
    for line in exporting.usage(Run(arguments.run), arguments.format, out):
        console.say(f"  {line}")
    console.result(str(out))
