"""Which other run is the best on the very test examples that a run was tested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent, share_decimals
from transfergui.core.base.i18n import _, paragraph
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation import run_differences, siblings
from transfergui.core.evaluation.run_differences import PairedDifference
from transfergui.core.figures.metrics import Report
from transfergui.core.runs.run import REPORT, Run

Labels = Literal["same", "corrected", "outdated"]
"""Of the training data of a better run: those of the other run, corrected after it, or not yet
corrected."""


@dataclass(frozen=True)
class BestRun:
    """A run with a higher accuracy than another one.

    Attributes:
        accuracy, own: of that run and of the other one, in [0, 1], both on the labels of the later
            one.
        difference: from the other one, on the test examples of both.
        unadapted: whether only the other one is adapted to where it will be used, of which these
            test examples say nothing.
    """

    run: Run
    accuracy: float
    own: float
    difference: PairedDifference
    labels: Labels = "same"
    unadapted: bool = False

    def sentence(self, name: str, noun: str) -> str:
        """
        Args:
            name: of the run.
            noun: of its examples, several of them, translated.
        """
        text = _("Your best run on these test {noun}: {better} correct instead of {own} ({name}).")
        said = {
            "same": "",
            "corrected": _("Both figures count the labels that were corrected for that run."),
            "outdated": _(
                "Both figures count the corrected labels, but that run was trained before the "
                "corrections: train it again."
            ),
        }[self.labels]
        chance = "" if self.difference.clear else _("The difference may be chance.")
        decimals = share_decimals(self.difference.shared)
        better, own = percent(self.accuracy, decimals), percent(self.own, decimals)
        first = text.format(noun=noun, better=better, own=own, name=name)
        place = _(
            "But these are your own data, and that run is not adapted to where the model will be "
            "used."
        )
        return paragraph((first, chance, said, place if self.unadapted else ""))


def best_run(own: Run, report: Report) -> BestRun | None:
    """The best of the runs on the same data and the same test set that are better than ``own``;
    None where there is none, or where not one class is predicted.

    Not one that differs from ``own`` in nothing but that the data were corrected since: what came
    of that is another sentence.

    Args:
        report: of ``own``.

    Raises:
        UserError: ``run.damaged``, of ``own``.
    """
    if report.accuracy is None or report.measured_on != "test":
        return None
    found = None
    for accuracy, run in sorted(_tested(own), key=lambda each: -each[0]):
        labels = _labels(own, run)
        if labels == "same" and accuracy <= (found.accuracy if found else report.accuracy):
            continue
        if labels == "outdated" and siblings.is_alike(own, run):
            continue
        better = _compared(own, run, labels)
        if better and better.accuracy > max(better.own, found.accuracy if found else 0.0):
            found = better
    return found


def _labels(own: Run, other: Run) -> Labels:
    if siblings.corrections(own.recipe) == siblings.corrections(other.recipe):
        return "same"
    return "outdated" if other.began < own.began else "corrected"


def _compared(own: Run, other: Run, labels: Labels) -> BestRun | None:
    """Two runs on the same test examples; None where one was tested on others."""
    try:
        sides = run_differences.sides_of(own, other)
    except (UserError, FileNotFoundError):  # the list of runs says what is wrong with it
        return None
    found = None if sides is None else run_differences.difference(*sides)
    if sides is None or found is None or not found.same:
        return None
    first, second = (side.found.values for side in sides[:2])
    if first is None or second is None:
        return None
    unadapted = _is_adapted(sides[0].report) and not _is_adapted(sides[1].report)
    means = float((second > 0).mean()), float((first > 0).mean())
    return BestRun(other, *means, found, labels, unadapted)


def _is_adapted(report: Report) -> bool:
    """Whether its model is one that was adapted to where it will be used."""
    return report.adaptation is not None and report.adaptation.kept == "adapted"


def _tested(own: Run) -> Iterator[tuple[float, Run]]:
    """The accuracy of every other run on the same data, on its test set."""
    data = siblings.data_key(own.recipe)
    for run in siblings.others(own.path):
        try:
            if not (run.path / REPORT).is_file() or siblings.data_key(run.recipe) != data:
                continue
            found = reports.load(run.path)
        except (UserError, FileNotFoundError):  # damaged or gone: the list of runs says so
            continue
        if found.accuracy is not None and found.measured_on == "test":
            yield found.accuracy, run
