"""Sentences of reports, comparisons and evaluations."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- evaluation: a report in words
    "evaluate.learnt_from": N_(
        "{count} of these {n} {noun} were used for training or for choosing the best epoch, so the "
        "result is too optimistic for new {noun}."
    ),
    "evaluate.unchecked": N_(
        "TransferGUI could not check whether these {noun} were used for training: the model is "
        "a package, which keeps no record of its training data, or the data of its run can no "
        "longer be found."
    ),
    "evaluate.unknown_classes": N_(
        "{count} of {total} {noun} are left out because the model does not know their classes: "
        "{names}."
    ),
    "evaluate.unknown_names": N_(
        "The model does not know these names in the data and ignores them: {names}. All {total} "
        "{noun} are used."
    ),
    "evaluate.other_column": N_(
        "The model predicts “{own}” and was compared with “{name}”, the only number in the "
        "data. If that is another quantity, name the correct column (command line: "
        "`--predict`)."
    ),
    "evaluate.matched_classes": N_(
        "Some class names are spelled differently in the data and in the model and count as the "
        "same class: {names}."
    ),
    "evaluate.similar_classes": N_(
        "Some classes in {path} have almost the same name as classes of the model: {names}. Are "
        "they the same?"
    ),
    "report.nothing": N_(
        "There were no {noun} left for a test set, so the accuracy is unknown. Add {noun} and "
        "train again."
    ),
    "report.accuracy": N_("{hits} of {n} test {noun} correct ({right} %)."),
    "report.score": N_("{title} {value} on {n} test {noun}."),
    "report.score_between": N_(
        "{title} {value} (95 % interval {low} to {high}) on {n} test {noun}."
    ),
    "report.labels_f1": N_(
        "Macro F1 {macro}, micro F1 {micro}. All labels correct for {hits} of {n} {noun} "
        "({right} %)."
    ),
    "report.labels_none": N_(
        "{truth} % of the test {noun} have no label; the model predicts no label for {said} %."
    ),
    "report.labels_baseline": N_("Better than predicting the same for all {noun} ({baseline})."),
    "report.labels_maybe_no_better": N_(
        "Predicting the same for all {noun}: {baseline}. The difference may be chance."
    ),
    "report.labels_no_better": N_(
        "No better than predicting the same for all {noun} ({baseline}). Check that the labels are "
        "correct, add examples, or train for longer."
    ),
    "report.number_baseline": N_(
        "Always predicting the mean number of the training {noun}: mean absolute error {baseline}."
    ),
    "report.number_maybe_no_better": N_(
        "Always predicting the mean number of the training {noun}: mean absolute error "
        "{baseline}. The difference may be chance."
    ),
    "report.number_no_better": N_(
        "No better than always predicting the mean number of the training {noun} (mean absolute"
        " error {baseline}). Check that the numbers are correct, add examples, or train for "
        "longer."
    ),
    "report.number_spread": N_(
        "Median absolute error: {median} (half of the predictions are at least this close)."
    ),
    "report.number_r2": N_("R² {r2} (1: perfect; 0: no better than predicting the mean)."),
    "report.question": N_("{name}: {hits} of {n} correct ({right} %)."),
    "report.question_baseline": N_(
        "{name}: {hits} of {n} correct ({right} %). Always predicting “{majority}”: {baseline} %."
    ),
    "report.question_maybe_no_better": N_(
        "{name}: {hits} of {n} correct ({right} %). Always predicting “{majority}”: {baseline} %. "
        "The difference may be chance."
    ),
    "report.question_no_better": N_(
        "{name}: {hits} of {n} correct ({right} %), no better than always predicting “{majority}” "
        "({baseline} %)."
    ),
    "report.question_nothing": N_(
        "{name}: no test example has an answer to this question, so nothing was measured."
    ),
    "report.alone_helped": N_(
        "{name}: training the questions together helped: {together} % correct, {alone} % when "
        "trained alone (one run each; another seed may give another result)."
    ),
    "report.alone_harmed": N_(
        "{name}: training the questions together lowered the result: {together} % correct, "
        "{alone} % when trained alone. Repeat with another seed before you train this question "
        "alone: with one run each, the difference may be chance."
    ),
    "report.alone_unclear": N_(
        "{name}: {together} % correct when trained together, {alone} % when trained alone. On {n} "
        "{noun} the difference may be chance."
    ),
    "report.balanced": N_(
        "Balanced accuracy {right} % on {n} test {noun} (every class counts the same). Shown first "
        "because the classes have very different sizes."
    ),
    "report.balanced_plain": N_(
        "Accuracy: {hits} of {n} test {noun} correct ({right} %); rare classes hardly affect this "
        "value."
    ),
    "report.teacher": N_(
        "Student: {hits} of {n} test {noun} correct ({right} %), {size} million parameters. "
        "Teacher, {title}: {teacher_hits} correct ({teacher} %), {other} million parameters."
    ),
    "report.teacher_elsewhere": N_(
        "The teacher, {title}, was not tested on the same {noun}. To compare student and "
        "teacher, train both on the same data with the same validation and test shares and the "
        "same seed."
    ),
    "report.teacher_silent": N_(
        "The teacher, {title}, does not predict these classes. To compare student and teacher, "
        "train {title} on the same data and choose that run as the teacher."
    ),
    "report.baseline": N_(
        "Better than always predicting the most frequent class, “{name}” ({baseline} %)."
    ),
    "report.maybe_no_better": N_(
        "Always predicting the most frequent class, “{name}”: {baseline} % correct. With {n} test"
        " {noun}, the difference may be chance."
    ),
    "report.hardly_better": N_(
        "Hardly better than always predicting the most frequent class, “{name}” ({baseline} %). "
        "Try another backbone or strategy, or train for longer."
    ),
    "report.searched_hardly_better": N_(
        "Hardly better than always predicting the most frequent class, “{name}” ({baseline} %), "
        "and no other attempt was better on the validation {noun}. Check that the labels are "
        "correct, or add examples."
    ),
    "report.no_better": N_(
        "No better than always predicting the most frequent class, “{name}” ({baseline} %). Check"
        " that the labels are correct, add examples, or train for longer."
    ),
    "report.no_better_grouped": N_(
        "No better than always predicting the most frequent class, “{name}” ({baseline} %): what "
        "the model learned does not carry over to new groups ({by}). Add examples of more groups."
    ),
    "report.worse_than_majority": N_(
        "Worse than always predicting the most frequent class, “{name}” ({baseline} %): this model "
        "is of no use yet. Look at the checks of the data and at the confusion matrix before you "
        "train again."
    ),
    "report.worse_than_majority_grouped": N_(
        "Worse than always predicting the most frequent class, “{name}” ({baseline} %): this model "
        "is of no use yet. What it learned does not carry over to new groups ({by}). Add examples "
        "of more groups."
    ),
    "report.no_better_apart": N_(
        "No better than always predicting the most frequent class, “{name}” ({baseline} %): what "
        "the model learned does not carry over to new groups ({by}). Add examples of the same "
        "groups, such as the same people, to every class."
    ),
    "report.worse_apart": N_(
        "Worse than always predicting the most frequent class, “{name}” ({baseline} %): this model "
        "is of no use yet. What it learned does not carry over to new groups ({by}). Add examples "
        "of the same groups, such as the same people, to every class."
    ),
    "report.at_chance": N_(
        "Balanced accuracy {right} %, about what guessing reaches ({chance} %): the model does not "
        "tell the classes apart."
    ),
    "model.doubted": N_(
        "Do not trust the predictions of this model yet. {reason} Other checks of its training "
        "data that found problems: {others}."
    ),
    "model.maybe_no_better": N_(
        "Do not trust the predictions of this model yet. The same prediction for everything may be "
        "as good: {count} test {noun} are too few to tell."
    ),
    "report.checks_found": N_(
        "Do not trust this result yet. {reason} Other checks that found problems: {others}."
    ),
    "report.checks_clean": N_("The checks of the data found no problem."),
    "report.checks_clean_else": N_(
        "The checks of the data found no problem but a shortcut that this model hardly uses."
    ),
    "report.checks_but_labels": N_(
        "Apart from the labels, the checks of the data found no problem."
    ),
    "report.checks_but_labels_else": N_(
        "Apart from the labels, the checks of the data found no problem but a shortcut that this "
        "model hardly uses."
    ),
    "report.checks_none": N_(
        "The data were not checked: a shortcut, wrong labels or copies may be behind this result."
    ),
    "report.shortcut_alone": N_(
        "{title} alone predicts the class at least as well as this model: balanced accuracy "
        "{score} % without a backbone, {right} % with it."
    ),
    "report.shortcut_relies": N_(
        "The model seems to rely on “{title}”: {fits} % of the {n_fits} test {noun} whose class "
        "this property points to are correct, but only {misled} % of the {n_misled} in which it "
        "points to another class (95 % interval of the difference: {interval} points). Unless the "
        "labels of these are wrong, expect errors on new {noun} that are made in another way."
    ),
    "report.shortcut_hardly": N_(
        "The model hardly relies on “{title}”: {fits} % of the {n_fits} test {noun} whose class "
        "this property points to are correct, and {misled} % of the {n_misled} in which it points "
        "to another class (95 % interval of the difference: {interval} points)."
    ),
    "report.shortcut_unclear": N_(
        "Whether the model relies on “{title}” cannot be told: {fits} % of the {n_fits} test "
        "{noun} whose class this property points to are correct, and {misled} % of the {n_misled} "
        "in which it points to another class (95 % interval of the difference: {interval} points)."
        " More test {noun} of the second kind would tell."
    ),
    "report.shortcut_untested": N_(
        "Whether the model relies on “{title}” cannot be told: in no class are there both test "
        "{noun} that this property fits and test {noun} that it does not. Test the model on {noun} "
        "of every class that are made in the same way."
    ),
    "report.one_class_tested": N_(
        "All {n} test {noun} belong to “{name}”, so the accuracy does not show whether the model "
        "tells the classes apart. Test on several classes."
    ),
    "report.one_tested": N_(
        "There is only one test example, of “{name}”, so the accuracy does not show whether the "
        "model tells the classes apart. Test on several classes."
    ),
    "report.worth_it": N_(
        "Transfer learning helped: +{gain} points over {title} on the same {noun} ({simple} %)."
    ),
    "report.maybe_worth_it": N_(
        "{title}, a baseline without a backbone: {simple} % of the same {noun} correct; this "
        "model: {right} %. With {n} test {noun}, the difference may be chance."
    ),
    "report.frozen_not_worth_it": N_(
        "{title}, a baseline without a backbone: {simple} % of the same {noun} correct; this "
        "model: {right} %, not clearly better. Try fine-tuning."
    ),
    "report.frozen_below": N_(
        "{title}, a baseline without a backbone: {simple} % of the same {noun} correct; this "
        "model: {right} %, not better. Try fine-tuning."
    ),
    "report.frozen_worse": N_(
        "{title}, a baseline without a backbone, is better than this model: {simple} % of the same "
        "{noun} correct instead of {right} %. Try fine-tuning, or a backbone pretrained on similar "
        "{noun}."
    ),
    "report.searched_worse": N_(
        "{title}, a baseline without a backbone, is better than this model: {simple} % of the same "
        "{noun} correct instead of {right} %. Other strategies were no better on the validation "
        "{noun}; try another backbone."
    ),
    "report.searched_not_worth_it": N_(
        "{title}, a baseline without a backbone: {simple} % of the same {noun} correct; this "
        "model: {right} %, not clearly better. Other strategies were no better on the validation "
        "{noun}; try another backbone."
    ),
    "report.searched_below": N_(
        "{title}, a baseline without a backbone: {simple} % of the same {noun} correct; this "
        "model: {right} %, not better. Other strategies were no better on the validation "
        "{noun}; try another backbone."
    ),
    "report.worse": N_(
        "Transfer learning did not help here: {title}, a baseline without a backbone, is better "
        "({simple} % of the same {noun} correct instead of {right} %). Try another backbone."
    ),
    "report.not_worth_it": N_(
        "{title}, a baseline without a backbone: {simple} % of the same {noun} correct; this "
        "model: {right} %, not clearly better. Try another backbone, or add examples."
    ),
    "report.below": N_(
        "{title}, a baseline without a backbone: {simple} % of the same {noun} correct; this "
        "model: {right} %, not better. Try another backbone, or add examples."
    ),
    "report.nothing_transferred": N_(
        "No pretrained backbone was used. {title}, a baseline: {simple} % of the same {noun} "
        "correct; this model: {right} %."
    ),
    "report.grouped": N_(
        "Grouped by {by}: measured on groups of {noun} that were not used for training."
    ),
    "report.not_grouped": N_(
        "The data were split at random, so related {noun}, such as those of one person or "
        "machine, are in both the training set and the test set. Expect more errors on new "
        "persons or machines. To measure this, set “Group by” and train again."
    ),
    "report.not_grouped_apart": N_(
        "The data were split at random, so related {noun}, such as those of one person or "
        "machine, are in both the training set and the test set. Expect more errors on new "
        "persons or machines. How many, “Group by” can measure only after every class has {noun} "
        "from the same persons or machines."
    ),
    "report.grouped_beside": N_("Random split: {right} %. Grouped by {by}: {other} %."),
    "report.random_beside": N_(
        "Grouped by {by}: {right} %. Random split, where training and test set share groups: "
        "{other} %."
    ),
    "report.grouped_beside_score": N_("Random split: {title} {right}. Grouped by {by}: {other}."),
    "report.random_beside_score": N_(
        "Grouped by {by}: {title} {right}. Random split, where training and test set share groups: "
        "{other}."
    ),
    "report.other_test": N_(
        "The previous run ({name}) had another test set: {shared} of its {before} {noun} are among "
        "the {n} of this run, with the same class. The two results can differ for this reason "
        "alone."
    ),
    "compare.other_tests": N_(
        "The two runs were measured on different {noun}. Shared in the validation sets: "
        "{val_shared} (of {val} and {val_other}); in the test sets: {test_shared} (of {test} and "
        "{test_other}). The results can differ for this reason alone."
    ),
    "compare.better": N_(
        "The second run is better: {title} {second} instead of {first} on the same {n} test "
        "{noun}. Chance alone hardly explains this."
    ),
    "compare.worse": N_(
        "The second run is worse: {title} {second} instead of {first} on the same {n} test {noun}. "
        "Chance alone hardly explains this."
    ),
    "compare.unclear": N_(
        "The two runs cannot be told apart: {title} {first} and {second} on the same {n} test "
        "{noun}. Another seed can cause a difference of this size."
    ),
    "compare.needs_more": N_(
        "The two runs cannot be told apart: {title} {first} and {second} on the same {n} test "
        "{noun}. About {more} more test {noun} would show a difference of this size."
    ),
    "compare.nothing_shared": N_(
        "The two runs were not tested on the same examples, so they cannot be compared. Train both "
        "on the same data with the same split and the same seed."
    ),
    "compare.model_better": N_(
        "Model B is better: {title} {second} instead of {first} on the same {n} {noun}. Chance "
        "alone hardly explains this."
    ),
    "compare.model_worse": N_(
        "Model B is worse: {title} {second} instead of {first} on the same {n} {noun}. Chance "
        "alone hardly explains this."
    ),
    "compare.models_unclear": N_(
        "The two models cannot be told apart: {title} {first} and {second} on the same {n} {noun}."
    ),
    "compare.models_need_more": N_(
        "The two models cannot be told apart: {title} {first} and {second} on the same {n} {noun}. "
        "About {more} more labelled {noun} would show a difference of this size."
    ),
    "compare.difference": N_("B minus A: {difference} (95 % interval {interval})."),
    "compare.only_one": N_(
        "Of {n} examples, only A is correct on {first}, and only B on {second}."
    ),
    "compare.agree": N_(
        "Both predict the same for {agree} of {n} {noun}: {percent} % (95 % interval {low} % to "
        "{high} %)."
    ),
    "compare.numbers_apart": N_("On {n} {noun}, the two predictions are {apart} apart on average."),
    "compare.unlabelled": N_(
        "No labels that both models know were found, so which model is correct is not known. "
        "Agreement is no proof: both can be wrong in the same way."
    ),
    "compare.other_classes": N_(
        "The two models know different classes, so they must differ where only one knows the class."
    ),
    "compare.unread": N_("{count} {noun} could not be read and were left out."),
    "compare.no_answers": N_("There is nothing in {path} that both models can predict."),
    "compare.read_differently": N_(
        "The two models cut or read these files in different ways, so they share no example that "
        "could be compared."
    ),
    "compare.of_model": N_("Model {name}: {sentence}"),
    "compare.part_shared": N_(
        "Only {n} test {noun} are in both test sets. All comparisons are on these; the figures of "
        "each run are on its own test set."
    ),
    "compare.other_data": N_("Data of B, compared with A: {changes}."),
    "compare.no_curves": N_("{name} has no curves, as it was not trained in several epochs."),
    "compare.other_modality": N_(
        "A was trained on {first}, B on {second}, so their predictions cannot be compared."
    ),
    "compare.other_objective": N_(
        "The two predict different things: A “{first}”, B “{second}”. Their figures cannot be "
        "compared."
    ),
    "compare.needs_data": N_(
        "{path} is a model file, which keeps no test results. Give data for both models: compare A "
        "B --data FOLDER."
    ),
    "compare.same_model": N_("{path} is given twice: a model cannot be compared with itself."),
    "compare.same_run": N_("{path} is given twice: a run cannot be compared with itself."),
    "compare.not_tested": N_(
        "The run {path} was not tested yet, so it cannot be compared. Resume it first."
    ),
    "compare.noise": N_(
        "Repeats of the first run with other seeds differ by up to about {spread}, so a difference "
        "this small does not show which recipe is better."
    ),
    "report.one_group": N_(
        "All test {noun} belong to one group ({by}), so the interval ignores the differences "
        "between groups. Add examples from other groups."
    ),
    "report.few_groups": N_(
        "The interval is wide because the test {noun} come from only {count} groups ({by}). Add"
        " examples from more groups to make the result more precise."
    ),
    "report.interval": N_(
        "With {n} test {noun}, the true accuracy most likely lies between {low} % and {high} %."
    ),
    "report.few": N_(
        "The test set has few {noun} ({n}): one error more or less changes the result visibly. "
        "For a reliable result, add new {noun} with a share for a second test set: otherwise, all "
        "of them are trained on."
    ),
    "report.seen_before": N_(
        "{count} of these {noun} were used to train the model that this run started from, or its "
        "teacher. The result is too optimistic. Start from a model trained on the same data with "
        "the same seed."
    ),
    "report.validation": N_(
        "Too few examples for a test set: measured on the validation set, which also chose the "
        "epoch, so slightly optimistic."
    ),
    "report.untested": N_(
        "Classes without test examples, therefore not measured ({count}): {names}."
    ),
    "report.too_sure": N_("Overconfident: mean confidence {confidence} %, accuracy {right} %."),
    "report.confused": N_(
        "Most frequent error: “{truth}” predicted as “{label}” ({count} of {support})."
    ),
    "report.only_error": N_("Only one error: “{truth}” predicted as “{label}”."),
}
"""By code."""

ONE: dict[str, str] = {
    "report.confused": N_(
        "No error occurred twice. One example: “{truth}” predicted as “{label}” ({count} of "
        "{support})."
    ),
    "evaluate.learnt_from": N_(
        "One of these {n} {noun} was used for training or for choosing the best epoch, so the "
        "result is slightly too optimistic for new {noun}."
    ),
    "evaluate.unknown_classes": N_(
        "One of {total} {noun} is left out because the model does not know its class: {names}."
    ),
    "model.doubted": N_("Do not trust the predictions of this model yet, for one reason. {reason}"),
    "model.maybe_no_better": N_(
        "Do not trust the predictions of this model yet. The same prediction for everything may be "
        "as good: one test example is too little to tell."
    ),
    "report.checks_found": N_("Do not trust this result yet, for one reason. {reason}"),
    "report.seen_before": N_(
        "One of these {noun} was used to train the model that this run started from, or its "
        "teacher. The result is too optimistic. Start from a model trained on the same data with "
        "the same seed."
    ),
}
"""The same where ``{count}`` is one."""
