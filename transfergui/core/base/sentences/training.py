"""Sentences about a training: memory, its course, its curves."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- training
    "run.data_changed": N_(
        "The data changed since this run started: {missing} files are gone, {changed} were changed "
        "(the first: {path}). To continue with the files that are there, confirm (command line: "
        "`--accept-changes`)."
    ),
    "run.tar_changed": N_(
        "{path} was replaced or changed after this run was started, so its examples may have other "
        "labels now. The run cannot be resumed. Open the data again and train anew; the new "
        "training can start from the model of this run (command line: `--backbone {run}`)."
    ),
    "run.tar_changed_untrained": N_(
        "{path} was replaced or changed after this run was started, so its examples may have other "
        "labels now. The run cannot be resumed. Open the data again and train anew."
    ),
    "run.data_gone": N_(
        "{missing} of {total} files of this run are gone (the first: {path}), so nothing is "
        "left for training or for measuring the model. Reconnect their disk and resume, or "
        "start a new run."
    ),
    "training.diverged": N_(
        "Training diverged in epoch {epoch}: the learning rate is too high. There is no usable "
        "model. Try a learning rate of {smaller} instead of {lr}."
    ),
    "training.diverged_kept": N_(
        "Training diverged in epoch {epoch}: the learning rate is too high. The best epoch before "
        "it is kept. Try a learning rate of {smaller} instead of {lr}."
    ),
    "training.diverged_sample": N_(
        "Training diverged in epoch {epoch}. The likely cause is {path}, whose values are far "
        "outside those of the other files. Correct, replace or exclude it, and train again."
    ),
    "training.nothing_learnt": N_(
        "Training was stopped before the first epoch ended, so there is no model yet. Resume the "
        "run to continue."
    ),
    "memory.halved": N_(
        "Out of memory at batch size {size}: each batch is now computed in parts of {pieces}. The "
        "result stays the same, apart from rounding, dropout and BatchNorm layers that are trained."
    ),
    "memory.recomputed_after": N_(
        "Out of memory at batch size {size}: activation checkpointing is used from now on. Most "
        "intermediate results of the backbone are computed again when the gradients need them, "
        "instead of being kept. A step takes about a third more time; the result stays the same."
    ),
    "processes.strategy": N_(
        "{strategy} trains in one process only. Set Processes to 1 (in the advanced settings; "
        "command line: --processes 1), or choose another strategy, such as fine-tuning."
    ),
    "processes.batch": N_(
        "A batch of {size} cannot be divided among {count} processes. Choose fewer processes or a "
        "larger batch size."
    ),
    "processes.device": N_(
        "Several processes train on the processor or on NVIDIA graphics cards, not on an Apple "
        "graphics card. Set Hardware to the processor, or Processes to 1."
    ),
    "processes.devices": N_(
        "The computers would train on different hardware ({devices}). Set Hardware to the "
        "processor for all of them, or use only computers with an NVIDIA graphics card."
    ),
    "processes.cards": N_(
        "{wanted} processes need as many graphics cards, and this computer has {count}. Choose "
        "fewer processes, or set Hardware to the processor."
    ),
    "processes.starting": N_("{count} processes are being started, which takes some seconds."),
    "processes.cores": N_(
        "{count} processes train on {cores} processor cores. More processes than cores take more "
        "memory and are not faster."
    ),
    "processes.search_machines": N_(
        "An automatic search is not started with --nnodes. Start it on one computer; others that "
        "share its disk take part with `transfergui resume RUN --join`."
    ),
    "processes.restarted": N_(
        "A process of the training ended unexpectedly. All processes were started again and "
        "continue from the last checkpoint."
    ),
    "processes.lost": N_(
        "Process {number} of {count} ended unexpectedly {times} times (exit status {status}); "
        "often memory runs out. Choose fewer processes or a smaller batch size, then resume the "
        "run."
    ),
    "processes.hung": N_(
        "Of {count} processes, number {numbers} did not answer for {seconds} seconds, so the "
        "training was ended. Check that computer or graphics card, then resume the run from its "
        "last checkpoint."
    ),
    "processes.no_endpoint": N_(
        "Several computers need an address where they meet. Give each of them --rendezvous "
        "HOST:PORT, the address of the first computer and a free port there."
    ),
    "processes.endpoint": N_(
        "The address {endpoint} cannot be used ({reason}). Give --rendezvous HOST:PORT, the "
        "address of the first computer and a free port there."
    ),
    "processes.node_rank": N_(
        "There is no computer {number}: --node-rank goes from 0 to {last}, with one number for "
        "each computer."
    ),
    "processes.unreachable": N_(
        "The other computers could not be reached at {endpoint}. Check that the first computer "
        "trains, and how they are connected. The run can be resumed on the first computer."
    ),
    "processes.torchrun": N_(
        "TransferGUI starts torchrun itself. Use `transfergui train ... --processes N` without "
        "torchrun."
    ),
    "memory.exhausted": N_(
        "Out of memory even with one example at a time. Close other programs, or choose a smaller "
        "backbone or input size."
    ),
    "memory.out": N_(
        "Out of memory. Close other programs and try again. A smaller batch size, backbone or "
        "input size needs less memory."
    ),
    "memory.smaller_parts": N_(
        "Batch size {size} needs about {needed} GB of memory, and {free} GB are available. Each "
        "batch is computed in parts of {pieces}, whose gradients are added up."
    ),
    "memory.recomputed": N_(
        "Batch size {size} needs about {needed} GB of memory, and {free} GB are available. "
        "Activation checkpointing is used: most intermediate results of the backbone are computed "
        "again when the gradients need them, instead of being kept. That needs about {less} GB; a "
        "step takes about a third more time, and the result stays the same."
    ),
    "memory.recomputed_parts": N_(
        "Batch size {size} needs about {needed} GB of memory, and {free} GB are available. "
        "Activation checkpointing is used: most intermediate results of the backbone are computed "
        "again when the gradients need them, instead of being kept, and each batch is computed in "
        "parts of {pieces}. That needs about {less} GB; a step takes about a third more time."
    ),
    "memory.tight": N_(
        "Training needs about {needed} GB of memory even one example at a time, and {free} GB are "
        "available. Close other programs, or choose a smaller backbone or input size."
    ),
    "memory.features_on_disk": N_(
        "The features take {needed} GB, and {free} GB of memory are available. They are read from "
        "a temporary file instead, which is slower."
    ),
    "device.missing": N_("This computer has no device “{device}”. Choose “auto” or “cpu”."),
    "device.precision": N_(
        "The numerical precision {precision} does not work on this device ({reason}). Choose "
        "float32."
    ),
    "disk.full": N_(
        "{path} could not be written ({reason}). The disk may be full; free some space. "
        "Everything saved before is intact."
    ),
    "disk.in_the_way": N_(
        "{path} cannot be written: {reason}. Move it away or delete it, then try again."
    ),
    "cache.damaged": N_(
        "{count} files of the feature cache were damaged ({path}). They were deleted; their "
        "features are computed again."
    ),
    "cache.maps": N_(
        "The feature maps of your examples are computed once and kept on the disk, for this "
        "training and later ones: {size} GB."
    ),
    "cache.maps_too_large": N_(
        "The feature maps of your examples would take {size} GB. They are not kept but computed "
        "again in every epoch."
    ),
    "cache.no_room": N_(
        "The features of all examples need {size} GB, but only {free} GB are free in {path}. What "
        "does not fit is kept in memory, which may run out. Free space on the disk, or choose "
        "fine-tuning or a backbone with fewer features."
    ),
    "cache.not_written": N_(
        "Features cannot be cached in {path} ({reason}). Training continues without the cache; the "
        "next run computes the features again."
    ),
    "disk.no_temporary": N_(
        "There is no place for temporary files: {path} cannot be written ({reason}). Free some "
        "space on the disk, or name another folder with TMPDIR."
    ),
    "data.skipped": N_(
        "{count} files could not be read during training and were left out (the first: {path})."
    ),
    "data.tar_changed": N_(
        "{path} was replaced or changed after it was opened as data, so its labels may be wrong. "
        "Open the data again."
    ),
    "data.vanished": N_(
        "{count} of {total} files can no longer be read (the first: {path}). Is a disk or network "
        "share disconnected? Reconnect it and resume; the last checkpoint, if there is one, is "
        "kept."
    ),
    "data.vanished_train": N_(
        "{lost} of {total} files of the training set can no longer be read (the first: {path}). "
        "Is a disk or network share disconnected? Reconnect it and resume; the last checkpoint, if "
        "there is one, is kept."
    ),
    "data.vanished_val": N_(
        "{lost} of {total} files of the validation set can no longer be read (the first: {path}), "
        "so the best epoch cannot be chosen. Is a disk or network share disconnected? Reconnect it "
        "and resume; the last checkpoint, if there is one, is kept."
    ),
    "data.vanished_test": N_(
        "{lost} of {total} files of the test set can no longer be read (the first: {path}), so the "
        "model cannot be tested. Is a disk or network share disconnected? Reconnect it and resume; "
        "the last checkpoint, if there is one, is kept."
    ),
    # -- curves: what they say about a training
    "curves.diverging": N_(
        "Training is diverging: the training loss is rising because the learning rate is too high. "
        "Stop and train again with a learning rate ten times lower."
    ),
    "curves.constant": N_(
        "The training loss has not changed for {count} epochs: the model is not learning. Try a "
        "higher learning rate, or train more layers of the backbone."
    ),
    "curves.majority": N_(
        "The model is no better than the majority baseline ({percent} % correct) on the {count} "
        "validation {noun}. Check that the labels are correct, or train more layers of the "
        "backbone."
    ),
    "curves.by_heart": N_(
        "Overfitting: {train} % correct on training {noun}, {val} % on validation {noun} ({hits} "
        "of {count}). More {noun} or stronger augmentation would help most."
    ),
    "questions.not_compared": N_(
        "Not every question was trained alone, so it is unknown whether training them together "
        "helped. To compare them, train again without stopping."
    ),
    "questions.one_missing": N_(
        "“{name}” could not be trained alone: too few examples have an answer to this question, or "
        "that training failed."
    ),
    "curves.overfitting": N_(
        "Overfitting: {title} {train} on training {noun}, {val} on validation {noun}. More {noun} "
        "or stronger augmentation would help most."
    ),
    "curves.unsteady": N_(
        "The validation loss jumps up and down from epoch to epoch: the learning rate is probably "
        "too high. Train again with a learning rate ten times lower."
    ),
    "curves.underfitting": N_(
        "Underfitting: only {value} on the training {noun} themselves, and no longer improving. "
        "Train more layers of the backbone, or choose a larger one."
    ),
    "curves.too_short": N_(
        "The validation loss was still falling after {count} epochs. Training for longer would "
        "probably help."
    ),
    "curves.plateau": N_(
        "The validation loss has not improved for {count} epochs. Training for longer will hardly "
        "help."
    ),
    "curves.stops_soon": N_(
        "The last epochs were no better on the validation set. Early stopping ends the training in "
        "{count} epochs unless that changes; the best epoch is kept."
    ),
    "curves.stops_next": N_(
        "The last epochs were no better on the validation set. Early stopping ends the training "
        "after the next epoch unless that changes; the best epoch is kept."
    ),
    "curves.improving": N_("The last epoch is the best so far on the validation set."),
    # -- which epoch of a training was kept
    "moment.untouched": N_(
        "The model is from epoch {epoch} (“{phase}”), when only the head had been trained. The "
        "{count} epochs that trained the backbone as well did not improve the validation result."
    ),
    "moment.earlier_phase": N_(
        "The model is from epoch {epoch}, in the phase “{phase}”. The {count} epochs of the later "
        "phases did not improve the validation result."
    ),
    "moment.not_highest": N_(
        "Epoch {epoch} has the lowest validation loss and is kept ({share} correct). Epoch "
        "{other} has the higher validation accuracy ({high}). To choose the best epoch by "
        "accuracy, change “Early stopping”."
    ),
    "moment.not_best_score": N_(
        "Epoch {epoch} has the lowest validation loss and is kept ({title} {share}). Epoch {other} "
        "has the better value on the validation {noun}: {high}."
    ),
}
"""By code."""

ONE: dict[str, str] = {
    "processes.starting": N_("One process is being started, which takes some seconds."),
    "cache.damaged": N_(
        "One file of the feature cache was damaged ({path}). It was deleted; its features are "
        "computed again."
    ),
    "data.skipped": N_("One file could not be read during training and was left out ({path})."),
    "moment.untouched": N_(
        "The model is from epoch {epoch} (“{phase}”), when only the head had been trained. The one "
        "epoch that trained the backbone as well did not improve the validation result."
    ),
    "moment.earlier_phase": N_(
        "The model is from epoch {epoch}, in the phase “{phase}”. The one epoch of the later "
        "phases did not improve the validation result."
    ),
    "curves.plateau": N_(
        "The validation loss has not improved for one epoch. Training for longer will hardly help."
    ),
}
"""The same where ``{count}`` is one."""
