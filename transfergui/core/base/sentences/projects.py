"""Sentences about data over time: examples that were added, and projects."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- the project file
    "project.missing": N_("The project {path} does not exist. Choose the file again."),
    "project.unreadable": N_(
        "{path} is not a project that can be read: {reason}. Nothing was changed. Open the data "
        "instead, or an earlier copy of the file."
    ),
    "project.newer": N_(
        "{path} was saved by a newer version of TransferGUI (format {found}; this version knows "
        "{known}). Install the newer version to open the project."
    ),
    "project.elsewhere": N_(
        "The project “{name}” is open in another TransferGUI window (process {pid} on {host}). "
        "This window opens it read-only: changes to the project are not saved; corrections of the "
        "data are kept, and offered when the data are opened again. To keep all changes, choose "
        "File > Save project as."
    ),
    "project.locked": N_(
        "According to {path}, the project “{name}” is open in another TransferGUI window (process "
        "{pid} on {host}). TransferGUI cannot check that on this file system, so it opens the "
        "project read-only: changes to the project are not saved; corrections of the data are "
        "kept. If no other window has it open, delete that file and open the project again."
    ),
    "project.taken": N_(
        "{path} is open in another TransferGUI window, which saves it. Choose another name."
    ),
    "project.changed_elsewhere": N_(
        "{path} was changed by another program after this window read it, so your changes are not "
        "saved there. To keep them, choose File > Save project as. To use the changed file, open "
        "the project again."
    ),
    # -- new examples that cannot be read with the first ones
    "added.missing": N_(
        "{path}, whose examples were added to the data, does not exist. Choose the folder again, "
        "or open the data without it."
    ),
    "added.other_kind": N_(
        "{path} cannot be added: something else is predicted there than in your data. Add "
        "examples that are labelled in the same way."
    ),
    "added.unclear": N_("{path} cannot be added: {why}"),
    "split.kept_gone": N_(
        "The run whose test set is kept is missing: {path}. Restore the run, or train without "
        "keeping its test set."
    ),
    "split.nothing_kept": N_(
        "None of the examples that the run was trained, validated or tested on is in {path}. "
        "Choose the data of this run."
    ),
    # -- what became of them
    "added.for_training": N_(
        "{count} new {noun} for training. The test set stays as it was ({test} {noun})."
    ),
    "added.nothing_new": N_(
        "Nothing is new for training. The test set stays as it was ({test} {noun})."
    ),
    "added.with_second_test": N_(
        "{count} new {noun}: {train} for training, {new} for the second test set. The first test "
        "set stays as it was ({test} {noun})."
    ),
    "added.group_tested": N_(
        "{count} new {noun} are not used: they belong to groups that the model is validated or "
        "tested on, and training on them would make the result too optimistic."
    ),
    "added.only_kept": N_("{count} {noun} were added since and are not used."),
    "added.copy": N_("{path} is a copy of {other}, which your data already contain."),
    "added.near_copy": N_(
        "{path} is a copy of {other}, saved again or slightly changed, which your data already "
        "contain."
    ),
    "added.near_unchecked": N_(
        "{count} new {noun} are too many to look for copies that were saved again; only exact "
        "copies were left out."
    ),
    "added.copies": N_(
        "{count} new {noun} are left out because they are copies of examples that you already "
        "have ({tested} of them copies of validation or test examples)."
    ),
    "added.other_classes": N_(
        "{count} {noun} in {path} are left out because your data do not have their classes: "
        "{names}."
    ),
    "added.classes_left_out": N_(
        "{count} new {noun} are left out because your data do not have their classes: {names}."
    ),
    "added.unreadable": N_("{count} new files are left out because they cannot be used: {names}."),
    "added.changed": N_(
        "{path} has another content than when the model was validated or tested on it, so it is "
        "left out."
    ),
    "added.changed_since": N_(
        "{count} validation or test {noun} have another content now and are left out: {names}."
    ),
    "added.changed_training": N_("{path} has another content than when the model was trained."),
    "added.trained_changed_since": N_(
        "{count} training {noun} have another content than when the model was trained: {names}."
    ),
    "added.as_they_were": N_(
        "Opened as in the run: {count} {noun}, in the same training, validation and test sets."
    ),
    "added.gone_since": N_(
        "{count} {noun} of the earlier data are missing ({tested} of them test examples): {names}."
    ),
    # -- what came of them
    "report.since_better": N_(
        "Better than “{name}” ({changes}): {title} {second} instead of {first}, on the {shared} "
        "test {noun} that both runs share. 95 % interval of the difference: {interval}."
    ),
    "report.since_worse": N_(
        "Worse than “{name}” ({changes}): {title} {second} instead of {first}, on the {shared} "
        "test {noun} that both runs share. 95 % interval of the difference: {interval}."
    ),
    "report.since_unclear": N_(
        "No clear difference from “{name}” ({changes}): {title} {first} before, {second} now, on "
        "the {shared} test {noun} that both runs share. 95 % interval of the difference: "
        "{interval}."
    ),
    "since.second_alone": N_("On the second test set of {n} {noun}: {title} {value}."),
    "since.second_better": N_(
        "On the second test set of {n} new {noun}, better than “{name}”: {title} {second} instead "
        "of {first}. 95 % interval of the difference: {interval}."
    ),
    "since.second_worse": N_(
        "On the second test set of {n} new {noun}, worse than “{name}”: {title} {second} instead "
        "of {first}. 95 % interval of the difference: {interval}."
    ),
    "since.second_unclear": N_(
        "On the second test set of {n} new {noun}, no clear difference from “{name}”: {title} "
        "{first} before, {second} now. 95 % interval of the difference: {interval}."
    ),
    "since.no_base": N_("This run was not trained on new examples after another run."),
    "since.base_gone": N_(
        "The run before this one is missing, so the two cannot be compared. Restore it from the "
        "trash, or open its folder."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "added.group_tested": N_(
        "One of the new {noun} is not used: it belongs to a group that the model is validated or "
        "tested on, and training on it would make the result too optimistic."
    ),
    "added.only_kept": N_("One of the {noun} was added since and is not used."),
    "added.copies": N_(
        "One of the new {noun} is left out because it is a copy of an example that you already "
        "have ({tested} copies of validation or test examples)."
    ),
    "added.other_classes": N_(
        "One of the {noun} in {path} is left out because your data do not have its class: {names}."
    ),
    "added.classes_left_out": N_(
        "One of the new {noun} is left out because your data do not have its class: {names}."
    ),
    "added.unreadable": N_("One new file is left out because it cannot be used: {names}."),
    "added.changed_since": N_(
        "One of the validation or test {noun} has another content now and is left out: {names}."
    ),
    "added.trained_changed_since": N_(
        "One of the training {noun} has another content than when the model was trained: {names}."
    ),
    "added.gone_since": N_(
        "One of the {noun} of the earlier data is missing ({tested} test examples): {names}."
    ),
}
"""The same where ``{count}`` is one."""
