"""Sentences about how data are divided into training, validation and test data."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- data: how it was divided
    "split.random": N_("Divided at random, every class alike."),
    "split.random_labels": N_("Divided at random, every label alike."),
    "split.random_questions": N_("Divided at random, the answers to every question alike."),
    "split.random_numbers": N_("Divided at random, small and large numbers alike."),
    "split.folders": N_("Divided as your folders or your table say."),
    "split.val_from_train": N_(
        "The test data are as you chose them; validation was taken at random from the rest."
    ),
    "split.test_from_train": N_(
        "The validation data are as you chose them; the test was taken at random from the rest."
    ),
    "split.one_group": N_(
        "All {noun} belong to one group ({groups}), so none of another group is left to test on. "
        "The groups were ignored: the result may be too optimistic for {noun} of other groups."
    ),
    "split.group_per_class": N_(
        "Each class comes from a single group ({groups}), so classes cannot be told from groups. "
        "The groups were ignored: the result may be too optimistic for {noun} of other groups."
    ),
    "split.class_of_one_group": N_(
        "All {noun} of {classes} belong to one group, so none of another group is left to test on. "
        "They were divided at random: the result may be too optimistic for {noun} of other groups."
    ),
    "split.copies": N_(
        "All {noun} of {classes} are copies of each other or nearly the same, so nothing else is "
        "left to test on. They were divided at random: the result may be too optimistic."
    ),
    "split.few_groups": N_(
        "The groups of these {noun} ({groups}) are too few and leave nothing to test on. They were "
        "ignored: the result may be too optimistic for {noun} of other groups."
    ),
    "split.few_groups_of_column": N_(
        "The column “{column}” was taken for groups, but {groups} are too few and leave nothing to "
        "test on. They were ignored: the result may be too optimistic for {noun} of other groups. "
        "If the column says no groups, set data.options.group_column=-."
    ),
    "split.no_test": N_(
        "Nothing is left for the test, so the result is measured on the validation data, by which "
        "the best epoch is chosen too: it looks better than it is. More data, or more groups, help."
    ),
    "split.untested": N_(
        "The test holds nothing of {classes}, so nothing is known of how well that is recognised. "
        "Add examples: a class needs 3 or more (of 3 groups or more, where examples are grouped) "
        "to be in training, validation and test."
    ),
    "split.untested_by_you": N_(
        "Your test data hold nothing of {classes}, so nothing is known of how well that is "
        "recognised. Add examples of it to them."
    ),
    "split.single": N_(
        "{count} classes have only one example each ({classes}). It is used for training, so "
        "nothing can be said about how well these classes are recognised. Add more {noun} of "
        "each (20 or more give a result that can be trusted), or leave these classes out."
    ),
    "split.not_trained": N_(
        "{count} classes have no {noun} for training ({classes}), so they cannot be recognised. "
        "Add some to the training data, or leave these classes out."
    ),
    "split.grouped": N_("Kept together: {by}."),
}
"""By code."""

ONE: dict[str, str] = {
    "split.single": N_(
        "One class has only one example ({classes}). It is used for training, so nothing can be "
        "said about how well this class is recognised. Add more {noun} of it (20 or more give a "
        "result that can be trusted), or leave the class out."
    ),
    "split.not_trained": N_(
        "One class has no {noun} for training ({classes}), so it cannot be recognised. Add some "
        "to the training data, or leave the class out."
    ),
}
"""The same where ``{count}`` is one."""
