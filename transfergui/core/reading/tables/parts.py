"""Tables for parts of the data (train, test), by their names, and several tables as one."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transfergui.core.data.dataset import Problem, SplitName
from transfergui.core.data.labels import same as same_labels
from transfergui.core.reading.names.kinds import split_of
from transfergui.core.reading.names.words import FILLERS, SPLIT_WORDS, words
from transfergui.core.reading.tables.label_table import LabelTable
from transfergui.core.reading.tables.rows import FileLabels

OF_TABLES = "label labels annotation annotations metadata meta list gt info ids classes csv df"
"""Words beside ``train`` in the name of a table that change nothing."""
ORDER = ("train", "val", "test")
EVALUATION = frozenset(("eval", "evaluation", "evaluate"))
PART_WORDS: Mapping[str, SplitName] = {**dict.fromkeys(EVALUATION, "val"), **SPLIT_WORDS}
"""Words in the names of tables that tell a part of the data."""


def parts_of(names: Sequence[str]) -> dict[str, SplitName]:
    """Which parts the names of tables tell.

    A word such as ``train`` tells one where it is the whole name, or where another table has the
    same name but for it (``reviews-train``, ``reviews-test``). Where there is no other test set,
    ``eval`` is one beside ``dev``, else the validation set.
    """
    found: dict[str, SplitName] = {n: part for n in names if (part := _split_of_table(n))}
    alike: defaultdict[tuple[str, ...], dict[str, SplitName]] = defaultdict(dict)
    for name in names:
        spoken = words(name.rpartition(".")[0])
        said = [word for word in spoken if word in PART_WORDS]
        if len(set(said)) == 1:  # the folder may be called like the table in it
            rest = tuple(word for word in spoken if word not in PART_WORDS)
            alike[rest][name] = PART_WORDS[said[0]]
    every = {name: part for several in alike.values() for name, part in several.items()}
    for several in [*alike.values(), every]:
        if len(set(several.values())) > 1 and "train" in several.values():
            found = several | found
    return with_evaluation(found)


def with_evaluation(parts: Mapping[str, SplitName]) -> dict[str, SplitName]:
    """``parts``, where an ``eval`` beside a validation set is the test set."""
    evals = [name for name in parts if EVALUATION & set(words(name))]
    others = {part for name, part in parts.items() if name not in evals}
    tests = "val" in others and "test" not in others
    return {name: "test" if tests and name in evals else part for name, part in parts.items()}


def _split_of_table(name: str) -> Any:
    """The part that a table is for, by its name or by its folder: ``train/_classes.csv``."""
    folder, _slash, last = name.rpartition("/")
    above = split_of(folder.rpartition("/")[2]) if folder else None
    return above or split_of(last.rpartition(".")[0], FILLERS.union(OF_TABLES.split()))


def merged_parts(
    said: Sequence[LabelTable], parts: Mapping[str, SplitName], paths: Sequence[str]
) -> list[LabelTable]:
    """Tables of the same columns, one for each part of the data, as one."""
    kinds: dict[tuple[Any, ...], list[LabelTable]] = defaultdict(list)
    for each in said:
        where = each.columns
        roles = (where.name(where.path), where.name(where.label), where.hot and where.names)
        kinds[(roles if where.header else ()) if where.labelled else (id(each),)].append(each)
    merged = []
    for alike in kinds.values():
        of_parts = [each for each in alike if each.names[0] in parts]
        splits = {parts[each.names[0]] for each in of_parts}
        if len(of_parts) > 1 and len(splits) > 1 and "train" in splits:
            merged.append(as_one(of_parts, parts, paths))
            merged += [without_split(each) for each in alike if each not in of_parts]
        else:
            merged += _of_folders(alike, parts, paths)
    return merged


def _of_folders(
    alike: Sequence[LabelTable], parts: Mapping[str, SplitName], paths: Sequence[str]
) -> Iterator[LabelTable]:
    """Tables of the same columns, of which those of one name are one where each says something
    of the files in its own folder."""
    named: dict[tuple[str, int], list[LabelTable]] = defaultdict(list)
    for each in alike:
        named[each.names[0].rpartition("/")[2], len(each.columns.names)].append(each)
    for several in named.values():
        files = [each.labelled.labels.keys() for each in several]
        apart = all(files) and len(set().union(*files)) == sum(map(len, files))
        if len(several) > 1 and apart:
            yield as_one(several, parts, paths)
        else:
            yield from map(without_split, several)


def as_one(
    alike: Sequence[LabelTable], parts: Mapping[str, SplitName], paths: Sequence[str]
) -> LabelTable:
    first = alike[0]
    whole = FileLabels(first.columns)
    for each, other in itertools.combinations(alike, 2):
        whole.problems += _in_two_parts(each, other, paths)
    for each in alike:
        part = each.labelled
        for at, label in part.labels.items():
            whole.labels.setdefault(at, label)
        for at, inside in part.several.items():
            whole.several.setdefault(at, set()).update(inside)
        whole.splits = part.splits | whole.splits
        whole.groups = part.groups | whole.groups
        whole.problems += part.problems
        whole.named |= part.named
        whole.found += part.found
        whole.count += part.count
    names = sorted(
        (name for each in alike for name in each.names),
        key=lambda name: (ORDER.index(parts.get(name, ORDER[0])), name),
    )
    if not first.columns.boxes:
        whole.problems += _of_two_labels(whole, alike, paths)
    sheets = next((each.sheets for each in alike if each.sheets), ())
    return LabelTable(names, first.table, whole, first.lookup, sheets)


def _in_two_parts(first: LabelTable, second: LabelTable, paths: Sequence[str]) -> Iterator[Problem]:
    """Files that two tables name for different parts of the data: they count for the first."""
    one, other = first.labelled.splits, second.labelled.splits
    labels = second.labelled.labels
    both = [at for at, label in first.labelled.labels.items() if _agree(label, labels.get(at))]
    again = [at for at in both if one.get(at) != other.get(at)]
    if again:
        at = min(again, key=lambda at: paths[at])
        values = {
            "count": len(again),
            "value": paths[at],
            "other": first.names[0],
            "one": one.get(at),
            "second": other.get(at),
        }
        yield Problem("data.in_two_parts", values, path=second.names[0], left_out=False)


def _agree(label: str, other: str | None) -> bool:
    return other is not None and (label == other or bool(same_labels((label, other))))


def _of_two_labels(
    whole: FileLabels, alike: Sequence[LabelTable], paths: Sequence[str]
) -> Iterator[Problem]:
    """Take files out that two tables label differently."""
    for at, label in list(whole.labels.items()):
        said = [each.labelled.labels[at] for each in alike if at in each.labelled.labels]
        others = [each for each in said if not _agree(label, each)]
        if others:
            del whole.labels[at]
            values = {"first": label, "second": others[0]}
            yield Problem("rows.two_labels", values, path=paths[at])


def without_split(said: LabelTable) -> LabelTable:
    """A table that is called ``train.csv`` alone: what it names is not only for training."""
    if said.columns.split is None:
        said.labelled.splits = {}
    return said
