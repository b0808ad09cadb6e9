"""Several questions (multi-task): each one class, on one network with a head for each.

Caruana, "Multitask Learning", 1997. The losses of the questions are balanced by their values at
the start, or by weights that are learnt (Kendall, Gal and Cipolla, "Multi-Task Learning Using
Uncertainty to Weigh Losses", 2018, arXiv:1705.07115). An answer that is missing adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from transfergui.core.base.i18n import N_, ngettext
from transfergui.core.base.options import Options, option
from transfergui.core.data.rows import named_apart
from transfergui.core.data.targets import SEVERAL_QUESTIONS, Targets, answers_text, parsed_answers
from transfergui.core.figures import calibration, metrics, one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.intervals import Interval
from transfergui.core.figures.metrics import Circumstances, Report
from transfergui.core.interfaces.objective import (
    LOGITS,
    UNLIKE,
    Found,
    LossSettings,
    Match,
    Matched,
    Probe,
    Said,
    Score,
)
from transfergui.core.objectives.matching import Row, extended
from transfergui.core.objectives.usual import Usual

if TYPE_CHECKING:
    import numpy as np
    import torch


class SeveralQuestionsOptions(Options, frozen=True):
    """The options of :class:`SeveralQuestions`."""

    balance: Annotated[
        Literal["start", "uncertainty", "none"],
        option(
            N_("Loss weights of the questions"),
            N_(
                "How the losses of the questions are weighted: by their values at the start, by "
                "trained weights (uncertainty weighting), or equally."
            ),
            labels={
                "start": N_("By starting values"),
                "uncertainty": N_("By trained weights"),
                "none": N_("Equally"),
            },
            advanced=True,
        ),
    ] = "start"
    compare: Annotated[
        bool,
        option(
            N_("Also train each question alone"),
            N_(
                "Afterwards, also train each question alone and test whether training them "
                "together helped. Each question takes about as long as the whole training."
            ),
        ),
    ] = False


class SeveralQuestions(Usual):
    """See :class:`.interfaces.objective.Objective`; outputs are the logits of all questions
    side by side [N, C_1 + ... + C_Q], wanted are class indices [N, Q], -1 where missing."""

    key = SEVERAL_QUESTIONS
    title = N_("Several questions")
    summary = N_("Each example has several questions, each with one class as its answer.")
    options: type[Options] = SeveralQuestionsOptions
    curve = Score("accuracy", N_("Accuracy over all questions"))
    primary = Score("mean_accuracy", N_("Mean accuracy of the questions"))
    balances = False
    smooths = True
    fits = False
    confident = True
    several = True
    probe = primary

    def counted(self, targets: Targets, classes: int) -> str:
        count = len(targets.names)
        return ngettext("{count} question", "{count} questions", count).format(count=count)

    def outputs(self, targets: Targets, classes: int) -> int:
        return sum(sizes(targets))

    def output_names(self, targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
        pairs = zip(targets.names, targets.answers, strict=True)
        return tuple(f"{name}: {answer}" for name, answers in pairs for answer in answers)

    def table(self, targets: Targets, classes: int) -> torch.Tensor:
        import torch

        return torch.tensor(targets.values, dtype=torch.long).reshape(-1, len(targets.names))

    def loss(self, targets: Targets, settings: LossSettings) -> torch.nn.Module:
        from transfergui.core.nn.objective_losses import QuestionsLoss, SideBySide

        assert isinstance(settings.options, SeveralQuestionsOptions)
        return SideBySide(
            QuestionsLoss(
                sizes(targets),
                settings.options.balance,
                answered=answered_shares(targets, settings.counts),
                smoothing=settings.smoothing,
            )
        )

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> float:
        """The mean of the questions' mean cross-entropies."""
        from torch.nn import functional

        losses = [
            float(functional.cross_entropy(part[asked], truth[asked]))
            for part, truth in zip(self._parts(outputs, targets), wanted.T, strict=True)
            if bool((asked := truth >= 0).any())
        ]
        return sum(losses) / len(losses) if losses else 0.0

    def soften(self, wanted: torch.Tensor, targets: Targets, classes: int) -> torch.Tensor:
        import torch

        from transfergui.core.nn.objective_losses import soft_targets

        pairs = zip(wanted.T, sizes(targets), strict=True)
        return torch.cat([soft_targets(each, size) for each, size in pairs], 1)

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        """Right answers, and answers."""
        right = asked = 0.0
        for part, truth in self._pairs(outputs.cpu(), wanted.cpu(), targets):
            known = truth >= 0
            right += float((part.argmax(1) == truth)[known].sum())
            asked += float(known.sum())
        return right, asked

    def rate(self, tally: Sequence[float], samples: int) -> float:
        return tally[0] / tally[1] if tally[1] else 0.0

    def calibrate(
        self, outputs: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        """One for each question; 1 for one that too few samples answer."""
        import numpy as np

        truth = np.array([targets.values[label] for label in labels], dtype=np.int64)
        parts = np.split(outputs, np.cumsum(sizes(targets))[:-1], axis=1)
        asked = truth.reshape(len(labels), -1) >= 0
        if not labels or asked.sum(0).max() < calibration.FEWEST:
            return ()
        return tuple(
            calibration.fit(part[known], answers[known])
            if known.sum() >= calibration.FEWEST
            else 1.0
            for part, answers, known in zip(parts, truth.T, asked.T, strict=True)
        )

    def energy(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """The sum over the questions."""
        import torch

        parts = self._parts(outputs, targets)
        return -torch.stack([part.logsumexp(1) for part in parts]).sum(0)

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        import torch

        return torch.cat([part.softmax(1) for part in self._parts(outputs, targets)], 1)

    def evidence(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        import torch

        from transfergui.core.nn.evidence import log_odds

        return torch.cat([log_odds(part) for part in self._parts(outputs, targets)], 1)

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        import torch

        members = [self._parts(each, targets) for each in outputs]
        logs = [
            torch.stack([part.log_softmax(1) for part in parts]).logsumexp(0) - math.log(len(parts))
            for parts in zip(*members, strict=True)
        ]
        return torch.cat(logs, 1)

    def _parts(self, outputs: torch.Tensor, targets: Targets) -> tuple[torch.Tensor, ...]:
        """The outputs of each question [N, C_k]."""
        return outputs.split(sizes(targets), 1)

    def _pairs(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Outputs [N, C_k] and class indices [N] of each question; of mixed targets, the larger
        part counts."""
        parts = self._parts(outputs, targets)
        if wanted.is_floating_point():
            soft = self._parts(wanted, targets)
            indices = [each.argmax(1).where(each.sum(1) > 0, -1) for each in soft]
        else:
            indices = list(wanted.T)
        return list(zip(parts, indices, strict=True))

    def exports(self, found: Found) -> dict[str, tuple[str, ...]]:
        """An output for each question, under its name."""
        names = (name.encode("utf-8", "backslashreplace").decode() for name in found.targets.names)
        apart = named_apart(tuple(names), ("input", LOGITS, UNLIKE), " (question)")
        return dict(zip(apart, found.targets.answers, strict=True))

    def exported(self, outputs: torch.Tensor, found: Found) -> tuple[torch.Tensor, ...]:
        return self._parts(self.answers(outputs, found.targets), found.targets)

    def agreement(
        self, wanted: torch.Tensor, outputs: torch.Tensor, found: Found, close: float
    ) -> float:
        """The same first answer to every question."""
        import torch

        first, second = (self._parts(each, found.targets) for each in (wanted, outputs))
        same = [a.argmax(1) == b.argmax(1) for a, b in zip(first, second, strict=True)]
        return float(torch.stack(same).all(0).double().mean())

    def chosen(self, targets: Targets, counts: Sequence[int]) -> dict[str, Any]:
        return {}

    def compares_alone(self, options: Options) -> bool:
        assert isinstance(options, SeveralQuestionsOptions)
        return options.compare

    def fit(
        self, answers: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        return ()

    def said(self, answers: np.ndarray, found: Found) -> list[Said]:
        """The answer to each question; as sure as of the least sure one."""
        said = []
        for row in answers:
            chosen = _chosen(row, found.targets)
            sure = min(confidence for _answer, confidence in chosen)
            said.append(Said(answers_text(answer for answer, _confidence in chosen), sure))
        return said

    def columns(self, found: Found) -> tuple[str, ...]:
        names = found.targets.names
        return tuple(column for name in names for column in (name, f"{name} confidence"))

    def cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        return tuple(cell for pair in _chosen(answers, found.targets) for cell in pair)

    def error(self, row: PredictionRow, targets: Targets) -> float:
        """The highest confidence of the wrong answers; of a missing one, none is wrong."""
        said, sure = parsed_answers(row.label), [*map(float, row.cells[1::2])]
        pairs = enumerate(zip(parsed_answers(row.truth), said, strict=True))
        wrong = [place for place, (truth, answer) in pairs if truth not in (None, answer)]
        return max((sure[place] if sure else 1.0 for place in wrong), default=0.0)

    def matched(
        self, classes: Sequence[str], targets: Targets, found: Found, match: Match
    ) -> Matched:
        """An answer that the model does not know counts as missing, as do those to questions that
        only one of the two has."""
        asked = _Asked(targets, found.targets, match)
        rows = [asked.row(values) for values in targets.values]
        longer, labels = extended(found, rows, lambda row: _written(row, found.targets))
        some = any(answer >= 0 for row in rows for answer in row)
        return Matched(
            longer,
            labels if some else (None,) * len(rows),
            tuple(asked.unknown(values) for values in targets.values),
            asked.renamed,
        )

    def probes(self, labels: np.ndarray, targets: Targets) -> tuple[Probe, ...]:
        import numpy as np

        rows = np.array(targets.values, dtype=np.int64).reshape(-1, len(targets.names))
        return tuple(Probe("classes", column) for column in rows[labels].T)

    def measure(
        self,
        answers: np.ndarray,
        labels: Sequence[int],
        found: Found,
        train_counts: Sequence[int] | None,
        circumstances: Circumstances,
    ) -> Report:
        """A report of its own for each question, of the samples that answer it."""
        targets = found.targets
        reports = {
            name: _question(place, answers, labels, targets, train_counts)
            for place, name in enumerate(targets.names)
        }
        known = [each.accuracy for each in reports.values() if each.accuracy is not None]
        mean = sum(known) / len(known) if known else None
        return Report(
            objective=self.key,
            primary=metrics.primary(self.primary.key, mean, _interval(answers, labels, targets)),
            macro_f1=None,
            n=len(labels),
            classes=found.classes,
            questions=reports,
            **metrics.no_class_figures(),
            **circumstances,
        )


def sizes(targets: Targets) -> list[int]:
    """How many classes each question has."""
    return [len(answers) for answers in targets.answers]


def answered_shares(targets: Targets, counts: Sequence[int]) -> list[float]:
    """The share of the training samples that have an answer to each question; 1 where none has."""
    total = max(1, sum(counts))
    pairs = list(zip(targets.values, counts, strict=True))
    found = [
        sum(count for values, count in pairs if values[place] >= 0)
        for place in range(len(targets.names))
    ]
    return [count / total if count else 1.0 for count in found]


class _Asked:
    """The questions of other data beside those of a model.

    Attributes:
        renamed: what the model calls otherwise.
    """

    def __init__(self, theirs: Targets, own: Targets, match: Match) -> None:
        self._theirs = theirs
        known = match(theirs.names, own.names)
        self.renamed = {name: other for name, other in known.items() if name != other}
        self._places: list[tuple[int, dict[int, int]] | None] = [None] * len(own.names)
        for place, name in enumerate(theirs.names):
            if name in known:
                at = own.names.index(known[name])
                self._places[at] = place, self._answers(place, own.answers[at], match)

    def _answers(self, place: int, own: Sequence[str], match: Match) -> dict[int, int]:
        """The model's index of each answer to a question that it knows."""
        question, theirs = self._theirs.names[place], self._theirs.answers[place]
        known = match(theirs, own)
        self.renamed |= {f"{question}: {n}": other for n, other in known.items() if n != other}
        return {at: own.index(known[n]) for at, n in enumerate(theirs) if n in known}

    def row(self, values: Row) -> Row:
        """What a row of theirs means to the model."""
        found = (each and each[1].get(int(values[each[0]]), -1) for each in self._places)
        return tuple(-1 if each is None else each for each in found)

    def unknown(self, values: Row) -> tuple[str, ...]:
        """The questions and answers in a row that the model does not know."""
        known = dict(each for each in self._places if each is not None)
        names = []
        for place, value in enumerate(values):
            if value >= 0 and place not in known:
                names.append(self._theirs.names[place])
            elif value >= 0 and int(value) not in known[place]:
                answer = self._theirs.answers[place][int(value)]
                names.append(f"{self._theirs.names[place]}: {answer}")
        return tuple(names)


def _written(row: Row, targets: Targets) -> str:
    pairs = zip(targets.answers, row, strict=True)
    return answers_text(None if value < 0 else answers[int(value)] for answers, value in pairs)


def _chosen(row: np.ndarray, targets: Targets) -> list[tuple[str, float]]:
    """The answer to each question, and its confidence, of one sample's answers [O]."""
    found, start = [], 0
    for answers in targets.answers:
        part = row[start : start + len(answers)]
        best = int(part.argmax())
        found.append((answers[best], float(part[best])))
        start += len(answers)
    return found


def _interval(answers: np.ndarray, labels: Sequence[int], targets: Targets) -> Interval | None:
    """Of the mean accuracy."""
    import numpy as np

    from transfergui.core.figures import questions

    truth = np.array([targets.values[label] for label in labels], dtype=np.int64)
    bounds = np.cumsum(sizes(targets))[:-1]
    parts = np.split(answers, bounds, axis=1)
    said = np.stack([part.argmax(1) for part in parts], 1)
    return questions.mean_accuracy_interval(truth.reshape(said.shape), said)


def _question(
    place: int,
    answers: np.ndarray,
    labels: Sequence[int],
    targets: Targets,
    train_counts: Sequence[int] | None,
) -> Report:
    """The report on one question."""
    import numpy as np

    truth = np.array([int(targets.values[label][place]) for label in labels], dtype=np.int64)
    start, size = sum(sizes(targets)[:place]), sizes(targets)[place]
    asked = truth >= 0
    counts = None
    if train_counts is not None:
        counts = [0] * size
        for values, count in zip(targets.values, train_counts, strict=True):
            if values[place] >= 0:
                counts[int(values[place])] += count
    part = answers[asked, start : start + size]
    return one_class.measure(
        truth[asked].tolist(), part, targets.answers[place], train_counts=counts
    )
