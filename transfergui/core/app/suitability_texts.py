"""How alike data are, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transfergui.core.base.figure_texts import percent, span
from transfergui.core.base.i18n import N_, _

if TYPE_CHECKING:
    from transfergui.core.data.companions import Role
    from transfergui.core.figures import label_agreement
    from transfergui.core.figures.closeness import Closeness, Word
    from transfergui.core.figures.label_agreement import LabelAgreement
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
MEASURED: dict[Word, str] = {
    "alike": N_(
        "As a whole, these are much like your data: a classifier tells them apart in {percent} of "
        "cases, where guessing would in 50 %."
    ),
    "somewhat": N_(
        "These are somewhat like your data: a classifier tells them apart in {percent} of cases. "
        "How far they lie apart: {energy} of 1."
    ),
    "unlike": N_(
        "These are unlike your data: a classifier tells them apart in {percent} of cases. How "
        "far they lie apart: {energy} of 1."
    ),
}
"""The same with figures (untranslated)."""
LABELS: dict[label_agreement.Word, str] = {
    "agree": N_(
        "Most labels agree with yours: {agree} of {total} are as your examples predict "
        "(expected: about {expected})."
    ),
    "unclear": N_(
        "Whether the labels agree with yours is not clear: {agree} of {total} are as your "
        "examples predict (expected: about {expected})."
    ),
    "contradict": N_(
        "The labels often contradict yours: only {agree} of {total} are as your examples predict "
        "(expected: about {expected}). Look through them before you use them."
    ),
    "cannot_tell": N_(
        "Your examples are too few, or too much alike, to tell whether these labels agree with "
        "yours."
    ),
}
"""Whether labels agree (untranslated)."""
CHECKING: dict[label_agreement.Word, str] = {
    "unclear": N_(
        "A simple model of your training examples predicts {agree} of {total} of these as "
        "labelled; of examples like yours, it would be about {expected}. This is to be expected "
        "where they look different; adapting may help."
    ),
    "contradict": N_(
        "A simple model of your training examples predicts only {agree} of {total} of these as "
        "labelled; of examples like yours, it would be about {expected}. They look different, or "
        "their labels mean something else: look through them."
    ),
}
"""The same of examples that show how good the model is where it will be used: their labels are
what it is measured by (untranslated)."""
LABELS_EXPLAINED = N_(
    "A linear model of your training examples predicts theirs. Expected is what it achieves on "
    "examples of yours that it was not trained on. Where only few agree, their labels are wrong, "
    "or mean something else than yours; or their examples look different, if they are not much "
    "like your data."
)
"""What that rests on (untranslated)."""
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


def measured(found: Closeness) -> str:
    """As of :func:`sentence`, with the figures that two collections can be compared by."""
    if found.word not in MEASURED or found.distance is None:
        return sentence(found)
    text = _(MEASURED[found.word])
    return text.format(percent=_told_apart(found), energy=f"{found.energy or 0:.2f}")


def labels(found: LabelAgreement, role: Role | None = None) -> str:
    """Whether the labels agree, with figures.

    Args:
        role: what the other data are for.
    """
    texts = LABELS | CHECKING if role == "check" else LABELS
    text = _(texts[found.word])
    return text.format(agree=found.agree, total=found.total, expected=round(found.expected))


def _told_apart(found: Closeness) -> str:
    return percent(((found.distance or 0.0) / 2 + 1) / 2, 0)


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
        percent=_told_apart(found),
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
