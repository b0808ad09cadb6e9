"""Sentences about recipes and what they choose."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- recipe
    "recipe.invalid": N_("The setting {path} is not valid: {reason}."),
    "recipe.unreadable": N_("{path} is not a recipe that TransferGUI can read: {reason}."),
    "recipe.newer": N_(
        "{path} was made by a newer TransferGUI (format {found}, this version reads {known}). "
        "Update TransferGUI."
    ),
    "registry.unknown": N_("There is no {kind} named “{key}”.{hint}"),
    "restraint.few_frozen": N_(
        "Only {count} training examples per class: the head is trained for more epochs, with less "
        "dropout and with label smoothing. More examples would help more."
    ),
    "restraint.few_moving": N_(
        "Only {count} training examples per class: label smoothing is used against overfitting. "
        "More examples would help more."
    ),
    "restraint.few_frozen_labels": N_(
        "Few training examples for so many labels ({of} in all; the rarest label, “{name}”: "
        "{count}): the head is trained for more epochs, with less dropout and with label "
        "smoothing. More examples would help more."
    ),
    "restraint.few_moving_labels": N_(
        "Few training examples for so many labels ({of} in all; the rarest label, “{name}”: "
        "{count}): label smoothing is used against overfitting. More examples would help more."
    ),
    "restraint.few_frozen_answers": N_(
        "Few training examples for so many questions ({of} in all; answers to “{name}”: "
        "{count}): the head is trained for more epochs, with less dropout and with label "
        "smoothing. More examples would help more."
    ),
    "restraint.few_moving_answers": N_(
        "Few training examples for so many questions ({of} in all; answers to “{name}”: "
        "{count}): label smoothing is used against overfitting. More examples would help more."
    ),
    "restraint.few_frozen_number": N_(
        "Only {count} training examples: the head is trained for more epochs and with less "
        "dropout. More examples would help more."
    ),
    "objective.no_balance": N_(
        "Balancing the classes (optim.balance={value}) applies only where one class is "
        "predicted, not to “{title}”. Choose optim.balance=none or auto."
    ),
    "objective.no_smoothing": N_(
        "Label smoothing does not apply to “{title}”. Set “Label smoothing” to 0 "
        "(optim.label_smoothing=0)."
    ),
    "objective.other_modality": N_(
        "“{title}” does not work with {noun}. Choose something else to predict."
    ),
    "objective.plain_only": N_(
        "“{title}” cannot be trained with “{strategy}”. Choose feature extraction, fine-tuning, "
        "progressive unfreezing or training from scratch."
    ),
    "objective.no_maps": N_(
        "{title} has no feature maps by which boxes could be found. Choose MobileNet, ResNet, "
        "EfficientNet or TGNet."
    ),
    "objective.detector": N_(
        "{title} is a detector, which only finds boxes. Choose another backbone, or predict boxes."
    ),
    "objective.detector_head": N_(
        "{title} has a detection head of its own, a Faster R-CNN. Leave the detection head out "
        "(objective.head), or choose another backbone."
    ),
    "objective.size": N_(
        "For boxes, {title} needs a picture size that can be divided by {step}. Choose {below} or "
        "{above} instead of {size}."
    ),
    "objective.fixed_input": N_(
        "“{title}” needs input.{name}={value}, not {found}: places would be cut off otherwise. "
        "Choose {value}."
    ),
    "objective.augment": N_(
        "“{title}” cannot be trained with this augmentation: {names}. Set it to 0 ({settings})."
    ),
    "objective.own_head": N_(
        "“{title}” has a head of its own. Set “Head” to “Single layer” (head.kind=linear) and "
        "“Dropout” to 0 (head.dropout=0)."
    ),
    "strategy.no_attention": N_(
        "LoRA works only with transformers, and {title} is not one. Choose a Vision "
        "Transformer, Swin or MaxViT for pictures, a BERT for texts, wav2vec 2.0 or WavLM for "
        "recordings; or choose another strategy."
    ),
    "strategy.no_student": N_(
        "{title} has no layers that could learn from a teacher. Choose another backbone as the "
        "student, or feature extraction."
    ),
    "strategy.no_screws": N_(
        "{title} has no pretrained norms or biases to train. Choose feature extraction or "
        "fine-tuning, or another backbone."
    ),
    "backbone.one_size": N_(
        "{title} cannot be trained on pictures of {size} pixels. Lower or turn off “Random "
        "resolution”, or choose another backbone."
    ),
    "backbone.for_others": N_(
        "The backbone “{key}” is for {others}, not for {noun}. “transfergui list backbones” shows "
        "what each backbone is for."
    ),
    "backbone.other_modality": N_(
        "The model {path} was not trained on {noun}, so it cannot be the backbone here. Choose a "
        "model for {noun}."
    ),
    "source.taken_over": N_(
        "Training starts from the trained backbone of {path}. Its head is not used; a new one is "
        "trained for {what}."
    ),
    "source.detector": N_(
        "Training starts from the detector {path}: its backbone, its feature pyramid and its head. "
        "Only the layer that tells the classes apart is new, for {what}."
    ),
    "source.detector_classes": N_(
        "Training starts from the detector {path}: its backbone, its feature pyramid and its head. "
        "It also keeps what it has learned of {names}."
    ),
    "detector.kept": N_(
        "The detector {title} is kept with its feature pyramid and its head, trained on COCO. Only "
        "the layer that tells the classes apart is new, for {what}."
    ),
    "detector.classes": N_(
        "The detector {title} is kept with its feature pyramid and its head, trained on COCO. It "
        "also keeps what it has learned of {names}."
    ),
    "source.pyramid": N_(
        "Training starts from the backbone and the feature pyramid of the detector {path}. Its "
        "detection head is of another kind; a new one is trained for {what}."
    ),
    "source.adapted": N_(
        "Adapting starts from the whole run {path}: its last layer is kept, and no new one is "
        "trained."
    ),
    "source.as_it_was": N_(
        "The run {path} trained only a head, which is not used here. Its backbone, {title}, is "
        "unchanged, and a new head is trained for {what}. To build on a run, choose one that "
        "trained its backbone, as fine-tuning does."
    ),
}
"""By code."""
