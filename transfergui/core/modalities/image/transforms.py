"""From a picture to what the network sees: resizing, random changes, mixing.

Normalisation is not here but inside the network, so that exports carry it.
Everything random comes from the generator passed in: the same generator gives
the same picture, in whatever thread and batch.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own convention

from transfergui.core.base.heat_colours import nearest
from transfergui.core.interfaces.samples import Augmented
from transfergui.core.modalities.image import decode
from transfergui.core.modalities.image.options import ImageAugment, ImageInput
from transfergui.core.modalities.image.places import moved, window

RESAMPLING = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}
"""Both antialiased, and what torchvision's presets use."""

LONGEST = 4
"""Of a picture longer than this many times its width, only the middle is kept."""

HUE = 0.1
"""Turns of the colour circle at 100 % of ``ImageAugment.colour``: hue means more than light."""

LUMA = np.array([0.299, 0.587, 0.114])
"""Brightness of red, green and blue (ITU-R BT.601)."""

YIQ = np.array([LUMA, [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
"""RGB to brightness and two colour axes; a rotation of the two is a change of hue."""
RGB = np.linalg.inv(YIQ)
GRAY = np.tile(LUMA, (3, 1))
"""Colours to their brightness, as a colour."""


# -- without chance


def load(path: Path, input: ImageInput) -> Tensor:
    """The picture in ``path``, brought to its size: uint8 [3, H, W].

    ``crop`` brings the shorter side to ``input.resize``; ``pad`` and ``squash`` bring the
    whole picture into ``input.size`` x ``input.size``, so that nothing is cut off later.

    Raises:
        UserError: ``picture.*``, as :func:`decode.open_picture`.
    """
    image = decode.open_picture(path, 2 * max(input.size, input.resize), input.reading)
    return _tensor(FITS[input.fit](image, input))


def load_pixels(pixels: np.ndarray, input: ImageInput) -> Tensor:
    """As :func:`load`, of a picture that is in no file: uint8 [h, w, 3]."""
    return _tensor(FITS[input.fit](Image.fromarray(pixels), input))


def prepare(loaded: Tensor, input: ImageInput) -> Tensor:
    """The middle of a :func:`load`-ed picture: float32 [3, S, S] in [0, 1]."""
    return _unit(_middle(loaded, input.size))


def without(prepared: Tensor, hidden: np.ndarray, input: ImageInput) -> Tensor:
    """A prepared picture with the places ``hidden`` [h, w] in the mean colour, which
    normalisation turns into zero."""
    region = torch.from_numpy(nearest(hidden, tuple(prepared.shape[1:])))
    mean = torch.tensor(input.mean).view(3, 1, 1).expand_as(prepared)
    return torch.where(region, mean, prepared)


def _shorter_side(image: Image.Image, input: ImageInput) -> Image.Image:
    side, short = max(input.resize, input.size), min(image.size)
    width, height = (min(length, LONGEST * short) for length in image.size)
    left, top = (image.width - width) / 2, (image.height - height) / 2
    box = (left, top, left + width, top + height)
    return _resized(image, (side * width // short, side * height // short), input, box)


def _pad(image: Image.Image, input: ImageInput) -> Image.Image:
    """On a border of the mean colour, which normalisation turns into zero."""
    scale = input.size / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    inner = _resized(image, (width, height), input)
    red, green, blue = (round(255 * mean) for mean in input.mean)
    canvas = Image.new("RGB", (input.size, input.size), (red, green, blue))
    canvas.paste(inner, ((input.size - width) // 2, (input.size - height) // 2))
    return canvas


def _squash(image: Image.Image, input: ImageInput) -> Image.Image:
    return _resized(image, (input.size, input.size), input)


FITS = {"crop": _shorter_side, "pad": _pad, "squash": _squash}


def _resized(
    image: Image.Image,
    size: tuple[int, int],
    input: ImageInput,
    box: tuple[float, float, float, float] | None = None,
) -> Image.Image:
    return image.resize(size, RESAMPLING[input.interpolation], box=box, reducing_gap=3.0)


def _tensor(image: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(image)).permute(2, 0, 1).contiguous()


def _middle(picture: Tensor, size: int) -> Tensor:
    """The centre crop, to the pixel where torchvision's is."""
    top, left = (round((length - size) / 2) for length in picture.shape[1:])
    return picture[:, top : top + size, left : left + size]


def _unit(picture: Tensor) -> Tensor:
    return picture.to(torch.float32, memory_format=torch.contiguous_format).div_(255)


# -- with chance


def augment(
    loaded: Sequence[Tensor],
    input: ImageInput,
    options: ImageAugment,
    rngs: Sequence[np.random.Generator],
    device: torch.device,
) -> Tensor:
    """As :func:`augmented`, where nothing moves with the pictures."""
    return augmented(loaded, input, options, rngs, device).inputs


def augmented(
    loaded: Sequence[Tensor],
    input: ImageInput,
    options: ImageAugment,
    rngs: Sequence[np.random.Generator],
    device: torch.device,
    places: Tensor | None = None,
) -> Augmented:
    """Like :func:`prepare`, each changed by its own generator; with every option off, the very
    same: float32 [N, 3, S, S], on ``device``.

    Here it is drawn, picture by picture, what shall happen; the pictures go to ``device`` as bytes
    and are changed there, all of them at once. All changes of geometry are one resampling of the
    :func:`load`-ed pictures, and all changes of colour are one matrix for each.

    Args:
        places: boxes [N, M, 5] in them, as of :func:`.places.moved`.
    """
    pictures, maps = _views(loaded, input.size, options, rngs, device)
    if options.colour:
        pictures = _recolour(pictures, [_draw_colours(options.colour / 100, rng) for rng in rngs])
    if options.blur:
        pictures = _blur(pictures, [rng.uniform(0, options.blur) for rng in rngs])
    if options.erasing:
        chance = options.erasing / 100
        _cover(pictures, [_draw_rectangle(input.size, chance, rng) for rng in rngs], input.mean)
    seen = None if places is None else moved(places, maps)
    return Augmented(pictures.clamp_(0, 1), seen)


def _views(
    loaded: Sequence[Tensor],
    size: int,
    options: ImageAugment,
    rngs: Sequence[np.random.Generator],
    device: torch.device,
) -> tuple[Tensor, np.ndarray]:
    """What is seen of the pictures, from where: float [N, 3, ``size``, ``size``]; and the maps
    [N, 2, 3] of the output's square to that of the picture, as of :func:`_draw_map`."""
    mirrors = [_draw_mirror(options, rng) for rng in rngs]
    if not (options.rotation or options.shift or options.shear or options.zoom or options.crop):
        flips = [[2 - axis for axis in (0, 1) if mirror[axis]] for mirror in mirrors]
        middles = [_middle(p, size).flip(axes) for p, axes in zip(loaded, flips, strict=True)]
        whole = [np.diag(np.where(mirror, -1.0, 1.0)) for mirror in mirrors]
        maps = np.pad(np.stack(whole), ((0, 0), (0, 0), (0, 1)))
        return _unit(_stacked(middles, device)), maps
    drawn = [
        _draw_map(picture.shape[:0:-1], size, mirror, options, rng)
        for picture, mirror, rng in zip(loaded, mirrors, rngs, strict=True)
    ]
    maps = np.stack(drawn)
    return _resampled(loaded, maps, size, device).div_(255), maps


# -- what shall happen to one picture


def _draw_mirror(options: ImageAugment, rng: np.random.Generator) -> tuple[bool, bool]:
    """Whether left is right, and whether above is below."""
    return options.flip and rng.random() < 0.5, options.flip_vertical and rng.random() < 0.5


def _draw_map(
    shape: Sequence[int],
    size: int,
    mirror: tuple[bool, bool],
    options: ImageAugment,
    rng: np.random.Generator,
) -> np.ndarray:
    """An affine map [2, 3] of the output square [-1, 1]² to the picture [-1, 1]².

    Args:
        shape: width and height of the picture.
    """
    whole = np.array(shape, dtype=float)
    middle, window = _draw_window(whole, size, options.crop / 100, rng)
    linear = _draw_distortion(options, rng) * (window / 2 * np.where(mirror, -1, 1))
    shift = linear @ rng.uniform(-2, 2, 2) * (options.shift / 100)
    return np.column_stack([linear, middle + shift]) / (whole[:, None] / 2)


def _draw_window(
    whole: np.ndarray, size: int, share: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Middle (from the picture's middle) and size of the part to look at, in pixels.

    The idea is RandomResizedCrop's (Szegedy et al. 2015), but shares are of the largest
    square within the picture, which is about what :func:`prepare` shows.
    """
    if not share:
        return np.zeros(2), np.full(2, float(size))
    side = whole.min() * math.sqrt(rng.uniform(1 - share, 1))
    stretch = math.exp(rng.uniform(-0.5, 0.5) * math.log(4 / 3))
    window = np.minimum([side * stretch, side / stretch], whole)
    return rng.uniform(-0.5, 0.5, 2) * (whole - window), window


def _draw_distortion(options: ImageAugment, rng: np.random.Generator) -> np.ndarray:
    """Rotation, shear and zoom as a matrix [2, 2]."""
    angle, slant = np.radians(rng.uniform(-1, 1, 2) * (options.rotation, options.shear))
    scale = (1 + options.zoom / 100) ** rng.uniform(-1, 1)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return scale * rotation @ np.array([[1, np.tan(slant)], [0, 1]])


def _draw_colours(strength: float, rng: np.random.Generator) -> np.ndarray:
    """Brightness, contrast, saturation and hue, as one affine map of the colours.

    Two matrices [2, 3, 3]: what each pixel is multiplied by, and what the picture's mean is,
    which is then added: contrast is the distance from the mean brightness.
    """
    brightness, contrast, saturation = rng.uniform(1 - strength, 1 + strength, 3)
    turn = 2 * math.pi * HUE * strength * rng.uniform(-1, 1)
    hue = np.array(
        [[1, 0, 0], [0, math.cos(turn), -math.sin(turn)], [0, math.sin(turn), math.cos(turn)]]
    )
    colours = saturation * (RGB @ hue @ YIQ) + (1 - saturation) * GRAY
    return brightness * np.stack([contrast * colours, (1 - contrast) * GRAY])


def _draw_rectangle(
    size: int, chance: float, rng: np.random.Generator
) -> tuple[slice, slice] | None:
    """The rows and columns that are covered, mostly none.

    Zhong et al., "Random Erasing", 2020, arXiv:1708.04896.
    """
    if rng.random() >= chance:
        return None
    share = rng.uniform(0.02, 1 / 3)
    ratio = math.exp(rng.uniform(-1, 1) * math.log(10 / 3))
    sides = np.sqrt([share * ratio, share / ratio]) * size
    height, width = np.clip(sides.round().astype(int), 1, size)
    top, left = rng.integers(0, size - height + 1), rng.integers(0, size - width + 1)
    return slice(top, top + height), slice(left, left + width)


# -- what happens to all of them, on the device


def _sent(drawn: Sequence[Any] | np.ndarray, device: torch.device) -> Tensor:
    """Numbers as float32 on ``device``, which nobody waits for."""
    numbers = torch.from_numpy(np.asarray(drawn, np.float32))
    if device.type == "cuda":
        numbers = numbers.pin_memory()
    return numbers.to(device, non_blocking=True)


def _stacked(pictures: Sequence[Tensor], device: torch.device) -> Tensor:
    """Pictures of any shapes, each in the upper left corner: uint8 [N, 3, H, W] on ``device``."""
    height, width = (max(sides) for sides in zip(*(p.shape[1:] for p in pictures), strict=True))
    shape, pinned = (len(pictures), 3, height, width), device.type == "cuda"
    stacked = torch.zeros(shape, dtype=torch.uint8, pin_memory=pinned)
    for place, picture in zip(stacked, pictures, strict=True):
        place[:, : picture.shape[1], : picture.shape[2]] = picture
    return stacked.to(device, non_blocking=True)


def _stacks(pictures: Sequence[Tensor], device: torch.device) -> list[Tensor]:
    """Pictures in as many stacks as they are best sampled in.

    A graphics card takes them all at once. A processor has one after the other in its caches,
    where it finds a pixel's neighbours in half the time.
    """
    if device.type == "cpu":
        return [picture[None] for picture in pictures]
    return [_stacked(pictures, device)]


def _resampled(
    loaded: Sequence[Tensor], maps: np.ndarray, size: int, device: torch.device
) -> Tensor:
    """Bilinear samples, in [0, 255], where ``maps`` [N, 2, 3] take the output's pixels."""
    shapes = np.array([picture.shape[1:] for picture in loaded])
    areas = np.abs(np.linalg.det(maps[:, :, :2])) * shapes.prod(1)
    factors = (np.sqrt(areas) / size).astype(int).tolist()
    pictures = [_shrunk(*each) for each in zip(loaded, factors, strict=True)]
    stacks = _stacks(pictures, device)
    lengths = np.array([picture.shape[:0:-1] for picture in pictures])
    whole = np.array([stack.shape[:1:-1] for stack in stacks for _picture in stack])
    grid = _grid(maps, lengths, whole, size, device).split([len(stack) for stack in stacks])
    sample = functools.partial(F.grid_sample, padding_mode="border", align_corners=False)
    parts = [sample(stack.to(torch.float32), at) for stack, at in zip(stacks, grid, strict=True)]
    return torch.cat(parts)


def _shrunk(picture: Tensor, factor: int) -> Tensor:
    """Averages of ``factor`` x ``factor`` pixels: sampled too sparsely, details would flicker."""
    if factor < 2:
        return picture
    height, width = (max(1, length // factor) for length in picture.shape[1:])
    averages = F.adaptive_avg_pool2d(picture.to(torch.float32), (height, width))
    return averages.round_().to(torch.uint8)


def _grid(
    maps: np.ndarray, lengths: np.ndarray, whole: np.ndarray, size: int, device: torch.device
) -> Tensor:
    """Where ``maps`` take the output's pixels, as ``F.grid_sample`` wants it: [N, S, S, 2].

    Outside, a picture is reflected: a black corner would be something to learn. That is done here,
    as ``F.grid_sample`` knows no edges but those of the stack.

    Args:
        lengths: width and height of each picture [N, 2].
        whole: of the stack that it is in the upper left corner of, likewise.
    """
    x, y, shift = _sent(((maps + np.array([0, 0, 1])) / 4).transpose(2, 0, 1)[..., None], device)
    ends, scale = _sent([0.5 - 0.25 / lengths, 4 * lengths / whole], device)[..., None, None]
    ticks = (2 * torch.arange(size, device=device) + 1) / size - 1
    # as F.affine_grid's, in a fifth of its time; a picture reaches from 0 to 0.5, its mirror image
    # on to 1, and so on; behind the middle of the last pixel there may be no other
    places = (x * ticks + shift)[:, :, None] + (y * ticks)[..., None]
    places = places.sub_(places.round()).abs_()
    return torch.minimum(places, ends).mul_(scale).sub_(1).permute(0, 2, 3, 1)


def _recolour(pictures: Tensor, maps: Sequence[np.ndarray]) -> Tensor:
    """Colours as :func:`_draw_colours` maps them."""
    flat = pictures.flatten(2)
    of_pixels, of_mean = _sent(maps, pictures.device).unbind(1)
    added = of_mean @ flat.mean(2, keepdim=True)
    return torch.baddbmm(added, of_pixels, flat).clamp_(0, 1).view_as(pictures)


def _blur(pictures: Tensor, sigmas: Sequence[float]) -> Tensor:
    """Gaussian blurs of ``sigmas`` pixels: one matrix product down, one across."""
    places = torch.arange(pictures.shape[2], dtype=torch.float32, device=pictures.device)
    widths = _sent(sigmas, pictures.device).clamp_(min=0.1)[:, None, None, None]
    weights = torch.softmax(-(((places[:, None] - places) / widths) ** 2) / 2, dim=3)
    return weights @ pictures @ weights.mT


def _cover(
    pictures: Tensor,
    rectangles: Sequence[tuple[slice, slice] | None],
    colour: tuple[float, float, float],
) -> None:
    """Cover ``rectangles``, in place."""
    paint = _sent(colour, pictures.device)[:, None, None]
    for picture, rectangle in zip(pictures, rectangles, strict=True):
        if rectangle is not None:
            picture[:, *rectangle] = paint


# -- pictures of a batch with each other


def mix(
    inputs: Tensor, targets: Tensor, options: ImageAugment, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Change a batch as a whole: mix pictures and their targets alike, then the resolution.

    mixup (Zhang et al. 2018, arXiv:1710.09412) blends: λ x + (1 - λ) x', λ ~ Beta(α, α).
    CutMix (Yun et al. 2019, arXiv:1905.04899) pastes a rectangle of area 1 - λ of x' into x.
    Where both are on, each batch gets either. Each of the :func:`resolutions` is as likely.

    Args:
        inputs: [N, 3, S, S]; not changed.
        targets: probabilities [N, classes], or anything else that is blended as they are,
            [N, F]; not changed.
    """
    methods = [(options.mixup, _blend), (options.cutmix, _paste)]
    methods = [(alpha, method) for alpha, method in methods if alpha]
    if methods:
        inputs, targets = _mixed(inputs, targets, methods, rng)
    chosen = rng.choice(resolutions(inputs.shape[-1], options))
    return _at(inputs, int(chosen)), targets


def mosaic(
    inputs: Tensor, boxes: Tensor, share: float, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Show some pictures as a part of four side by side (Bochkovskiy et al. 2020, "YOLOv4",
    arXiv:2004.10934): a square of them, of one to two pictures' width, where four meet.

    Args:
        inputs: [N, 3, S, S]; not changed.
        boxes: [N, M, 5], as of :func:`.places.moved`; not changed.
        share: of the pictures.

    Returns:
        pictures [N, 3, S, S], and the boxes in them [N, 4 M, 5].
    """
    size, count = inputs.shape[-1], len(inputs)
    chosen = rng.random(count) < share
    others = rng.integers(0, count, (count, 4))
    widths = rng.integers(size, 2 * size + 1, count)
    corners = (rng.random((count, 2)) * (2 * size - widths)[:, None]).astype(int)
    seen, found = inputs.clone(), boxes.new_zeros(count, 4 * boxes.shape[1], 5)
    found[..., 0] = -1
    found[:, : boxes.shape[1]] = boxes
    for row in np.flatnonzero(chosen).tolist():
        four = [row, *others[row, 1:].tolist()]
        (left, top), width = corners[row].tolist(), int(widths[row])
        first, second, third, fourth = inputs[four]
        whole = torch.cat([torch.cat([first, second], 2), torch.cat([third, fourth], 2)], 1)
        part = whole[None, :, top : top + width, left : left + width]
        seen[row] = _at(part, size)[0]
        found[row] = window(boxes[four], left / size, top / size, width / size)
    return seen, found


STEP = 16
"""Pixels; most networks halve a picture four or five times."""


def resolutions(size: int, options: ImageAugment) -> range:
    """The resolutions, in pixels, at which :func:`mix` shows pictures of ``size``."""
    factor = 1 + options.rescale / 100
    lower, higher = int(size - size / factor), int(size * factor - size)
    return range(size - lower // STEP * STEP, size + higher + 1, STEP)


def _at(inputs: Tensor, size: int) -> Tensor:
    """Pictures [N, 3, ``size``, ``size``]."""
    if inputs.shape[-1] == size:
        return inputs
    return F.interpolate(inputs, size=(size, size), mode="bilinear", antialias=True)


def _mixed(
    inputs: Tensor,
    targets: Tensor,
    methods: list[tuple[float, Callable[..., tuple[Tensor, float]]]],
    rng: np.random.Generator,
) -> tuple[Tensor, Tensor]:
    alpha, method = methods[rng.integers(len(methods))]
    others = torch.from_numpy(rng.permutation(len(inputs))).to(inputs.device)
    mixed, kept = method(inputs, inputs[others], rng.beta(alpha, alpha), rng)
    return mixed, torch.lerp(targets[others], targets, kept)


def _blend(
    inputs: Tensor, others: Tensor, kept: float, rng: np.random.Generator
) -> tuple[Tensor, float]:
    return torch.lerp(others, inputs, kept), kept


def _paste(
    inputs: Tensor, others: Tensor, kept: float, rng: np.random.Generator
) -> tuple[Tensor, float]:
    """Returns the share that was really kept: the rectangle may reach over the edge."""
    height, width = inputs.shape[2:]
    middle = rng.uniform(0, 1, 2)
    half = math.sqrt(1 - kept) / 2
    top, left = (np.clip(middle - half, 0, 1) * (height, width)).round().astype(int)
    bottom, right = (np.clip(middle + half, 0, 1) * (height, width)).round().astype(int)
    mixed = inputs.clone()
    mixed[:, :, top:bottom, left:right] = others[:, :, top:bottom, left:right]
    return mixed, float(1 - (bottom - top) * (right - left) / (height * width))
