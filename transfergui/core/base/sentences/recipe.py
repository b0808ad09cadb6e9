"""Sentences about recipes and what they choose."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- recipe
    "recipe.invalid": N_("The setting {path} does not fit: {reason}."),
    "recipe.unreadable": N_("{path} is not a recipe that this program can read: {reason}."),
    "recipe.newer": N_(
        "{path} was made by a newer TransferGUI (format {found}, this one knows {known}). "
        "Please update TransferGUI."
    ),
    "registry.unknown": N_("There is no {kind} named “{key}”.{hint}"),
    "restraint.few_frozen": N_(
        "With {count} training examples of each class an epoch is only a few steps: the last "
        "layer is trained for longer, with less dropout, and asked for a little less than full "
        "certainty. More examples would help more."
    ),
    "restraint.few_moving": N_(
        "With {count} training examples of each class the network would soon know them by heart: "
        "it is asked for a little less than full certainty. More examples would help more."
    ),
    "restraint.few_frozen_labels": N_(
        "Few training examples for so many labels ({of}; with “{name}”, the rarest label: "
        "{count}): the last layer is trained for longer, with less dropout, and asked for a little "
        "less than full certainty. More examples would help more."
    ),
    "restraint.few_moving_labels": N_(
        "Few training examples for so many labels ({of}; with “{name}”, the rarest label: "
        "{count}): against overfitting, the network is asked for a little less than full "
        "certainty. More examples would help more."
    ),
    "restraint.few_frozen_answers": N_(
        "Few training examples for so many answers ({of}; with an answer to “{name}”, the question "
        "with the fewest: {count}): the last layer is trained for longer, with less dropout, and "
        "asked for a little less than full certainty. More examples would help more."
    ),
    "restraint.few_moving_answers": N_(
        "Few training examples for so many answers ({of}; with an answer to “{name}”, the question "
        "with the fewest: {count}): against overfitting, the network is asked for a little less "
        "than full certainty. More examples would help more."
    ),
    "restraint.few_frozen_number": N_(
        "With {count} training examples an epoch is only a few steps: the last layer is trained "
        "for longer and with less dropout. More examples would help more."
    ),
    "objective.no_balance": N_(
        "Balancing uneven classes (optim.balance={value}) does not apply to “{title}”, where the "
        "classes are combinations or numbers. Choose optim.balance=none or auto."
    ),
    "objective.no_smoothing": N_(
        "Label smoothing does not apply to “{title}”. Choose optim.label_smoothing=0."
    ),
    "strategy.no_attention": N_(
        "Low-rank updates work only with transformers, a kind of network, and {title} is none. "
        "Choose a Vision Transformer, Swin or MaxViT for pictures, a BERT for texts, wav2vec 2.0 "
        "or WavLM for sounds; or train this network in another way."
    ),
    "strategy.no_student": N_(
        "{title} has nothing that could learn from a teacher. Choose another network as the "
        "student, or feature extraction."
    ),
    "strategy.no_screws": N_(
        "{title} has no pretrained norms or biases that could be adapted. Take feature extraction "
        "or fine-tuning, or another network."
    ),
    "backbone.one_size": N_(
        "{title} cannot look at pictures of {size} pixels while it learns. Switch “Random "
        "resolution” off or lower it, or take another network."
    ),
    "backbone.for_others": N_(
        "The network “{key}” is for {others}, not for {noun}. “transfergui list backbones” shows "
        "what each is for."
    ),
    "backbone.other_modality": N_(
        "The model {path} did not learn from {noun}, so its network cannot be used for them."
    ),
    "source.taken_over": N_(
        "The network of {path} is taken over with what it has learnt. Its last layers, which gave "
        "its own answers, are not: new ones are trained for {what}."
    ),
    "source.as_it_was": N_(
        "The training {path} changed only its last layers, which gave its own answers, and these "
        "are not taken over: its network, {title}, is as it was before, and new last layers are "
        "trained for {what}. To build on a training, choose one that changed its "
        "network too, as fine-tuning does."
    ),
}
"""By code."""
