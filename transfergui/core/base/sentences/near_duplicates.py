"""Sentences of the check for near duplicates, and of a check that finds nothing."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "check.nothing_found": N_("Nothing found."),
    "check.near_duplicates_found": N_(
        "{n} {noun} are near duplicates of each other, in {count} groups: copies or slightly "
        "changed versions of the same original."
    ),
    "check.near_duplicates_leak": N_(
        "{count} groups of near duplicates are in more than one set. {n} validation or test {noun} "
        "have a near duplicate in another set, so the result can be too optimistic. Keep each "
        "group in one set."
    ),
    "check.near_duplicates_together": N_(
        "Each group is in one set of the split, so near duplicates do not make the test result too "
        "optimistic."
    ),
    "check.near_duplicates_classes": N_(
        "{count} groups of near duplicates are in more than one class. Look whether their labels "
        "are correct."
    ),
    "check.near_duplicates_score": N_(
        "{title} with near duplicates on both sides of the split: {with_copies}. With each group "
        "on one side: {without}. Measured with a linear probe on the {n} training and validation "
        "{noun}, each predicted by a model trained on the others; the test set was not used."
    ),
    "check.near_duplicates_little": N_(
        "The near duplicates change the result little. {title} with them on both sides of the "
        "split: {with_copies}; with each group on one side: {without} (linear probe on the {n} "
        "training and validation {noun})."
    ),
}
ONE: dict[str, str] = {
    "check.near_duplicates_found": N_(
        "One group of {n} {noun} are near duplicates of each other: copies or slightly changed "
        "versions of the same original."
    ),
    "check.near_duplicates_leak": N_(
        "One group of near duplicates is in more than one set. {n} of its {noun} are in the "
        "validation or test set, so the result can be too optimistic. Keep the group in one set."
    ),
    "check.near_duplicates_classes": N_(
        "One group of near duplicates is in more than one class. Look whether the labels are "
        "correct."
    ),
}
