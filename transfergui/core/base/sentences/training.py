"""Sentences about a training: memory, its course, its curves."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- training
    "run.data_changed": N_(
        "The data changed since this run began: {missing} are gone, {changed} have other contents "
        "or sizes (the first: {path}). Resume with --accept-changes, or the button, to go "
        "on with what is left."
    ),
    "run.data_gone": N_(
        "{missing} of {total} files of this run are gone (the first: {path}), among them the whole "
        "training set, or all that the model could be measured on. Connect their disk again and "
        "resume, or begin a new training."
    ),
    "training.diverged": N_(
        "The loss became infinite in epoch {epoch}: the steps were too big. Nothing useful was "
        "learnt. Try a learning rate of {smaller} instead of {lr}."
    ),
    "training.diverged_kept": N_(
        "The loss became infinite in epoch {epoch}: the steps were too big. The best weights from "
        "before are kept. Try a learning rate of {smaller} instead of {lr}."
    ),
    "training.diverged_sample": N_(
        "Training diverged in epoch {epoch}. The likely cause is {path}, whose values are far "
        "outside those of the other files. Correct, replace or exclude it, and train again."
    ),
    "training.nothing_learnt": N_(
        "It was stopped before anything was learnt, so there is no model to keep yet. "
        "It can be resumed."
    ),
    "memory.halved": N_(
        "{size} at once did not fit into memory; it goes on with {pieces} at once. "
        "The result stays the same."
    ),
    "memory.exhausted": N_(
        "There is not enough memory even for one at a time. Close other programs, or choose a "
        "smaller backbone or a smaller input size."
    ),
    "memory.out": N_(
        "Out of memory. Close other programs and try again. A smaller batch size, backbone or "
        "input size needs less memory."
    ),
    "memory.smaller_parts": N_(
        "Batch size {size} needs about {needed} GB of memory, and {free} GB are available. Each "
        "batch is computed in parts of {pieces}, whose gradients are added up."
    ),
    "memory.tight": N_(
        "Training needs about {needed} GB of memory even one example at a time, and {free} GB are "
        "available. Close other programs, or choose a smaller backbone or input size."
    ),
    "memory.features_on_disk": N_(
        "The features take {needed} GB, and {free} GB of memory are available. They are read from "
        "a temporary file instead, which is slower."
    ),
    "device.missing": N_("This machine has no device “{device}”. Choose “auto” or “cpu”."),
    "device.precision": N_(
        "The precision {precision} does not work on this device ({reason}). Choose float32."
    ),
    "disk.full": N_(
        "{path} could not be written ({reason}). Is the disk full? What was saved before is intact."
    ),
    "disk.in_the_way": N_(
        "{path} cannot be written: {reason}. Move it away or delete it, then try again."
    ),
    "cache.damaged": N_(
        "{count} files of the feature cache were damaged ({path}). They were deleted; their "
        "features are computed again."
    ),
    "cache.not_written": N_(
        "Features cannot be cached in {path} ({reason}). The training continues without the "
        "cache; the next one computes them again."
    ),
    "disk.no_temporary": N_(
        "There is no place for temporary files: {path} cannot be written ({reason}). Make room on "
        "the disk, or name another folder with TMPDIR."
    ),
    "data.skipped": N_(
        "{count} files could not be read during the training and were left out (the first: {path})."
    ),
    "data.vanished": N_(
        "{count} of {total} files cannot be read any more (the first: {path}). Is a disk or "
        "network share unplugged? Connect it again and resume; the last checkpoint, if there is "
        "one, is kept."
    ),
    "data.vanished_train": N_(
        "{lost} of {total} files of the training set cannot be read any more (the first: {path}). "
        "Is a disk or network share unplugged? Connect it again and resume; the last checkpoint, "
        "if there is one, is kept."
    ),
    "data.vanished_val": N_(
        "{lost} of {total} files of the validation set cannot be read any more (the first: "
        "{path}). Without it, the best epoch cannot be chosen. Is a disk or network share "
        "unplugged? Connect it again and resume; the last checkpoint, if there is one, is kept."
    ),
    "data.vanished_test": N_(
        "{lost} of {total} files of the test set cannot be read any more (the first: {path}). "
        "Without it, the result cannot be measured. Is a disk or network share unplugged? Connect "
        "it again and resume; the last checkpoint, if there is one, is kept."
    ),
    # -- curves: what they say about a training
    "curves.diverging": N_(
        "The training loss is rising: each step is too big, and the network forgets instead of "
        "learning. Stop it and train again with a learning rate ten times smaller."
    ),
    "curves.constant": N_(
        "The training loss has not moved for {count} epochs: nothing is being learnt. Try a "
        "larger learning rate, or train more layers of the network."
    ),
    "curves.majority": N_(
        "It does no better than always giving the commonest class ({percent} % right). Look "
        "whether the files are in the right class folders, or train more layers of the network."
    ),
    "curves.by_heart": N_(
        "It is learning the training {noun} by heart: right in {train} of 100 of them, but in "
        "{val} of 100 of those kept aside. More {noun}, or augmentation, would help most."
    ),
    "questions.not_compared": N_(
        "The questions were not all trained alone, so it is not known whether learning them "
        "together helped. Train again, and let it run to the end, to compare them."
    ),
    "questions.one_missing": N_(
        "“{name}” could not be trained alone: too few examples answer this question, or that "
        "training failed."
    ),
    "curves.overfitting": N_(
        "Overfitting: {title} {train} on training {noun}, {val} on validation {noun}. More {noun}, "
        "or augmentation, would help most."
    ),
    "curves.plateau": N_(
        "Validation has not improved for {count} epochs; training longer will hardly help."
    ),
    "curves.stops_soon": N_(
        "Validation has stopped improving; training will stop by itself in {count} epochs unless "
        "that changes. The best moment is kept."
    ),
    "curves.stops_next": N_(
        "Validation has stopped improving; training will stop by itself after the next epoch "
        "unless that changes. The best moment is kept."
    ),
    "curves.improving": N_("Validation is still improving; let it go on."),
    # -- which moment of a training was kept
    "moment.untouched": N_(
        "Only new last layers were kept, as they were after epoch {epoch} (“{phase}”): the {count} "
        "epochs after them, which changed the network too, did no better on the validation {noun}."
    ),
    "moment.earlier_phase": N_(
        "What was kept is from epoch {epoch}, of the phase “{phase}”: the {count} epochs of what "
        "came after it did no better on the validation {noun}."
    ),
    "moment.not_highest": N_(
        "On the validation {noun}, epoch {other} was right more often ({high} of them) than "
        "epoch {epoch} ({share}), which was kept all the same, because its loss was smaller: "
        "that counts how sure the answers are, too. “Stop early on” can be set to the accuracy."
    ),
    "moment.not_best_score": N_(
        "Epoch {epoch} was kept because its validation loss is the smallest. Epoch {other} had the "
        "better figure on the validation {noun}: {title} {high} instead of {share}."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "cache.damaged": N_(
        "One file of the feature cache was damaged ({path}). It was deleted; its features are "
        "computed again."
    ),
    "data.skipped": N_("One file could not be read during the training and was left out ({path})."),
    "moment.untouched": N_(
        "One epoch after “{phase}”, which changed the network too, did no better on the validation "
        "{noun}: only new last layers were kept, as they were after epoch {epoch}."
    ),
    "moment.earlier_phase": N_(
        "One epoch of what came after “{phase}” did no better on the validation {noun}: what was "
        "kept is from epoch {epoch}."
    ),
    "curves.plateau": N_(
        "Validation has not improved for one epoch; training longer will hardly help."
    ),
}
"""The same where ``{count}`` is one."""
