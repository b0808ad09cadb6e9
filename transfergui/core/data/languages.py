"""Languages of samples and of what networks were trained on, as codes: by their script, and for
Latin letters whether it is English."""

from __future__ import annotations

from collections.abc import Sequence

from transfergui.core.base.i18n import N_, _, comma_list

ENGLISH, LATIN, OTHER = "en", "Latn", "Zyyy"
"""English; another language in Latin letters; a script that is not in the list."""
TITLES = {
    ENGLISH: N_("English"),
    LATIN: N_("a language other than English"),
    "Hani": N_("Chinese"),
    "Jpan": N_("Japanese"),
    "Kore": N_("Korean"),
    "Arab": N_("a language in Arabic script"),
    "Cyrl": N_("a language in Cyrillic script"),
    "Grek": N_("Greek"),
    "Deva": N_("a language in Devanagari script"),
    "Thai": N_("Thai"),
    "Hebr": N_("Hebrew"),
    "Armn": N_("Armenian"),
    "Geor": N_("Georgian"),
    "Gujr": N_("Gujarati"),
    "Mymr": N_("Burmese"),
    OTHER: N_("a language in another script"),
}
"""What each is called in a sentence."""
EVERY = tuple(code for code in TITLES if code != OTHER)
"""All that can be told from each other."""


def named(codes: Sequence[str]) -> str:
    """The languages in words: "Chinese and English"."""
    titles = [_(TITLES.get(code, TITLES[OTHER])) for code in codes]
    if len(titles) < 2:
        return "".join(titles)
    return _("{first} and {last}").format(first=comma_list(titles[:-1]), last=titles[-1])


def knows(trained: Sequence[str], found: Sequence[str]) -> bool:
    """Whether a network that was trained on some languages suits all that are found.

    Args:
        trained: none where it knows every language, or none at all and counts what it sees.
    """
    return not trained or set(found) <= set(trained)


def reads(trained: Sequence[str], found: Sequence[str]) -> bool:
    """Whether it knows the script of one of the languages that are found, if any are."""
    scripts = {LATIN if code == ENGLISH else code for code in trained}
    theirs = {LATIN if code == ENGLISH else code for code in found}
    return not scripts or not theirs or bool(scripts & theirs)
