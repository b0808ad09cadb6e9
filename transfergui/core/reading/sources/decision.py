"""Which way the files of a folder are to be understood; what is open is asked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from transfergui.core.base import unzip
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data.dataset import natural_order
from transfergui.core.reading.folders import levels
from transfergui.core.reading.folders.layout import Layout, odd_names
from transfergui.core.reading.listings.listing import some
from transfergui.core.reading.marks.boxes import Boxes
from transfergui.core.reading.names import kinds
from transfergui.core.reading.sources.box_listing import boxes_or_classes
from transfergui.core.reading.sources.contents import Contents
from transfergui.core.reading.sources.detection import BOXES, detection_question, occurring
from transfergui.core.reading.sources.facts import LIKELY_LABELS, Facts
from transfergui.core.reading.sources.meanings import parsed_layout
from transfergui.core.reading.sources.split_folders import (
    HOW,
    PARTS,
    meant_parts,
    orders,
    parsed_parts,
    written_parts,
)
from transfergui.core.reading.tables import rows
from transfergui.core.reading.tables.label_table import (
    AGREE,
    LabelTable,
    described,
    differ,
    predicted,
    same_columns,
)
from transfergui.core.reading.tables.reading_options import ALL_TABLES, TABLE

ABOVE_NAMES = {"data.only_parts": "split/", "data.only_groups": "group/"}
"""What the folders are where the names of the files say the class, by what is asked."""
LEVEL_CODES = ("data.which_level", "data.nested")
"""What is asked where folders are on several levels, each of which may say something."""
SOME_LABELS = 0.1
"""The share of the files that a table must name to be asked about, where a column is called as
those of classes are."""


def _called_first(telling: Sequence[LabelTable]) -> list[LabelTable]:
    """Tables whose columns are called as classes are before others that say a little more."""
    most = max((len(each.labelled.labels) for each in telling), default=0)

    def doubtful(each: LabelTable) -> bool:
        return not each.columns.named or len(each.labelled.labels) < LIKELY_LABELS * most

    return sorted(telling, key=doubtful)


class Decision:
    """Decides who says the classes: a table, the boxes, the folders or the names of the files."""

    def __init__(self, contents: Contents, facts: Facts) -> None:
        self._contents = contents
        self._source = contents.source
        self._root = contents.root
        self._noun = contents.wanted.noun
        self._facts = facts

    def choice(self) -> LabelTable | Layout | None:
        """The table or the layout that says the classes; None for the boxes, or what occurs in
        them.

        Raises:
            Question: the files can be understood in several ways.
            UserError: they cannot be understood as it is wanted, or in no way.
        """
        asked = self._facts.asked
        if self._draws():
            return None
        columns = asked.predict and not asked.levels
        # of a model, whose columns other data may lack: also folders
        named = asked.table or (columns and bool(self._facts.tables.names or not asked.lenient))
        if asked.layout == TABLE or (named and not asked.layout):
            return self._required_table()
        if asked.layout == BOXES or (not asked.layout and self._occurring()):
            return None
        if asked.layout:
            return self._with_parts(parsed_layout(asked.layout, self._facts.guess.layout))
        if (said := self._believed_table()) is not None:
            return said
        self._refuse_detection()  # where a table says something, but is not believed
        return self._found_layout()

    def _draws(self) -> bool:
        """Whether boxes are predicted.

        Raises:
            Question: ``data.boxes_or_classes``: the folders may say the classes of pictures.
            UserError: ``data.no_boxes_found``, ``data.box_list_broken``,
                ``data.boxes_of_other_pictures``: boxes are wanted, and there are none.
        """
        wanted = self._facts.asked.objective == BOXES
        if self._facts.drawn is None:
            if wanted and not self._facts.told_classes:
                if (boxes := self._facts.boxes) is not None and boxes.useless:
                    raise self._unusable(boxes)
                values = {"path": str(self._source), "noun": self._noun}
                more = self._contents.unread_tables
                raise UserError("data.no_boxes_found", more=more, **values)
            return False
        if wanted:
            return True
        read = self._facts.drawn.files
        telling = [
            said
            for said in self._facts.tables.telling
            if not said.columns.boxes and not read.issuperset(said.names)
        ]
        if any(not predicted(said) for said in telling):
            return False
        if len(self._facts.classes) > 1 and not self._facts.guess.code:
            classes = natural_order(self._facts.classes)
            raise boxes_or_classes(str(self._source), self._noun, self._facts.drawn, classes)
        return True

    def _occurring(self) -> bool:
        """Whether what occurs in the boxes of each picture is wanted: it was said what is to be
        predicted, and nothing else says it.

        Raises:
            UserError: ``data.detection_only``: that cannot be predicted from boxes.
        """
        boxes, wanted = self._facts.boxes, self._facts.asked.objective
        if boxes is None or not wanted or self._facts.asked.predict:
            return False
        if any(not predicted(said) for said in self._facts.tables.telling):
            return False
        return occurring(self.detection(boxes), boxes, wanted)

    def _with_parts(self, layout: Layout) -> Layout:
        """``layout``, with what the folders of the split are, where the user said it.

        Raises:
            Question: ``data.split_folders``: nothing says it.
            UserError: ``data.unknown_part``.
        """
        layout = replace(layout, parts=parsed_parts(self._facts.asked.split_folders))
        unknown = layout.unknown_parts(self._contents.sure_homes)
        if not unknown:
            return layout
        if not 1 <= len(unknown) <= len(PARTS):
            raise UserError(
                "data.unknown_part", path=str(self._source), names=some(unknown), known=HOW
            )
        at = layout.lead + layout.roles.index("split")
        number = Counter(
            path.split("/")[at] for path in self._contents.paths if path.count("/") > at
        )
        unknown.sort(key=lambda name: -number[name])
        known = {
            p for home in self._contents.sure_homes if (p := layout.place(home).split) is not None
        }
        choices = {written_parts(each): meant_parts(each) for each in orders(unknown, known)}
        raise Question(
            "data.split_folders",
            setting="data.options.split_folders",
            choices=choices,
            guess=next(iter(choices)),
            path=str(self._source),
            names=some(unknown),
        )

    def _required_table(self) -> LabelTable:
        telling = self._facts.tables.telling or self._facts.tables.each
        if not telling:
            raise self._facts.tables.refusal(self._source)
        if not telling[0].columns.labelled:
            raise self._facts.tables.refusal(self._root / telling[0].names[0])
        return self._with_likelier_label(telling[0])

    def _believed_table(self) -> LabelTable | None:
        """The table that says the classes, where one does; what it leaves open is asked."""
        several = len(self._facts.classes) > 1
        sure = self._facts.guess.sure and several
        telling = _called_first(
            [each for each in self._facts.tables.telling if not predicted(each)]
        )
        if not telling:
            self._refuse_detection()
            if not several and not self._facts.named_classes():
                self._facts.tables.require_no_group()
            if not several:
                self._facts.tables.ask_for_numbers()
            self._refuse_useless_table(bool(self._facts.classes or self._facts.tables.telling))
            return None
        self._ask_which_table(telling)
        said = self._with_likelier_label(telling[0])
        if several:
            return said if self._rather_table(said, sure) else None
        return said

    def _rather_table(self, said: LabelTable, sure: bool) -> bool:
        """Whether a table is believed where the folders may be classes too.

        Args:
            sure: whether the names of the folders leave no doubt.

        Raises:
            Question: they say different things.
        """
        labels, where = said.labelled.labels, said.columns
        if sure and where.label is None and not where.hot:  # only guessed, as labels are separated
            return False
        if where.sure and rows.agreement(labels, self._facts.by_folder) >= AGREE:
            groups = said.labelled.groups
            grouped = bool(groups) and rows.agreement(groups, labels) < AGREE
            more = bool(said.labelled.splits) or grouped
            return not sure or (more and len(labels) >= AGREE * len(self._facts.by_folder))
        least = SOME_LABELS if where.named else LIKELY_LABELS
        if len(labels) < least * len(self._facts.by_folder):
            return False
        if where.named and not sure:
            return True
        attribute = self._facts.folders_are_a_column(said)
        table = _("The table {described}").format(described=described(said))
        layouts = (self._facts.guess.layout, *self._facts.guess.others)
        choices = {each.key: self._facts.meaning(each) for each in layouts}
        fewer = len(set(labels.values())) < len(set(self._facts.by_folder.values()))
        likely = where.named or attribute or fewer or levels.counted(self._facts.classes)
        guess = TABLE if likely else self._facts.guess.layout.key
        raise self._facts.question(
            "data.table_or_folders", {TABLE: table, **choices}, guess, name=said.names[0]
        )

    def _ask_which_table(self, telling: Sequence[LabelTable]) -> None:
        """
        Raises:
            Question: several tables label the same files differently.
        """
        first = telling[0]
        most = len(first.labelled.labels)
        rivals = [
            each
            for each in telling[1:]
            if len(each.labelled.labels) >= LIKELY_LABELS * most
            and differ(first.labelled, each.labelled)
        ]
        if not rivals:
            return
        choices = {}
        if alike := [each.names[0] for each in rivals if same_columns(first, each)]:
            text = _("All together, because they have the same columns: {names}")
            choices[ALL_TABLES] = text.format(names=some([first.names[0], *alike]))
        choices |= {each.names[0]: described(each) for each in (first, *rivals)}
        raise Question(
            "data.which_table",
            setting="data.options.table",
            choices=choices,
            guess=next(iter(choices)),
            path=str(self._source),
        )

    def _refuse_useless_table(self, other: bool) -> None:
        """A single table is all there is, and it cannot be used: say what it lacks.

        Args:
            other: whether something else may say the classes.
        """
        alone = [*(each.names[0] for each in self._facts.tables.each), *self._facts.tables.unread]
        if not other and len(alone) == 1:
            raise self._facts.tables.refusal(self._root / alone[0])

    def _refuse_detection(self) -> None:
        """
        Raises:
            Question: these are pictures with boxes around things; what can be done with them?
            UserError: ``data.detection_mixed``, ``data.segmentation``: nothing can.
        """
        boxes = self._facts.boxes
        told = len(self._facts.classes) > 1 and not self._facts.guess.code
        if boxes is not None and not (boxes.useless and told):
            raise self.detection(boxes)
        only_parts = self._facts.guess.code == "data.only_parts"
        if only_parts and any(map(kinds.among_masks, self._contents.homes)):
            values = {"path": str(self._source), "noun": self._noun}
            if named := self._facts.named_classes("images/name"):
                raise self._facts.question("data.segmentation_named", named, next(iter(named)))
            raise UserError("data.segmentation", **values)

    def detection(self, boxes: Boxes) -> UserError:
        """What to ask about a detection set, or why nothing can be done with it."""
        if boxes.useless:
            return self._unusable(boxes)
        more = {}
        if len(self._facts.classes) > 1 and (boxes.spans or not self._facts.guess.code):
            others = self._facts.guess.others if boxes.spans else ()
            more = {
                each.key: self._facts.meaning(each) for each in (self._facts.guess.layout, *others)
            }
        more |= self._facts.named_classes("name" if boxes.spans else "images/name")
        wanted = self._facts.asked.objective
        return detection_question(self._source, self._noun, boxes, more, wanted)

    def _unusable(self, boxes: Boxes) -> UserError:
        """Why no picture has boxes: their list is broken, or is of other pictures."""
        first = boxes.problems[0]
        values = {"path": str(self._source), "kind": boxes.kind, "name": first.path}
        if first.code == "data.boxes_of_no_picture":
            return UserError("data.boxes_of_other_pictures", first=first.values["first"], **values)
        return UserError(first.code, **{**values, "path": str(self._root / first.path)})

    def _with_likelier_label(self, said: LabelTable) -> LabelTable:
        """Where several columns may be the classes, what the folders say already is the last."""
        where = said.columns
        if where.sure or where.predicted is not None or self._facts.asked.label_column:
            return said
        own = [at for at in where.labels if self._facts.is_of_folders(said, at)]
        labels = sorted(where.labels, key=lambda at: at in own)
        if own and labels[0] != where.label:
            return self._facts.tables.labelled_by(said, labels)
        return said

    def _found_layout(self) -> Layout:
        """The layout of the folders.

        Raises:
            Question: they can be understood in several ways, or the names of the files may be
                the classes.
        """
        found = self._facts.guess
        if found.sure and (names := self._facts.names_across()):
            raise self._name_or_folder(names)
        doubtful = found.sure or found.code == "data.class_or_part"
        if (
            doubtful
            and self._facts.parts_differ()
            and (names := self._facts.named_classes("split/name"))
        ):
            raise self._name_or_folder(names)
        ends = self._facts.by_ends((found.layout, *found.others))
        if found.sure and ends:
            choices = {each.key: self._facts.meaning(each) for each in (*ends, found.layout)}
            return self._asked_layout("data.class_in_folder", choices, next(iter(choices)))
        one = len(self._facts.classes) < 2 and not levels.called_classes(self._facts.classes)
        alone = one and self._facts.named_classes()  # one class teaches nothing
        if found.sure and self._facts.classes and not alone:
            return found.layout
        choices = {}
        above = ABOVE_NAMES.get(found.code, "")
        if not self._facts.classes or above or alone:
            choices = self._facts.named_classes(f"{above}name")
        if self._facts.classes and (found.code or alone):
            ways = (*ends, found.layout, *found.others)
            told = self._facts.with_count if found.code in LEVEL_CODES else self._facts.meaning
            offered = {each.key: told(each) for each in ways}
            if self._facts.in_versions:
                offered = {k: t for k, t in offered.items() if k not in ("group/class", "-/class")}
                text = _(
                    "The subfolders are the classes; {names} contain versions of the same files"
                )
                choices["-/class"] = text.format(names=some(natural_order(self._facts.upper)))
            choices |= offered
        if found.code in LEVEL_CODES:
            choices |= self._facts.levels_as_questions
        # not believed, as they look like the answers of a model
        if doubted := self._facts.tables.telling:
            text = _("The table {described}").format(described=described(doubted[0]))
            choices[TABLE] = text
        if not choices:
            raise self._contents.unsorted()
        guess = next(iter(choices))
        if self._source.name == unzip.EVERY:  # archives are mostly parts of a download
            of_parts = (key for key in choices if key.startswith("-/") and "group" not in key)
            guess = next(of_parts, guess)
        code = found.code or ("data.only_predicted" if guess == TABLE else "data.class_in_name")
        return self._asked_layout(code, choices, guess)

    def _name_or_folder(self, choices: dict[str, str]) -> Question:
        said = next(iter(choices.values()))
        layout = self._facts.guess.layout
        guess = next(iter(choices))
        apart = replace(layout, key=layout.key.replace("group", "-"))  # days, say, mean nothing
        choices |= {each.key: self._facts.meaning(each) for each in (layout, apart)}
        return self._facts.question(
            "data.name_or_folder", choices, guess, names=said.partition(": ")[2]
        )

    def _asked_layout(self, code: str, choices: Mapping[str, str], guess: str) -> Layout:
        at = self._facts.guess.layout.lead if code == "data.class_or_part" else -1
        names = natural_order(home.split("/")[at] for home in self._contents.sure_homes if home)
        if code == "data.odd_folders":
            names = tuple(odd_names(self._facts.guess.layout, self._contents.sure_homes))
        raise self._facts.question(
            code, choices, guess, names=some(names) or "-", count=len(self._contents.samples)
        )
