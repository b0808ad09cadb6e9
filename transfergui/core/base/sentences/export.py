"""Sentences about trained models as files, and about exports."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- trained models: files made by others
    "model.missing": N_("There is no model at {path}. Check the name."),
    "model.unknown": N_(
        "{path} is not a model that TransferGUI can open. Choose the folder of a run, a model "
        "package (.zip) or an ONNX file (.onnx) made by TransferGUI."
    ),
    "model.damaged": N_("The model {path} cannot be used: {reason}."),
    "model.newer": N_(
        "{path} was made by TransferGUI {version}, which is newer than this version ({own}). "
        "Update TransferGUI."
    ),
    "model.onnx_only": N_(
        "{path} is an ONNX file, which can only be used to predict. Choose the run or the model "
        "package from which the file was exported."
    ),
    "evaluate.other_objective": N_(
        "{path} was read as “{found}”, but the model predicts “{own}”. Choose other data, or "
        "change “What is predicted” (command line: `--objective {key}`)."
    ),
    "evaluate.other_unit": N_(
        "The model predicts numbers in {own}, but the numbers in these data are in {unit}. Choose "
        "data in the same unit."
    ),
    "evaluate.other_classes": N_(
        "The model knows none of the classes in {path} ({names}); it knows {known}. Choose data "
        "with the same class names."
    ),
    # -- exporters
    "export.differs": N_(
        "The exported model's outputs differ from the trained model's (largest difference "
        "{difference}, same prediction in {agree} %); nothing was written. Try another format."
    ),
    "export.needs_run": N_(
        "This model cannot be exported, because every export is checked on the validation "
        "{noun} of the run. Choose the folder of the run instead of a model exported from it."
    ),
    "export.no_network": N_(
        "{title} has no pretrained weights of its own, so it cannot be exported as a backbone. "
        "Choose the model package."
    ),
    "export.detector": N_(
        "{title} cannot be exported as a backbone: it is a detector, which is of use only with its "
        "head. To train further, start from this run; to share the model, choose the model package."
    ),
    "export.unlisted": N_(
        "{title} cannot be exported as a backbone: it is not in the list of backbones, so its "
        "weights could not be identified later. To train further, start from this run; to share"
        " the model, choose the model package."
    ),
    "export.too_large": N_(
        "The model is too large for this format (at most {limit} GB). Choose another format."
    ),
    "export.no_page": N_(
        "The model cannot be exported as a web page: {reason}. Choose the model package."
    ),
    "export.no_boxes": N_(
        "A model that finds boxes cannot be exported as “{title}”: the format cannot remove "
        "overlapping boxes. Choose ONNX or the model package."
    ),
    "export.no_samples": N_(
        "The export cannot be checked: none of the {noun} of the run can be read at {path}. Move "
        "them back, or reconnect their disk."
    ),
    "export.not_writable": N_("{path} cannot be written: {reason}. Choose another place."),
}
"""By code."""
