"""Sentences of the check for near duplicates, and of a check that finds nothing."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "check.nothing_found": N_("Nothing found."),
    "check.near_duplicates_found": N_(
        "{n} {noun} form {count} groups of near duplicates: copies or slightly changed versions of "
        "the same original."
    ),
    "check.near_duplicates_more": N_(
        "{kept} of these groups are already kept in one set: their copies were found when the "
        "data were read and are in the list of problems. This check looks closer and found "
        "{count} more groups."
    ),
    "check.near_duplicates_leak": N_(
        "{count} groups of near duplicates are in the test set and in another set, so the test "
        "result can be too optimistic ({noun} concerned: {n}). Keep each group in one set."
    ),
    "check.near_duplicates_chosen_by": N_(
        "{count} groups of near duplicates are in both the training and the validation set. The "
        "test result does not suffer from it; the figures of the validation set, which choose the "
        "best epoch, can be too optimistic."
    ),
    "check.near_duplicates_together": N_(
        "Each group is in one set of the split, so near duplicates do not make the test result too "
        "optimistic."
    ),
    "check.near_duplicates_classes": N_(
        "{count} groups of near duplicates are in more than one class. Check their labels."
    ),
    "check.near_duplicates_score": N_(
        "{title} when near duplicates of the tested {noun} were used for training: {with_copies}. "
        "Without them: {without}. Cross-validated with a linear probe on the {n} training and "
        "validation {noun}; the test set was not used."
    ),
    "check.near_duplicates_little": N_(
        "Near duplicates change the result little. {title} when they were used for training: "
        "{with_copies}; without them: {without} (linear probe on the {n} training and validation "
        "{noun})."
    ),
}
ONE: dict[str, str] = {
    "check.near_duplicates_more": N_(
        "{kept} of these groups are already kept in one set: their copies were found when the "
        "data were read and are in the list of problems. This check looks closer and found one "
        "more group."
    ),
    "check.near_duplicates_found": N_(
        "{n} {noun} form one group of near duplicates: copies or slightly changed versions of the "
        "same original."
    ),
    "check.near_duplicates_leak": N_(
        "One group of near duplicates is in the test set and in another set, so the test result "
        "can be too optimistic ({noun} concerned: {n}). Keep the group in one set."
    ),
    "check.near_duplicates_chosen_by": N_(
        "One group of near duplicates is in both the training and the validation set. The test "
        "result does not suffer from it; the figures of the validation set, which choose the best "
        "epoch, can be too optimistic."
    ),
    "check.near_duplicates_classes": N_(
        "One group of near duplicates is in more than one class. Check the labels."
    ),
}
