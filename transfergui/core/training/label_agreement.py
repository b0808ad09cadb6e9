"""Predicts the labels of somebody else's examples by one's own: see
:mod:`transfergui.core.figures.label_agreement`."""

from __future__ import annotations

import numpy as np

from transfergui.core.base import imports
from transfergui.core.figures.label_agreement import FEWEST, LabelAgreement, judged
from transfergui.core.training import linear_probe


def agreement(
    own: np.ndarray, labels: np.ndarray, theirs: np.ndarray, their_labels: np.ndarray
) -> LabelAgreement | None:
    """Of features [N, F] and [M, F], and labels [N] and [M] that are indices into the same classes.

    Of theirs, only classes are looked at of which there are two own examples or more; None where
    fewer than :data:`FEWEST` examples are left, or one's own have fewer than two such classes.
    """
    names, counts = np.unique(labels, return_counts=True)
    known = names[counts > 1]
    mine, yours = np.isin(labels, known), np.isin(their_labels, known)
    if len(known) < 2 or yours.sum() < FEWEST:
        return None
    x, wanted, rows, said = own[mine], labels[mine], theirs[yours], their_labels[yours]
    centre = x.mean(0)
    scale = float((x - centre).std()) or 1.0
    x, rows = (x - centre) / scale, (rows - centre) / scale
    imports.load("sklearn.linear_model", "sklearn.model_selection")
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    folds = min(linear_probe.FOLDS, int(counts[counts > 1].min()))
    parts = StratifiedKFold(folds, shuffle=True, random_state=0)
    with threadpool_limits(1):
        classifier = linear_probe.classifier_of(x.shape[1])
        tried = cross_val_predict(classifier, x, wanted, cv=parts)
        predicted = classifier.fit(x, wanted).predict(rows)
    shares = np.array([(said == name).mean() for name in known])
    recalls = np.array([(tried[wanted == name] == name).mean() for name in known])
    guesses = np.array([(predicted == name).mean() for name in known])
    agree = int((predicted == said).sum())
    return judged(agree, len(said), float(shares @ recalls), float(shares @ guesses))
