"""What a scan finds: samples, classes, problems. How folders are read is up to each modality."""

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from transfergui.core.base import shards, unzip
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.notes import Note
from transfergui.core.base.options import Options, option
from transfergui.core.data import targets as meanings
from transfergui.core.data.captions import caption
from transfergui.core.data.file_part import MARK, FilePart, is_part
from transfergui.core.data.targets import BOXES, NUMBER, ONE_CLASS, Targets

SplitName = Literal["train", "val", "test"]
ONE = Targets()
"""One class."""


class Sample(msgspec.Struct, frozen=True, gc=False):
    """One labelled file, or a labelled part of one.

    A million of them must fit into memory: no field holds a container.

    Attributes:
        path: relative to the dataset's root, with forward slashes; undecodable
            bytes as surrogates. May begin with ``..`` for a separate test folder,
            and name a part of a file (:class:`.file_part.FilePart`).
        label: index into ``Dataset.classes``.
        size: bytes, of the whole file.
        group: samples of one group never straddle a split; exact duplicates share one.
        split: where the user put it, or None where the program chooses.
    """

    path: str
    label: int
    size: int = 0
    group: str | None = None
    split: SplitName | None = None


INFORMATION = frozenset(
    {
        *("shards.read", "shards.read_decompressed", "shards.names", "shards.several"),
        *("shards.decompressed", "shards.unpacked"),
    }
)
"""Codes of problems that are none: how data were read."""
CALLED = "called"
"""A value of problems: what files in tars are called by people, by their paths."""
TWINS = frozenset(
    {
        "data.duplicate",
        "data.duplicate_across",
        "data.near_duplicate",
        "data.near_duplicate_across",
        "data.near_two_classes",
        "data.two_classes",
        "data.two_classes_again",
    }
)
"""Codes of problems of two samples that are the same, or nearly; their value ``other`` is one."""


class Problem(Note, frozen=True, omit_defaults=True, kw_only=True):
    """A note about one file or class; its sentence needs ``values`` and ``path``.

    Attributes:
        path: the file or folder, relative to the root.
        left_out: True when the file will not be used, False when it is only noted.
    """

    path: str
    left_out: bool = True

    @classmethod
    def of(cls, note: Note, path: str, left_out: bool = True) -> "Problem":
        """What ``note`` says, about ``path``."""
        return cls(note.code, note.values, path=path, left_out=left_out)

    @property
    def twin(self) -> str:
        """The sample that ``path`` is like; empty of problems that are about one alone."""
        return str(self.values["other"]) if self.code in TWINS else ""

    @property
    def is_information(self) -> bool:
        """Whether nothing is wrong: it only says how the data were read."""
        return self.code in INFORMATION

    @property
    def called(self) -> str:
        """What ``path`` is called by people."""
        return self._called(self.path)

    def below(self, root: Path) -> "Problem":
        """The same with the names of files in tars, which are below ``root``."""
        named = {text for text in (self.path, *self.values.values()) if isinstance(text, str)}
        called = {path: caption(path, root) for path in named if shards.is_member(path)}
        if not called:
            return self
        called |= self.values.get(CALLED, {})
        return msgspec.structs.replace(self, values={**self.values, CALLED: called})

    def told(self) -> str:
        """The sentence of one whose paths are whole, with the names of files in tars."""
        return self.below(Path()).sentence()

    @property
    def plain(self) -> "Problem":
        """The same without these names, for programs."""
        values = {name: value for name, value in self.values.items() if name != CALLED}
        return msgspec.structs.replace(self, values=values)

    def _called(self, text: str) -> str:
        known = self.values.get(CALLED, {})
        return str(known[text]) if text in known else caption(text)

    def _named(self) -> dict[str, Any]:
        values = {**self.values, "path": self.path}
        return {k: self._called(v) if isinstance(v, str) else v for k, v in values.items()}


ClassName = Annotated[str, msgspec.Meta(pattern=r"\S")]
"""What a class is called by the user: not nothing."""


class Conflict(msgspec.Struct, frozen=True):
    """The same thing in several classes: left out until the user excludes or relabels some of it.

    Attributes:
        samples: their labels mean nothing.
        names: the class of each.
    """

    samples: tuple[Sample, ...]
    names: tuple[str, ...]

    def settled(self, options: "DataOptions", targets: Targets = ONE) -> dict[str, Sample]:
        """The samples that can be used as they are corrected, in one group, by their path; none
        while they have several classes. The class of each is :meth:`name_of`."""
        left = [sample for sample in self.samples if sample.path not in options.exclude]
        if len({self.name_of(sample.path, options, targets) for sample in left}) != 1:
            return {}
        declared = [sample.group for sample in left if sample.group is not None]
        group = min(declared, default=left[0].path) if len(left) > 1 else left[0].group
        return {s.path: msgspec.structs.replace(s, group=group) for s in left}

    def name_of(self, path: str, options: "DataOptions", targets: Targets = ONE) -> str:
        """The class of a sample as it is corrected."""
        known = {s.path: name for s, name in zip(self.samples, self.names, strict=True)}
        if path in options.relabel:
            return relabelled(targets, options.relabel[path])
        return meanings.called(targets, known[path], options.rename)


def bytes_of(samples: Iterable[Sample]) -> int:
    """Bytes of their files; one that holds several of them, as a tar does, counts once."""
    whole, shared = 0, dict[str, int]()
    for sample in samples:
        if MARK in sample.path:
            shared[FilePart.parse(sample.path).file] = sample.size
        else:
            whole += sample.size
    return whole + sum(shared.values())


def by_file(problems: Iterable[Problem]) -> list[Problem]:
    """``problems``, one for each file where several parts of it have the same."""
    alike: dict[tuple[str, str, bool], list[Problem]] = {}
    for problem in problems:
        file, part = FilePart.parse(problem.path)
        if shards.is_member(problem.path):  # a file of its own
            file, part = problem.path, None
        key = (problem.code if part is not None else "", file, problem.left_out)
        alike.setdefault(key, []).append(problem)
    told = []
    for (code, file, left_out), several in alike.items():
        if code and len(several) > 1:
            values = {"count": len(several), "why": several[0].sentence()}
            told.append(Problem("data.parts", values, path=file, left_out=left_out))
        else:
            told += several
    return told


class Dataset(msgspec.Struct, frozen=True, dict=True):
    """A scanned dataset.

    Attributes:
        source: what the user opened: a folder, a manifest or a zip.
        root: the folder that sample paths are relative to.
        modality: key of the modality that scanned it.
        classes: names in natural order; empty classes are not among them.
        samples: sorted by path.
        problems: in the order found.
        noun: what the samples are called in sentences, untranslated.
        input: input options that these data ask for: how long a sound is, say.
        chosen: what was taken for each of the modality's data options, by the user or by the scan.
        choices: for data options whose choices are found in the data: what each may be, and
            what to call it.
        obstacles: why there is nothing to choose, for such options that have no choices.
        languages: codes of :mod:`transfergui.core.data.languages`, the commonest first;
            none where samples are in no language, or nothing tells.
        targets: what the classes mean.
        conflicts: what is left out because it is in several classes, and can be decided.
        elsewhere, checking: samples that the user set apart, as they come from where the model will
            be used (:mod:`transfergui.core.data.own_places`), without labels; and those of them
            that check, with labels. They are not among ``samples``.
        as_read: of corrected data, the same with the classes and samples that were read, but in
            the groups that the user made: what a split goes by, so that a corrected label or an
            excluded sample moves no other one. None of data that are as they were read.
        arrived: the paths of samples that were added to the first data.
    """

    source: Path
    root: Path
    modality: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...] = ()
    noun: str = N_("files")
    input: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    choices: dict[str, dict[str, str]] = {}
    obstacles: dict[str, Problem] = {}
    languages: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    targets: Targets = Targets()
    elsewhere: tuple[Sample, ...] = ()
    checking: tuple[Sample, ...] = ()
    as_read: "Dataset | None" = None
    arrived: frozenset[str] = frozenset()

    @property
    def undecided(self) -> frozenset[str]:
        """The paths of samples of conflicts, whether they have been decided or not."""
        return frozenset(s.path for conflict in self.conflicts for s in conflict.samples)

    @functools.cached_property
    def fingerprint(self) -> str:
        """Changes when a file is added, removed, resized or relabelled."""
        return fingerprint(self.samples, self.classes)

    @property
    def grouped_by(self) -> str | None:
        """What samples are kept together by, in words; empty where something was found that they
        could be kept together by, but are not; None where nothing was, or mere numbers: these may
        only have been counted."""
        column = self.chosen.get(GROUP_COLUMN)
        if column and column != NO_GROUP:
            return _("folder") if column == BY_FOLDER else str(column)
        if "group" in str(self.chosen.get("layout", "")).split("/"):
            return _("folder")
        offered = {value: label for value, label in self.choices.get(GROUP_BY, {}).items() if value}
        chosen = self.chosen.get(GROUP_BY)
        if chosen:
            return COUNT.sub("", offered.get(chosen, chosen))  # sentences put it into brackets
        return "" if any(label[:1].isalpha() for label in offered.values()) else None

    @functools.cached_property
    def files(self) -> int:
        """How many files the samples are in, those in tars among them: fewer than samples where
        these are parts. Counted once: of a million in tars, that takes seconds."""
        marked = (s.path for s in self.samples if MARK in s.path)
        divided = {path for path in marked if not shards.is_member(path) and is_part(path)}
        files = {FilePart.parse(path).file for path in divided}
        return len(self.samples) - len(divided) + len(files)

    @property
    def members(self) -> dict[str, int]:
        """Samples by class; by label; by ``question: answer``; none by number."""
        found = dict.fromkeys(meanings.members(self.targets, self.classes), 0)
        names = list(found)
        for label, count in enumerate(self.counts()):
            for place in meanings.members_of(self.targets, label) if names else ():
                found[names[place]] += count
        return found

    @property
    def renameable(self) -> tuple[str, ...]:
        """What can be given another name: classes; labels; answers, of one question or of any."""
        answers = tuple(name for own in self.targets.answers for name in own)
        return (*meanings.members(self.targets, self.classes), *answers)

    def counts(self) -> list[int]:
        """Samples per class, in the order of ``classes``."""
        return [*self._counts]

    @functools.cached_property
    def _counts(self) -> list[int]:
        counts = [0] * len(self.classes)
        for sample in self.samples:
            counts[sample.label] += 1
        return counts


class DataOptions(Options, frozen=True):
    """Which data, what is predicted of them, and what the user corrected in them.

    Attributes:
        objective: what is predicted: a key of :data:`transfergui.core.registry.OBJECTIVES`; empty
            for what the data say.
        predict: the columns of the table that say it, by their names or numbers, or levels of
            folders: ``level:1``; none for those that the data say.
        relabel: the classes of single samples, by their paths.
        rename: the names of classes, by those that the data give them; two that get the same name
            become one class.
        together: samples that are kept on one side of the split, by their paths: the name of the
            group of each, which is the path of one of them.
        confirmed: samples whose class the user looked at and kept, by their paths: that class. It
            is not doubted again.
        labels: a table with the class of each labelled example (columns ``path`` and ``label``),
            of data that lie unsorted; empty where the data say it themselves. Its examples are all
            that is used.
        elsewhere: groups whose samples come from where the model will be used: they are adapted
            to, without their labels (:mod:`transfergui.core.data.own_places`).
        elsewhere_checks: so many of these samples check the model, with their labels.
        options: the modality's own options on how they are read.
        added: other labelled data that were added to these, in this order: folders, tables, zips.
        added_classes: what becomes of their examples in classes that the first data do not have.
    """

    path: str = ""
    test: str | None = None
    labels: str = ""
    objective: Annotated[
        Literal["", "one_class", "several_labels", "several_questions", "number", "boxes"],
        option(
            N_("What is predicted"),
            N_(
                "One class per example, several labels or none, answers to several questions, a "
                "number, or boxes around what is to be found in pictures. Detected in the data if "
                "you choose none."
            ),
            labels={
                "": N_("Detect automatically"),
                "one_class": N_("One class"),
                "several_labels": N_("Several labels"),
                "several_questions": N_("Several questions"),
                "number": N_("A number"),
                "boxes": N_("Boxes"),
            },
        ),
    ] = ""
    predict: Annotated[
        tuple[str, ...],
        option(
            N_("Predicted columns"),
            N_(
                "The columns of the table to predict, by name or number, or levels of folders: "
                "“level:1,level:2”. Detected in the data if you choose none."
            ),
        ),
    ] = ()
    exclude: tuple[str, ...] = ()
    relabel: dict[str, ClassName] = {}
    rename: dict[str, ClassName] = {}
    together: dict[str, str] = {}
    confirmed: dict[str, ClassName] = {}
    elsewhere: tuple[str, ...] = ()
    elsewhere_checks: Annotated[
        int,
        option(
            N_("Labels that check"),
            N_("So many examples of the group adapted to only check the model, with their labels."),
            ge=0,
        ),
    ] = 0
    options: dict[str, Any] = {}
    added: tuple[str, ...] = ()
    added_classes: Literal["leave_out", "use"] = "leave_out"

    @property
    def corrects(self) -> bool:
        """Whether anything in the data is corrected, or set apart."""
        said = self.exclude or self.relabel or self.rename or self.together or self.confirmed
        return bool(said or self.elsewhere)

    @property
    def uncorrected(self) -> "DataOptions":
        """The same data as they are."""
        nothing: dict[str, str] = {}
        corrections = dict.fromkeys(("relabel", "rename", "together", "confirmed"), nothing)
        return msgspec.structs.replace(
            self, exclude=(), elsewhere=(), elsewhere_checks=0, **corrections
        )

    def of_same_kind(self, path: str) -> "DataOptions":
        """Other data, of which the same is predicted."""
        return DataOptions(path=path, objective=self.objective)

    @property
    def name(self) -> str:
        """What was opened, without the folders above; of all zips in a folder, the folder's."""
        path = Path(self.path)
        return path.parent.name if path.name == unzip.EVERY else path.name


COUNT = re.compile(r" \(\d+\)$")
"""How many groups there are, at the end of what a choice is called."""

GROUP_BY = "group_by"
"""The data option that says which samples belong together, of modalities whose data can tell."""

GROUP_COLUMN, NO_GROUP, BY_FOLDER = "group_column", "-", "/"
"""The data option that names a table's column of groups, and its values for none and for the folder
of each file."""


def ordered(targets: Targets, classes: Iterable[str]) -> tuple[str, ...]:
    """The classes of a data set in their order: numbers by what they are, others naturally."""
    if targets.objective == NUMBER:
        return tuple(sorted(set(classes), key=float))
    return natural_order(classes)


def natural_order(names: Iterable[str]) -> tuple[str, ...]:
    """Sorted as a person would: ``2`` before ``10``, case only where nothing else differs."""

    def key(name: str) -> tuple[list[tuple[int, int, str]], str]:
        parts = re.split(r"([0-9]+)", name.casefold())
        return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts if p], name

    return tuple(sorted(set(names), key=key))


def relabelled(targets: Targets, text: str) -> str:
    """What the user wrote as the class of a sample.

    Raises:
        UserError: ``data.no_number``, ``data.no_box``, ``data.no_answers``.
    """
    try:
        return meanings.normalised(targets, text)
    except ValueError:
        code = {NUMBER: "data.no_number", BOXES: "data.no_box"}.get(
            targets.objective, "data.no_answers"
        )
        names = meanings.ANSWERS_APART.join(targets.names)
        raise UserError(code, value=text, names=names, count=len(targets.names)) from None


SINGLE = "data.single"
"""The problem that a class has only one example."""
SINGLE_MEMBER = "data.single_member"
"""The same of a label, or an answer."""
SINGLES = (SINGLE, SINGLE_MEMBER)


def singles(dataset: Dataset) -> Iterator[Problem]:
    """The classes that have only one example."""
    code = SINGLE if dataset.targets.objective == ONE_CLASS else SINGLE_MEMBER
    for name, count in dataset.members.items():
        if count == 1:
            yield Problem(code, {"noun": dataset.noun}, path=name, left_out=False)


def fingerprint(samples: tuple[Sample, ...], classes: tuple[str, ...]) -> str:
    """16 hex digits over paths, sizes and class names."""
    digest = hashlib.blake2b(digest_size=8)
    for s in samples:
        row = f"{s.path}\0{s.size}\0{classes[s.label]}\n"
        digest.update(row.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
