"""Dividing a dataset into training, validation and test: stratified, reproducible, leak-free."""

import functools
import itertools
import json
import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from transfergui.core.base import files, records
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _, paragraph
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options, option
from transfergui.core.data import arrivals, kept_split, tars
from transfergui.core.data.companions import Companion, Role, of_own
from transfergui.core.data.dataset import (
    Dataset,
    Problem,
    Sample,
    fingerprint,
)
from transfergui.core.data.division import divided, measured_classes, some
from transfergui.core.data.kept_split import Parts
from transfergui.core.data.learnable import require_learnable, too_few
from transfergui.core.data.targets import (
    BOXES,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    members,
    members_of,
)
from transfergui.core.data.tars import Places, Tars

MOST_NEW = 90
"""Per cent of what is new that can be a second test set."""


class SplitOptions(Options, frozen=True):
    """How the samples are divided.

    Attributes:
        corrected: whether corrections of the data leave every other sample in its part, or the
            corrected data are divided ``anew``, as recipes of schema 2 and before did.
        kept: the ``split.json`` of a run, whose examples keep the parts that they have there
            (:mod:`transfergui.core.data.arrivals`); empty for none.
        only_kept: use no other examples than those.
        new_test_percent: share of the examples that are new since, which is a second test set.
    """

    val_percent: Annotated[
        int,
        option(
            N_("Validation share"),
            N_(
                "Share of the examples used to choose the best epoch. The model is not trained "
                "on them."
            ),
            ge=5,
            le=45,
            unit="%",
        ),
    ] = 15
    test_percent: Annotated[
        int,
        option(
            N_("Test share"),
            N_(
                "Share of the examples used to test the finished model. The model is not "
                "trained on them."
            ),
            ge=5,
            le=45,
            unit="%",
        ),
    ] = 15
    corrected: Literal["stay", "anew"] = "stay"
    kept: str = ""
    only_kept: bool = False
    new_test_percent: Annotated[int, msgspec.Meta(ge=0, le=MOST_NEW)] = 0


class Split(msgspec.Struct, frozen=True, dict=True):
    """Which samples are learnt from, which choose the best moment, which measure the result.

    Self-contained: a training can be resumed and evaluated from it alone.

    Attributes:
        root: the folder that sample paths are relative to.
        classes: names, in the order of the labels.
        method: how it was made, as a message code: ``split.random`` (or one of
            :data:`AT_RANDOM`), ``split.folders``,
            ``split.val_from_train`` or ``split.test_from_train``.
        input: as of :class:`transfergui.core.data.dataset.Dataset`.
        grouped_by: likewise; None where the user divided the data.
        ungrouped: why groups were divided all the same, where nothing else was left to test on.
        languages: as of :class:`transfergui.core.data.dataset.Dataset`.
        companions: other data beside, which are no part of the division.
        new: a second test set, of examples that were added later.
        unused: examples that were added later and are not used, as their group is measured on, or
            as data are opened as they were.
        tars: each tar that holds examples, as it was listed (:mod:`transfergui.core.data.tars`).
    """

    root: str
    modality: str
    classes: tuple[str, ...]
    train: tuple[Sample, ...]
    val: tuple[Sample, ...]
    test: tuple[Sample, ...]
    seed: int
    method: str
    input: dict[str, Any] = {}
    grouped_by: str | None = None
    ungrouped: Problem | None = None
    languages: tuple[str, ...] = ()
    targets: Targets = Targets()
    companions: tuple[Companion, ...] = ()
    new: tuple[Sample, ...] = ()
    unused: tuple[Sample, ...] = ()
    tars: Tars = {}

    @property
    def places(self) -> Places:
        """The tars of all samples, those of other data as well."""
        beside = ((each.root, each.tars) for each in self.companions)
        return [(self.root, self.tars), *beside]

    def of_role(self, role: Role) -> tuple[Companion, ...]:
        """The other data with a role."""
        return tuple(each for each in self.companions if each.role == role)

    @property
    def fingerprint(self) -> str:
        """Of all samples, wherever they are; equals the dataset's when nothing changed."""
        every = self.train + self.val + self.test + self.new + self.unused
        everything = sorted(every, key=lambda s: s.path)
        return fingerprint(tuple(everything), self.classes)

    @functools.cached_property
    def is_given(self) -> bool:
        """Whether the user put samples into the validation or the test set; looked for once."""
        return any(sample.split is not None for sample in itertools.chain(self.val, self.test))

    def learnt_from(self) -> frozenset[str]:
        """The absolute paths of the samples that a training learns from, with or without labels,
        or chooses by."""
        others = [each for each in self.companions if each.role != "check"]
        beside = (absolute(each.root, s.path) for each in others for s in each.samples)
        return self.files(self.train + self.val).union(beside)

    def files(self, samples: Iterable[Sample]) -> frozenset[str]:
        """The absolute paths of ``samples``."""
        return frozenset(absolute(self.root, sample.path) for sample in samples)

    def sentence(self, ungrouped: bool = True) -> str:
        """How the data were divided, in the user's language.

        Args:
            ungrouped: with the problem that groups had to be divided, if they had.
        """
        said = [Note(self.method)]
        if self.grouped_by:
            said.append(Note("split.grouped", {"by": self.grouped_by}))
        if ungrouped and self.ungrouped is not None:
            said.append(self.ungrouped)
        if not self.test:
            said.append(Note("split.no_test"))
        elif untested := self._untested():
            said.append(untested)
        return paragraph(note.sentence() for note in said)

    def shortages(self, noun: str) -> Iterator[Note]:
        """Which classes have too few examples, what becomes of them, and what to do.

        Args:
            noun: what the samples are called, untranslated.
        """
        train, val, test = self.label_counts
        counts, trained = self._held(train + val + test), self._held(train)
        single = [label for label, count in counts.items() if count == 1 and label in trained]
        if single:
            yield Note("split.single", {**self._named(single), "noun": noun})
        if unknown := [label for label in counts if label not in trained]:
            yield Note("split.not_trained", {**self._named(unknown), "noun": noun})
        if self.test and (untested := self._untested()):
            yield untested

    def _untested(self) -> Note | None:
        """That classes of several examples have none in the test, and what to do about it."""
        train, val, test = self.label_counts
        tested, counts = self._held(test), self._held(train + val)
        untested = [label for label, count in counts.items() if count > 1 and label not in tested]
        own = self.method in ("split.folders", "split.val_from_train")
        code = "split.untested_by_you" if own else "split.untested"
        return Note(code, self._named(untested)) if untested else None

    @functools.cached_property
    def label_counts(self) -> tuple[Counter[int], Counter[int], Counter[int]]:
        """Samples of each label in training, validation and test: counted once, as there may be a
        million, and the window asks at every edit."""
        train, val, test = (
            Counter(sample.label for sample in part) for part in (self.train, self.val, self.test)
        )
        return train, val, test

    def _held(self, found: Counter[int]) -> Counter[int]:
        """Samples of each class; of each label, or answer to a question."""
        if self.targets.objective == ONE_CLASS:
            return found
        held: Counter[int] = Counter()
        for label, count in found.items():
            held.update(dict.fromkeys(members_of(self.targets, label), count))
        return held

    def _named(self, labels: Iterable[int]) -> dict[str, Any]:
        """The names of a few of these classes, labels or answers, and how many they are."""
        known = members(self.targets, self.classes)
        names = [f"“{known[label]}”" for label in sorted(labels)]
        return {"classes": some(names), "count": len(names)}

    def train_counts(self) -> tuple[int, ...]:
        """Training samples of each class."""
        counts = self.label_counts[0]
        return tuple(counts[label] for label in range(len(self.classes)))

    def sizes(self) -> dict[str, int]:
        return {"train": len(self.train), "val": len(self.val), "test": len(self.test)}

    def save(self, path: Path) -> None:
        """Write ``split.json``; undecodable path bytes survive as ``\\udcXX``."""
        files.write_atomic(path, json.dumps(msgspec.to_builtins(self)))


def problems(dataset: Dataset, divided: Split | None) -> tuple[Problem, ...]:
    """All problems of data as they are used: those that the scan found and that of the split.

    Whatever lists or counts problems takes these; what the user excluded is none.

    Args:
        divided: None where the data cannot be divided.
    """
    if divided is None or divided.ungrouped is None:
        return dataset.problems
    return (*dataset.problems, divided.ungrouped)


def count_of(found: Iterable[Problem]) -> int:
    """How many of :func:`problems` are some, and no information."""
    return sum(not each.is_information for each in found)


def counts_of(found: Sequence[Problem]) -> tuple[int, int]:
    """How many of :func:`problems` are some, and how many are information."""
    count = count_of(found)
    return count, len(found) - count


def absolute(root: str | Path, path: str) -> str:
    """Where a sample is, to compare data sets that were opened at different folders."""
    return os.path.abspath(os.path.join(root, path))  # noqa: PTH100, PTH118 - a million of them


def in_both(one: Split, other: Split, part: str) -> int:
    """How many samples two splits have in the same part (``val``, ``test``), of the same class."""
    return len(_of_part(one, part) & _of_part(other, part))


def _of_part(split: Split, part: str) -> set[tuple[str, str]]:
    """The absolute path and the class of each of its samples."""
    return {
        (absolute(split.root, sample.path), split.classes[sample.label])
        for sample in getattr(split, part)
    }


def load(path: Path) -> Split:
    """Read ``split.json``.

    Raises:
        UserError: ``run.damaged``.
    """
    found = records.read(path, Split)
    reason = _impossible(found)
    if reason:
        raise UserError("run.damaged", path=str(path), reason=reason)
    return found


def kept(path: str) -> Split:
    """The split that a run wrote down, read once until it changes.

    Raises:
        UserError: ``split.kept_gone``: it is not there; ``run.damaged``.
    """
    place = Path(path)
    if not place.is_file():
        raise UserError("split.kept_gone", path=str(place.parent))
    return _loaded(place, files.changed(place))


@functools.lru_cache(maxsize=4)
def _loaded(path: Path, _changed: int) -> Split:
    return load(path)


def _impossible(found: Split) -> str:
    """What in a split, whose types are right, no scan could have found; empty where nothing."""
    if not found.classes or len(set(found.classes)) != len(found.classes):
        return _("classes are missing or repeated")
    if not records.is_name(found.root):
        return _("{name} cannot be the name of a folder").format(name=found.root)
    for note in filter(None, (Note(found.method), found.ungrouped)):
        if not note.is_known:
            return _("{name} is an unknown code").format(name=note.code)
    for sample in (*found.train, *found.val, *found.test, *found.new, *found.unused):
        if not 0 <= sample.label < len(found.classes):
            return _("the label {label} of {name} is not one of the {count} classes").format(
                label=sample.label, name=sample.path, count=len(found.classes)
            )
        if not records.is_name(sample.path):
            return _("{name} cannot be the name of a file").format(name=sample.path)
    return ""


def split(dataset: Dataset, options: SplitOptions, seed: int) -> Split:
    """Divide ``dataset``, the same way on every machine for the same files and seed.

    What the user divided stays: samples marked ``val`` or ``test`` are those splits. A split
    that is missing is taken at random out of the rest, the same share of every class:

    - A group (declared, or copies of one file) is on one side as a whole.
    - A class of three groups or more is in every split. One of two is in training and, by
      turns, in validation or test. One of a single group is in training only.
    - Several labels, and the answers to several questions, are each in every part as often as its
      share; numbers are divided by their quantiles
      (:mod:`transfergui.core.data.stratification`).
    - Where groups leave fewer than two classes to measure the result on, there is no test but
      validation alone; where that does not help, the groups of classes that have but one are
      divided all the same, where that does not help either, all of them: ``ungrouped`` says so.
    - Corrected data are divided as they were read (:mod:`transfergui.core.data.kept_split`), as
      long as that leaves enough to train and to measure on.
    - Groups that the user set apart are beside, as other data.

    Raises:
        UserError: ``data.one_class``, ``data.too_few``, ``data.nothing_to_train``,
            ``data.one_combination``, ``data.one_answer``, ``data.one_number``,
            ``data.numbers_too_close``,
            ``data.too_few_samples``: nothing can be learnt from it.
    """
    require_learnable(dataset)
    if options.kept or dataset.arrived:
        found = _after(dataset, options, seed)
    else:
        found = _as_before(dataset, options, seed) or _anew(dataset, options, seed)
    own = of_own(dataset)
    return msgspec.structs.replace(found, companions=own) if own else found


def _after(dataset: Dataset, options: SplitOptions, seed: int) -> Split:
    """The split of data to which examples were added.

    Raises:
        UserError: as :func:`split`; ``split.kept_gone``; ``split.nothing_kept``: none of the
            examples that were trained on, chosen by or tested on is there.
    """
    if options.kept:
        known = kept(options.kept)
    else:
        plain = msgspec.structs.replace(options, new_test_percent=0)
        known = split(arrivals.first_data(dataset), plain, seed)
    before = {part: getattr(known, part) for part in arrivals.PARTS}
    parts = arrivals.extended(before, dataset, options.new_test_percent, seed, options.only_kept)
    if not parts["train"] or not parts["val"] or (known.test and not parts["test"]):
        raise UserError("split.nothing_kept", path=str(dataset.source))
    return msgspec.structs.replace(
        known,
        root=str(dataset.root),
        modality=dataset.modality,
        classes=dataset.classes,
        input=dataset.input,
        languages=dataset.languages,
        targets=_standardised(dataset.targets, parts["train"]),
        companions=(),
        tars=tars.of(dataset.root, dataset.samples),
        **{part: tuple(own) for part, own in parts.items()},
    )


def _as_before(dataset: Dataset, options: SplitOptions, seed: int) -> Split | None:
    """Corrected data in the parts that they had before; None where there were none, or where too
    little is left in them."""
    if dataset.as_read is None or options.corrected == "anew":
        return None
    try:
        before = split(dataset.as_read, options, seed)
    except UserError:  # before they were corrected, nothing could be learnt from them
        return None
    given = _given(dataset)
    shares = {"test": options.test_percent, "val": options.val_percent}
    drawn = {part: n for part, n in shares.items() if not given[part] and getattr(before, part)}
    one_class = dataset.targets.objective == ONE_CLASS

    def held(sample: Sample) -> Iterable[int]:
        return (sample.label,) if one_class else members_of(dataset.targets, sample.label)

    sides = {part: getattr(before, part) for part in ("train", *PARTS)}
    parts = kept_split.kept(dataset.samples, sides, drawn, seed, held)
    if not parts["train"] or not parts["val"] or (before.test and not parts["test"]):
        return None
    measurable = measured_classes(
        {part: list(own) for part, own in sides.items()}, _given(dataset.as_read)
    )
    if one_class and measured_classes(parts, given) < min(2, measurable):
        return None
    return msgspec.structs.replace(
        before,
        classes=dataset.classes,
        targets=_standardised(dataset.targets, parts["train"]),
        **{name: tuple(sorted(part, key=lambda s: s.path)) for name, part in parts.items()},
    )


def _given(dataset: Dataset) -> Parts:
    """What the user put into validation and test."""
    return {name: [s for s in dataset.samples if s.split == name] for name in ("val", "test")}


def _anew(dataset: Dataset, options: SplitOptions, seed: int) -> Split:
    """The split of data as they are.

    Raises:
        UserError: as :func:`split`.
    """
    kept = _given(dataset)
    shares = {"test": options.test_percent, "val": options.val_percent}
    missing = {name: share for name, share in shares.items() if not kept[name]}
    rest = [s for s in dataset.samples if s.split in (None, "train")]
    parts, ungrouped = divided(rest, kept, dataset, missing, seed)
    if not parts["val"] or not parts["train"]:
        raise too_few(dataset)
    return Split(
        root=str(dataset.root),
        modality=dataset.modality,
        classes=dataset.classes,
        seed=seed,
        method=_method(missing, dataset.targets),
        input=dataset.input,
        grouped_by=None if ungrouped or "test" not in missing else dataset.grouped_by,
        ungrouped=ungrouped,
        languages=dataset.languages,
        targets=_standardised(dataset.targets, parts["train"]),
        train=_by_path(parts["train"]),
        val=_by_path(parts["val"]),
        test=_by_path(parts["test"]),
        tars=tars.of(dataset.root, dataset.samples),
    )


def _by_path(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    return tuple(sorted(samples, key=lambda sample: sample.path))


def _standardised(targets: Targets, train: Sequence[Sample]) -> Targets:
    """``targets`` with mean and standard deviation of the training samples' numbers.

    The scale is 1 where all are equal, which rounding may hide, or so nearly that float32, in
    which networks are trained, cannot tell them apart.
    """
    if targets.objective != NUMBER:
        return targets
    values = [targets.values[sample.label][0] for sample in train]
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))
    constant = min(values) == max(values) or np.float32(spread) == 0
    return msgspec.structs.replace(targets, mean=mean, scale=1.0 if constant else spread)


METHODS = {
    frozenset(): "split.folders",
    frozenset({"val"}): "split.val_from_train",
    frozenset({"test"}): "split.test_from_train",
    frozenset({"val", "test"}): "split.random",
}
"""How it was divided, by what had to be taken from the rest."""

AT_RANDOM = {
    SEVERAL_LABELS: "split.random_labels",
    BOXES: "split.random_boxes",
    SEVERAL_QUESTIONS: "split.random_questions",
    NUMBER: "split.random_numbers",
}
"""How it was divided at random, where that was not by class."""


def _method(missing: Mapping[str, int], targets: Targets) -> str:
    method = METHODS[frozenset(missing)]
    return AT_RANDOM.get(targets.objective, method) if len(missing) == len(PARTS) else method


PARTS = ("test", "val")
