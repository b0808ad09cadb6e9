"""Colours of heat maps: one scale for pictures, spectrograms and words.

Lightness and hue change together, so that the scale reads in grey and for people who see no red or
green; for words that speak for or against, orange and blue (Okabe and Ito 2008).
"""

from __future__ import annotations

import numpy as np

STOPS = ((92, 22, 110), (187, 55, 84), (237, 105, 37), (255, 176, 32))
"""From the faintest to the hottest; the end is told from white as well as from black."""
FOR, AGAINST = (230, 145, 0), (86, 160, 233)
"""What speaks for a prediction, and against it."""
FAINT = 0.05
"""Words that speak less for or against a prediction are not coloured."""
STRONGEST = 0.72
"""How much of a place the hottest colour covers: what lies below can still be made out."""
WORD = 0.6
"""How much of a word's ground its strongest colour covers: the letters stay easy to read."""
FADED = 0.6
"""How much contrast a picture keeps below its heat map."""
OUTLINE, SHADOW = (255, 255, 255), (40, 40, 40)
"""Of the hottest region, inside and outside: one of them is seen on any picture."""
LUMA = np.array([0.299, 0.587, 0.114])


def ramp(heat: np.ndarray) -> np.ndarray:
    """Values in [0, 1] [...] as colours, float [..., 3] from 0 to 255."""
    places = np.linspace(0, 1, len(STOPS))
    stops = np.array(STOPS, dtype=float)
    return np.stack([np.interp(heat, places, stops[:, c]) for c in range(3)], axis=-1)


def overlaid(picture: np.ndarray, heat: np.ndarray, hot: np.ndarray | None = None) -> np.ndarray:
    """A picture in grey below its heat map.

    Args:
        picture: uint8 [H, W, 3].
        heat: in [0, 1], [h, w]; stretched over the picture.
        hot: what of it is outlined, bool [H, W].

    Returns:
        uint8 [H, W, 3].
    """
    grey = picture @ LUMA
    grey = (FADED * (grey - 128) + 128)[..., None]
    size = picture.shape[:2]
    mixed = mix(np.repeat(grey, 3, axis=2), stretched(heat, size))
    if hot is not None:
        mixed[edge(~hot)] = SHADOW
        mixed[edge(hot)] = OUTLINE
    return mixed.round().clip(0, 255).astype(np.uint8)


def mix(colours: np.ndarray, heat: np.ndarray) -> np.ndarray:
    """Colours float [H, W, 3] with heat [H, W] in [0, 1] laid over them."""
    cover = (STRONGEST * heat)[..., None]
    return (1 - cover) * colours + cover * ramp(heat)


def spectrogram(shades: np.ndarray, heat: np.ndarray | None, dark: bool) -> np.ndarray:
    """A spectrogram in grey below its heat map, high tones at the top.

    Args:
        shades: uint8 [bands, frames], 255 the loudest, low tones first.
        heat: in [0, 1], of the same shape.
        dark: whether silence is dark, as the window is.
    """
    quiet, loud = (28.0, 225.0) if dark else (250.0, 70.0)
    grey = quiet + (loud - quiet) * (shades[::-1] / 255.0)
    colours = np.repeat(grey[..., None], 3, axis=2)
    if heat is not None:
        colours = mix(colours, heat[::-1])
    return colours.round().clip(0, 255).astype(np.uint8)


def stretched(heat: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A map [h, w] at another size, linearly between the middles of its places."""
    for axis, wanted in enumerate(size):
        have = heat.shape[axis]
        at = (np.arange(wanted) + 0.5) * have / wanted - 0.5
        low = np.clip(np.floor(at).astype(int), 0, have - 1)
        high = np.minimum(low + 1, have - 1)
        share = np.clip(at - low, 0, 1)
        share = share[:, None] if axis == 0 else share[None, :]
        heat = np.take(heat, low, axis) * (1 - share) + np.take(heat, high, axis) * share
    return heat


def nearest(region: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """A map [h, w] at another size, each place as the one that it lies in."""
    rows = np.arange(size[0]) * region.shape[0] // size[0]
    columns = np.arange(size[1]) * region.shape[1] // size[1]
    return region[rows[:, None], columns[None, :]]


def edge(hot: np.ndarray) -> np.ndarray:
    """The inner border of a region, bool [H, W]: a pixel wide for small pictures, else two."""
    inside = hot.copy()
    for _step in range(1 if max(hot.shape) < 160 else 2):
        padded = np.pad(inside, 1, mode="edge")
        inside = (
            padded[1:-1, 1:-1]
            & padded[:-2, 1:-1]
            & padded[2:, 1:-1]
            & padded[1:-1, :-2]
            & padded[1:-1, 2:]
        )
    return hot & ~inside
