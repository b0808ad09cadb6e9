"""Which other run is the best on the very test examples that a run was tested on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import percent, share_decimals
from transfergui.core.base.i18n import _
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation import siblings
from transfergui.core.evaluation.run_differences import PairedDifference, paired
from transfergui.core.figures.metrics import Report
from transfergui.core.runs.run import REPORT, Run


@dataclass(frozen=True)
class BestRun:
    """A run with a higher accuracy than another one.

    Attributes:
        accuracy, own: of that run and of the other one, in [0, 1].
        difference: from the other one, on the test examples of both.
    """

    run: Run
    accuracy: float
    own: float
    difference: PairedDifference

    def sentence(self, name: str, noun: str) -> str:
        """
        Args:
            name: of the run.
            noun: of its examples, several of them, translated.
        """
        text = _("Your best run on these test {noun}: {better} correct instead of {own} ({name}).")
        if not self.difference.clear:
            text = _(
                "Your best run on these test {noun}: {better} correct instead of {own} ({name}). "
                "The difference may be chance."
            )
        decimals = share_decimals(self.difference.shared)
        better, own = percent(self.accuracy, decimals), percent(self.own, decimals)
        return text.format(noun=noun, better=better, own=own, name=name)


def best_run(own: Run, report: Report) -> BestRun | None:
    """The best of the runs on the same data and the same test set that are better than ``own``;
    None where there is none, or where not one class is predicted.

    Args:
        report: of ``own``.

    Raises:
        UserError: ``run.damaged``, of ``own``.
    """
    if report.accuracy is None or report.measured_on != "test":
        return None
    better = [each for each in _tested(own) if each[0] > report.accuracy]
    for accuracy, run in sorted(better, key=lambda each: -each[0]):
        difference = paired(own, run)
        if difference is not None and difference.same:
            return BestRun(run, accuracy, report.accuracy, difference)
    return None


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
