"""Sentences about strategies: distillation, fusion, combined trainings."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- distillation
    "distillation.larger": N_(
        "{title}, the student, is neither clearly smaller nor quicker than its teacher, {teacher} "
        "(published with {size} and {other} million parameters): it may learn from it, but nothing "
        "is saved. Choose a smaller backbone or a larger teacher."
    ),
    "distillation.quicker": N_(
        "{title}, the student, is quicker than its teacher, {teacher}, but not clearly smaller "
        "(published with {size} and {other} million parameters): time is saved, but no space. "
        "To save space too, choose a smaller backbone or a larger teacher."
    ),
    "teacher.no_answers": N_(
        "“Likeness of answers” needs a teacher that knows the same classes, and {teacher} does "
        "not. Name a model of yours with these classes as teacher, or set it to 0."
    ),
    "teacher.one_class_only": N_(
        "“Likeness of answers” works only where one class is predicted. Set it to 0: what the "
        "teacher sees in the examples is learnt all the same."
    ),
    "teacher.nothing": N_(
        "Nothing would be learnt: likeness of features, likeness of answers and weight of the "
        "labels are all 0. Give at least one of them a weight."
    ),
    # -- several networks together
    "fusion.no_partner": N_(
        "There is no other network on this disk that could look at the examples together with "
        "{title}. Download another one, or choose a model of your own."
    ),
    "fusion.twice": N_(
        "{title} is chosen twice; it would see the same twice. Take another network beside it."
    ),
    "fusion.not_frozen": N_(
        "{title} cannot be one of several networks that stay as they are: a part of it is new, or "
        "its features are made anew each time. Choose another network."
    ),
    "fusion.other_width": N_(
        "Features can be averaged only where all networks have equally many, and these have not: "
        "{lengths}. Put them side by side, or choose other networks."
    ),
    "fusion.other_sound": N_(
        "These networks want sounds of different rates ({one} and {other} Hz), so one recording "
        "cannot be played to both. Set “Sample rate”, or choose other networks."
    ),
    "fusion.other_tokens": N_(
        "These networks do not read texts in the same way (their tokenizers differ, or are not on "
        "this disk yet), so one text cannot be shown to both. Choose networks with one tokenizer."
    ),
    "fusion.no_gain": N_(
        "The others seem to add nothing to {title}: on {n} training examples, a simple classifier "
        "is right in {alone} % by what it sees alone, and in {together} % by what all see. Train "
        "it alone, or choose other partners."
    ),
    "fusion.no_gain_score": N_(
        "The others seem to add nothing to {title}: on {n} training examples, a simple model "
        "reaches {score} {alone} by what it sees alone, and {together} by what all see. Train it "
        "alone, or choose other partners."
    ),
    # -- finished trainings as one
    "soup.alone": N_(
        "Only one of the {of} trainings was kept, as no other made it better on the validation "
        "{noun}, of which it has {best} % right: the result is that one."
    ),
    "soup.better": N_(
        "Together, {count} of the {of} trainings have {together} % of the validation {noun} right; "
        "the best of them alone has {best} %."
    ),
    "soup.as_good": N_(
        "Together, {count} of the {of} trainings have {together} % of the validation {noun} right, "
        "no more than the best of them alone: little was gained."
    ),
    "soup.less_sure": N_(
        "Together, {count} of the {of} trainings have {together} % of the validation {noun} right, "
        "no more than the best of them alone, which is surer of it: that one may be the better "
        "choice."
    ),
    "soup.score_alone": N_(
        "Only one of the {of} trainings was kept, as no other made it better on the validation "
        "{noun} ({title} {best}): the result is that one."
    ),
    "soup.score_better": N_(
        "On the validation {noun}, {count} of the {of} trainings together reach {title} "
        "{together}; the best of them alone {best}."
    ),
    "soup.score_as_good": N_(
        "On the validation {noun}, {count} of the {of} trainings together reach {title} "
        "{together}, no better than the best of them alone: little was gained."
    ),
    "soup.unchecked": N_(
        "There are no validation {noun} that could tell whether {count} trainings do better "
        "together than the best of them alone."
    ),
    "soup.too_few": N_("Choose two or more finished trainings to put together."),
    "soup.not_a_run": N_(
        "{name} is not a finished training of yours. Choose the folders of two or more."
    ),
    "soup.twice": N_("The training {path} is chosen twice. Choose each only once."),
    "soup.other_classes": N_(
        "The training {path} tells other classes apart than the rest. Choose trainings with the "
        "same classes as your data."
    ),
    "soup.other_objective": N_(
        "The training {path} predicts another kind of answer than the rest: one class, several "
        "labels, several questions or a number. Choose trainings of one kind, that of your data."
    ),
    "soup.other_scale": N_(
        "The training {path} was trained on other numbers: their mean is {theirs}, that of these "
        "training examples {own}. Its outputs cannot be averaged with the others. Choose trainings "
        "with the same training examples."
    ),
    "soup.not_alike": N_(
        "The weights of these trainings cannot be averaged: they began with different networks, "
        "heads or picture sizes, or at random. Average their answers instead."
    ),
    "soup.learnt": N_(
        "The training {path} learnt from {count} of the examples that are kept for validation or "
        "test here, so the result could not be trusted. Divide the data as it did: with the same "
        "shares and the seed {seed}."
    ),
    "soup.weights": N_(
        "These {count} trainings began alike: the weights of those that are kept are averaged."
    ),
    "soup.answers": N_(
        "The weights of these {count} trainings are not averaged, but their answers are: the "
        "result needs all that are kept, whenever it recognises something."
    ),
    "soup.worse": N_("Makes it worse on the validation examples."),
}
"""By code."""
