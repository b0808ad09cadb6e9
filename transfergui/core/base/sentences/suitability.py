"""Sentences on what cannot be compared with the data at hand, and why."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "suit.no_data": N_("The data that this backbone was pretrained on are not on this computer."),
    "suit.missing": N_("{path} does not exist."),
    "suit.other_kind": N_("This run was trained on {noun}, another kind of data."),
    "suit.empty": N_("There are no {noun} that can be compared."),
    "suit.too_few": N_(
        "Too few {noun} to compare: {count}. At least {fewest} are needed on each side."
    ),
    "suit.learnt": N_(
        "This run was trained on some of these {noun}. Any score of its backbone on them would be "
        "too optimistic."
    ),
    "suit.no_network": N_(
        "No backbone on this computer suits these {noun}, so they cannot be compared. Download "
        "one first."
    ),
}

ONE: dict[str, str] = {}
