"""Explanations as files: a picture of each, words as a page, and one document about all."""

from __future__ import annotations

import html
import re
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from transfergui.core.base import files, heat_colours, shards
from transfergui.core.interfaces.samples import Sound, Text
from transfergui.core.looking import explain

if TYPE_CHECKING:
    from transfergui.core.looking.explain import Explanation
    from transfergui.core.trained import TrainedModel

LEAST = 300
"""Pixels of the shorter side of a saved heat map, at least; small ones are enlarged."""
LEFT, BELOW, MARGIN = 64, 40, 12
"""Pixels for the axes of a spectrogram, and around it."""
WIDE, HIGH = 720, 320
LETTERS = 15
MOMENTS = 6
TONES = (125, 250, 500, 1000, 2000, 4000, 8000, 16000)
"""Hertz."""
INK = (60, 60, 60)
PAGE = """<!doctype html>
<meta charset="utf-8">
<title>{title}</title>
<style>body {{ font: 18px/1.7 sans-serif; max-width: 46em; margin: 2em auto; color: #222; }}
p.legend {{ color: #555; font-size: 15px; }} span {{ border-radius: 3px; padding: 1px 2px; }}
</style>
<h1>{title}</h1>
<p>{text}</p>
{legend}
"""


def save(explanation: Explanation, model: TrainedModel, folder: Path, taken: Container[str]) -> str:
    """Write a picture of an explanation, or a page of a text, into ``folder``.

    Args:
        taken: names that are in use.

    Returns:
        the name of the file.

    Raises:
        OSError: it cannot be written.
    """
    data = explanation.preview.data
    name = _free_name(explanation.path.name, ".html" if isinstance(data, Text) else ".png", taken)
    if isinstance(data, Text):
        files.write_atomic(folder / name, page(explanation, model))
        return name
    picture = spectrogram(data) if isinstance(data, Sound) else _enlarged(data)
    files.write_atomic_with(folder / name, lambda stream: picture.save(stream, "PNG"))
    return name


def _free_name(name: str, ending: str, taken: Container[str]) -> str:
    stem = re.sub(r"[^\w.\- ]+", "_", name) or "example"
    number = 1
    while (found := f"{stem}{'' if number == 1 else f' ({number})'}{ending}") in taken:
        number += 1
    return found


def _enlarged(pixels: np.ndarray) -> Image.Image:
    picture = Image.fromarray(pixels)
    factor = -(-LEAST // min(picture.size))
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.BICUBIC) if factor > 1 else picture


def spectrogram(sound: Sound) -> Image.Image:
    """A spectrogram with its heat, seconds below it and hertz beside it."""
    shades = heat_colours.spectrogram(sound.spectrogram, sound.heat, dark=False)
    drawn = Image.fromarray(shades).resize((WIDE, HIGH), Image.Resampling.BICUBIC)
    whole = Image.new("RGB", (LEFT + WIDE + MARGIN, MARGIN + HIGH + BELOW), "white")
    whole.paste(drawn, (LEFT, MARGIN))
    draw = ImageDraw.Draw(whole)
    draw.rectangle((LEFT, MARGIN, LEFT + WIDE, MARGIN + HIGH), outline=INK)
    font = ImageFont.load_default(LETTERS)
    seconds = len(sound.samples) / sound.rate
    for share in np.linspace(0, 1, MOMENTS):
        x = LEFT + share * WIDE
        draw.line((x, MARGIN + HIGH, x, MARGIN + HIGH + 5), fill=INK)
        text = f"{sound.start + share * seconds:.2f} s"
        draw.text((x, MARGIN + HIGH + 8), text, INK, font, anchor="ra" if share == 1 else "ma")
    top = np.log1p(sound.rate / 2 / 700)
    for tone in (each for each in TONES if each < sound.rate / 2):
        y = MARGIN + HIGH * (1 - np.log1p(tone / 700) / top)
        draw.line((LEFT - 5, y, LEFT, y), fill=INK)
        draw.text((LEFT - 8, y), f"{tone} Hz", INK, font, anchor="rm")
    return whole


def page(explanation: Explanation, model: TrainedModel) -> str:
    """A text with its words coloured, as a page of HTML that needs nothing else."""
    text: Text = explanation.preview.data
    parts: list[str] = []
    done = 0
    for start, end, share in text.shares:
        parts.append(html.escape(text.text[done:start]))
        word, style = html.escape(text.text[start:end]), colour(share)
        parts.append(f'<span style="background: {style}">{word}</span>' if style else word)
        done = end
    parts.append(html.escape(text.text[done:]))
    said = model.said(explanation.answers)
    sentences = [explain.legend(explanation), *explain.notes(explanation, model)]
    legend = "\n".join(
        f'<p class="legend">{html.escape(note.sentence())}</p>' for note in sentences
    )
    return PAGE.format(title=html.escape(said.label), text="".join(parts), legend=legend)


def colour(share: float) -> str:
    """What a word is coloured with, as CSS wants it; empty for one that hardly counts."""
    if abs(share) < heat_colours.FAINT:
        return ""
    red, green, blue = heat_colours.FOR if share > 0 else heat_colours.AGAINST
    return f"rgba({red}, {green}, {blue}, {abs(share) * heat_colours.WORD:.2f})"


def document(explanation: Explanation, model: TrainedModel, file: str) -> dict[str, Any]:
    """What ``explanations.json`` says of one sample."""
    said, check, data = model.said(explanation.answers), explanation.check, explanation.preview.data
    found: dict[str, Any] = {
        "path": str(shards.inside(explanation.path)),
        "label": said.label,
        "confidence": said.confidence,
        "output": explanation.name,
        "answer": explanation.answer,
        "file": file,
        "method": explanation.method,
        "check": None
        if check is None
        else {
            "before": check.before,
            "without_hot": check.hot,
            "without_other": check.others,
            "reliable": check.reliable,
        },
        "border": explanation.border,
        "notes": [note.sentence() for note in explain.notes(explanation, model)],
    }
    if isinstance(data, Text):
        found["words"] = [
            {"word": data.text[start:end], "start": start, "end": end, "weight": round(share, 4)}
            for start, end, share in data.shares
        ]
    return found
