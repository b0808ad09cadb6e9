"""Training again after a run: its data, settings and test set, and what became of new examples."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import comma_list
from transfergui.core.base.notes import Note
from transfergui.core.data import arrivals
from transfergui.core.data import split as splitting
from transfergui.core.data.captions import caption
from transfergui.core.data.dataset import DataOptions, Dataset, Problem, Sample
from transfergui.core.data.file_part import FilePart
from transfergui.core.data.split import Split
from transfergui.core.projects.reading import CHANGED, COPY, NEAR, TRAINED, UNKNOWN, relative
from transfergui.core.reading.classes import class_names
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import left_open, resolve
from transfergui.core.runs.run import SPLIT, Run

NAMED = 3
"""So many examples are named in a sentence."""


def recipe_after(run: Run) -> Recipe:
    """The data, settings and corrections of a run, to train again on its test set: what the program
    would choose alike is left to it.

    Raises:
        UserError: the run is damaged.
    """
    recipe = run.recipe
    with contextlib.suppress(UserError):  # say a backbone is gone: whoever resolves it says so
        recipe = left_open(resolve(recipe, run.split))
    return msgspec.structs.replace(keeping(recipe, run), name="", data=answered(recipe.data))


def keeping(recipe: Recipe, run: Run) -> Recipe:
    """``recipe`` in which every example of ``run`` keeps its part of the split."""
    place = str((run.path / SPLIT).absolute())
    options = msgspec.structs.replace(recipe.split, kept=place, only_kept=False, new_test_percent=0)
    return msgspec.structs.replace(recipe, split=options)


def of_other_data(recipe: Recipe) -> Recipe:
    """``recipe`` without the test set that is kept: other data have their own."""
    options = msgspec.structs.replace(recipe.split, kept="", only_kept=False, new_test_percent=0)
    return msgspec.structs.replace(recipe, split=options)


def lacks_base(recipe: Recipe) -> bool:
    """Whether the run whose test set is kept is missing."""
    return bool(recipe.split.kept) and not Path(recipe.split.kept).is_file()


def with_added(recipe: Recipe, paths: Iterable[str], new_test_percent: int = 0) -> Recipe:
    """``recipe`` with more labelled data, of which a share is a second test set."""
    added = tuple(dict.fromkeys((*recipe.data.added, *paths)))
    options = msgspec.structs.replace(recipe.split, new_test_percent=new_test_percent)
    data = msgspec.structs.replace(recipe.data, added=added)
    return msgspec.structs.replace(recipe, data=data, split=options)


def answered(data: DataOptions) -> DataOptions:
    """``data`` of a run, whose classes are known: similar names that nobody was asked about are
    those of several."""
    known = {class_names.OPTION: class_names.SEPARATE}
    return msgspec.structs.replace(data, options=known | data.options)


def run_before(recipe: Recipe) -> Run | None:
    """The run whose test set is kept; None where there is none, or it is gone."""
    if not recipe.split.kept:
        return None
    try:
        return Run.open(Path(recipe.split.kept).parent)
    except UserError:
        return None


# -- what became of new examples


def told(recipe: Recipe, dataset: Dataset, split: Split, noun: str) -> Iterator[Note]:
    """What is new, where it goes, what is left out and why, and what is missing of what was there.

    Args:
        dataset: as it was read for ``recipe``, corrected.
        noun: what its samples are called, untranslated.
    """
    known = parts_of(splitting.kept(recipe.split.kept)) if recipe.split.kept else None
    before = None if known is None else {s.path for own in known.values() for s in own}
    counts = {part: _new(split, part, dataset, before) for part in (*arrivals.PARTS, "unused")}
    values = {"noun": noun, "train": counts["train"], "new": counts["new"]}
    fresh = recipe.data.added or counts["train"] or counts["new"]
    if fresh and not recipe.split.only_kept:
        count = counts["train"] + counts["new"]
        code = "added.with_second_test" if counts["new"] else "added.for_training"
        code = code if count else "added.nothing_new"
        test = {"test": len(split.test), "second": len(split.new)}
        yield Note(code, {**values, **test, "count": count})
    if recipe.split.only_kept:
        yield Note("added.as_they_were", {"noun": noun, "count": sum(split.sizes().values())})
    if counts["unused"]:
        code = "added.only_kept" if recipe.split.only_kept else "added.group_tested"
        yield Note(code, {"noun": noun, "count": counts["unused"]}, "warning")
    yield from _left_out(recipe, dataset, split, noun)
    if known is not None:
        yield from _missing(known, dataset, recipe.data.exclude, noun)


def _new(split: Split, part: str, dataset: Dataset, before: set[str] | None) -> int:
    """How many examples of a part are new."""
    paths = (sample.path for sample in getattr(split, part))
    if before is None:
        return sum(path in dataset.arrived for path in paths)
    return sum(path not in before for path in paths)


def _left_out(recipe: Recipe, dataset: Dataset, split: Split, noun: str) -> Iterator[Note]:
    """Copies, unknown classes and files that cannot be read, among what was added."""
    copies = [problem for problem in dataset.problems if problem.code in (COPY, NEAR)]
    if copies:
        measured = {s.path for part in arrivals.MEASURED for s in getattr(split, part)}
        tested = sum(problem.values["other"] in measured for problem in copies)
        values = {"noun": noun, "count": len(copies), "tested": tested}
        yield Note("added.copies", values, "warning")
    unknown: Counter[str] = Counter()
    for problem in dataset.problems:
        if problem.code == UNKNOWN:
            unknown[str(problem.values["names"])] += int(problem.values["count"])
    for names, count in unknown.items():
        yield Note(
            "added.classes_left_out", {"noun": noun, "count": count, "names": names}, "warning"
        )
    unread = _unread(recipe.data.added, dataset)
    if unread:
        values = {"count": len(unread), "names": _named(unread)}
        yield Note("added.unreadable", values, "warning")


def _unread(added: Iterable[str], dataset: Dataset) -> list[str]:
    """The paths of files that were added and are left out as they cannot be used."""
    places = [relative(Path(path), dataset.root) for path in added]
    own = {COPY, NEAR, CHANGED, TRAINED, UNKNOWN, "data.empty_class"}
    return [
        problem.path
        for problem in dataset.problems
        if problem.left_out and problem.code not in own and _within(problem, places)
    ]


def _within(problem: Problem, places: Iterable[str]) -> bool:
    """Whether a problem is about a file in one of the folders or tables ``places``."""
    file = FilePart.parse(problem.path).file
    return any(file == place or file.startswith(f"{place}/") for place in places)


def parts_of(split: Split) -> Mapping[str, Sequence[Sample]]:
    """The samples of each part."""
    return {part: getattr(split, part) for part in arrivals.PARTS}


def _missing(
    known: Mapping[str, Sequence[Sample]], dataset: Dataset, excluded: Iterable[str], noun: str
) -> Iterator[Note]:
    """What of the earlier data is not there any more, or is another example now."""
    changed = [problem.path for problem in dataset.problems if problem.code == CHANGED]
    if changed:
        values = {"noun": noun, "count": len(changed), "names": _named(changed)}
        yield Note("added.changed_since", values, "warning")
    trained = [problem.path for problem in dataset.problems if problem.code == TRAINED]
    if trained:
        values = {"noun": noun, "count": len(trained), "names": _named(trained)}
        yield Note("added.trained_changed_since", values, "warning")
    gone = arrivals.gone(known, dataset, (*excluded, *changed))
    if gone:
        tested = sum(part in ("test", "new") for part in gone.values())
        values = {"noun": noun, "count": len(gone), "tested": tested, "names": _named([*gone])}
        yield Note("added.gone_since", values, "warning")


def _named(paths: list[str]) -> str:
    listed = comma_list(f"“{caption(path)}”" for path in sorted(paths)[:NAMED])
    return listed + (", …" if len(paths) > NAMED else "")
