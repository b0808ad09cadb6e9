"""Sentences of reports, comparisons and evaluations."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- evaluation: a report in words
    "evaluate.learnt_from": N_(
        "{count} of these {n} {noun} were used for training or for choosing the best epoch: the "
        "figures are better than they would be on new {noun}."
    ),
    "evaluate.unchecked": N_(
        "It was not checked whether these {noun} were used for training: a model package keeps no "
        "record of its training data, or those of the run are no longer there."
    ),
    "evaluate.unknown_classes": N_(
        "{count} of {total} {noun} are left out, because the model does not know their classes: "
        "{names}."
    ),
    "evaluate.unknown_names": N_(
        "The model does not know these names in the data, so they are ignored: {names}. All "
        "{total} {noun} are measured, without them."
    ),
    "evaluate.matched_classes": N_(
        "Some classes are spelt otherwise in the data than in the model and were taken as the "
        "same: {names}."
    ),
    "evaluate.similar_classes": N_(
        "Some classes in {path} are nearly called like classes of the model: {names}. Are they "
        "the same?"
    ),
    "report.nothing": N_(
        "There were no {noun} left to test with, so nothing is known about how good this is. "
        "Add more {noun}."
    ),
    "report.accuracy": N_("It is right in {hits} of {n} test {noun}, that is {right} of 100."),
    "report.score": N_("{title} {value} on {n} test {noun}."),
    "report.score_between": N_("{title} {value} (95 %: {low} to {high}) on {n} test {noun}."),
    "report.labels_f1": N_(
        "Macro F1 {macro}, micro F1 {micro}. For {hits} of {n} {noun} every label is correct "
        "({right} %)."
    ),
    "report.labels_none": N_(
        "Without any label are {truth} % of the test {noun}; the model predicts none for {said} %."
    ),
    "report.labels_baseline": N_(
        "This is better than predicting the same for all {noun}, which reaches {baseline}."
    ),
    "report.labels_maybe_no_better": N_(
        "Predicting the same for all {noun} reaches {baseline}. The difference may be chance."
    ),
    "report.labels_no_better": N_(
        "This is no better than predicting the same for all {noun}, which reaches {baseline}. "
        "Check that the labels are right, add examples, or train for longer."
    ),
    "report.number_baseline": N_("Always predicting the mean of the training {noun}: {baseline}."),
    "report.number_maybe_no_better": N_(
        "Always predicting the mean of the training {noun}: {baseline}. The difference may be "
        "chance."
    ),
    "report.number_no_better": N_(
        "This is no better than always predicting the mean of the training {noun}, whose mean "
        "absolute error is {baseline}. Check that the numbers are right, add examples, or train "
        "for longer."
    ),
    "report.number_spread": N_("Half of the errors are {median} or less."),
    "report.number_r2": N_("R² {r2}: 1 is perfect, 0 is as good as the mean."),
    "report.question": N_("{name}: {hits} of {n} correct ({right} %)."),
    "report.question_baseline": N_(
        "{name}: {hits} of {n} correct ({right} %); always predicting “{majority}” is {baseline} % "
        "correct."
    ),
    "report.question_maybe_no_better": N_(
        "{name}: {hits} of {n} correct ({right} %); always predicting “{majority}” is {baseline} % "
        "correct. The difference may be chance."
    ),
    "report.question_no_better": N_(
        "{name}: {hits} of {n} correct ({right} %), no better than always predicting “{majority}” "
        "({baseline} %)."
    ),
    "report.question_nothing": N_("{name}: no test example has an answer to this question."),
    "report.alone_helped": N_(
        "{name}: learning the questions together helped, {together} % correct instead of {alone} % "
        "when learnt alone (one training each; another seed can turn out otherwise)."
    ),
    "report.alone_harmed": N_(
        "{name}: learning the questions together did harm, {together} % correct instead of "
        "{alone} % when learnt alone. Before you train this question by itself, repeat with "
        "another seed: one training each cannot rule out chance."
    ),
    "report.alone_unclear": N_(
        "{name}: {together} % correct together, {alone} % when learnt alone; on {n} {noun} it "
        "cannot be told whether learning the questions together helped."
    ),
    "report.balanced": N_(
        "Counting every class alike, it is right in {right} of 100 test {noun}. This figure comes "
        "first because the classes are very uneven."
    ),
    "report.balanced_plain": N_(
        "Counting every test example alike, it is right in {right} of 100; a rare class hardly "
        "shows in this figure."
    ),
    "report.teacher": N_(
        "Its teacher, {title}, is right in {teacher} of 100 of the same {noun}, and this, its "
        "student, in {right}, with {size} million parameters instead of {other}."
    ),
    "report.teacher_elsewhere": N_(
        "It cannot be compared with its teacher, {title}, which was not tested on the same {noun}. "
        "Train both on the same data, with the same shares and the same seed, to compare them."
    ),
    "report.teacher_silent": N_(
        "It cannot be compared with its teacher, {title}, which gives no answers of these classes. "
        "Train that network on the same data and take the training as the teacher to compare them."
    ),
    "report.baseline": N_("This is better than always predicting “{name}” ({baseline} % correct)."),
    "report.maybe_no_better": N_(
        "Always predicting “{name}” is {baseline} % correct. With so few test examples, the model "
        "may not be better than that."
    ),
    "report.hardly_better": N_(
        "This is hardly better than always predicting “{name}” ({baseline} % correct): the model "
        "has learnt next to nothing. Try another network or strategy, or train for longer."
    ),
    "report.searched_hardly_better": N_(
        "This is hardly better than always predicting “{name}” ({baseline} % correct), and nothing "
        "else that was tried did better on the validation {noun}. Check that the labels are right, "
        "or add examples."
    ),
    "report.no_better": N_(
        "This is no better than always predicting “{name}” ({baseline} % correct). Check that the "
        "labels are right, add examples, or train for longer."
    ),
    "report.one_class_tested": N_(
        "All {n} test {noun} belong to “{name}”, so the accuracy does not show whether the model "
        "tells the classes apart. Test on several classes."
    ),
    "report.worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right: the transfer was worth it, it gained {gain} of 100."
    ),
    "report.maybe_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this {right}. With only {n} test {noun}, it cannot be told whether the "
        "transfer was worth it."
    ),
    "report.frozen_not_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this is not clearly better: the frozen network was not worth it here. "
        "Fine-tuning it may be."
    ),
    "report.frozen_worse": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, which is better than this: the frozen network was not worth it here. Try "
        "fine-tuning, or a network that knows such {noun}."
    ),
    "report.searched_worse": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, which is better than this. Other strategies were tried too, and did no better on "
        "the validation {noun}; another network may."
    ),
    "report.searched_not_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this is not clearly better. Other strategies were tried too, and did no better "
        "on the validation {noun}; another network may."
    ),
    "report.worse": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, which is better than this: the transfer was not worth it here."
    ),
    "report.not_worth_it": N_(
        "{title}, a simple method without any transfer, gets {simple} of 100 of the same {noun} "
        "right, and this is not clearly better: the transfer was not worth it here."
    ),
    "report.nothing_transferred": N_(
        "Nothing pretrained was used here. {title}, the simple method that every result is "
        "compared with, gets {simple} of 100 of the same {noun} right, and this {right}."
    ),
    "report.grouped": N_(
        "Kept together were {by}: the test tells how well {noun} are recognised of those that "
        "it never learnt from."
    ),
    "report.not_grouped": N_(
        "Training and test were divided at random, so {noun} that belong together, of the same "
        "voice or machine, say, are in both: those of others will be recognised less well than "
        "this. To measure that, choose what is the same of these for “Keep together”, and train "
        "again."
    ),
    "report.grouped_beside": N_(
        "Side by side: {right} of 100 divided at random, {other} of 100 with {by} kept together."
    ),
    "report.random_beside": N_(
        "Side by side: {right} of 100 like this, {other} of 100 divided at random, where training "
        "and test share what belongs together."
    ),
    "report.grouped_beside_score": N_(
        "Side by side: {title} {right} divided at random, {other} with {by} kept together."
    ),
    "report.random_beside_score": N_(
        "Side by side: {title} {right} like this, {other} divided at random, where training and "
        "test share what belongs together."
    ),
    "report.other_test": N_(
        "The training before it ({name}) had another test: of its {before} {noun}, {shared} are "
        "among the {n} of this one with the same class. A difference between the two results may "
        "come from that alone."
    ),
    "compare.other_tests": N_(
        "The two trainings were not measured on the same {noun}. In validation, {val_shared} are "
        "the same, of {val} here and {val_other} there; in the test {test_shared}, of {test} here "
        "and {test_other} there. A difference between the two may come from that alone."
    ),
    "report.interval": N_(
        "With {n} test {noun}, the true figure most likely lies between {low} and {high} of 100."
    ),
    "report.few": N_(
        "The test rests on few {noun} ({n}): one more mistake or one less changes the figures "
        "visibly. Add {noun} for a result that can be trusted."
    ),
    "report.seen_before": N_(
        "{count} of these {noun} are not new to the network: the model that this training began "
        "with, or its teacher, had learnt from them. The figures are too kind. For honest ones, "
        "begin with a model that was trained with the same seed and the same data."
    ),
    "report.validation": N_(
        "There were too few examples for a test of its own. The figures come from the validation "
        "examples, which also chose the best moment, and are a little too kind."
    ),
    "report.untested": N_(
        "Nothing can be said about {names}: no test example belongs to it (classes: {count})."
    ),
    "report.too_sure": N_(
        "It is surer than it should be: on average it gives {confidence} of 100 as its "
        "confidence, but is right in {right}."
    ),
    "report.confused": N_(
        "The commonest mistake: “{truth}” taken for “{label}” ({count} of {support})."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "report.confused": N_(
        "One of its mistakes, of which none was made twice: “{truth}” taken for “{label}” "
        "({count} of {support})."
    ),
    "evaluate.learnt_from": N_(
        "One of these {n} {noun} was used for training or for choosing the best epoch: the "
        "figures are better than they would be on new {noun}."
    ),
    "evaluate.unknown_classes": N_(
        "One of {total} {noun} is left out, because the model does not know its class: {names}."
    ),
    "report.seen_before": N_(
        "One of these {noun} is not new to the network: the model that this training began with, "
        "or its teacher, had learnt from it. The figures are too kind. For honest ones, begin "
        "with a model that was trained with the same seed and the same data."
    ),
}
"""The same where ``{count}`` is one."""
