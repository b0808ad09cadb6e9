"""The classes of a listing: names that are the same made one, similar ones asked about, and what
cannot be learnt left out, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec

from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import _
from transfergui.core.data import labels
from transfergui.core.data.dataset import DataOptions, Problem, Sample, natural_order
from transfergui.core.data.file_part import is_part
from transfergui.core.reading.classes import class_lists
from transfergui.core.reading.listings.listing import Listing, some
from transfergui.core.reading.names import kinds
from transfergui.core.reading.tables.reading_options import TABLE

OPTION, MERGE, SEPARATE = "similar_labels", "merge", "separate"
"""The data option that says what similar names mean, and its values beside "not said"."""
SETTING = f"data.options.{OPTION}"
KEEP_UNTRAINED = "keep_untrained"
UNTRAINED, DIVIDE, DROP = "untrained", "divide", "drop"
"""The data option that says what becomes of classes without training samples, and its values."""
LEAVE_OUT, BETWEEN, KEEP_ALL = "leave_out", "|", "-"
"""The data option that names classes to leave out, what stands between them, and none."""
MANY_DOUBTFUL = 0.1
"""With more examples of them, such labels are rather an answer of their own: unsure."""
MANY = 0.5
"""With such a share of the validation and test data in them, it is asked."""


def unify(listing: Listing, options: DataOptions, noun: str, least: int = 2) -> None:
    """Make classes one whose names mean the same; call it before anything is compared by class.

    Args:
        noun: what the samples are called, untranslated.
        least: so many classes are needed; with 1, samples without any are training data, too.

    Raises:
        Question: ``data.similar_classes``: some names may be meant to be one;
            ``data.class_names``: of numbers, it is open which list says what they are called;
            ``data.untrained``: too little of the data could be learnt.
        UserError: ``recipe.invalid``: the answer is none; ``data.unknown_class_names``.
    """
    _merge(listing, labels.same(listing.classes), labels.plainest, noun)
    class_lists.apply(listing, options)
    nearly = {} if options.options.get(KEEP_UNTRAINED) else _nearly(listing)
    before = listing.classes
    _settle(listing, _sets(labels.similar(before), nearly), options, noun)
    if listing.classes != before:  # now that 1 and 01 are one
        class_lists.apply(listing, options)
    if not options.options.get(KEEP_UNTRAINED):
        _leave_out(listing, options, noun)
        _divide(listing, options, noun, least)


def _leave_out(listing: Listing, options: DataOptions, noun: str) -> None:
    """Leave out the classes that the user names; labels of a table that say that somebody did not
    know are asked about.

    Raises:
        Question: ``data.odd_labels``.
        UserError: ``data.unknown_classes``.
    """
    asked, number = str(options.options.get(LEAVE_OUT) or ""), counts(listing)
    doubtful = _doubtful(listing)
    offered = {
        BETWEEN.join(doubtful): _("Exclude them."),
        KEEP_ALL: _("Keep all as classes."),
    }
    many = sum(number[name] for name in doubtful) > MANY_DOUBTFUL * number.total()
    if not asked and doubtful:
        raise Question(
            "data.odd_labels",
            setting=f"data.options.{LEAVE_OUT}",
            choices=offered,
            guess=min(offered, key=lambda key: (key == KEEP_ALL) != many),
            path=options.path,
            names=labels.quoted(doubtful, number),
        )
    if not asked or listing.chosen.get(LEAVE_OUT):
        return
    names = [] if asked == KEEP_ALL else [name.strip() for name in asked.split(BETWEEN)]
    if unknown := sorted(set(names) - set(listing.classes)):
        found = some(natural_order(listing.classes))
        raise UserError("data.unknown_classes", path=options.path, names=some(unknown), found=found)
    listing.chosen[LEAVE_OUT] = asked
    listing.choices[LEAVE_OUT] = {asked: _("“{names}”").format(names="”, “".join(names) or "-")}
    listing.choices[LEAVE_OUT] |= {KEEP_ALL: _("none")}
    kept = [name for name in listing.classes if name not in names]
    place = {name: at for at, name in enumerate(kept)}
    listing.samples = [
        msgspec.structs.replace(sample, label=place[name])
        for sample in listing.samples
        if (name := listing.classes[sample.label]) in place
    ]
    listing.classes = kept
    listing.problems += [
        Problem("data.left_out_class", {"count": number[name], "noun": noun}, path=name)
        for name in names
    ]


def _doubtful(listing: Listing) -> list[str]:
    """Labels of a table that say that somebody did not know: ``to be determined``."""
    rows = any(is_part(sample.path) for sample in listing.samples[:1])
    of_table = rows or listing.chosen.get("layout") == TABLE
    found = [name for name in listing.classes if of_table and kinds.says_unlabelled(name)]
    return found if len(listing.classes) - len(found) > 1 else []


def untrained(listing: Listing) -> Counter[int]:
    """How many samples have each of the classes of which none is training data."""
    trained = _trained(listing)
    return Counter(s.label for s in listing.samples if s.label not in trained)


def _trained(listing: Listing) -> set[int]:
    return {s.label for s in listing.samples if s.split in (None, "train")}


def _divide(listing: Listing, options: DataOptions, noun: str, least: int) -> None:
    """Divide anew what the user's own division keeps from being learnt, where that is wanted."""
    checked(UNTRAINED, options.options.get(UNTRAINED), (DIVIDE, DROP))  # even if not asked for
    trained, kept_from = _trained(listing), untrained(listing)
    if not kept_from or (not trained and least > 1):
        return
    choices = {
        DIVIDE: _("Split all data again at random, so that every class has training data."),
        DROP: _("Exclude these classes."),
    }
    held = sum(s.split in ("val", "test") for s in listing.samples)
    if len(trained) < least:
        del choices[DROP]
    names = some(natural_order(listing.classes[label] for label in kept_from))
    question = Question(
        "data.untrained",
        setting=f"data.options.{UNTRAINED}",
        choices=choices,
        guess=DIVIDE,
        path=options.path,
        names=names,
        count=kept_from.total(),
        noun=noun,
    )
    needed = len(trained) < least or kept_from.total() > MANY * held
    divide_anew(listing, options, question, (DIVIDE, DROP), needed)


def divide_anew(
    listing: Listing, options: DataOptions, question: Question, known: Sequence[str], needed: bool
) -> str:
    """The user's answer to a question about their own division, which is given up for
    :data:`DIVIDE`; empty where there is none.

    Args:
        known: every answer that there may be.
        needed: whether it must be asked.

    Raises:
        Question: ``question``.
        UserError: ``recipe.invalid``.
    """
    option = question.setting.rpartition(".")[2]
    answer = checked(option, options.options.get(option), known)
    if answer:
        listing.chosen[option], listing.choices[option] = answer, dict(question.choices)
    elif needed:
        raise question
    if answer == DIVIDE:
        listing.samples = [msgspec.structs.replace(s, split=None) for s in listing.samples]
    return answer


def _settle(
    listing: Listing, alike: Sequence[Sequence[str]], options: DataOptions, noun: str
) -> None:
    """Merge classes with similar names, or not, as the user says."""
    answer = checked(OPTION, options.options.get(OPTION), (MERGE, SEPARATE))
    if not alike:
        return
    if not answer:
        raise _question(listing, alike, options.path)
    listing.chosen[OPTION] = answer
    listing.choices[OPTION] = choices()
    if answer == MERGE:
        _merge(listing, alike, labels.commonest, noun)


def _nearly(listing: Listing) -> dict[str, str]:
    """The class that each one without training samples is meant to be in all likelihood."""
    trained = {s.label for s in listing.samples if s.split in (None, "train")}
    known = [name for label, name in enumerate(listing.classes) if label in trained]
    used = {s.label for s in listing.samples}
    others = [n for at, n in enumerate(listing.classes) if at in used and at not in trained]
    return labels.nearly(others, known)


def _sets(similar: Sequence[Sequence[str]], nearly: Mapping[str, str]) -> list[list[str]]:
    """``similar`` names, with those that ``nearly`` mean one of them."""
    found = [list(several) for several in similar]
    for name, meant in nearly.items():
        known = next((several for several in found if meant in several), None)
        if known is None:
            found.append([meant, name])
        elif name not in known:
            known.append(name)
    return found


def checked(option: str, said: object, known: Sequence[str]) -> str:
    """The answer to a question, where it is one of those ``known``; empty where none is given.

    Raises:
        UserError: ``recipe.invalid``.
    """
    answer = str(said or "")
    if answer and answer not in known:
        reason = _("the value must be one of {choices}, not {found}")
        reason = reason.format(choices=", ".join(known), found=answer)
        raise UserError("recipe.invalid", path=f"data.options.{option}", reason=reason)
    return answer


def choices() -> dict[str, str]:
    """What each answer means."""
    return {
        MERGE: _("The same: merge them into one class."),
        SEPARATE: _("Different: keep each as its own class."),
    }


def counts(listing: Listing) -> Counter[str]:
    """Samples per class."""
    found = Counter(sample.label for sample in listing.samples)
    return Counter({name: found[label] for label, name in enumerate(listing.classes)})


def _question(listing: Listing, alike: Sequence[Sequence[str]], path: str) -> Question:
    number = counts(listing)
    names = "; ".join(labels.quoted(several, number) for several in alike[: labels.NAMED])
    return Question(
        "data.similar_classes",
        setting=SETTING,
        choices=choices(),
        guess=MERGE,
        names=names + ("; …" if len(alike) > labels.NAMED else ""),
        path=path,
    )


def _merge(
    listing: Listing,
    alike: Sequence[Sequence[str]],
    called: Callable[[Sequence[str], Mapping[str, int]], str],
    noun: str,
) -> None:
    if not alike:
        return
    number = counts(listing)
    target: dict[str, str] = {}
    for several in alike:
        name = called(several, number)
        target |= dict.fromkeys(several, name)
        values = {
            "names": labels.quoted(several, number),
            "count": sum(number[each] for each in several),
            "noun": noun,
        }
        listing.problems.append(Problem("data.merged_classes", values, path=name, left_out=False))
    names = [target.get(name, name) for name in listing.classes]
    place = {name: at for at, name in enumerate(dict.fromkeys(names))}
    listing.classes = list(place)
    for at, s in enumerate(listing.samples):
        label = place[names[s.label]]
        if label != s.label:
            listing.samples[at] = Sample(s.path, label, s.size, s.group, s.split)


def drop_untrained(listing: Listing, noun: str) -> None:
    """Leave out classes that are only in a validation or test split, unless all of them are."""
    trained, number = _trained(listing), untrained(listing)
    if not trained or not number:
        return
    gone = _test_gone(listing, trained, noun)
    listing.samples = [s for s in listing.samples if s.label in trained]
    listing.problems += gone
    dropped = sorted((listing.classes[label], count) for label, count in number.items())
    listing.problems += [
        Problem("data.untrained_class", {"count": count, "noun": noun}, path=name)
        for name, count in dropped
    ]


def _test_gone(listing: Listing, trained: Collection[int], noun: str) -> list[Problem]:
    """Whether nothing of the user's own test set is left."""
    test = [s for s in listing.samples if s.split == "test"]
    if not test or any(s.label in trained for s in test):
        return []
    names = natural_order({listing.classes[s.label] for s in test})
    values = {"count": len(test), "noun": noun}
    return [Problem("data.test_gone", values, path=some(names))]
