"""The labels, answers and numbers of a listing: names that mean the same made one, as for classes.

A class of such a listing is a combination (:mod:`transfergui.core.data.targets`); what
:mod:`.class_names` does with classes is done here with the labels, and with the answers to each
question, of which the combinations are made anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.data.boxes import boxes_text, parsed_boxes
from transfergui.core.data.dataset import DataOptions, Problem, Sample, natural_order
from transfergui.core.data.file_part import is_part
from transfergui.core.data.targets import (
    BOXES,
    LABEL_SETS,
    NUMBER,
    ONE_CLASS,
    SEVERAL_LABELS,
    SEVERAL_QUESTIONS,
    Targets,
    answers_text,
    labels_text,
    member_name,
    names_in,
    normalised,
    number_text,
    parsed_answers,
    parsed_labels,
)
from transfergui.core.reading.classes import class_names
from transfergui.core.reading.classes.class_names import BETWEEN, KEEP_ALL, LEAVE_OUT
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.names import kinds
from transfergui.core.reading.parsing import numbers
from transfergui.core.reading.tables import label_files
from transfergui.core.reading.tables.predicted_columns import may_be_measured
from transfergui.core.reading.tables.predicted_questions import classes_or_number
from transfergui.core.reading.tables.reading_options import TABLE


def unify(listing: Listing, options: DataOptions, noun: str) -> None:
    """As :func:`transfergui.core.reading.classes.class_names.unify`, whatever is predicted.

    Raises:
        Question: likewise.
        UserError: likewise; ``data.no_questions``: one class is all that is said;
            ``data.option_unfit``: an option is set that means nothing for what is predicted.
    """
    _as_asked(listing, options, noun)
    _require_fit(listing.targets.objective, options)
    _ask_for_number(listing, options)
    if listing.targets.objective == ONE_CLASS:
        class_names.unify(listing, options, noun)
        return
    done, told = listing.chosen.get(LEAVE_OUT), listing.choices.get(LEAVE_OUT)
    if done and told:  # before the files were looked into: those names are gone
        nothing = options.options | {LEAVE_OUT: KEEP_ALL}
        options = msgspec.structs.replace(options, options=nothing)
    _unify_members(listing, options, noun)
    if done and told:
        listing.chosen[LEAVE_OUT], listing.choices[LEAVE_OUT] = done, told


def _unify_members(listing: Listing, options: DataOptions, noun: str) -> None:
    if listing.targets.objective == SEVERAL_LABELS:
        _unify_labels(listing, options, noun)
    elif listing.targets.objective == BOXES:
        _unify_boxes(listing, options, noun)
    elif listing.targets.objective == SEVERAL_QUESTIONS:
        _unify_answers(listing, options, noun)


FOR = {
    "separator": (SEVERAL_LABELS,),
    "unit": (NUMBER,),
    "decimal": (NUMBER,),
    LEAVE_OUT: (ONE_CLASS, SEVERAL_LABELS, BOXES, SEVERAL_QUESTIONS),
}
"""What must be predicted for a data option to mean something."""


def asking_for(data: DataOptions, objective: str) -> DataOptions:
    """``data`` with something else predicted: without the columns and the options that were chosen
    for what was predicted before.

    Args:
        objective: empty for what the data say.
    """
    chosen = {"label_column", *FOR}
    options = {name: value for name, value in data.options.items() if name not in chosen}
    return msgspec.structs.replace(data, objective=objective, predict=(), options=options)


def _require_fit(objective: str, options: DataOptions) -> None:
    """
    Raises:
        UserError: ``data.option_unfit``.
    """
    if options.options.get(class_names.KEEP_UNTRAINED):
        return  # they are those of a model
    for name, fitting in FOR.items():
        if options.options.get(name) and objective not in fitting:
            values = {"option": f"data.options.{name}", "objective": objective}
            raise UserError("data.option_unfit", path=options.path, **values)


# -- classes of folders, or of names, as what the user wants to predict


def _as_asked(listing: Listing, options: DataOptions, noun: str) -> None:
    """Make labels or numbers of classes, where the user wants these predicted.

    Raises:
        UserError: ``data.no_questions``, ``data.no_numbers``, ``data.no_boxes_found``,
            ``data.no_box``.
    """
    if listing.targets.objective != ONE_CLASS or options.objective in ("", ONE_CLASS):
        return
    if options.objective == BOXES:
        _as_boxes(listing, options, noun)
        return
    if options.objective == SEVERAL_QUESTIONS:
        found = some(natural_order(listing.classes))
        raise UserError("data.no_questions", path=options.path, found=found)
    if options.objective == SEVERAL_LABELS:
        listing.targets = Targets(SEVERAL_LABELS)
        _rewrite(listing, lambda name: labels_text([member_name(name)]))
    else:
        _as_numbers(listing, options, noun)


def _as_boxes(listing: Listing, options: DataOptions, noun: str) -> None:
    """Read the classes, which a table says, as the boxes of a picture each.

    Raises:
        UserError: ``data.no_boxes_found``, ``data.no_box``: they are none.
    """
    if options.labels == label_files.UNSORTED:
        return  # nothing is drawn yet
    bare = Targets(BOXES)
    texts: dict[str, str] = {}
    for name in listing.classes:
        try:
            texts[name] = normalised(bare, name)
        except ValueError:
            if texts:
                raise UserError("data.no_box", value=name) from None
            values = {"path": options.path, "noun": noun, "more": ""}
            raise UserError("data.no_boxes_found", **values) from None
    listing.targets = bare
    _rewrite(listing, texts.__getitem__)


def _ask_for_number(listing: Listing, options: DataOptions) -> None:
    """
    Raises:
        Question: ``data.classes_or_number``: the classes of folders or of names are many numbers.
    """
    of_rows = any(is_part(sample.path) for sample in listing.samples[:1])
    if listing.targets.objective != ONE_CLASS or options.objective:
        return
    if of_rows or listing.chosen.get("layout") == TABLE:  # asked where the table is read
        return
    used = Counter(listing.classes[sample.label] for sample in listing.samples)
    if not options.options.get(class_names.KEEP_UNTRAINED) and may_be_measured(used):
        raise classes_or_number(options.path, list(used))


def _as_numbers(listing: Listing, options: DataOptions, noun: str) -> None:
    """
    Raises:
        UserError: ``data.no_numbers``, ``data.numbers_too_large``: hardly any class is called like
            a number that can be predicted.
    """
    asked = {key: str(options.options.get(key) or "") for key in ("decimal", "unit")}
    how = numbers.written(listing.classes, **asked)
    values = {n: None if how.other_unit(n) else how.value(n) for n in listing.classes}
    if sum(value is not None for value in values.values()) < 2:
        found = some(natural_order(listing.classes))
        large = any(map(how.is_too_large, listing.classes))
        code = "data.numbers_too_large" if large else "data.no_numbers"
        raise UserError(code, path=options.path, found=found)
    counts = class_names.counts(listing)
    listing.problems += [
        Problem("data.class_no_number", {"count": counts[name], "noun": noun}, path=name)
        for name, value in values.items()
        if value is None
    ]
    listing.samples = [s for s in listing.samples if values[listing.classes[s.label]] is not None]
    name = str(listing.chosen.get("label_column") or "") or "number"
    listing.targets = Targets(NUMBER, (member_name(name) or "number",), unit=how.unit)
    listing.chosen |= {"unit": how.unit, "decimal": how.decimal}
    _rewrite(listing, lambda name: "" if (v := values[name]) is None else number_text(v))


def _rewrite(listing: Listing, text: Callable[[str], str]) -> None:
    """Other texts for the classes; those that become the same are one."""
    texts = [text(name) for name in listing.classes]
    place = {name: at for at, name in enumerate(dict.fromkeys(texts))}
    listing.classes = list(place)
    labels = [place[name] for name in texts]
    listing.samples = [
        msgspec.structs.replace(s, label=labels[s.label]) if labels[s.label] != s.label else s
        for s in listing.samples
    ]


# -- names of labels and answers


def _unify_labels(listing: Listing, options: DataOptions, noun: str) -> None:
    called = _called(listing, list(map(parsed_labels, listing.classes)), options, noun)
    _drop_unlabelled(listing, called)
    order = natural_order(filter(None, called.values()))
    place = {name: at for at, name in enumerate(order)}

    def text(name: str) -> str:
        found = {each for old in parsed_labels(name) if (each := called.get(old))}
        return labels_text(sorted(found, key=place.__getitem__))

    _rewrite(listing, text)


def _unify_boxes(listing: Listing, options: DataOptions, noun: str) -> None:
    """As :func:`_unify_labels`; boxes of what is left out go, their pictures stay."""
    words = [names_in(BOXES, text) for text in listing.classes]
    called = _called(listing, words, options, noun)
    names = {old: name for old, name in called.items() if name}
    if all(names.get(word) == word for own in words for word in own):
        return  # nothing is called otherwise

    def text(name: str) -> str:
        boxes = (box for box in parsed_boxes(name) if box.name in names)
        return boxes_text(box._replace(name=names[box.name]) for box in boxes)

    _rewrite(listing, text)


def _drop_unlabelled(listing: Listing, called: Mapping[str, str]) -> None:
    """Leave out samples of which nothing is known but that nobody labelled them yet.

    Args:
        called: what becomes of each label; those that are left out are missing.
    """
    gone = {
        at
        for at, text in enumerate(listing.classes)
        if (own := parsed_labels(text))
        and not any(name in called for name in own)
        and any(map(kinds.says_unlabelled, own))
    }
    listing.samples = [sample for sample in listing.samples if sample.label not in gone]


def _unify_answers(listing: Listing, options: DataOptions, noun: str) -> None:
    rows = list(map(parsed_answers, listing.classes))
    called = []
    answers = [
        natural_order(answer for row in rows if (answer := row[place]) is not None)
        for place in range(len(listing.targets.names))
    ]
    _require_known(options, {name for each in answers for name in each})
    for place, own in enumerate(answers):
        named = [(answer,) if (answer := row[place]) is not None else () for row in rows]
        called.append(_called(listing, named, _of_question(options, own), noun))
    asked = options.options.get(LEAVE_OUT)
    if asked:
        listing.chosen[LEAVE_OUT] = asked

    def text(name: str) -> str:
        pairs = zip(parsed_answers(name), called, strict=True)
        return answers_text(found.get(answer or "") or None for answer, found in pairs)

    _rewrite(listing, text)


def _of_question(options: DataOptions, own: Sequence[str]) -> DataOptions:
    """The options for one question: of what is left out, its own answers."""
    asked = str(options.options.get(LEAVE_OUT) or "")
    names = [name for name in map(str.strip, asked.split(BETWEEN)) if name in own]
    if not asked:
        return options
    left = {LEAVE_OUT: BETWEEN.join(names) or KEEP_ALL}
    return msgspec.structs.replace(options, options=options.options | left)


def _require_known(options: DataOptions, known: set[str]) -> None:
    """
    Raises:
        UserError: ``data.unknown_classes``.
    """
    asked = str(options.options.get(LEAVE_OUT) or "")
    names = set() if asked in ("", KEEP_ALL) else set(map(str.strip, asked.split(BETWEEN)))
    if unknown := sorted(names - known):
        found = some(natural_order(known))
        raise UserError("data.unknown_classes", path=options.path, names=some(unknown), found=found)


def _drop_untrained(alone: Listing, noun: str) -> None:
    """Leave out what no training sample has, as the user said."""
    gone = class_names.untrained(alone)
    alone.samples = [s for s in alone.samples if s.label not in gone]
    alone.problems += [
        Problem("data.left_out_class", {"count": count, "noun": noun}, path=alone.classes[label])
        for label, count in sorted(gone.items())
    ]


def _called(
    listing: Listing, words: Sequence[Sequence[str]], options: DataOptions, noun: str
) -> dict[str, str]:
    """What each label, or answer to one question, is called in the end; those that are left out
    are missing.

    Each sample stands for as many as it has labels, so that classes are counted as labels are.

    Args:
        words: of each class of ``listing``.
    """
    names = list(dict.fromkeys(word for own in words for word in own))
    place = {name: at for at, name in enumerate(names)}
    alone = Listing(
        listing.root,
        # the size tells later which name it was
        [
            Sample(s.path, place[word], place[word], s.group, s.split)
            for s in listing.samples
            for word in words[s.label]
        ],
        list(names),
        listing.problems,
        dict(listing.chosen) | {LEAVE_OUT: ""},
        listing.choices,
    )
    learnt = any(s.split in (None, "train") for s in listing.samples)
    least = 1 if learnt and listing.targets.objective in LABEL_SETS else 2
    class_names.unify(alone, options, noun, least)
    if alone.chosen.get(class_names.UNTRAINED) == class_names.DROP:
        _drop_untrained(alone, noun)
    listing.problems = [
        msgspec.structs.replace(p, code="data.left_out_label", left_out=False)
        if p.code == "data.left_out_class" and not kinds.says_unlabelled(p.path)
        else p
        for p in alone.problems
    ]
    listing.chosen |= {key: value for key, value in alone.chosen.items() if value}
    if any(s.split for s in listing.samples) and not any(s.split for s in alone.samples):
        listing.samples = [msgspec.structs.replace(s, split=None) for s in listing.samples]
    return {names[s.size]: member_name(alone.classes[s.label]) for s in alone.samples}
