"""Sentences about runs on the disk."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- runs
    "run.missing": N_("{path} is not the folder of a training run."),
    "run.data_missing": N_(
        "The data of this run are no longer at {path}. Move them back, or open the folder where "
        "they are now: corrections that were saved for them are offered there."
    ),
    "run.damaged": N_("The run {path} cannot be read: {reason}."),
    "run.last_damaged": N_(
        "The training cannot be resumed: {path} is damaged ({reason}). Delete this file, and the "
        "training starts from the beginning."
    ),
    "run.last_damaged_kept": N_(
        "The training cannot be resumed: {path} is damaged ({reason}). The best model so far is "
        "kept and can be used to predict and to export. To train from the beginning, delete the "
        "file."
    ),
    "training.best_lost": N_(
        "The best model so far is lost: {path} is damaged ({reason}). The training goes on from "
        "its last state, which counts as the best until a later epoch is better."
    ),
    "run.events_damaged": N_(
        "{path} cannot be read: {reason}. Rename or delete it to go on without the curves so far."
    ),
    "run.unknown_failure": N_(
        "The training ended for a reason that this version of TransferGUI does not know ({name})."
    ),
    "run.exists": N_("{path} already exists and is not empty. Choose another folder for the run."),
    "run.not_writable": N_("The run cannot be kept at {path}: {reason}. Choose another folder."),
    "run.busy": N_("This run is being trained by another TransferGUI (process {pid} on {host})."),
    "run.locked": N_(
        "{path} says that this run is being trained (process {pid} on {host}). This disk cannot "
        "tell whether that is still true; if it is not, delete that file."
    ),
    "run.finished": N_("The run {path} is already finished; there is nothing to resume."),
    "run.not_moved": N_("The run {path} cannot be moved: {reason}. Is a file in it still open?"),
    "run.no_name": N_("Type a name: a run cannot have an empty one."),
    "run.long_name": N_("The name has {count} characters; at most {most} are possible."),
    "run.not_renamed": N_("The run {path} cannot be renamed: {reason}."),
    "run.not_trained": N_("The run {path} has no trained model yet."),
}
"""By code."""
