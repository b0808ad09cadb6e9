"""What a model of boxes says: {"cat": [[0.93, 12, 30, 95, 81]]}

To draw the boxes into copies of the pictures, to list them as JSON, and to show boxes from another
confidence on, in per cent:

    python predict.py --draw drawn --json boxes.json --at-least 40 PICTURE_OR_FOLDER ...
"""

import json
from pathlib import Path

import numpy as np
from PIL import ImageDraw
from reader import open_picture, opened, orientation

TURNED = (5, 6, 7, 8)  # EXIF orientations whose width is the height of the file
WHOLE = 1 << 20  # pixels: pictures are not decoded smaller
PLACED = ("boxes_pixels", "threshold")  # columns behind those of the classes
COUNTED = 100  # up to so many classes, each has a column
COLOURS = ("#e6194b", "#3cb44b", "#4363d8", "#f58231", "#911eb4", "#008080", "#9a6324", "#808000")


class Answers:
    """The boxes whose score is at least the threshold; there may be none.

    Sides are left, top, right and bottom in pixels of the upright picture.
    """

    outputs = ("boxes", "scores", "names")
    judged = False  # by a fixed confidence: that of boxes is chosen, and none is doubted
    options = ("--at-least", "--draw", "--json")

    def __init__(self, card):
        self.names = card["classes"]
        named = [f"{name} (class)" if name in PLACED else name for name in self.names]
        counted = named if len(named) <= COUNTED else []
        self.columns = ["boxes", *counted, *PLACED]
        self.least = (card["fitted"] or [0.5])[0]
        self.size = (1, 1)
        self.draw = self.json = None
        self.listed = []

    def ask(self, wishes):
        """Heed what the command was given."""
        self.draw, self.json = (wishes.get(name) for name in ("--draw", "--json"))
        if "--at-least" in wishes:
            self.least = float(wishes["--at-least"].rstrip(" %")) / 100
        if self.draw:
            Path(self.draw).mkdir(parents=True, exist_ok=True)

    def look(self, path):
        """Learn how large a picture is, upright."""
        with opened(Path(path)) as image:
            turned = orientation(image) in TURNED
            self.size = image.size[::-1] if turned else image.size

    def found(self, row):
        """Class, score, and sides as shares of the picture, of each box that is shown."""
        count = len(row) // 6
        sides, scores, names = row[: 4 * count], row[4 * count : 5 * count], row[5 * count :]
        for name, score, box in zip(names, scores, sides.reshape(-1, 4), strict=True):
            if round(float(score), 6) >= max(self.least, 1e-6):
                yield self.names[int(name)], float(score), box.astype(float).clip(0, 1)

    def pixels(self, box):
        """Sides in pixels."""
        return [round(float(side), 2) for side in box * (*self.size, *self.size)]

    def by_name(self, row):
        """Score, left, top, right and bottom of each box, by its class."""
        boxes = {}
        for name, score, box in self.found(row):
            boxes.setdefault(name, []).append([round(score, 6), *self.pixels(box)])
        return boxes

    def told(self, row):
        """How many of each class there are, in words; the least of their scores; the boxes with
        their scores; the counts; the boxes in pixels; the threshold."""
        boxes = sorted(self.found(row), key=lambda box: -round(box[1], 6))
        shares, pixels = [], []
        for name, score, box in boxes:
            figures = (f"{score:.6f}", *(f"{side:.5f}" for side in box))
            shares.append(" ".join((name, *(each.rstrip("0").rstrip(".") for each in figures))))
            sides = " ".join(f"{side:g}" for side in self.pixels(box))
            pixels.append(f"{name} {round(score, 6):g} {sides}")
        numbers = [sum(name == each for each, *_ in boxes) for name in self.names]
        pairs = zip(numbers, self.names, strict=True)
        label = ", ".join(f"{count} {name}" for count, name in pairs if count) or "(none)"
        least = min((round(score, 6) for _name, score, _box in boxes), default=None)
        counts = [*map(float, numbers)]
        counts = counts if len(counts) <= COUNTED else []
        listed, places = ("; ".join(each) or "(none)" for each in (shares, pixels))
        return label, least, [listed, *counts, places, self.least]

    def keep(self, path, row):
        """Draw the boxes of a picture, or list them, where that was asked for."""
        if self.json:
            width, height = self.size
            size = {"width": width, "height": height}
            boxes = [
                {"class": name, "score": round(score, 6), "box": self.pixels(box)}
                for name, score, box in self.found(row)
            ]
            self.listed.append({"path": str(path), **size, "boxes": boxes})
        if self.draw:
            picture = open_picture(Path(path), WHOLE, {"ground": "white"})
            drawn(picture, list(self.found(row)), self.names)
            picture.save(free(Path(self.draw), Path(path).stem))

    def finish(self):
        """Write the list that was asked for."""
        if self.json:
            tree = {"classes": list(self.names), "pictures": self.listed}
            text = json.dumps(tree, ensure_ascii=False, indent=1)
            Path(self.json).write_text(text + "\n", encoding="utf-8")


def drawn(picture, boxes, names):
    """Boxes drawn into a picture, with class and score."""
    pen = ImageDraw.Draw(picture)
    width = max(1, round(max(picture.size) / 300))
    for name, score, box in boxes:
        place = names.index(name)
        colour = COLOURS[place % len(COLOURS)]
        corners = (np.array([*picture.size, *picture.size]) * box).tolist()
        pen.rectangle(corners, outline=colour, width=width)
        text = f"{name if name.isascii() else f'#{place + 1}'} {100 * score:.0f} %"
        left, top, right, bottom = pen.textbbox((corners[0], corners[1]), text)
        pen.rectangle((left, top, right + 2, bottom + 1), fill=colour)
        pen.text((corners[0] + 1, corners[1]), text, fill="white")


def free(folder, stem):
    """A name for a picture in a folder that no other one has."""
    path, number = folder / f"{stem}.png", 1
    while path.exists():
        number += 1
        path = folder / f"{stem} ({number}).png"
    return path
