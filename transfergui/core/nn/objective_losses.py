"""Losses of what else than one class may be predicted: several labels, a number, questions.

Each is a module whose ``forward(outputs, targets)`` returns a scalar, a mean over the samples of
the batch. Outputs in half precision are computed with in float32.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own convention

MISSING = -1
"""The target of a question that a sample has no answer to."""

HALF = (torch.float16, torch.bfloat16)


def _full(values: Tensor) -> Tensor:
    return values.float() if values.dtype in HALF else values


def _same_shape(outputs: Tensor, targets: Tensor) -> None:
    """Else broadcasting would compare every sample with every other."""
    if outputs.shape != targets.shape:
        raise ValueError(f"outputs of shape {outputs.shape}, targets of {targets.shape}")


# -- several labels


class BinaryCrossEntropy(nn.Module):
    """Binary cross-entropy of several labels, mean over samples and labels.

    Args:
        smoothing: in [0, 1): targets 0 and 1 become ``smoothing / 2`` and ``1 - smoothing / 2``.
        positive_weights: L factors of the loss of positive targets, such as negatives per
            positive in the training samples; None weighs all alike.
    """

    positive_weights: Tensor | None

    def __init__(
        self, smoothing: float = 0.0, positive_weights: Sequence[float] | None = None
    ) -> None:
        super().__init__()
        if not 0 <= smoothing < 1:
            raise ValueError(f"label smoothing {smoothing}")
        self.smoothing = smoothing
        weights = None if positive_weights is None else torch.tensor(list(positive_weights))
        self.register_buffer("positive_weights", weights, persistent=False)

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Targets [N, L] are 0 or 1, or between after mixing; logits are [N, L].

        Raises:
            ValueError: shapes differ.
        """
        _same_shape(logits, targets)
        logits = _full(logits)
        wanted = targets.to(logits.dtype) * (1 - self.smoothing) + self.smoothing / 2
        weights = self.positive_weights
        if weights is not None:
            weights = weights.to(logits.dtype)
        return F.binary_cross_entropy_with_logits(logits, wanted, pos_weight=weights)


class AsymmetricLoss(nn.Module):
    """Asymmetric loss of several labels, mean over samples and labels.

    Ridnik et al. 2021, arXiv:2009.14119: with ``p = sigmoid(logit)`` and
    ``p_m = max(p - clip, 0)``, positive targets cost ``-(1 - p)**gamma_pos log(p)``, negative
    ones ``-p_m**gamma_neg log(1 - p_m)``: easy negatives count little, those below ``clip``
    nothing. The authors' program adds up over the batch; here it is the mean, so that learning
    rates mean the same as with binary cross-entropy.

    Args:
        gamma_neg: 0 or at least 1; with smaller ones the gradient at 0 is infinite.
        gamma_pos: likewise.
        clip: in [0, 1), the probability margin.
    """

    def __init__(self, gamma_neg: float = 4.0, gamma_pos: float = 1.0, clip: float = 0.05) -> None:
        super().__init__()
        if any(gamma != 0 and gamma < 1 for gamma in (gamma_neg, gamma_pos)):
            raise ValueError(f"gamma must be 0 or at least 1: {gamma_neg}, {gamma_pos}")
        if not 0 <= clip < 1:
            raise ValueError(f"clip must be in [0, 1): {clip}")
        self.gamma_neg = gamma_neg
        self.gamma_pos = gamma_pos
        self.clip = clip

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Targets [N, L] are 0 or 1, or between after mixing; logits are [N, L].

        Raises:
            ValueError: shapes differ.
        """
        _same_shape(logits, targets)
        logits = _full(logits)
        wanted = targets.to(logits.dtype)
        yes, no = logits.sigmoid(), (-logits).sigmoid()  # 1 - yes would lose all digits
        positive = no**self.gamma_pos * F.logsigmoid(logits)
        negative = (yes - self.clip).clamp(min=0) ** self.gamma_neg * self._log_no(logits, no)
        return -(wanted * positive + (1 - wanted) * negative).mean()

    def _log_no(self, logits: Tensor, no: Tensor) -> Tensor:
        """``log(1 - p_m)``, finite however large the logits are."""
        return (no + self.clip).clamp(max=1).log() if self.clip else F.logsigmoid(-logits)


# -- a number


class Standardizer(nn.Module):
    """Between numbers in their unit and numbers of mean 0 and standard deviation 1.

    Mean and scale are buffers, kept with the weights. They are float32 (Apple's processors know
    no float64): of numbers whose spread is less than a millionth of their size, digits are lost.

    Args:
        mean: in the unit of the number.
        scale: the standard deviation, positive.

    Raises:
        ValueError: they are not finite in float32, or the scale is not positive.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, mean: float = 0.0, scale: float = 1.0) -> None:
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32))
        self.register_buffer("scale", torch.tensor(scale, dtype=torch.float32))
        if not (self.mean.isfinite() and self.scale.isfinite() and self.scale > 0):
            raise ValueError(f"mean {mean}, scale {scale}")

    def forward(self, values: Tensor) -> Tensor:
        """From the unit to standardised, any shape."""
        return (values - self.mean) / self.scale


class StandardizedSmoothL1(nn.Module):
    """Smooth L1 of standardised numbers, mean over the samples.

    ``d**2 / (2 beta)`` where the difference d is below ``beta`` standard deviations, beyond it
    ``d - beta / 2`` (Girshick 2015, arXiv:1504.08083): an outlier pulls no harder than others.

    Args:
        standardizer: of the training targets.
        beta: in standard deviations, positive.
    """

    def __init__(self, standardizer: Standardizer, beta: float = 1.0) -> None:
        super().__init__()
        if not beta > 0:
            raise ValueError(f"beta must be positive: {beta}")
        self.standardizer = standardizer
        self.beta = beta

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Outputs are standardised, targets are in the unit of the number; both [N] or [N, 1].

        Raises:
            ValueError: shapes do not fit.
        """
        given = _full(outputs)
        given = given.squeeze(1) if given.ndim == 2 and given.shape[1] == 1 else given
        targets = targets.squeeze(1) if targets.ndim == 2 and targets.shape[1] == 1 else targets
        _same_shape(given, targets)
        return F.smooth_l1_loss(given, self.standardizer(targets).to(given.dtype), beta=self.beta)


# -- several questions

Balance = Literal["start", "uncertainty", "none"]


class QuestionsLoss(nn.Module):
    """The sum of the cross-entropies of Q questions, over the answers that are there.

    The loss of a question is the sum over the answers in the batch, divided by the samples of
    the batch and by the share of the training samples that have an answer. So each answer counts
    the same, however many a batch happens to have, micro-batches add up to what the whole
    would give, and the expected value is the mean over the answers. A question without any in
    the batch adds 0, and its head gets zero gradients.

    How the questions are balanced:

    - ``start``: each is divided by its loss at the start, so that all begin with 1:
      ``start_values`` where measured, else ``log(C_k)``, what an untrained head of C_k classes is
      expected to have.
    - ``uncertainty``: weights are learnt (Kendall, Gal, Cipolla 2018, arXiv:1705.07115), in the
      form of Liebel and Körner 2018, arXiv:1805.06334: ``exp(-s) / 2 * loss + log(1 + exp(s))``
      with one parameter ``s`` for each question. Kendall's own ``s / 2`` in place of the second
      term becomes negative without bound as a question is learnt by heart, and its weight
      grows as 1 / loss; this one stays positive, and its weight grows as 1 / sqrt(loss). The
      second term counts once per answer too, so that weights rest where there are none.
      ``log_variances`` must be given to the optimizer, without weight decay.
    - ``none``: they are added as they are.

    Args:
        classes: C_k of each question.
        balance: as above.
        start_values: measured losses at the start, positive; of ``start`` only.
        answered: share of the training samples that have an answer, in (0, 1]; 1 by default, which
            lets each answer count the same over all questions.
        smoothing: label smoothing, in [0, 1).
        class_weights: for each question C_k factors, or None; mean 1 over its training answers
            keeps the scale.
    """

    def __init__(
        self,
        classes: Sequence[int],
        balance: Balance = "start",
        start_values: Sequence[float] | None = None,
        answered: Sequence[float] | None = None,
        smoothing: float = 0.0,
        class_weights: Sequence[Sequence[float] | None] | None = None,
    ) -> None:
        """Raises:
        ValueError: lengths differ, or a value is out of its bounds.
        """
        super().__init__()
        self.classes = tuple(classes)
        self.smoothing = smoothing
        if start_values is not None and balance != "start":
            raise ValueError(f"start values are of no use with balance {balance}")
        starts = [expected_start(c) for c in classes] if start_values is None else [*start_values]
        shares = [1.0] * len(self.classes) if answered is None else [*answered]
        weights = [None] * len(self.classes) if class_weights is None else [*class_weights]
        _check_questions(self.classes, starts, shares, weights, smoothing)
        if balance not in get_args(Balance):
            raise ValueError(f"balance {balance}")
        divisors = starts if balance == "start" else [1.0] * len(starts)
        self.register_buffer("answered", torch.tensor(shares), persistent=False)
        self.register_buffer("divisors", torch.tensor(divisors), persistent=False)
        for k, row in enumerate(weights):
            buffer = None if row is None else torch.tensor(list(row))
            self.register_buffer(_weights_of(k), buffer, persistent=False)
        learnt = nn.Parameter(torch.zeros(len(starts))) if balance == "uncertainty" else None
        self.register_parameter("log_variances", learnt)

    answered: Tensor
    divisors: Tensor
    log_variances: Tensor | None

    def forward(self, logits: Sequence[Tensor], targets: Tensor | Sequence[Tensor]) -> Tensor:
        """Args:
            logits: for each question [N, C_k].
            targets: class indices [N, Q], -1 where an answer is missing; or for each question
                class indices [N] or soft targets [N, C_k] as of :func:`soft_targets`.

        Returns:
            a scalar; 0 of an empty batch.

        Raises:
            ValueError: shapes do not fit.
        """
        losses, answers = self.per_question(logits, targets)
        if self.log_variances is None:
            return (losses / self.divisors.to(losses.dtype)).sum()
        scores = self.log_variances
        return (losses * torch.exp(-scores) / 2 + answers * F.softplus(scores)).sum()

    def per_question(
        self, logits: Sequence[Tensor], targets: Tensor | Sequence[Tensor]
    ) -> tuple[Tensor, Tensor]:
        """What :meth:`forward` adds up: the loss of each question [Q] before balancing, and
        how many answers there were, in the same units [Q] (about 1).

        Their quotient is the mean loss of the answers in this batch.
        """
        rows = list(targets.unbind(1)) if isinstance(targets, Tensor) else list(targets)
        if not len(logits) == len(rows) == len(self.classes):
            raise ValueError(f"{len(logits)} outputs, {len(rows)} targets, {len(self.classes)}")
        pairs = [self._sums(k, _full(logits[k]), rows[k]) for k in range(len(rows))]
        losses, answers = (torch.stack(column) for column in zip(*pairs, strict=True))
        units = self.answered.to(losses.dtype) * max(1, len(rows[0]))
        return losses / units, answers.to(losses.dtype) / units

    def _sums(self, k: int, logits: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The summed cross-entropy of one question and the number of answers."""
        weights = self.get_buffer(_weights_of(k)) if self._weighted(k) else None
        if logits.shape != (len(targets), self.classes[k]):
            raise ValueError(f"outputs {logits.shape} of question {k} of {self.classes[k]} classes")
        if targets.ndim == 1:
            loss = F.cross_entropy(
                logits,
                targets,
                weight=None if weights is None else weights.to(logits.dtype),
                ignore_index=MISSING,
                reduction="sum",
                label_smoothing=self.smoothing,
            )
            return loss, (targets != MISSING).sum()
        _same_shape(logits, targets)
        mass = targets.to(logits.dtype).sum(dim=1, keepdim=True)  # 0 of a missing answer
        wanted = targets * (1 - self.smoothing) + mass * self.smoothing / self.classes[k]
        costs = -wanted * logits.log_softmax(dim=1)
        return (costs if weights is None else costs * weights.to(logits.dtype)).sum(), mass.sum()

    def _weighted(self, k: int) -> bool:
        return getattr(self, _weights_of(k)) is not None


def soft_targets(targets: Tensor, classes: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Class indices [N] as probabilities [N, classes]; a missing answer (-1) is a row of zeros.

    ``lam * soft_targets(a, C) + (1 - lam) * soft_targets(b, C)`` are the targets of mixup: where
    one of both answers is missing, the other counts with its share alone.
    """
    rows = F.one_hot(targets.clamp(min=0), classes).to(dtype)
    return rows * (targets != MISSING).to(dtype)[:, None]


def expected_start(classes: int) -> float:
    """The cross-entropy of an untrained head: ``log(C)``; 1 of a single class, whose loss is 0."""
    return math.log(classes) if classes > 1 else 1.0


def _weights_of(k: int) -> str:
    return f"class_weights_{k}"


def _check_questions(
    classes: Sequence[int],
    starts: Sequence[float],
    shares: Sequence[float],
    weights: Sequence[Sequence[float] | None],
    smoothing: float,
) -> None:
    if not classes or not len(classes) == len(starts) == len(shares) == len(weights):
        raise ValueError("one number of classes, start value and share for each question")
    if not all(start > 0 for start in starts):
        raise ValueError(f"start values must be positive: {starts}")
    if not all(0 < share <= 1 for share in shares):
        raise ValueError(f"shares of answers must be above 0, at most 1: {shares}")
    if any(row is not None and len(row) != c for row, c in zip(weights, classes, strict=True)):
        raise ValueError("one weight for each class of a question")
    if not 0 <= smoothing < 1:
        raise ValueError(f"label smoothing {smoothing}")


class SideBySide(nn.Module):
    """A loss of several questions, for logits and soft targets that lie side by side.

    Args:
        loss: of Q questions with C_1 ... C_Q classes.
    """

    def __init__(self, loss: QuestionsLoss) -> None:
        super().__init__()
        self.loss = loss

    def forward(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Args:
        logits: [N, C_1 + ... + C_Q].
        targets: class indices [N, Q], -1 where an answer is missing; or soft targets of the
            same shape as the logits.
        """
        parts = logits.split(self.loss.classes, 1)
        if targets.is_floating_point():
            return self.loss(parts, targets.split(self.loss.classes, 1))
        return self.loss(parts, targets)
