"""The classes of a listing: names that are the same made one, similar ones asked about, and what
cannot be learnt left out, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from transfergui.core import labels
from transfergui.core.dataset import DataOptions, Problem, Sample
from transfergui.core.errors import Question, UserError
from transfergui.core.i18n import _
from transfergui.core.modalities.label_tables import Listing

OPTION, MERGE, SEPARATE = "similar_labels", "merge", "separate"
"""The data option that says what similar names mean, and its values beside "not said"."""
SETTING = f"data.options.{OPTION}"
KEEP_UNTRAINED = "keep_untrained"


def unify(listing: Listing, options: DataOptions, noun: str) -> None:
    """Make classes one whose names mean the same; call it before anything is compared by class.

    Args:
        noun: what the samples are called, untranslated.

    Raises:
        Question: ``data.similar_classes``: some names may be meant to be one.
        UserError: ``recipe.invalid``: the answer to it is none.
    """
    answer = checked(str(options.options.get(OPTION) or ""))
    _merge(listing, labels.same(listing.classes), labels.plainest, noun)
    alike = labels.similar(listing.classes)
    if not alike:
        return
    if not answer:
        raise _question(listing, alike, options.path)
    listing.chosen[OPTION] = answer
    listing.choices[OPTION] = choices()
    if answer == MERGE:
        _merge(listing, alike, labels.commonest, noun)


def checked(answer: str) -> str:
    """``answer``, where it is one.

    Raises:
        UserError: ``recipe.invalid``.
    """
    if answer not in ("", MERGE, SEPARATE):
        reason = _("it must be one of {choices}, not {found}")
        reason = reason.format(choices=f"{MERGE}, {SEPARATE}", found=answer)
        raise UserError("recipe.invalid", path=SETTING, reason=reason)
    return answer


def choices() -> dict[str, str]:
    """What each answer means."""
    return {
        MERGE: _("The same: they are one class."),
        SEPARATE: _("Different: each is a class of its own."),
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
        listing.problems.append(Problem("data.merged_classes", name, False, values))
    names = [target.get(name, name) for name in listing.classes]
    place = {name: at for at, name in enumerate(dict.fromkeys(names))}
    listing.classes = list(place)
    for at, s in enumerate(listing.samples):
        label = place[names[s.label]]
        if label != s.label:
            listing.samples[at] = Sample(s.path, label, s.size, s.group, s.split)


def drop_untrained(listing: Listing, noun: str) -> None:
    """Leave out classes that are only in a validation or test split, unless all of them are."""
    trained = {s.label for s in listing.samples if s.split in (None, "train")}
    number = Counter(s.label for s in listing.samples if s.label not in trained)
    if not trained or not number:
        return
    listing.samples = [s for s in listing.samples if s.label in trained]
    dropped = sorted((listing.classes[label], count) for label, count in number.items())
    listing.problems += [
        Problem("data.untrained_class", name, values={"count": count, "noun": noun})
        for name, count in dropped
    ]
