"""Answer what is to be heard with the model beside this file, without TransferGUI.

    pip install numpy soundfile onnxruntime
    python predict.py SOUND_OR_FOLDER ... > answers.csv

Sounds are prepared exactly as they were in training. Long ones are answered piece by piece
(`talk.wav#12000` begins 12000 ms after the beginning), then as a whole, by the mean. From Python:

    model = Model(Path("folder of this file"))
    model.answer(Path("sound.wav"))          # {"bark": 0.93, "miaow": 0.07}
"""

import functools
import math
import os
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile

ENDINGS = {
    *(".wav", ".wave", ".bwf", ".flac", ".ogg", ".oga", ".opus", ".mp3"),
    *(".aiff", ".aif", ".aifc", ".au", ".snd", ".caf", ".w64"),
}
PART = re.compile(r"(.*\.[^./#]{1,6})#([0-9]{1,12})", re.DOTALL)
LONGER = 1.5  # a file of more than so many clips is cut into pieces
BLOCK = 1 << 16  # values that are read at once
UNKNOWN_LENGTH = 1 << 60  # what is said of files that do not say it
FINEST, ZEROS, ROLLOFF = 1000, 6, 0.99  # of the filter that changes the rate


# -- from a file to what the network hears


class Reader:
    """Sounds: one channel, one rate, one length."""

    mean = True

    def __init__(self, options, assets):
        self.rate, self.seconds = options["rate"], options["seconds"]

    def files(self, names):
        """The files named, and the sounds in the folders named."""
        for path in map(Path, names):
            if path.is_dir():
                yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in ENDINGS)
            else:
                yield path

    def samples(self, path):
        """Names and waveforms, float32 [T], of the pieces of a file, or of the one named."""
        part = PART.fullmatch(str(path))
        file = part[1] if part else str(path)
        with soundfile.SoundFile(file if os.name == "nt" else os.fsencode(file)) as sound:
            if part:
                yield str(path), self.clip(sound, int(part[2]) / 1000, self.seconds)
                return
            duration = length(sound) / sound.samplerate
            for start in windows(duration, self.seconds):
                yield f"{path}#{start}", self.clip(sound, start / 1000, self.seconds)
            if duration <= LONGER * self.seconds:
                yield str(path), self.clip(sound, 0.0, LONGER * self.seconds)

    def clip(self, sound, start, seconds):
        """Some seconds at the rate of the network, in the middle of silence where too short."""
        values = read(sound, start, seconds)
        heard = resample(values - values.mean(), sound.samplerate, self.rate)
        return placed(heard, round(self.seconds * self.rate))


def length(sound):
    """Values of each channel."""
    if sound.frames < UNKNOWN_LENGTH:
        return sound.frames
    return sum(len(block) for block in sound.blocks(BLOCK))


def windows(duration, seconds):
    """Where the clips of a long file begin, in milliseconds; none of a short one."""
    if duration <= LONGER * seconds:
        return []
    return [round(1000 * seconds * at) for at in range(math.floor(duration / seconds + 0.5))]


def read(sound, start, seconds):
    """A part of an opened sound, all channels mixed into one."""
    rate = sound.samplerate
    sound.seek(min(round(start * rate), sound.frames))
    values = sound.read(round(seconds * rate), dtype="float32", always_2d=True).mean(axis=1)
    if not len(values):
        raise ValueError(f"nothing is to be heard from second {start:g} on")
    if not np.isfinite(values).all():
        raise ValueError("it holds values that are no numbers")
    return values


def placed(values, wanted):
    """The middle of a sound, or all of it with silence around."""
    spare = wanted - len(values)
    before = math.floor(spare / 2)
    if spare < 0:
        return values[-before : wanted - before]
    return np.pad(values, (before, spare - before))


def resample(values, rate, wanted):
    """Band-limited interpolation (Smith 2002, https://ccrma.stanford.edu/~jos/resample/).

    Each of the filters gives one value of the output for every few values of the input.
    """
    ratio = Fraction(wanted, rate).limit_denominator(FINEST)
    if ratio == 1:
        return values
    rate, wanted = ratio.denominator, ratio.numerator
    sincs, margin = filters(rate, wanted)
    padded = np.pad(values, (margin, margin + rate))
    frames = np.lib.stride_tricks.sliding_window_view(padded, len(sincs))[::rate]
    return (frames @ sincs).reshape(-1)[: math.ceil(wanted * len(values) / rate)]


@functools.lru_cache(maxsize=16)
def filters(rate, wanted):
    """Windowed sincs [..., wanted], and how far they reach to each side."""
    base = min(rate, wanted) * ROLLOFF
    margin = math.ceil(ZEROS * rate / base)
    times = np.arange(-margin, margin + rate)[:, np.newaxis] / rate - np.arange(wanted) / wanted
    turns = np.clip(times * base, -ZEROS, ZEROS)
    window = np.cos(turns * math.pi / ZEROS / 2) ** 2
    return (np.sinc(turns) * window * (base / rate)).astype(np.float32), margin
