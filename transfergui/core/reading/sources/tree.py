"""A folder as a listing: its contents, as they are to be understood."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import NO_GROUP, Problem, Sample, natural_order
from transfergui.core.data.targets import (
    SEVERAL_QUESTIONS,
    Targets,
    member_name,
    parsed_labels,
)
from transfergui.core.interfaces.plan import ScanProgress
from transfergui.core.reading.files.walk import extension, joined
from transfergui.core.reading.folders.layout import LEVELS, Layout, Place, level_values
from transfergui.core.reading.listings import versions
from transfergui.core.reading.listings.listing import SHOWN, Listing, some
from transfergui.core.reading.marks import split_lists
from transfergui.core.reading.marks.boxes import Boxes
from transfergui.core.reading.names import kinds, words
from transfergui.core.reading.sources.box_listing import listing_of_boxes
from transfergui.core.reading.sources.contents import BESIDE, Contents
from transfergui.core.reading.sources.decision import Decision
from transfergui.core.reading.sources.detection import (
    BOXES,
    boxes_of,
    listing_by_boxes,
    part_of_path,
    require_occurring,
)
from transfergui.core.reading.sources.facts import Facts
from transfergui.core.reading.sources.split_folders import HOW, meant_parts, written_parts
from transfergui.core.reading.sources.wanted import Wanted
from transfergui.core.reading.tables.label_table import LabelTable, described, predicted, tells
from transfergui.core.reading.tables.labelled_listings import labelled_listing
from transfergui.core.reading.tables.predicted import Predicted
from transfergui.core.reading.tables.predicted_columns import predicted_levels
from transfergui.core.reading.tables.reading_options import COLUMN_OPTIONS, TABLE, ReadingOptions
from transfergui.core.reading.tables.table_columns import Columns

FOLDERS = 5
"""From more folders, other files are told in one sentence."""
SPLITTING = frozenset({"split", "splits", *words.SPLIT_WORDS})
"""Words of which files have two that may say what is for training and what for the test."""
NOTES = frozenset({".md", ".rst", ".html", ".htm", ".py", ".ipynb", ".m", ".r", ".log", ".cff"})
"""Endings of notes and programs that are no data."""


def _why_unused(said: LabelTable, other: bool) -> str:
    """Why the classes are not taken from a table, as a code.

    Args:
        other: whether another table says them.
    """
    if not said.labelled.found:
        return "data.table_unmatched"
    if predicted(said):
        return "data.table_predicted"
    if not tells(said):
        return "data.table_unlabelled"
    return "data.table_unused" if other else "data.table_beside_folders"


def _unmarked(where: Columns, classes: Sequence[str]) -> set[str]:
    """The columns of a class, or label, each that no row marks."""
    if where.predicted is not None and where.predicted.marks:
        used = {name for text in classes for name in parsed_labels(text)}
        return {name for name in where.predicted.names if member_name(name) not in used}
    hot = () if where.predicted else where.hot
    return {where.names[at] for at in hot} - set(classes)


def _text_of(found: Predicted | None, values: Sequence[str]) -> str:
    """What the folders of one home say; empty for nothing.

    Args:
        found: None for one class.
    """
    return values[0] if found is None else found.said([(value,) for value in values])[0]


class Tree:
    """Lists a folder. Samples are gathered per folder first: classes show at the end."""

    def __init__(
        self,
        source: Path,
        root: Path,
        asked: ReadingOptions,
        wanted: Wanted,
        progress: ScanProgress,
        skip: Path | None = None,
    ) -> None:
        """Args:
        source: what the user opened, for messages.
        root: the folder that holds it.
        skip: a folder below that belongs to something else.
        """
        self._contents = Contents(source, root, wanted, progress, skip)
        self._source = source
        self._root = root
        self._noun = wanted.noun
        self._progress = progress
        self._facts = Facts(self._contents, asked)
        self._decision = Decision(self._contents, self._facts)

    def listing(self) -> Listing:
        contents = self._contents
        self._facts.require_files()
        contents.set_links_apart()
        masks = [*contents.without_copies(), *contents.without_masks()]
        listing = self._understood()
        self._split_by_lists(listing)
        self._note_unused_splits(listing)
        key = listing.chosen.get("layout", "")
        drawn = listing.targets.objective == BOXES
        versions.group(listing, self._level_of_versions(key))
        self._require_columns(listing)
        others = [*contents.foreign_problems(), *self._other_files(drawn or key == BOXES)]
        if self._facts.boxes is not None and self._facts.boxes.useless:
            others += self._facts.boxes.problems
        listing.problems = sorted(
            contents.walk.problems + masks + listing.problems + others,
            key=lambda problem: problem.path,
        )
        return listing

    def _understood(self) -> Listing:
        if levels := self._levels():
            return self._of_levels(levels)
        choice = self._decision.choice()
        if isinstance(choice, LabelTable):
            return self._of_table(choice)
        return self._of_boxes() if choice is None else self._of_folders(choice)

    def _levels(self) -> tuple[int, ...]:
        """The levels of folders that are predicted; empty where something else is.

        Raises:
            UserError: ``data.no_level``: there are fewer.
        """
        asked = self._facts.asked
        each = asked.layout == LEVELS
        if not asked.levels and not each and asked.objective != SEVERAL_QUESTIONS:
            return ()
        depth = self._facts.depth
        if asked.levels and max(asked.levels) > depth:
            number = max(asked.levels)
            raise UserError("data.no_level", path=str(self._source), number=number, count=depth)
        if asked.levels or (
            not each and (asked.predict or asked.label_column or self._facts.tables.telling)
        ):
            return asked.levels
        return tuple(range(1, depth + 1)) if depth > 1 else ()

    def _of_levels(self, levels: Sequence[int]) -> Listing:
        """What the folders of some levels say."""
        contents, layout = self._contents, self._facts.guess.layout
        masked = self._masked(layout)
        values = [level_values(layout, home, levels) for home in contents.homes]
        said = [row for row, _split in values]
        found = predicted_levels(levels, said, self._facts.asked)
        listing = Listing(self._root, targets=found.bare if found else Targets())
        texts = [_text_of(found, row) for row in said]
        labels = {name: at for at, name in enumerate(dict.fromkeys(filter(None, texts)))}
        listing.classes = list(labels)
        strays: Counter[int] = Counter()
        for sample in contents.samples:
            text, split = texts[sample.label], values[sample.label][1]
            if text and not masked[sample.label]:
                listing.samples.append(Sample(sample.path, labels[text], split=split))
            else:
                strays[sample.label] += contents.wanted.has_extension(sample.path)
        masks = {home: strays.pop(home) for home in list(strays) if masked[home]}
        listing.problems = [*self._problems(strays, set()), *self._mask_folders(masks)]
        listing.problems += self._unused_tables(())
        if found is not None:
            listing.chosen, listing.choices = dict(found.chosen()), dict(found.choices())
        if found is not None:
            listing.choices["predict"] = self._level_choices()
        if more := self._facts.levels_as_questions:
            listing.chosen["layout"] = LEVELS
            listing.choices["layout"] = {layout.key: self._facts.meaning(layout)} | more
        if not listing.samples:
            raise contents.unsorted()
        return listing

    def _level_choices(self) -> dict[str, str]:
        """The levels of folders that may be predicted, and what each holds."""
        every = range(1, self._facts.depth + 1)
        layout, homes = self._facts.guess.layout, self._contents.homes
        rows = [level_values(layout, home, every)[0] for home in homes]
        text = _("Folder level {number}: {names}")
        columns = ((n, natural_order({row[n - 1] for row in rows} - {""})) for n in every)
        return {f"level:{n}": text.format(number=n, names=some(names)) for n, names in columns}

    def _level_of_versions(self, key: str) -> int | None:
        """The level whose folders mean nothing in a layout, as they hold versions of the files."""
        lead = self._facts.guess.layout.lead
        if key.startswith("-/") and self._facts.in_versions:
            return lead
        roles = dict(enumerate((key or self._facts.guess.layout.key).split("/"), lead))
        return min(
            (n for n in self._facts.versions if key == TABLE or roles.get(n) == "-"), default=None
        )

    def _require_columns(self, listing: Listing) -> None:
        """
        Raises:
            UserError: ``data.unknown_column``, ``data.no_columns``: no table says the classes, and
                a column is chosen that none has; ``data.no_split_folders``: no folders are parts
                of the data, and it is said which they are.
        """
        asked = self._facts.asked
        if listing.chosen.get("layout") == TABLE or asked.of_model:
            return
        if asked.split_folders and "split_folders" not in listing.chosen:
            raise UserError("data.no_split_folders", path=str(self._source), known=HOW)
        for option in COLUMN_OPTIONS:
            name = getattr(asked, option)
            if name in ("", NO_GROUP, *listing.choices.get(option, ())):
                continue
            known, path = self._facts.tables.columns, ", ".join(self._facts.tables.names[:SHOWN])
            if not known:
                values = {"option": f"data.options.{option}", "name": name}
                raise UserError("data.no_columns", path=str(self._source), **values)
            if name not in known:
                raise UserError("data.unknown_column", path=path, name=name, found=", ".join(known))

    def _split_by_lists(self, listing: Listing) -> None:
        """Take the split from lists of files (``test_list.txt``), where nothing else says it."""
        if not self._contents.beside or any(sample.split for sample in listing.samples):
            return
        found = split_lists.find(
            self._root, [s.path for s in listing.samples], self._contents.beside
        )
        if not found.names:
            return
        listing.choices["split_column"] = {
            split_lists.LISTS: ", ".join(found.names),
            NO_GROUP: _("nothing"),
        }
        if self._facts.asked.split_column == NO_GROUP:
            listing.chosen["split_column"] = NO_GROUP
            return
        listing.chosen["split_column"] = split_lists.LISTS
        listing.samples = [
            msgspec.structs.replace(sample, split=found.splits.get(at, found.rest))
            for at, sample in enumerate(listing.samples)
        ]

    def _note_unused_splits(self, listing: Listing) -> None:
        """Name what may say the split, where nothing does that is understood."""
        if any(sample.split for sample in listing.samples):
            return
        for name in self._contents.beside:
            said = [word for word in words.words(name.rpartition("/")[2]) if word in SPLITTING]
            if len(said) > 1 and name not in self._facts.tables.names:
                values = {"noun": self._noun}
                listing.problems.append(
                    Problem("data.split_unused", values, path=name, left_out=False)
                )

    def _of_boxes(self) -> Listing:
        said = self._facts.tables.best
        if self._facts.drawn is not None:
            return listing_of_boxes(
                self._root,
                self._contents.paths,
                self._facts.drawn,
                self._contents.wanted,
                self._progress,
                said.labelled.splits if said is not None and said.columns.boxes else None,
            )
        if said is not None and said.columns.boxes and self._facts.boxes is None:
            boxes = boxes_of(said)
            return listing_by_boxes(
                self._root,
                self._contents.paths,
                boxes,
                self._noun,
                said.labelled,
                objective=self._facts.asked.objective,
            )
        return listing_by_boxes(
            self._root,
            self._contents.paths,
            self._facts.boxes or Boxes(""),
            self._noun,
            objective=self._facts.asked.objective,
        )

    def _of_table(self, said: LabelTable) -> Listing:
        if said.columns.boxes and self._facts.asked.layout != BOXES:
            boxes = self._facts.boxes or boxes_of(said)
            wanted = self._facts.asked.objective
            require_occurring(self._decision.detection(boxes), boxes, wanted)
            return self._of_boxes()
        parts = {at: part_of_path(path) for at, path in enumerate(self._contents.paths)}
        used = {parts[at] for at in said.labelled.labels}
        by_folder = {at: part for at, part in parts.items() if part} if "train" in used else {}
        if used == {"train"}:
            by_folder = {}
        listing = labelled_listing(
            self._root,
            self._contents.paths,
            said,
            self._facts.asked,
            self._facts.tables,
            by_folder,
        )
        missing = [
            path
            for at, path in enumerate(self._contents.paths)
            if at not in said.labelled.named and self._contents.wanted.has_extension(path)
        ]
        if missing:
            values = {
                "count": len(missing),
                "table": said.names[0],
                "noun": self._noun,
            }
            listing.problems.append(Problem("data.not_in_table", values, path=min(missing)))
        grouping = [p.path for p in listing.problems if p.code == "data.groups_of_table"]
        listing.problems += self._unused_tables([*said.names, *grouping])
        unmarked = _unmarked(said.columns, listing.classes)
        values = {"noun": self._noun}
        listing.problems += [
            Problem("data.empty_class", values, path=name) for name in sorted(unmarked)
        ]
        if len(self._facts.classes) > 1:
            key = self._facts.guess.layout.key
            listing.choices["layout"][key] = self._facts.meaning(self._facts.guess.layout)
        return listing

    def _unused_tables(self, used: Sequence[str]) -> list[Problem]:
        """Tables that name files, but are not what the classes are taken from."""
        unread = [
            Problem("data.table_unread", {"why": str(error)}, path=name, left_out=False)
            for name, error in self._facts.tables.unread.items()
        ]
        told = [*unread, *self._facts.tables.repeats.values()] + [
            Problem(_why_unused(each, bool(used)), path=name, left_out=False)
            for each in self._facts.tables.each
            for name in each.names
            if name not in used
        ]
        known = {*used, *(problem.path for problem in told)}
        others = [name for name in self._facts.tables.names if name not in known]
        return told + [
            Problem("data.table_not_chosen", path=name, left_out=False) for name in others
        ]

    def _of_folders(self, layout: Layout) -> Listing:
        place = layout.place
        spots = [place(home) for home in self._contents.homes]
        if layout.by_name:
            return self._by_names(layout, spots)
        names = {spot.label: 0 for spot in spots if spot.label is not None}
        labels = {name: label for label, name in enumerate(names)}
        targets = [(labels.get(spot.label or ""), spot) for spot in spots]
        listing = Listing(self._root, classes=list(labels))
        strays: Counter[int] = Counter()
        masked = self._masked(layout)
        unused = self._unused_tables(())
        for at, sample in enumerate(self._contents.samples):
            label, spot = targets[sample.label]
            if label is None:
                strays[sample.label] += self._contents.wanted.has_extension(sample.path)
            else:
                listing.samples.append(
                    Sample(sample.path, label, group=spot.group, split=spot.split)
                )
            self._contents.samples[at] = None  # type: ignore[call-overload]  # halves the memory
        self._add_links(listing, [label for label, _spot in targets])
        empty = {place(folder).label for folder in self._contents.empty} - set(names)
        masks = {home: strays.pop(home) for home in list(strays) if masked[home]}
        listing.problems = [*self._problems(strays, empty), *self._mask_folders(masks)]
        listing.problems += unused
        self._show_layout(listing, layout)
        if not listing.samples:
            raise self._contents.unsorted()
        return listing

    def _masked(self, layout: Layout) -> list[bool]:
        """Of each home, whether it holds masks or labels of the pictures elsewhere."""
        skips = layout.masked or "images" in layout.roles
        return [skips and kinds.among_masks(home) for home in self._contents.homes]

    def _mask_folders(self, counts: Mapping[int, int]) -> list[Problem]:
        """What is left out in folders of masks; one note for all of them."""
        count, homes = sum(counts.values()), list(self._contents.homes)
        if not count:
            return []
        first = min(homes[home] for home in counts)
        return [Problem("data.masks", {"count": count}, path=first)]

    def _add_links(self, listing: Listing, labels: Sequence[int | None]) -> None:
        """A link to a file that is listed counts only where its folder is another class."""
        if not self._contents.links:
            return
        root = os.path.realpath(self._root)
        real = {os.path.realpath(f"{root}/{s.path}"): s.label for s in listing.samples}
        for link in sorted(self._contents.links, key=lambda link: link.path):
            label = labels[link.label]
            if label is None or real.get(self._contents.walk.repeats[link.path], label) == label:
                self._contents.walk.report_repeat(link.path)
            else:
                listing.samples.append(Sample(link.path, label))

    def _by_names(self, layout: Layout, spots: Sequence[Place]) -> Listing:
        listing = Listing(self._root)
        labels: dict[str, int] = {}
        nameless = []
        masked = self._masked(layout)
        masks: Counter[int] = Counter()
        for sample in self._contents.samples:
            if masked[sample.label]:
                masks[sample.label] += 1
                continue
            name = layout.named_class(sample.path.rpartition("/")[2])
            if name is None:
                nameless.append(sample.path)
                continue
            label = labels.setdefault(name, len(labels))
            spot = spots[sample.label]
            listing.samples.append(Sample(sample.path, label, group=spot.group, split=spot.split))
        listing.classes = list(labels)
        if nameless:
            values = {"count": len(nameless), "noun": self._noun}
            listing.problems.append(Problem("data.nameless", values, path=min(nameless)))
        listing.problems += self._mask_folders(masks)
        self._show_layout(listing, layout)
        return listing

    def _show_layout(self, listing: Listing, layout: Layout) -> None:
        """Say how the folders were understood, where that could be otherwise."""
        guesses = (self._facts.guess.layout, *self._facts.guess.others)
        others = [each for each in guesses if each.key != layout.key]
        plain = Layout("class", layout.lead, masked=layout.masked)
        tables = self._facts.tables.telling if self._facts.tables.names else []
        if layout == plain and not others and not tables and not self._facts.asked.layout:
            return
        every = {each.key: each for each in (plain, *others, layout)}.values()
        if layout.parts:
            said = written_parts(layout.parts)
            listing.chosen["split_folders"] = said
            listing.choices["split_folders"] = {said: meant_parts(layout.parts)}
        listing.chosen["layout"] = layout.key
        listing.choices["layout"] = {each.key: self._facts.meaning(each) for each in every}
        if tables:
            text = _("the table {described}").format(described=described(tables[0]))
            listing.choices["layout"][TABLE] = text
            listing.choices["table"] = {each.names[0]: described(each) for each in tables}

    def _other_files(self, boxes: bool) -> list[Problem]:
        """Files that are no samples: those of each folder with samples, and those elsewhere that
        nothing here reads.

        Args:
            boxes: whether what lies beside was read as boxes or marks.
        """
        used = set(self._contents.beside if boxes else self._facts.tables.names)
        left = Counter(self._contents.others)
        left.subtract(name.rpartition("/")[0] for name in used)
        noun = self._noun
        problems, elsewhere = list[Problem](), Counter[str]()
        for folder in filter(None, self._contents.others):
            names = [n for n in self._contents.examples[folder] if joined(folder, n) not in used]
            if left[folder] <= 0 or not names:
                continue
            if folder in self._contents.homes:
                values = {"count": left[folder], "example": min(names), "noun": noun}
                problems.append(Problem("data.other_files", values, path=folder))
            elif extension(min(names)) not in BESIDE | NOTES:
                elsewhere[folder] = left[folder]
        if len(problems) > FOLDERS:
            count = sum(problem.values["count"] for problem in problems)
            values = {**problems[0].values, "count": count, "folders": len(problems)}
            problems = [Problem("data.other_in_folders", values, path=problems[0].path)]
        if elsewhere:
            where = some(natural_order(elsewhere))
            values = {"count": elsewhere.total(), "noun": noun, "names": where}
            problems.append(Problem("data.other_folders", values, path=min(elsewhere)))
        return problems

    def _problems(self, strays: Counter[int], empty: set[str | None]) -> list[Problem]:
        homes = list(self._contents.homes)
        noun = self._noun
        problems = [
            Problem(
                "data.no_class" if homes[home] else "data.no_class_above",
                {"count": count, "noun": noun},
                path=homes[home] or ".",
            )
            for home, count in strays.items()
            if count
        ]
        problems += [
            Problem("data.empty_class", {"noun": noun}, path=name) for name in empty if name
        ]
        return problems
