"""The recordings in a file, as far as its format can tell."""

import functools
import re

from transfergui.core.modalities.audio.sounds.chunks import aiff_part, au_part, caf_part, wave_part
from transfergui.core.modalities.audio.sounds.formats import CONTAINERS
from transfergui.core.modalities.audio.sounds.frames import flac_part, mp3_part, ogg_part
from transfergui.core.modalities.audio.sounds.stretches import Part


@functools.lru_cache(maxsize=1 << 12)
def parts_of(path: str, size: int, _time: int) -> tuple[Part, ...]:
    """The recordings in a file, as far as its format can tell; remembered while it is the same."""
    with open(path, "rb") as stream:  # noqa: PTH123 - a plain string
        head = stream.read(256)
        foreign = next((name for name, begins in CONTAINERS.items() if begins.match(head)), "")
        if foreign:
            return (Part((), size, foreign=foreign),)
        look = next((look for mark, look in LOOKS.items() if mark.match(head)), None)
        found: list[Part] = []
        at = 0
        while look and at < size and (part := look(stream, at, size)):
            found.append(part)
            at = part.end
        return tuple(found)


LOOKS = {
    re.compile(rb"(RIFF|RF64)....WAVE", re.DOTALL): wave_part,
    re.compile(rb"FORM....AIF", re.DOTALL): aiff_part,
    re.compile(rb"caff"): caf_part,
    re.compile(rb"\.snd"): au_part,
    re.compile(rb"OggS"): ogg_part,
    re.compile(rb"fLaC"): flac_part,
    re.compile(rb"ID3|\xff[\xe2-\xff]"): mp3_part,
}
"""What is asked for the recordings in a file, by how it begins."""
