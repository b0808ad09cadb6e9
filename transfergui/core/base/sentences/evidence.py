"""Sentences about what a result is worth: baselines, repeats, learning curves."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "transfer.untested": N_("This run was not tested, so there is nothing to compare."),
    "transfer.no_features": N_(
        "This backbone has no features until it is trained, so there are none to measure."
    ),
    "transfer.combined": N_(
        "This run combines several backbones or models. Choose a run of a single backbone."
    ),
    "transfer.nothing_pretrained": N_("No pretrained backbone was used in this run."),
    "transfer.no_scratch": N_("This backbone cannot be trained from scratch."),
    "transfer.helped": N_(
        "Transfer learning helped: {title} {own} instead of {other} when training starts from "
        "random weights, on the same {n} test {noun}."
    ),
    "transfer.harmed": N_(
        "Transfer learning did not help: {title} {own}, but {other} when training starts from "
        "random weights, on the same {n} test {noun}. Try another backbone."
    ),
    "transfer.unclear": N_(
        "Whether transfer learning helped cannot be told: {title} {own}, and {other} when training "
        "starts from random weights, on the same {n} test {noun}."
    ),
    "transfer.needs_more": N_(
        "Whether transfer learning helped cannot be told: {title} {own}, and {other} when training "
        "starts from random weights, on the same {n} test {noun}. About {more} more test {noun} "
        "would show a difference of this size."
    ),
    "transfer.no_own_run": N_("This run did not begin with another run as its backbone."),
    "transfer.own_unchanged": N_(
        "Nothing to compare: the run that this one began with did not change its backbone."
    ),
    "transfer.not_published": N_("There are no published weights for the backbone of this run."),
    "transfer.own_helped": N_(
        "Your own run was a good backbone: {title} {own} instead of {other} with the published "
        "weights, on the same {n} test {noun}."
    ),
    "transfer.own_harmed": N_(
        "Your own run as backbone hurt: {title} {own}, but {other} with the published weights, on "
        "the same {n} test {noun}. Choose the published backbone."
    ),
    "transfer.own_unclear": N_(
        "Whether your own run as backbone helped cannot be told: {title} {own}, and {other} with "
        "the published weights, on the same {n} test {noun}."
    ),
    "transfer.own_needs_more": N_(
        "Whether your own run as backbone helped cannot be told: {title} {own}, and {other} with "
        "the published weights, on the same {n} test {noun}. About {more} more test {noun} would "
        "show a difference of this size."
    ),
    "transfer.probe_better": N_(
        "Better than a linear model on the frozen backbone: {title} {own} instead of {other} on "
        "the same {n} test {noun}."
    ),
    "transfer.probe_worse": N_(
        "A linear model on the frozen backbone is better than this model: {title} {other} instead "
        "of {own} on the same {n} test {noun}. Try feature extraction."
    ),
    "transfer.probe_unclear": N_(
        "Not clearly different from a linear model on the frozen backbone: {title} {own}, and "
        "{other} for the linear model, on the same {n} test {noun}."
    ),
    "transfer.probe_needs_more": N_(
        "Not clearly different from a linear model on the frozen backbone: {title} {own}, and "
        "{other} for the linear model, on the same {n} test {noun}. About {more} more test "
        "{noun} are needed to show a difference of this size."
    ),
    "transfer.frozen": N_(
        "Nothing to compare: the backbone of this run was not trained, so the model is itself a"
        " head on the features of the frozen backbone."
    ),
    "curve.too_few": N_(
        "Too few {noun} for a learning curve: the training and validation set need at least 40."
    ),
    "curve.helps": N_(
        "More {noun} would help: with {count} training {noun} instead of {have}, expect {title} "
        "{low} to {high} (now about {now})."
    ),
    "curve.flat": N_(
        "More {noun} of the same kind would hardly help: with {count} training {noun} instead of "
        "{have}, expect {title} {low} to {high} (now about {now}). Better labels, another backbone "
        "or fine-tuning may help more."
    ),
    "curve.unclear": N_(
        "Whether more {noun} would help cannot be told: with {count} training {noun} instead of "
        "{have}, {title} may be {low} to {high} (now about {now})."
    ),
    "curve.next_class": N_(
        "Add {noun} of “{name}” first: with half as many of them, balanced accuracy falls by {cost}"
        " points, more than for other classes."
    ),
    "curve.no_class": N_(
        "Which class needs more {noun} cannot be told: with half as many of any one class, the "
        "model is about as good. Add some of every class."
    ),
    "curve.weakest": N_(
        "“{name}” has the lowest recall: {recall} of its training and validation {noun}. Leaving "
        "out half of its {noun} changes little, so check its labels and errors before you add more."
    ),
    "curve.weakest_tested": N_(
        "“{name}” has the lowest recall: {recall} of its training and validation {noun} (in the "
        "test: {tested} of {count}). Leaving out half of its {noun} changes little, so check its "
        "labels and errors before you add more."
    ),
    "curve.basis": N_(
        "Measured on {n} training and validation {noun}: a linear model on features of the "
        "frozen backbone was trained on some of them and tested on the others. The test set was"
        " not used. A fine-tuned model may reach other values and gain more from more {noun}."
    ),
    "curve.too_many": N_(
        "The curve was measured on {n} {noun} and says nothing about more than {most} training "
        "{noun}. You have {have} already, so the curve cannot tell whether more would help."
    ),
    "curve.small_classes": N_(
        "Which class needs more {noun} cannot be told: nearly every class has fewer than {fewest}. "
        "Add some of every class."
    ),
    "curve.horizon": N_("These measurements say nothing about more than {most} training {noun}."),
    "repeats.no_training": N_(
        "This run searched for a model or combined several, so it cannot be repeated here."
    ),
    "repeats.seed": N_(
        "Same split, other seeds: {title} {low} to {high} in {count} runs (this one and "
        "{others} repeats). So few runs may not show the whole spread: allowing for that, two "
        "runs that differ only by chance are at most {apart} apart in 95 % of cases. A smaller "
        "difference between two of your runs may be chance."
    ),
    "repeats.same": N_(
        "{title} is {low} in all {count} runs (this one and {others} repeats): no difference that "
        "so few runs show."
    ),
    "repeats.split": N_(
        "Other splits: {title} {low} to {high} in {count} runs (this one and {others} repeats). "
        "So few runs may not show the whole spread: allowing for that, two runs with different "
        "test {noun} are at most {apart} apart by chance alone in 95 % of cases."
    ),
    "repeats.one": N_(
        "This run and one repeat: {title} {low} and {high}. That is too few to tell how much is "
        "chance."
    ),
}
"""By code."""

ONE: dict[str, str] = {}
