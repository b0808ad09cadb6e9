"""Predict recordings with the model beside this file, without TransferGUI.

    pip install numpy soundfile onnxruntime
    pip install av                       # for m4a, webm, wma, amr and the sound of videos
    python predict.py SOUND_OR_FOLDER ... > predictions.csv

Recordings are prepared exactly as in training. A long recording is predicted clip by clip
(`talk.wav#12000` is the clip that starts at 12000 ms), then as a whole, as the mean of its clips.
From Python:

    model = Model(Path("folder of this file"))
    model.answer(Path("sound.wav"))          # {"bark": 0.93, "miaow": 0.07}
"""

import functools
import math
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import soundfile

from transfergui.core.base.i18n import _
from transfergui.core.data.recordings import ENDINGS, VIDEO_ENDINGS
from transfergui.core.modalities.audio.sounds.hearing import LONGER, heard, windows
from transfergui.core.modalities.audio.sounds.opening import open_sound

PART = re.compile(r"(.*\.[^./#]{1,6})#([0-9]{1,12})", re.DOTALL)
FINEST, ZEROS, ROLLOFF = 1000, 6, 0.99  # of the filter that changes the rate


# -- from a file to what the network hears


class Reader:
    """Sounds: one channel, one rate, one length."""

    mean = True

    def __init__(self, options, assets):
        self.rate, self.seconds = options["rate"], options["seconds"]
        self.endings = ENDINGS | VIDEO_ENDINGS if options.get("videos") else ENDINGS

    def files(self, names):
        """The files named, and the sounds in the folders named."""
        for path in map(Path, names):
            if path.is_dir():
                found = (p for p in path.rglob("*") if p.suffix.lower() in self.endings)
                yield from sorted(p for p in found if p.is_file() and not p.name.startswith("."))
            else:
                yield path

    def samples(self, path):
        """Names and waveforms, float32 [T], of the pieces of a file, or of the one named."""
        try:
            yield from self.opened(path, PART.fullmatch(str(path)))
        except soundfile.LibsndfileError:
            raise ValueError(_("damaged, or not a recording")) from None

    def opened(self, path, part):
        """As :meth:`samples`."""
        with open_sound(part[1] if part else path) as sound:
            if part:
                yield str(path), self.clip(sound, int(part[2]) / 1000, self.seconds)
                return
            duration = sound.frames / sound.rate
            for start in windows(duration, self.seconds):
                yield f"{path}#{start}", self.clip(sound, start / 1000, self.seconds)
            if duration <= LONGER * self.seconds:
                yield str(path), self.clip(sound, 0.0, LONGER * self.seconds)

    def clip(self, sound, start, seconds):
        """Some seconds at the rate of the network, in the middle of silence where too short."""
        values = heard(sound, start, seconds)
        changed = resample(values - values.mean(), sound.rate, self.rate)
        return placed(changed, round(self.seconds * self.rate))


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
