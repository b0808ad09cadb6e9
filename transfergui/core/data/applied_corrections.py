"""A data set as the user corrected it: some samples excluded, some classes renamed or merged."""

from collections.abc import Container, Iterator, Mapping, Sequence

import msgspec

from transfergui.core.data import grouping, own_places, tar_names
from transfergui.core.data import targets as meanings
from transfergui.core.data.dataset import (
    GROUP_BY,
    GROUP_COLUMN,
    NO_GROUP,
    SINGLES,
    DataOptions,
    Dataset,
    Problem,
    Sample,
    ordered,
    relabelled,
    singles,
)
from transfergui.core.data.targets import ONE_CLASS, Targets


def corrected(dataset: Dataset, options: DataOptions) -> Dataset:
    """``dataset`` without what the user excluded and with what the user relabelled or renamed.

    Takes a dataset scanned without corrections, so that an edit needs no new scan. A class that
    nobody has any more is gone; a new name is a new class. What was left out because it was in
    several classes is used as soon as one is left. Problems that are mended by it are gone too.

    Of combinations, a new name is that of a label or an answer, wherever it occurs.

    Groups that come from where the model will be used leave the data, as if they had never been
    among them.

    Raises:
        UserError: ``data.bad_label``: a sample is relabelled as what is no combination;
            ``data.no_group``, ``data.no_groups``.
    """
    if not options.corrects:  # nothing to do, with a million samples
        return dataset
    options = tar_names.found(options, dataset.root)
    away = _away(dataset, options.elsewhere)
    names, back = _names(dataset, options)
    away |= {path for path, sample in back.items() if sample.group in options.elsewhere}
    for path in options.exclude:
        names.pop(path, None)
    targets = dataset.targets
    if targets.objective != ONE_CLASS:
        targets = meanings.renewed(_renamed(targets, options.rename), tuple(set(names.values())))
        names = {path: meanings.normalised(targets, text) for path, text in names.items()}
    names_away = {path: names.pop(path) for path in away & names.keys()}
    classes = ordered(targets, names.values())
    labels = {name: label for label, name in enumerate(classes)}
    every: Sequence[Sample] = dataset.samples
    if back:
        every = sorted((*every, *back.values()), key=lambda s: s.path)
    used = [_labelled(s, labels[names[s.path]]) for s in every if s.path in names]
    elsewhere, checking = _parted(
        [sample for sample in every if sample.path in names_away],
        {path: labels[name] for path, name in names_away.items() if name in labels},
        options.elsewhere_checks,
    )
    changed = msgspec.structs.replace(
        dataset,
        classes=classes,
        samples=_kept_together(used, options.together),
        targets=meanings.renewed(targets, classes),
        elsewhere=elsewhere,
        checking=checking,
        as_read=_as_read(dataset, options, away),
    )
    problems = (
        *_left(dataset, options, back, away, labels),
        *singles(changed),
        *_lost(dataset, options),
    )
    return msgspec.structs.replace(changed, problems=problems)


def _names(dataset: Dataset, options: DataOptions) -> tuple[dict[str, str], dict[str, Sample]]:
    """What the class of each sample is called now, and the samples of those conflicts that are
    decided, both by their paths."""
    targets = dataset.targets
    called = [meanings.called(targets, name, options.rename) for name in dataset.classes]
    given = {path: relabelled(targets, text) for path, text in options.relabel.items()}
    names = {
        sample.path: given.get(sample.path, called[sample.label]) for sample in dataset.samples
    }
    back = dict[str, Sample]()
    for conflict in dataset.conflicts:
        settled = conflict.settled(options, targets)
        back |= settled
        names |= {path: conflict.name_of(path, options, targets) for path in settled}
    return names, back


def _left(
    dataset: Dataset,
    options: DataOptions,
    back: Mapping[str, Sample],
    away: frozenset[str],
    classes: Container[str],
) -> Iterator[Problem]:
    """The problems that the corrections do not mend.

    Args:
        back: the samples that were left out and are used now, by their paths.
        away: the paths of those that were set apart.
        classes: that are left.
    """
    gone = away | {*options.exclude}
    open_conflicts = dataset.undecided - back.keys() - gone
    for each in dataset.problems:
        remains = each.path not in back and each.code not in SINGLES
        if each.path in open_conflicts or (remains and _remains(each, gone, classes)):
            yield _of_renamed(each, options.rename)


def _lost(dataset: Dataset, options: DataOptions) -> Iterator[Problem]:
    """That corrections are of samples in tars that are not there any more."""
    if found := tar_names.lost(options, dataset.samples):
        values = {"count": len(found), "first": found[0]}
        yield Problem("data.corrections_lost", values, path=".", left_out=False)


def _labelled(sample: Sample, label: int) -> Sample:
    """``sample`` itself where that is its label: a million copies take 70 MB."""
    return sample if sample.label == label else msgspec.structs.replace(sample, label=label)


def _away(dataset: Dataset, wanted: Sequence[str]) -> frozenset[str]:
    """The paths of the samples of groups that are set apart.

    Raises:
        UserError: ``data.no_group``, ``data.no_groups``, ``data.not_grouped``.
    """
    if not wanted:
        return frozenset()
    samples = dataset.samples
    paths, groups = [s.path for s in samples], [s.group for s in samples]
    ways = [
        f"“{said}” (--set data.options.{option}={key})"
        for option in (GROUP_BY, GROUP_COLUMN)
        for key, said in dataset.choices.get(option, {}).items()
        if key not in ("", NO_GROUP)
    ]
    return own_places.members(paths, groups, wanted, ways)


def _parted(
    away: Sequence[Sample], labels: Mapping[str, int], checks: int
) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Samples from where the model will be used: without labels, and those that check, with theirs.

    Args:
        labels: by path, of samples whose class the rest of the data has.
    """
    checking = own_places.drawn(labels, checks)
    given = [(s, labels[s.path] if s.path in checking else own_places.UNLABELLED) for s in away]
    every = [msgspec.structs.replace(s, label=label, split=None) for s, label in given]
    return (
        tuple(sample for sample in every if sample.path not in checking),
        tuple(sample for sample in every if sample.path in checking),
    )


def _as_read(dataset: Dataset, options: DataOptions, away: Container[str]) -> Dataset | None:
    """See :attr:`Dataset.as_read`; without the samples ``away``."""
    if not (options.exclude or options.relabel or options.rename):
        return None
    stay = [sample for sample in dataset.samples if sample.path not in away]
    samples = _kept_together(stay, options.together)
    return msgspec.structs.replace(dataset, samples=samples)


def _kept_together(samples: Sequence[Sample], together: Mapping[str, str]) -> tuple[Sample, ...]:
    """``samples`` with the groups that the user made of them."""
    alike: dict[str, list[int]] = {}
    for at, sample in enumerate(samples) if together else ():
        if sample.path in together:
            alike.setdefault(together[sample.path], []).append(at)
    paths, groups = [s.path for s in samples], [s.group for s in samples]
    several = [each for each in alike.values() if len(each) > 1]
    named = grouping.merged(paths, groups, several) if several else groups
    return tuple(
        sample if sample.group == name else msgspec.structs.replace(sample, group=name)
        for sample, name in zip(samples, named, strict=True)
    )


def _renamed(targets: Targets, rename: Mapping[str, str]) -> Targets:
    """Labels and answers with their new names, each at the place of the first that has it."""
    if not rename:
        return targets
    labels = targets.names
    if targets.objective in meanings.LABEL_SETS:
        called = (meanings.checked_name(targets, rename.get(name, name)) for name in labels)
        labels = tuple(dict.fromkeys(called))
    answers = [
        tuple(dict.fromkeys(rename.get(f"{name}: {a}", rename.get(a, a)) for a in own))
        for name, own in zip(targets.names, targets.answers, strict=False)
    ]
    return msgspec.structs.replace(targets, names=labels, answers=tuple(answers))


ABOUT_CLASSES = {
    "data.two_classes": ("name", "other_name"),
    "data.two_classes_again": ("name", "other_name"),
    "data.near_two_classes": ("name", "other_name"),
    "data.near_everywhere": ("name",),
    "data.uneven": ("largest", "smallest"),
}
"""Problems whose values name classes: which of them do."""


def _of_renamed(problem: Problem, rename: Mapping[str, str]) -> Problem:
    """``problem`` with the new names of classes."""
    named = ABOUT_CLASSES.get(problem.code, ())
    if not named or not rename:
        return problem
    values = {
        key: rename.get(value, value) if key in named else value
        for key, value in problem.values.items()
    }
    path = problem.path
    if path == problem.values.get("name"):  # of the class as a whole
        path = values["name"]
    return msgspec.structs.replace(problem, path=path, values=values)


def _remains(problem: Problem, excluded: Container[str], classes: Container[str]) -> bool:
    """Whether a problem is still one: with a file, with an ``other`` one, between ``classes``."""
    files = (problem.path, problem.values.get("other"))
    several = problem.values.get("classes", ())
    return not any(file in excluded for file in files) and all(c in classes for c in several)
