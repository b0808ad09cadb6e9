"""Sentences about runs on the disk."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- runs
    "run.missing": N_(
        "{path} is not the folder of a run. Choose the folder of one of the runs on the Runs page."
    ),
    "run.no_folder": N_("There is no folder {path}."),
    "run.data_missing": N_(
        "The data of this run are no longer at {path}. Move them back, or open the folder where "
        "they are now; saved corrections are offered there."
    ),
    "run.damaged": N_("The run {path} cannot be read: {reason}."),
    "run.last_damaged": N_(
        "The run cannot be resumed: {path} is damaged ({reason}). Delete this file to train from "
        "the beginning."
    ),
    "run.last_damaged_kept": N_(
        "The run cannot be resumed: {path} is damaged ({reason}). The best model is kept and can "
        "be used to predict and to export. To train from the beginning, delete this file."
    ),
    "training.best_lost": N_(
        "The best model is lost: {path} is damaged ({reason}). Training continues from the last "
        "epoch, which counts as the best until a later one is better."
    ),
    "run.events_damaged": N_(
        "{path} cannot be read: {reason}. Rename or delete it to continue without the earlier "
        "curves."
    ),
    "run.unknown_failure": N_(
        "Training ended for a reason that this version of TransferGUI does not know ({name}). "
        "The run may come from a newer version: update TransferGUI."
    ),
    "run.exists": N_("{path} already exists and is not empty. Choose another folder for the run."),
    "run.not_writable": N_("The run cannot be saved in {path}: {reason}. Choose another folder."),
    "run.busy": N_(
        "This run is being trained by another TransferGUI (process {pid} on {host}). Stop the "
        "training there, or wait until it ends."
    ),
    "join.no_search": N_(
        "The run {path} does not search, or its search is over, so there is nothing to take part "
        "in. A search is a training with --strategy auto."
    ),
    "join.idle": N_(
        "The run {path} is not being trained. Start it first: `transfergui resume` without --join."
    ),
    "join.failed": N_(
        "Process {number} of {count} left the search; the others continue. The reason: {why}"
    ),
    "join.lost": N_(
        "Process {number} of {count} of the search ended unexpectedly (exit status {status}); "
        "often memory runs out. The others continue and take over its training."
    ),
    "join.hung": N_(
        "Process {pid} on {host} did not answer for {minutes} minutes. The search continues "
        "without the model that it was training."
    ),
    "run.taken": N_(
        "Another TransferGUI (process {pid} on {host}) trains this run now: this computer could "
        "not be reached for a while, or it slept. Nothing more is written here."
    ),
    "run.waiting": N_(
        "This run was being trained on {host} (process {pid}). Waiting up to a minute to see "
        "whether it still is."
    ),
    "watch.died": N_(
        "The process that trained this run (process {pid} on {host}) ended before the training was "
        "finished. Resume continues from the last checkpoint."
    ),
    "watch.silent": N_(
        "The run has not reported anything for two minutes. Its process may be busy, or the "
        "connection to its folder slow."
    ),
    "watch.unreachable": N_(
        "{path} cannot be reached. The training may continue there; its curves continue here once "
        "the folder can be read again."
    ),
    "watch.back": N_("The run reports again."),
    "run.finished": N_("The run {path} is already finished; there is nothing to resume."),
    "run.not_moved": N_(
        "The run {path} cannot be moved: {reason}. Close any file of it that is open, then try "
        "again."
    ),
    "run.no_name": N_("The name is empty. Type a name for the run."),
    "run.long_name": N_(
        "The name has {count} characters; at most {most} are possible. Shorten the name."
    ),
    "run.not_renamed": N_("The run {path} cannot be renamed: {reason}."),
    "run.not_trained": N_("The run {path} has no trained model yet. Resume it to train one."),
}
"""By code."""
