"""Sentences about strategies: distillation, fusion, combined runs."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- distillation
    "distillation.larger": N_(
        "The student, {title}, is neither clearly smaller nor faster than its teacher, {teacher} "
        "({size} and {other} million parameters), so distillation saves nothing. Choose a smaller "
        "backbone or a larger teacher."
    ),
    "distillation.quicker": N_(
        "The student, {title}, is faster than its teacher, {teacher}, but not clearly smaller "
        "({size} and {other} million parameters). To save space too, choose a smaller backbone or "
        "a larger teacher."
    ),
    "teacher.no_answers": N_(
        "“Logit loss weight” needs a teacher that predicts the same classes, and {teacher} does "
        "not. Choose one of your models with these classes as the teacher, or set the weight to 0."
    ),
    "teacher.one_class_only": N_(
        "“Logit loss weight” works only where one class is predicted. Set the weight to 0; the "
        "student still learns from the teacher's features."
    ),
    "teacher.nothing": N_(
        "Nothing would be learned: the weights of the feature loss, the logit loss and the labels "
        "are all 0. Set at least one of them above 0."
    ),
    # -- feature fusion
    "fusion.no_partner": N_(
        "No other backbone on this computer can be combined with {title}. Download another one, "
        "or choose one of your models."
    ),
    "fusion.twice": N_(
        "{title} is chosen twice, which adds no information. Choose another backbone to combine "
        "with it."
    ),
    "fusion.not_frozen": N_(
        "{title} cannot be used in feature fusion: some of its layers are untrained, or its "
        "features depend on the training set. Choose another backbone."
    ),
    "fusion.other_width": N_(
        "Features can be averaged only where all backbones have equally many; these backbones "
        "have {lengths}. Concatenate the features, or choose other backbones."
    ),
    "fusion.other_sound": N_(
        "These backbones need different sample rates ({one} and {other} Hz), so one recording "
        "cannot be the input of both. Set “Sample rate”, or choose other backbones."
    ),
    "fusion.other_tokens": N_(
        "These backbones have different tokenizers, or a tokenizer is not on this computer yet, so "
        "one text cannot be the input of both. Choose backbones with the same tokenizer."
    ),
    "fusion.no_gain": N_(
        "The other backbones seem to add nothing to {title}: a linear probe on {n} training "
        "examples predicts {alone} % correctly with {title} alone and {together} % with all. "
        "Train {title} alone, or choose other backbones."
    ),
    "fusion.no_gain_score": N_(
        "The other backbones seem to add nothing to {title}: a linear probe on {n} training "
        "examples reaches {score} {alone} with {title} alone and {together} with all. Train "
        "{title} alone, or choose other backbones."
    ),
    # -- combined runs
    "soup.alone": N_(
        "Only the best of the {of} runs was kept ({best} % of the validation {noun} correct): "
        "combining it with another run did not improve it."
    ),
    "soup.better": N_(
        "{count} of the {of} runs combined: {together} % of the validation {noun} correct. The "
        "best single run: {best} %."
    ),
    "soup.as_good": N_(
        "{count} of the {of} runs combined: {together} % of the validation {noun} correct, no "
        "better than the best single run. Combining gained little."
    ),
    "soup.less_sure": N_(
        "{count} of the {of} runs combined: {together} % of the validation {noun} correct, no "
        "better than the best single run, whose loss is lower. That run may be the better choice."
    ),
    "soup.score_alone": N_(
        "Only the best of the {of} runs was kept ({title} {best} on the validation {noun}): "
        "combining it with another run did not improve it."
    ),
    "soup.score_better": N_(
        "{count} of the {of} runs combined: {title} {together} on the validation {noun}. The best "
        "single run: {best}."
    ),
    "soup.score_as_good": N_(
        "{count} of the {of} runs combined: {title} {together} on the validation {noun}, no "
        "better than the best single run. Combining gained little."
    ),
    "soup.unchecked": N_(
        "There are no validation {noun}, so it is unknown whether the {count} combined runs are "
        "better than the best single run."
    ),
    "soup.too_few": N_("Choose at least two finished runs to combine."),
    "soup.not_a_run": N_(
        "{name} is not one of your finished runs. Choose the folders of two or more runs."
    ),
    "soup.twice": N_("The run {path} is chosen twice. Choose each run once."),
    "soup.other_classes": N_(
        "The run {path} predicts other classes than the rest. Choose runs with the same classes "
        "as your data."
    ),
    "soup.other_objective": N_(
        "The run {path} predicts another kind of target than the rest: one class, several labels, "
        "several questions or a number. Choose runs that predict the same kind as your data."
    ),
    "soup.other_scale": N_(
        "The run {path} was trained on other numbers (mean {theirs}; in this training set {own}), "
        "so its outputs cannot be averaged with the others. Choose runs with the same training set."
    ),
    "soup.not_alike": N_(
        "The weights of these runs cannot be averaged: the runs started from different backbones, "
        "heads or picture sizes, or from random weights. Average their predictions instead."
    ),
    "soup.learnt": N_(
        "The run {path} was trained on {count} of the examples in the validation or test set "
        "here, so the result would be too optimistic. Split the data as that run did: the same "
        "shares and the seed {seed}."
    ),
    "soup.weights": N_(
        "These {count} runs started from the same weights, so the weights of the runs that are "
        "kept are averaged."
    ),
    "soup.answers": N_(
        "The predictions of these {count} runs are averaged, not their weights. The combined model "
        "contains every run that is kept, so it is larger and slower."
    ),
    "soup.worse": N_("Adding this run lowers the result on the validation set."),
}
"""By code."""
