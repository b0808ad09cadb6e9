"""Sentences about trained models as files, and about exports."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- trained models: files made by others
    "model.missing": N_("There is no model at {path}."),
    "model.unknown": N_(
        "{path} is not a model that this program can open. Choose the folder of a run, a model "
        "package (.zip) or an ONNX file (.onnx) made by TransferGUI."
    ),
    "model.damaged": N_("The model {path} cannot be used: {reason}."),
    "model.newer": N_(
        "{path} was made by TransferGUI {version}, which is newer than this one ({own}). "
        "Please update TransferGUI."
    ),
    "model.onnx_only": N_(
        "{path} is an ONNX file, which can only answer. Choose the run or the model package "
        "that it came from."
    ),
    "evaluate.other_objective": N_(
        "{path} was read as “{found}”, but the model predicts “{own}”. Choose other data, or say "
        "how to read them (command line: `--objective {key}`)."
    ),
    "evaluate.other_unit": N_(
        "The model predicts numbers in {own}, the numbers in these data are in {unit}: they cannot "
        "be compared. Choose data in the same unit."
    ),
    "evaluate.other_classes": N_(
        "The model knows none of the classes in {path} ({names}); it knows {known}. Choose data "
        "with the same class names."
    ),
    # -- exporters
    "export.differs": N_(
        "The exported file does not answer like the trained model (largest difference "
        "{difference}, same answer in {agree} of 100), so it was not kept. Try another format."
    ),
    "export.needs_run": N_(
        "An export is checked on the validation {noun} of its training run. Choose the folder of "
        "the run instead of a model made from it."
    ),
    "export.no_network": N_(
        "{title} has no weights of its own with which another training could begin. The model "
        "package keeps all of it."
    ),
    "export.unlisted": N_(
        "{title} is in no list of networks, so its weights alone would not say what they are of. "
        "Begin the next training with this one itself, or choose the model package."
    ),
    "export.too_large": N_(
        "The network is too large for this format, which ends at {limit} GB. Choose another format."
    ),
    "export.no_samples": N_(
        "The export cannot be checked: none of the {noun} of the run can be read at {path} any "
        "more. Bring them back, or connect the disk that they are on."
    ),
    "export.not_writable": N_("{path} cannot be written: {reason}. Choose another place."),
}
"""By code."""
