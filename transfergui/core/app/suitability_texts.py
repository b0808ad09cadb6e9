"""How alike data are, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.figure_texts import percent, span
from transfergui.core.base.i18n import N_, _

if TYPE_CHECKING:
    from transfergui.core.figures.closeness import Closeness, Word
    from transfergui.core.training.ranking import Ranked

WORDS: dict[Word, str] = {
    "same": N_("same data"),
    "alike": N_("much alike"),
    "somewhat": N_("somewhat alike"),
    "unlike": N_("unlike"),
    "unclear": N_("unclear"),
}
"""Untranslated."""
SENTENCES: dict[Word, str] = {
    "same": N_("These are the same files as your data."),
    "alike": N_("These are much like your data."),
    "somewhat": N_("These are somewhat like your data."),
    "unlike": N_("These are unlike your data."),
    "unclear": N_("Too few examples to say whether these are like your data."),
}
"""Untranslated."""
EXPLAINED = N_(
    "Much alike: a classifier can hardly tell which data an example is from. Somewhat alike: it "
    "can, but the examples lie close together, as with another speaker or another shop. Unlike: "
    "they lie far apart, as with another kind of picture. Unclear: too few examples. Whether "
    "learning from them helps is not known until it is tried."
)
"""What the words mean (untranslated)."""


def word(found: Closeness) -> str:
    """One or two words."""
    return _(WORDS[found.word])


def sentence(found: Closeness) -> str:
    """The word as a sentence about other data."""
    return _(SENTENCES[found.word])


def figures(found: Closeness, under: str) -> str:
    """What the word rests on; of the same files, that they are.

    Args:
        under: title of the backbone under whose features they were compared.
    """
    if found.distance is None or found.low is None or found.high is None:
        return _(SENTENCES["same"])
    text = _(
        "By the features of {title}, a classifier tells them apart in {percent} of cases (50 % is "
        "chance). Proxy A-distance {distance} of 2 (95 % interval {between}), energy coefficient "
        "{energy} of 1, {count} examples on each side."
    )
    return text.format(
        title=_(under),
        percent=percent((found.distance / 2 + 1) / 2, 0),
        distance=f"{found.distance:.2f}",
        between=span(f"{found.low:.2f}", f"{found.high:.2f}"),
        energy=f"{found.energy or 0:.2f}",
        count=found.count,
    )


def scores(network: Ranked) -> str:
    """What a backbone makes of the data at hand, beside its linear probe."""
    hscore = "–" if network.hscore is None else f"{network.hscore:.2f}"
    logme = "–" if network.logme is None else f"{network.logme:.3f}"
    text = _("On {n} training examples. LogME {logme}, H-score {hscore}; higher is better.")
    return text.format(n=network.n, logme=logme, hscore=hscore)
