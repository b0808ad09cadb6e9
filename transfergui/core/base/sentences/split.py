"""Sentences about how data are divided into training, validation and test data."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: how it was divided
    "split.random": N_("Split at random, with the same proportion of each class in every set."),
    "split.random_labels": N_(
        "Split at random, with the same proportion of each label in every set."
    ),
    "split.random_boxes": N_(
        "Split at random, so that boxes of each class are in the same proportion of every set."
    ),
    "split.random_questions": N_(
        "Split at random, with the same proportion of each answer to every question in every set."
    ),
    "split.random_numbers": N_(
        "Split at random, with small and large numbers in the same proportions in every set."
    ),
    "split.folders": N_("Split as in your folders or your table."),
    "split.val_from_train": N_(
        "The test set is the one you chose; the validation set was taken at random from the rest."
    ),
    "split.test_from_train": N_(
        "The validation set is the one you chose; the test set was taken at random from the rest."
    ),
    "split.one_group": N_(
        "All {noun} belong to one group ({groups}), so no other group is left for the test. The"
        " groups were ignored, and the result may be too optimistic for {noun} of other groups."
        " Add examples of other groups."
    ),
    "split.group_per_class": N_(
        "Each class comes from a single group ({groups}), so the model cannot tell classes from"
        " groups. The groups were ignored, and the result may be too optimistic for {noun} of "
        "other groups. Add examples of each class from other groups."
    ),
    "split.class_of_one_group": N_(
        "All {noun} of {classes} belong to one group, so no other group is left for the test. "
        "They were split at random, and the result may be too optimistic for {noun} of other "
        "groups. Add examples of other groups."
    ),
    "split.copies": N_(
        "All {noun} of {classes} are copies or near-copies of each other, so no others are left "
        "for the test. They were split at random, and the result may be too optimistic."
    ),
    "split.few_groups": N_(
        "The {noun} have too few groups ({groups}) for a test. The groups were ignored, and the"
        " result may be too optimistic for {noun} of other groups. Add examples of other "
        "groups."
    ),
    "split.few_groups_of_column": N_(
        "The column “{column}” was used for groups, but has too few groups for a test "
        "({groups}). The groups were ignored, and the result may be too optimistic for {noun} "
        "of other groups. If the column contains no groups, choose “-” under “Group by column” "
        "(data.options.group_column=-)."
    ),
    "split.no_test": N_(
        "Nothing is left for a test set. The result is measured on the validation set, which "
        "also chose the best epoch, so it is slightly optimistic. Add data or groups."
    ),
    "split.untested": N_(
        "The test set contains no examples of {classes}, so it is unknown how well such "
        "examples are recognised. Add examples: each class needs at least 3 (from at least 3 "
        "groups, where examples are grouped)."
    ),
    "split.untested_by_you": N_(
        "Your test data contain no examples of {classes}, so it is unknown how well such "
        "examples are recognised. Add some to the test data."
    ),
    "split.nothing_to_choose_by": N_(
        "The validation set contains no boxes, so neither the best epoch nor the confidence "
        "threshold can be chosen: the model may be much worse than necessary. Add pictures with "
        "boxes to the validation data, or divide the data at random."
    ),
    "split.single": N_(
        "{count} classes have only one example each ({classes}), which is used for training. "
        "Nothing is known about how well these classes are recognised. Add more {noun} (20 or "
        "more of each give a reliable result), or exclude these classes."
    ),
    "split.not_trained": N_(
        "{count} classes have no {noun} for training ({classes}), so the model cannot learn "
        "them. Add some to the training data, or exclude these classes."
    ),
    "split.grouped": N_("Grouped by: {by}."),
}
"""By code."""

ONE: dict[str, str] = {
    "split.single": N_(
        "One class has only one example ({classes}), which is used for training. Nothing is "
        "known about how well this class is recognised. Add more {noun} (20 or more give a "
        "reliable result), or exclude the class."
    ),
    "split.not_trained": N_(
        "One class has no {noun} for training ({classes}), so the model cannot learn it. Add "
        "some to the training data, or exclude the class."
    ),
}
"""The same where ``{count}`` is one."""
