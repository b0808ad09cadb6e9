"""How much each borrowed sample counts in a training, and what is told of it.

Weights depend on the features of the backbone before it is trained, on one's own training samples
and the source's alone: a resumed training finds the same ones.
"""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import torch
from torch import Tensor, nn

from transfergui.core.data.companions import Companion
from transfergui.core.evaluation import borrowed
from transfergui.core.figures import borrowing, leaving_out
from transfergui.core.figures.borrowing import Borrowed, Labelled, Lent
from transfergui.core.runs import events as ev
from transfergui.core.training import ranking
from transfergui.core.training.features import FeatureSource
from transfergui.core.training.label_agreement import agreement
from transfergui.core.training.streams import Stream

if TYPE_CHECKING:
    from transfergui.core.data.dataset import Sample
    from transfergui.core.figures.label_agreement import LabelAgreement
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.training.loaders import Source

FAR = 0.25
"""Borrowed samples that would count as a smaller share of themselves are far from one's own."""
NARROW = 512
"""Features that are left of a network that has many more (TF-IDF): random sums of them keep
distances (Johnson and Lindenstrauss 1984)."""
MOST_PASSES, MOST_PASSES_CACHED = 10, 100
"""Over one's own samples in an epoch, however many are borrowed; of cached features, where a step
takes no time: with 10, 20 texts that borrowed 2000 gave 0.69, trained to the end 0.71."""


class Narrowed(nn.Module):
    """A network [N, ...] whose features [N, width] become :data:`NARROW` random sums of them."""

    projection: Tensor

    def __init__(self, network: nn.Module, width: int) -> None:
        super().__init__()
        self.network = network
        rng = np.random.default_rng(0)
        drawn = rng.standard_normal((width, NARROW), np.float32) / math.sqrt(NARROW)
        self.register_buffer("projection", torch.from_numpy(drawn), persistent=False)

    def forward(self, inputs: Tensor) -> Tensor:
        found: Tensor = self.network(inputs) @ self.projection
        return found


def pooled(companions: Sequence[Companion]) -> Companion:
    """Several sources as one, whose samples are named by where they are."""
    if len(companions) == 1:
        return companions[0]
    samples = tuple(
        msgspec.structs.replace(sample, path=os.path.join(each.root, sample.path))  # noqa: PTH118 - many
        for each in companions
        for sample in each.samples
    )
    first = companions[0]
    path = ", ".join(each.path for each in companions)
    return msgspec.structs.replace(first, path=path, samples=samples)


def one_after_another(sources: Sequence[FeatureSource]) -> FeatureSource:
    """The features of several sources as those of one [V, N1 + N2 ..., F]."""
    if len(sources) == 1:
        return sources[0]
    together = np.concatenate([each.versions.numpy() for each in sources], 1)
    samples = [sample for each in sources for sample in each.samples]
    wanted = torch.cat([each.wanted for each in sources])
    return FeatureSource(together, samples, wanted, sources[0].seed)


def weighed(plan: Plan, own: FeatureSource, source: FeatureSource) -> Lent:
    """How much each sample of the source counts, by the strategy of ``plan``."""
    weigh, count = plan.strategy.weigh, len(source.labels)
    if weigh is None or not count:
        return borrowing.alike(count)
    return weigh(plan.options, _labelled(own), _labelled(source))


def _labelled(source: FeatureSource) -> Labelled:
    return Labelled(source.versions[0].numpy(), np.array(source.labels, np.int64))


def _agreement(plan: Plan, own: FeatureSource, source: FeatureSource) -> LabelAgreement | None:
    """Whether the labels of a source agree with one's own: of as many samples as
    :mod:`transfergui.core.app.suitability` looks at, so that many take no longer."""
    looked_at = ranking.looked_at(own.samples, plan.objective)
    x, labels = _rows(own, looked_at)
    theirs, said = _rows(source, ranking.some(source.samples))
    return agreement(x, labels, theirs, said)


def _rows(source: FeatureSource, samples: Sequence[Sample]) -> Labelled:
    """Features [N, F] and labels of ``samples``, which are some of the source's."""
    wanted = {sample.path for sample in samples}
    rows = [row for row, path in enumerate(source.paths) if path in wanted]
    known = _labelled(source)
    return Labelled(known.features[rows], known.labels[rows])


def told_of(
    plan: Plan,
    companions: Sequence[Companion],
    own: FeatureSource,
    known: Sequence[FeatureSource],
    lent: Lent,
    val: FeatureSource | None,
) -> Borrowed:
    """What was borrowed.

    Args:
        known: the features of each of ``companions``.
        lent: the weights of the samples of the first source, of the second one, and so on.
        val: one's own validation samples, where it is to be told which source helps.
    """
    starts = np.cumsum([0, *(len(each.labels) for each in known)])
    parts = [lent.each[first:end] for first, end in itertools.pairwise(starts)]
    of_each = {each.path: weights for each, weights in zip(companions, parts, strict=True)}
    leaving = None
    if val is not None:
        sources = [_labelled(each) for each in known]
        leaving = leaving_out.left_out(_labelled(own), _labelled(val), sources, parts)
    discards = plan.strategy.discards
    count = len(own.labels)
    names = {each.path: found.paths for each, found in zip(companions, known, strict=True)}
    pairs = zip(companions, known, strict=True)
    labels = {each.path: _agreement(plan, own, found) for each, found in pairs}
    key = plan.strategy.key
    return borrowing.described(key, count, lent, of_each, discards, leaving, names, labels)


def stream(source: Source, path: str, lent: Lent, own: int, cached: bool) -> Stream:
    """The source as it is drawn beside ``own`` training samples."""
    ratio = lent.effective / max(1, own)
    uneven = lent.each if len(lent.each) and np.ptp(lent.each) else None
    return Stream(source, path, True, uneven, min(1.0, ratio), passes(ratio, cached))


def passes(ratio: float, cached: bool) -> int:
    """How often one's own samples are gone through in an epoch, if so many times as many are
    borrowed."""
    return min(MOST_PASSES_CACHED if cached else MOST_PASSES, max(1, round(ratio)))


def of_files(lent: Lent, known: Sequence[FeatureSource], companions: Sequence[Companion]) -> Lent:
    """Weights for all samples of ``companions``, of those for the samples whose features are
    ``known``; 0 of what could not be read."""
    starts = np.cumsum([0, *(len(each.labels) for each in known)])
    parts = []
    for features, start, companion in zip(known, starts, companions, strict=False):
        rows = {path: start + row for row, path in enumerate(features.paths)}
        found = [rows.get(sample.path) for sample in companion.samples]
        parts += [0.0 if row is None else float(lent.each[row]) for row in found]
    return Lent(np.array(parts), lent.estimated)


def notices(plan: Plan, found: Borrowed) -> list[ev.Notice]:
    """What is said before the training."""
    noun = plan.modality.many
    told = [*map(ev.Notice.of, borrowed.contradicting(found, noun))]
    if not found.estimated:
        values = {"count": found.own, "borrowed": found.count, "noun": noun}
        return [*told, ev.Notice(code="borrow.too_few", values=values, level="warning")]
    several = len(found.sources) > 1
    for source in found.sources:
        values = {"count": source.count, "path": source.path, "noun": noun}
        if borrowed.contradicts(source):  # said above
            continue
        if source.kept is not None:
            code, values["kept"] = "borrow.kept", source.kept
        elif round(source.effective) >= source.count:
            code = "borrow.all"
        else:
            code, values["effective"] = "borrow.effective", max(1, round(source.effective))
        if several or code != "borrow.all":
            told.append(ev.Notice(code=code, values=values))
    if found.before is not None and found.before < FAR * found.count:
        values = {"count": found.count, "before": max(1, round(found.before)), "noun": noun}
        told.append(ev.Notice(code="borrow.far", values=values))
    return [*told, *map(ev.Notice.of, borrowed.of_each(found, noun))]
