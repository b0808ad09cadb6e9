"""``evaluate``, ``predict`` and ``export``: what a trained model is for."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.cli import console, data
from transfergui.cli.settings import spelt_out
from transfergui.core import answers, messages
from transfergui.core.dataset import DataOptions, Problem
from transfergui.core.errors import UserError
from transfergui.core.i18n import _

if TYPE_CHECKING:
    from transfergui.core.evaluation.metrics import Report
    from transfergui.core.trained import Prediction, TrainedModel


def evaluate(arguments: argparse.Namespace) -> None:
    """``transfergui evaluate RUN|MODEL DATA [--json]``."""
    from transfergui.core.evaluation import report
    from transfergui.core.trained import TrainedModel

    model = TrainedModel.load(arguments.model)
    options = DataOptions(path=arguments.data, options=model.modality.data_for(model.input))
    dataset = data.read(model.modality.key, options)
    evaluation = model.evaluate(dataset)
    _say_problems([p for p in dataset.problems if p.left_out] + evaluation.problems)
    learnt = model.learnt_from(dataset)
    if learnt:
        values = {"count": learnt, "n": len(dataset.samples), "noun": model.modality.many}
        console.say(messages.sentence("evaluate.learnt_from", values))
    if arguments.json:
        console.result(report.to_json(evaluation.report).rstrip())
    else:
        _show_report(model, evaluation.report)


def _show_report(model: "TrainedModel", report: "Report") -> None:
    from transfergui.core.evaluation import words

    for remark in words.remarks(report, model.modality):
        console.result(spelt_out(remark.sentence()))
    rows = [
        (name, each.support, share(each.precision), share(each.recall), share(each.f1))
        for name, each in report.per_class.items()
    ]
    console.table(rows, (_("class"), _("examples"), _("precision"), _("recall"), _("F1")))


def share(value: float | None) -> str:
    """A figure in [0, 1] with three decimals, or that there is none."""
    return _("n/a") if value is None else f"{value:.3f}"


# -- predict


def predict(arguments: argparse.Namespace) -> None:
    """``transfergui predict RUN|MODEL PATH... [--csv FILE]``.

    Raises:
        UserError: ``predict.empty``: there is nothing to look at; or why a file that was
            named cannot be read (those in folders are only passed over).
    """
    from transfergui.core.trained import TrainedModel

    model = TrainedModel.load(arguments.model)
    predictions = list(model.predict(model.modality.list_files(arguments.paths, model.input)))
    if not predictions:
        names = ", ".join(map(str, arguments.paths[:3]))
        raise UserError("predict.empty", noun=_(model.modality.many), path=names)
    if arguments.csv:
        answers.write_csv(arguments.csv, model.classes, predictions)
    else:
        read = [p for p in predictions if p.problem is None]
        console.table([(p.path, p.label(model.classes), f"{p.confidence:.3f}") for p in read])
    _complain_about_unread(predictions, set(arguments.paths))


def _complain_about_unread(predictions: "list[Prediction]", named: set[Path]) -> None:
    unread = [(p.path, p.problem) for p in predictions if p.problem is not None]
    grave = [
        problem for path, problem in unread if path in named or len(unread) == len(predictions)
    ]
    _say_problems([problem for _path, problem in unread if problem not in grave[:1]])
    if grave:
        raise UserError(grave[0].code, **{"path": grave[0].path, **grave[0].values})


def _say_problems(problems: list[Problem]) -> None:
    for problem in problems:
        console.say(_("left out: {sentence}").format(sentence=problem.sentence()))


# -- export


def export(arguments: argparse.Namespace) -> None:
    """``transfergui export RUN --format KEY --out FILE``."""
    from transfergui.core.exporters import export as exporting

    parity = exporting.export(arguments.run, arguments.format, arguments.out)
    text = _("Compared on {samples} examples; largest difference {difference:.1e}")
    console.say(text.format(samples=parity.samples, difference=parity.difference))
    console.result(str(arguments.out))
