"""Sentences about maps of samples."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "map.read": N_(
        "Similar {noun} lie close together. A point of one colour among those of another may have "
        "a wrong label. Distances between groups mean little."
    ),
    "map.drawn": N_(
        "Of the {count} {noun}, t-SNE arranges {drawn}, chosen at random. Each of the others is"
        " placed between those that are most similar to it."
    ),
}

ONE: dict[str, str] = {}
