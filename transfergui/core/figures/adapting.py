"""Whether a model that was adapted to unlabelled examples may be preferred, without their labels.

None of these figures says that predictions are right. They only tell when an adapted model is not
worse where labels are known, and has not collapsed where they are not. Each alone chooses wrongly
on some data (Musgrave, Belongie and Lim, "Unsupervised Domain Adaptation: A Reality Check", 2021,
arXiv:2111.15672), so all of them must agree.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import msgspec
import numpy as np

from transfergui.core.base.records import Count, Number, Share
from transfergui.core.figures import two_samples
from transfergui.core.figures.intervals import wilson_of

CLIPPED = 0.99
"""Weights above this quantile are cut to it: few samples must not decide alone."""
FEWEST = 10
"""Samples on each side: of fewer, no density is estimated."""
LOST = 0.02
"""A class that the plain model predicts for more than this share, and the adapted one never, is
lost."""
UNINFORMED = 0.1
"""Of the information that predictions can carry, ln C: a plain model whose predictions for the
target carry less gives adapting nothing to build on. Reviews of films and Chinese ones of food:
0.04 and 0.05 (word vectors, MiniLM). Where adapting helped, reviews of books and kitchens 0.14 to
0.28, digits of another pen 0.15 and 0.20, other voices 0.62 to 0.84."""
CLEARER = 0.1
"""By so much of ln C the information of the predictions for the target must rise where the method
itself makes them more certain: of 16 pairs of domains (voices, digits, reviews), those eight whose
information rose by more under MCC gained 1.5 to 35 points of accuracy, the others lost up to 2.2
or gained up to 1.5."""
VAGUER = 0.5
"""Of the information for one's own validation samples: a head that was trained for a moment is sure
of nothing, at home neither."""
HOTTEST = 4.0
"""Temperatures are looked for between exp(-4) and exp(4)."""
EPSILON = 1e-12


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two models.

    Attributes:
        accuracy: on the validation samples.
        weighted: the same, each counted by how much it is like the target's; None where that
            cannot be estimated.
        information: of the predictions for the target, in nats (:func:`information`).
        mean_entropy: the entropy of their mean, in nats.
        calibrated: the same at the temperature that fits the validation samples
            (:func:`temperature`), so that two models can be compared; None in older runs.
        at_home: the information of the predictions for the validation samples; None without any.
        checked: the accuracy on the labelled examples of the target; None without any.
    """

    accuracy: Share
    weighted: Share | None
    information: Number
    mean_entropy: Number
    calibrated: Number | None = None
    at_home: Number | None = None
    checked: Share | None = None


class Adaptation(msgspec.Struct, frozen=True, kw_only=True):
    """An adapted model beside the one that was trained without the target.

    Attributes:
        strategy: of the adapted one.
        kept: which of them was kept.
        plain, adapted: what was found of each.
        validated: validation samples; 0 where the labelled data were not there, which then have
            no accuracy.
        effective: as how many independent samples the weighted ones count.
        target: unlabelled samples of the target.
        changed: share of them for which the two models predict different classes.
        shares: per class, the share predicted by the plain and the adapted model.
        lost: classes that the adapted model does not predict any more.
        reasons: codes of what speaks against the adapted model; empty where nothing does.
        checked: labelled examples of the target.
        p: how often chance alone gives a difference as large on these; None without any.
        low, high: ends of the 95 % interval of the difference on these, the adapted model less the
            plain one; None without any, and in older reports.
        early: whether the training of the plain model was ended by the user.
    """

    strategy: str
    kept: str
    plain: Side
    adapted: Side
    validated: Count
    effective: Number | None
    target: Count
    changed: Share
    shares: dict[str, tuple[Share, Share]]
    lost: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    checked: Count = 0
    p: Share | None = None
    low: Number | None = None
    high: Number | None = None
    early: bool = False


class Weights(NamedTuple):
    """How much each validation sample is like the target's.

    Attributes:
        each: [V], mean 1.
        effective: as how many independent samples they count (Kish 1965).
    """

    each: np.ndarray
    effective: float


def information(answers: np.ndarray) -> float:
    """The mutual information of predictions [M, C], in nats: high where each is of one class, and
    all classes are predicted (information maximisation, Shi and Sha 2012, arXiv:1206.6438)."""
    return mean_entropy(answers) - float(_entropy(answers).mean())


def temperature(answers: np.ndarray, right: np.ndarray) -> float:
    """At which the confidences of predictions [V, C] are what share of them is ``right`` [V] (Guo
    et al. 2017, arXiv:1706.04599), against smoothed shares (Platt 1999): of few samples without a
    mistake does not follow that there is none; 1 without any.
    """
    from scipy.optimize import minimize_scalar

    count, hits = len(right), int(right.sum())
    if not count:
        return 1.0
    wanted = np.where(right, (hits + 1) / (hits + 2), 1 / (count - hits + 2))

    def loss(exponent: float) -> float:
        sure = at_temperature(answers, math.exp(exponent)).max(1).clip(EPSILON, 1 - EPSILON)
        return float(-(wanted * np.log(sure) + (1 - wanted) * np.log(1 - sure)).mean())

    found = minimize_scalar(loss, bounds=(-HOTTEST, HOTTEST), method="bounded")
    return math.exp(found.x)


def at_temperature(answers: np.ndarray, temperature: float) -> np.ndarray:
    """Predictions [M, C], their logits divided by ``temperature``."""
    logits = np.log(answers.astype(np.float64) + EPSILON) / temperature
    shares = np.exp(logits - logits.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)


def mean_entropy(answers: np.ndarray) -> float:
    """The entropy of the mean of predictions [M, C], in nats; low where few classes are left."""
    return float(_entropy(answers.mean(0)[None])[0])


def _entropy(shares: np.ndarray) -> np.ndarray:
    """Of each row [N, C]."""
    return -(shares * np.log(shares + EPSILON)).sum(1)


def weights(source: np.ndarray, target: np.ndarray) -> Weights | None:
    """The density ratio of the target's features [M, F] and the source's [V, F], at the latter;
    None where there are too few.

    By a classifier that tells the two sets apart (Bickel, Brückner and Scheffer, "Discriminative
    learning for differing training and test distributions", ICML 2007), out of fold.
    """
    if min(len(source), len(target)) < FEWEST:
        return None
    share = two_samples.domain_probabilities(source.astype(np.float64), target, scaled=False)
    own = np.clip(share[: len(source)], 1e-6, 1 - 1e-6)
    ratio = own / (1 - own) * len(source) / len(target)
    ratio = np.minimum(ratio, np.quantile(ratio, CLIPPED))
    each = ratio / ratio.mean()
    return Weights(each, float(each.sum() ** 2 / (each**2).sum()))


def against(
    plain: Side,
    adapted: Side,
    validated: int,
    effective: float | None,
    lost: int,
    classes: int,
    sharpens: bool = False,
) -> tuple[str, ...]:
    """Codes of what speaks against the adapted model, where no label of the target is known.

    Args:
        validated, effective: validation samples, and as how many they count where they are weighted
            by how much they are like the target's.
        lost: classes that only the plain model predicts, of all ``classes``.
        sharpens: whether the method minimises the uncertainty of predictions for the target.
    """
    found = []
    if _knows_nothing(plain, classes):
        found.append("adapt.nothing_known")
    if validated:
        before, after = (wilson_of(side.accuracy, validated) for side in (plain, adapted))
        if after.high < before.low:  # a model that fits elsewhere is often a little worse at home
            found.append("adapt.worse_at_home")
    if not _clearer(plain, adapted, classes, sharpens):
        found.append("adapt.less_clear")
    if _worse_where_alike(plain, adapted, effective):
        found.append("adapt.worse_where_alike")
    if lost:
        found.append("adapt.lost_classes")
    return tuple(found)


def _clearer(plain: Side, adapted: Side, classes: int, sharpens: bool) -> bool:
    """Whether the predictions for the target carry more information with adapting: as they are, and
    at each model's temperature. Either alone misleads: an overconfident model seems to know more,
    and one that is wrong at home as well is only told apart by it with enough validation samples.
    """
    gains = [adapted.information - plain.information]
    if plain.calibrated is not None and adapted.calibrated is not None:
        gains.append(adapted.calibrated - plain.calibrated)
    least = CLEARER * math.log(max(2, classes)) if sharpens else 0.0
    return min(gains) > 0 and gains[-1] > least


def _knows_nothing(plain: Side, classes: int) -> bool:
    """Whether its predictions for the target carry next to no information, though those for one's
    own samples do."""
    vague = plain.information < UNINFORMED * math.log(max(2, classes))
    return vague and (plain.at_home is None or plain.information < VAGUER * plain.at_home)


def _worse_where_alike(plain: Side, adapted: Side, effective: float | None) -> bool:
    """Whether it is worse, by more than the interval, where validation samples are like the
    target's."""
    if adapted.weighted is None or plain.weighted is None or not effective:
        return False
    return adapted.weighted < wilson_of(plain.weighted, max(1.0, effective)).low


def lost(plain: np.ndarray, adapted: np.ndarray) -> list[int]:
    """Classes that only the plain model predicts, of shares [C] each."""
    return np.flatnonzero((plain > LOST) & (adapted == 0)).tolist()


def shares(answers: np.ndarray) -> np.ndarray:
    """For which share of predictions [M, C] each class is the likeliest [C]."""
    counts = np.bincount(answers.argmax(1), minlength=answers.shape[1])
    return counts / max(1, len(answers))
