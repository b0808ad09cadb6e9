"""Sentences about other data beside those that are learnt, and about adapting to them."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "companion.missing": N_("{path} does not exist. Choose the folder again."),
    "companion.empty": N_("{path} contains no {noun} that can be used. Choose another folder."),
    "companion.no_class": N_(
        "None of the classes in {path} is one of yours ({names}). Choose which of yours they "
        "are (command line: --set companions.classes.THEIRS=YOURS)."
    ),
    "companion.no_such_class": N_(
        "The class “{name}” in {path} is matched to “{own}”, which is not one of your classes "
        "({names}). Choose which of yours it is (command line: --set "
        "companions.classes.THEIRS=YOURS)."
    ),
    "companion.other_classes": N_(
        "{count} {noun} are left out because their classes are not among yours: {names}."
    ),
    "companion.learnt": N_(
        "{count} {noun} are left out because your own data contain them too: what is used for "
        "training cannot check the model."
    ),
    "companion.measures": N_(
        "{count} {noun} are left out because they are also in your validation or test set, or "
        "among the examples that only check the model."
    ),
    "companion.own_already": N_(
        "{count} {noun} are left out because they are also in your own training set: a copy of "
        "one of yours adds nothing and would count twice."
    ),
    "companion.also_training": N_(
        "{count} of these {noun} are also in your own training set. They are used nevertheless."
    ),
    "companion.labels_unused": N_(
        "{count} of the {noun} found lie in folders named as your classes. Their labels are not "
        "used here; to use them, add the folder as labelled {noun}."
    ),
    "companion.only_own": N_(
        "All {noun} in {path} are also in your own data, or among the examples that only check "
        "the model. Choose other ones."
    ),
    "companion.only_checks": N_(
        "All {noun} in {path} are also among the examples that only check the model, so they "
        "cannot be used for anything else. Choose other ones."
    ),
    "companion.unfit": N_("{path} contains no {noun} that can be used. {why}"),
    "companion.unsorted": N_(
        "How the {noun} in {path} are sorted into classes is not clear. Put the {noun} of each "
        "class into a folder named after the class, as yours are called."
    ),
    "companion.other_kind": N_(
        "{path} contains {found}, but your own data are {noun}. Choose another folder."
    ),
    "companion.no_such_name": N_(
        "“{name}” is matched to “{own}”, but no other data have a class “{name}”. They have: "
        "{names}."
    ),
    "companion.matched_otherwise": N_(
        "The class “{name}” counts as your class “{own}”, as you chose, although one of your "
        "classes is called “{name}”, too."
    ),
    "companion.needed": N_(
        "“{strategy}” needs other data: {role}. Add them to your data (command line: --{option})."
    ),
    "companion.twice": N_(
        "Two different data are given as “{role}”: a group of your own data and another folder. "
        "Remove one of them (command line: --{option}, or --target-group and --check-count)."
    ),
    "companion.unused": N_(
        "“{strategy}” does not use these other data: “{role}”. Strategies that use them: {names}."
    ),
    "adapt.no_validation": N_(
        "“{strategy}” needs a validation set, which shows whether adapting does harm. Set the "
        "validation share above 0 %."
    ),
    "companion.unreadable": N_(
        "Nothing in {path} can be read. Is a disk or network share disconnected? Reconnect it "
        "and resume, or train without these data."
    ),
    "companion.moved": N_(
        "Other data of this run are not at {path} ({role}). If they were moved, show where they "
        "are now (command line: resume RUN --moved OLD NEW)."
    ),
    "companion.not_of_run": N_("This run has no other data at {path}. It has: {names}."),
    "companion.not_same": N_(
        "{path} does not contain the same data as {old} did: {count} of {total} files are missing "
        "or different (the first: {first}). The run cannot be resumed with them."
    ),
    "companion.skipped": N_("{count} files of {path} could not be read and were not used."),
    "companion.one_class_only": N_(
        "The labelled examples from where the model will be used are not used: that works only "
        "where one class is predicted."
    ),
    "report.checked": N_(
        "Of {count} labelled {noun} from where the model will be used, {accuracy} are correct "
        "({interval})."
    ),
    "report.where_used": N_(
        "Where the model will be used, {hits} of {count} {noun} are correct ({percent})."
    ),
    "report.own_test": N_("On your own data, {hits} of {n} test {noun} are correct ({right} %)."),
    "report.own_data": N_(
        "This result is measured on your own {n} test {noun}. How good the model is where it "
        "will be used is not known."
    ),
    # -- what is borrowed
    "borrow.too_few": N_(
        "Only {count} training {noun} of yours: how similar the {borrowed} borrowed ones are to "
        "them cannot be estimated, so all of these count the same."
    ),
    "borrow.all": N_("All {count} borrowed {noun} of {path} count the same."),
    "borrow.effective": N_(
        "The {count} borrowed {noun} of {path} count as about {effective}: those that resemble "
        "yours count more, the others less."
    ),
    "borrow.kept": N_(
        "{kept} of the {count} borrowed {noun} of {path} keep at least half of their weight. The "
        "others contradict your examples and count little."
    ),
    "borrow.far": N_(
        "Weighed one by one by their similarity to yours, the {count} borrowed {noun} would count "
        "as only {before}, so the weights were evened out. “How alike?” compares the collections "
        "as a whole and may find them much alike."
    ),
    "report.borrowed": N_(
        "The model was also trained on {count} borrowed {noun}, which counted as about {effective} "
        "beside {own} of yours."
    ),
    "borrow.nothing": N_("This model was trained without borrowed examples."),
    "borrow.better_without": N_(
        "Leaving out {path} is better: with it, {all} of your {count} validation {noun} are "
        "correct, without it {without} (a quick classifier of features)."
    ),
    "borrow.contradicts": N_(
        "Almost all of {path} contradicts your own examples: {lost} of its {count} {noun} "
        "count less than half. Check that its classes mean the same as yours, or leave it "
        "out."
    ),
    "borrow.labels_contradict": N_(
        "The labels of {path} often contradict yours: only {agree} of {total} are as your examples "
        "predict (expected: about {expected}). Check that its classes mean the same as yours, or "
        "leave it out."
    ),
    "borrow.source_helps": N_(
        "{path} helps: with it, {all} of your {count} validation {noun} are correct, without it "
        "{without} (a quick classifier of features)."
    ),
    "borrow.sources_alike": N_(
        "Leaving out any one of the {n} sources makes no clear difference on your {count} "
        "validation {noun}."
    ),
    # -- the adapted model beside the other one
    "adapt.helped": N_(
        "Adapting helped: of {count} labelled {noun} from where the model will be used, "
        "{adapted_hits} are correct with adapting and {plain_hits} without ({adapted} and "
        "{plain}; 95 % interval of the difference {interval}). The adapted model was kept."
    ),
    "adapt.maybe_helped": N_(
        "Of {count} labelled {noun} from where the model will be used, {adapted_hits} are "
        "correct with adapting and {plain_hits} without ({adapted} and {plain}; 95 % interval"
        " of the difference {interval}). The adapted model was kept; the difference may be "
        "chance."
    ),
    "adapt.hurt": N_(
        "Adapting hurt: of {count} labelled {noun} from where the model will be used, "
        "{adapted_hits} are correct with adapting and {plain_hits} without ({adapted} and "
        "{plain}; 95 % interval of the difference {interval}). The model without adapting was"
        " kept."
    ),
    "adapt.no_gain": N_(
        "Adapting made no clear difference: of {count} labelled {noun} from where the model "
        "will be used, {adapted_hits} are correct with adapting and {plain_hits} without "
        "({adapted} and {plain}; 95 % interval of the difference {interval}), which may be "
        "chance. The model without adapting was kept."
    ),
    "adapt.not_enough": N_(
        "Of {count} labelled {noun} from where the model will be used, {adapted_hits} are "
        "correct with adapting and {plain_hits} without ({adapted} and {plain}; 95 % interval"
        " of the difference {interval}), which may be chance. The model without adapting was "
        "kept, because more speaks against the adapted one: {why}"
    ),
    "adapt.validation_differs": N_(
        "On your own {count} validation {noun} it is the other way round: {adapted} are "
        "correct with adapting and {plain} without."
    ),
    "adapt.kept": N_(
        "The adapted model was kept. It predicts another class for {changed} of {total} "
        "unlabelled {noun}, and its predictions are more certain; whether they are correct is "
        "not known. About {needed} labelled ones would tell."
    ),
    "adapt.kept_few": N_(
        "The adapted model was kept. It predicts another class for {changed} of {total} "
        "unlabelled {noun}, and its predictions are more certain. Whether they are correct is not "
        "known, and labels for all of these {noun} would hardly tell: too few predictions differ."
    ),
    "adapt.validation_fell": N_(
        "On your {count} validation {noun}, {adapted} are correct with adapting and {plain} "
        "without. That may be chance, or what adapting costs on your own data."
    ),
    "adapt.unchanged": N_(
        "Adapting did not change the predicted class of any of the {total} unlabelled {noun}."
    ),
    "adapt.declined": N_(
        "The model without adapting was kept. Reasons against “{strategy}”: {why}"
    ),
    "adapt.other_language": N_(
        "The unlabelled texts are mostly in a language that none of your texts is in and that the "
        "backbone was not trained on."
    ),
    "adapt.nothing_known": N_(
        "Without adapting, the predictions for the unlabelled examples tell almost nothing: most "
        "are uncertain or of the same class. Adapting has nothing to build on."
    ),
    "adapt.worse_at_home": N_("The adapted model is clearly worse on the validation set."),
    "adapt.less_clear": N_(
        "Predictions for the unlabelled examples did not become clearly more certain and varied."
    ),
    "adapt.worse_where_alike": N_(
        "The adapted model is clearly worse on the validation examples that are most like the "
        "unlabelled ones."
    ),
    "adapt.lost_classes": N_(
        "The adapted model never predicts {classes} for the unlabelled examples; the other "
        "model does."
    ),
    "adapt.checked_worse": N_(
        "The adapted model is not better on the labelled examples that check it."
    ),
    "adapt.not_compared": N_(
        "The adapted model was not compared with one that was not adapted, because training was "
        "stopped. Nothing shows whether adapting helped."
    ),
    "adapt.early": N_(
        "You stopped the training of the model without adapting early. Trained to its end, it "
        "might have been better."
    ),
    # -- with and without data to learn from
    "borrow.helped": N_(
        "Borrowing helped: {title} {own} with the other data and {other} without, on the same"
        " {n} {noun} (95 % interval of the difference {interval})."
    ),
    "borrow.hurt": N_(
        "Borrowing hurt: {title} {own} with the other data and {other} without, on the same "
        "{n} {noun} (95 % interval of the difference {interval})."
    ),
    "borrow.same": N_(
        "Borrowing made no clear difference: {title} {own} with the other data and {other} "
        "without, on the same {n} {noun} (95 % interval of the difference {interval})."
    ),
    "borrow.maybe": N_(
        "Borrowing may have helped, but this may be chance: {title} {own} with the other data"
        " and {other} without, on the same {n} {noun} (95 % interval of the difference "
        "{interval}). About {more} more {noun} would show a difference of this size."
    ),
    "borrow.maybe_hurt": N_(
        "Borrowing may have hurt, but this may be chance: {title} {own} with the other data "
        "and {other} without, on the same {n} {noun} (95 % interval of the difference "
        "{interval}). About {more} more {noun} would show a difference of this size."
    ),
    "borrow.early": N_(
        "Whether borrowing helped is not known, because you stopped the training without the "
        "other data early: {title} {own} with them and {other} without so far, on the same "
        "{n} {noun} (95 % interval of the difference {interval})."
    ),
    "unlabelled.helped": N_(
        "Learning from unlabelled examples helped: {title} {own} with them and {other} "
        "without, on the same {n} {noun} (95 % interval of the difference {interval})."
    ),
    "unlabelled.hurt": N_(
        "Learning from unlabelled examples hurt: {title} {own} with them and {other} without,"
        " on the same {n} {noun} (95 % interval of the difference {interval})."
    ),
    "unlabelled.same": N_(
        "Learning from unlabelled examples made no clear difference: {title} {own} with them "
        "and {other} without, on the same {n} {noun} (95 % interval of the difference "
        "{interval})."
    ),
    "unlabelled.maybe": N_(
        "Learning from unlabelled examples may have helped, but this may be chance: {title} "
        "{own} with them and {other} without, on the same {n} {noun} (95 % interval of the "
        "difference {interval}). About {more} more {noun} would show a difference of this "
        "size."
    ),
    "unlabelled.maybe_hurt": N_(
        "Learning from unlabelled examples may have hurt, but this may be chance: {title} "
        "{own} with them and {other} without, on the same {n} {noun} (95 % interval of the "
        "difference {interval}). About {more} more {noun} would show a difference of this "
        "size."
    ),
    "unlabelled.early": N_(
        "Whether learning from unlabelled examples helped is not known, because you stopped "
        "the training without them early: {title} {own} with them and {other} without so far,"
        " on the same {n} {noun} (95 % interval of the difference {interval})."
    ),
    "borrow.other_kept": N_("The model without the other data was kept as well; use that one."),
    "borrow.not_compared": N_(
        "The model was not compared with one that was trained on your own examples alone, because "
        "training was stopped. Nothing shows whether the other data helped."
    ),
    "borrow.validation_differs": N_(
        "On your {count} validation {noun} it is the other way round: {title} {own} with the "
        "other data and {other} without."
    ),
    "borrow.not_measured": N_(
        "Whether the other data helped cannot be told: the model with them and the one without "
        "were not measured on the same examples."
    ),
    "borrow.not_borrowed": N_(
        "This model was trained on your own examples alone. Add other data to learn from, and "
        "choose a strategy that uses them."
    ),
    "adapt.not_adapted": N_(
        "This model was not adapted. Add unlabelled examples from where the model will be used, "
        "and choose a strategy that adapts to them."
    ),
    # -- learning without labels first
    "unlabelled.no_views": N_(
        "This strategy compares randomly changed versions of each example, so it needs "
        "augmentation. Set augmentation to “Light” or “Strong”."
    ),
    "unlabelled.stopped": N_(
        "Training was stopped while it was learning without labels, so there is no model of your "
        "data yet. Resume the run to continue."
    ),
    "unlabelled.collapsed": N_(
        "Learning without labels has collapsed in epoch {epoch}: all examples get nearly the same "
        "features, so nothing is learned from them. Lower “Learning rate without labels”, use "
        "stronger augmentation, or train without this strategy."
    ),
    "strategy.other_modality": N_(
        "“{strategy}” does not work with {noun}. Choose another strategy."
    ),
    "strategy.one_class_only": N_(
        "This strategy works only where one class is predicted. Choose another strategy."
    ),
}

ONE: dict[str, str] = {
    "companion.other_classes": N_(
        "One of the {noun} is left out because its class is not among yours: {names}."
    ),
    "companion.learnt": N_(
        "One of the {noun} is left out because your own data contain it too: what is used for "
        "training cannot check the model."
    ),
    "companion.measures": N_(
        "One of the {noun} is left out because it is also in your validation or test set, or "
        "among the examples that only check the model."
    ),
    "companion.own_already": N_(
        "One of the {noun} is left out because it is also in your own training set: a copy of one "
        "of yours adds nothing and would count twice."
    ),
    "companion.also_training": N_(
        "One of these {noun} is also in your own training set. It is used nevertheless."
    ),
    "companion.labels_unused": N_(
        "One of the {noun} found lies in a folder named as one of your classes. Its label is not "
        "used here; to use it, add the folder as labelled {noun}."
    ),
}
