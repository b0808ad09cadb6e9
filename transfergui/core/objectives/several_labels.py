"""Several labels: any number of a list, none too, each by a sigmoid of its own.

Binary cross-entropy, or where the negatives of the labels far outnumber their positives the
asymmetric loss (Ridnik et al., "Asymmetric Loss For Multi-Label Classification", 2021,
arXiv:2009.14119), which lets easy negatives count less.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from transfergui.core.base.i18n import N_, ngettext
from transfergui.core.base.options import Options, option
from transfergui.core.data.targets import SEVERAL_LABELS, Targets, labels_text, parsed_labels
from transfergui.core.figures import calibration, metrics, multilabel, one_class
from transfergui.core.figures.answer_rows import PredictionRow
from transfergui.core.figures.metrics import Circumstances, Report
from transfergui.core.interfaces.objective import (
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

MANY_NEGATIVES = 20.0
"""From so many negatives for each positive on, over all labels, the loss is asymmetric."""


class SeveralLabelsOptions(Options, frozen=True):
    """The options of :class:`SeveralLabels`."""

    loss: Annotated[
        Literal["auto", "binary", "asymmetric"],
        option(
            N_("Loss"),
            N_(
                "Asymmetric loss gives less weight to the labels that an example does not have."
                " Automatic: used if examples lack, on average, 20 labels for each one that "
                "they have."
            ),
            labels={
                "auto": N_("Automatic"),
                "binary": N_("Binary cross-entropy"),
                "asymmetric": N_("Asymmetric loss"),
            },
            advanced=True,
        ),
    ] = "auto"


class SeveralLabels(Usual):
    """See :class:`.interfaces.objective.Objective`; outputs are logits [N, labels], wanted
    are zeros and ones [N, labels]."""

    key = SEVERAL_LABELS
    title = N_("Several labels")
    summary = N_("Each example has any number of labels from a list, or none.")
    options: type[Options] = SeveralLabelsOptions
    curve = Score("micro_f1", N_("F1 of the labels"))
    primary = Score("mean_average_precision", N_("Mean average precision"))
    balances = False
    smooths = True
    fits = True
    confident = True
    several = True
    probe = primary

    def counted(self, targets: Targets, classes: int) -> str:
        count = len(targets.names)
        return ngettext("{count} label", "{count} labels", count).format(count=count)

    def outputs(self, targets: Targets, classes: int) -> int:
        return len(targets.names)

    def output_names(self, targets: Targets, classes: Sequence[str]) -> tuple[str, ...]:
        return targets.names

    def table(self, targets: Targets, classes: int) -> torch.Tensor:
        import torch

        table = torch.zeros(len(targets.values), len(targets.names))
        for row, labels in enumerate(targets.values):
            table[row, [int(label) for label in labels]] = 1
        return table

    def loss(self, targets: Targets, settings: LossSettings) -> torch.nn.Module:
        from transfergui.core.nn.objective_losses import AsymmetricLoss, BinaryCrossEntropy

        assert isinstance(settings.options, SeveralLabelsOptions)
        chosen = settings.options.loss
        if chosen == "auto":
            chosen = self.chosen(targets, settings.counts)["loss"]
        return (
            AsymmetricLoss() if chosen == "asymmetric" else BinaryCrossEntropy(settings.smoothing)
        )

    def validation_loss(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> float:
        from torch.nn import functional

        return float(functional.binary_cross_entropy_with_logits(outputs, wanted))

    def soften(self, wanted: torch.Tensor, targets: Targets, classes: int) -> torch.Tensor:
        return wanted

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        """True positives, false positives and false negatives at a threshold of 0.5."""
        said, truth = outputs.cpu() > 0, wanted.cpu() >= 0.5
        pairs = ((said & truth), (said & ~truth), (~said & truth))
        return tuple(float(pair.sum()) for pair in pairs)

    def rate(self, tally: Sequence[float], samples: int) -> float:
        found, wrong, missed = tally
        return 2 * found / (2 * found + wrong + missed) if found else 0.0

    def calibrate(
        self, outputs: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        """One for all labels: many have too few positive samples for one of their own."""
        if len(labels) < calibration.FEWEST:
            return ()
        return (calibration.fit_labels(outputs, _truth(labels, targets)),)

    def energy(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """Wang et al., "Can multi-label classification networks know what they don't know?", 2021
        (arXiv:2109.14162): the sum over the labels."""
        from torch.nn import functional

        return -functional.softplus(outputs).sum(1)

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs.sigmoid()

    def evidence(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        import torch

        mean = torch.stack([each.double().sigmoid() for each in outputs]).mean(0)
        return mean.logit(eps=1e-12).to(outputs[0].dtype)

    def exports(self, found: Found) -> dict[str, tuple[str, ...]]:
        return {"probabilities": found.targets.names, "labels": found.targets.names}

    def exported(self, outputs: torch.Tensor, found: Found) -> tuple[torch.Tensor, ...]:
        """The probabilities, and which labels are above their thresholds: 0 or 1."""
        import torch

        shares = self.answers(outputs, found.targets)
        limits = torch.tensor(_thresholds(found), dtype=shares.dtype)
        return shares, (shares >= limits).long()

    def agreement(
        self, wanted: torch.Tensor, outputs: torch.Tensor, found: Found, close: float
    ) -> float:
        """The same labels above their thresholds, but for those that lie on them."""
        import torch

        limits = torch.tensor(_thresholds(found), dtype=torch.double).logit()
        first, second = (each.double() >= limits for each in (wanted, outputs))
        on_them = (wanted.double() - limits).abs() <= close
        return float(((first == second) | on_them).all(1).double().mean())

    def chosen(self, targets: Targets, counts: Sequence[int]) -> dict[str, Any]:
        many = negatives_per_positive(targets, counts) >= MANY_NEGATIVES
        return {"loss": "asymmetric" if many else "binary"}

    def compares_alone(self, options: Options) -> bool:
        return False

    def fit(
        self, answers: np.ndarray, labels: Sequence[int], targets: Targets
    ) -> tuple[float, ...]:
        """A threshold for each label."""
        return tuple(multilabel.choose_thresholds(_truth(labels, targets), answers))

    def said(self, answers: np.ndarray, found: Found) -> list[Said]:
        """The labels above their thresholds; as sure as of the one that is least clear."""
        import numpy as np

        limits = np.array(_thresholds(found))
        said = []
        for row in answers:
            chosen = row >= limits
            names = [name for name, yes in zip(found.targets.names, chosen, strict=True) if yes]
            sure = np.where(chosen, row, 1 - row)
            said.append(Said(labels_text(names), float(sure.min()) if len(sure) else None))
        return said

    def columns(self, found: Found) -> tuple[str, ...]:
        return found.targets.names

    def cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        return tuple(answers.tolist())

    def error(self, row: PredictionRow, targets: Targets) -> float:
        """How sure the surest of the wrong decisions is: a label too many, or one too few."""
        true, said = set(parsed_labels(row.truth)), set(parsed_labels(row.label))
        sure = dict(zip(targets.names, map(float, row.cells), strict=False))
        too_many = [sure.get(name, 1.0) for name in said - true]
        too_few = [1 - sure.get(name, 0.0) for name in true - said]
        return max(*too_many, *too_few, 0.0, 0.0)

    def matched(
        self, classes: Sequence[str], targets: Targets, found: Found, match: Match
    ) -> Matched:
        """Labels that the model does not know are left out of the combinations. A label that the
        data lack altogether counts as one that no sample has."""
        own = found.targets.names
        known = match(targets.names, own)
        place = {n: own.index(known[name]) for n, name in enumerate(targets.names) if name in known}
        rows: list[Row] = [
            tuple(sorted({place[int(n)] for n in labels if int(n) in place}))
            for labels in targets.values
        ]
        longer, labels = extended(
            found, rows, lambda row: labels_text(own[int(index)] for index in row)
        )
        some = bool(known) or not targets.names
        return Matched(
            longer,
            labels if some else (None,) * len(rows),
            tuple(
                tuple(targets.names[int(n)] for n in each if int(n) not in place)
                for each in targets.values
            ),
            {name: other for name, other in known.items() if name != other},
        )

    def probes(self, labels: np.ndarray, targets: Targets) -> tuple[Probe, ...]:
        return tuple(Probe("label", column) for column in _truth(labels.tolist(), targets).T)

    def measure(
        self,
        answers: np.ndarray,
        labels: Sequence[int],
        found: Found,
        train_counts: Sequence[int] | None,
        circumstances: Circumstances,
    ) -> Report:
        targets, names = found.targets, found.targets.names
        frequencies = None if train_counts is None else _frequencies(targets, train_counts)
        figures = multilabel.measure(
            _truth(labels, targets), answers, _thresholds(found), train_frequencies=frequencies
        )
        value, base = figures.mean_average_precision, figures.baseline
        shown = len(names) <= one_class.MATRIX_CLASSES
        return Report(
            objective=self.key,
            primary=metrics.primary(self.primary.key, value, figures.interval),
            macro_f1=figures.macro_f1,
            n=figures.n,
            classes=names,
            mean_average_precision=value,
            baseline_mean_average_precision=None if base is None else base.mean_average_precision,
            micro_f1=figures.micro_f1,
            exact_match=figures.exact_match,
            per_label=dict(zip(names, figures.per_label, strict=True)),
            true_together=figures.true_together if shown else [],
            predicted_together=figures.predicted_together if shown else [],
            none_true=figures.none_true,
            none_predicted=figures.none_predicted,
            **metrics.no_class_figures(),
            **circumstances,
        )


def negatives_per_positive(targets: Targets, counts: Sequence[int]) -> float:
    """How many labels the training samples do not have, for each that they have."""
    pairs = list(zip(targets.values, counts, strict=True))
    positives = sum(len(labels) * count for labels, count in pairs)
    total = len(targets.names) * sum(counts)
    return (total - positives) / max(1, positives)


def _truth(labels: Sequence[int], targets: Targets) -> np.ndarray:
    """Which labels each sample has: 0 or 1 [N, labels]."""
    import numpy as np

    truth = np.zeros((len(labels), len(targets.names)), dtype=np.uint8)
    for row, label in enumerate(labels):
        truth[row, [int(index) for index in targets.values[label]]] = 1
    return truth


def _thresholds(found: Found) -> list[float]:
    """Of each label; 0.5 where none were chosen."""
    return list(found.fitted) or [0.5] * len(found.targets.names)


def _frequencies(targets: Targets, train_counts: Sequence[int]) -> list[float]:
    """The share of the training samples that have each label."""
    total = max(1, sum(train_counts))
    found = [0] * len(targets.names)
    for labels, count in zip(targets.values, train_counts, strict=True):
        for label in labels:
            found[int(label)] += count
    return [count / total for count in found]
