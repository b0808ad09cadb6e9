"""Pictures of more than 8 bits: one known colour stored in every way comes out as that colour."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.core.modalities.image.test_decode import chunk
from transfergui.core.base.errors import UserError
from transfergui.core.modalities.image import decode, deep
from transfergui.core.modalities.image.deep import Deep, Reading

RGB = np.full((32, 32, 3), 255, np.uint8)
RGB[:, :16] = (200, 60, 20)
DEEP = RGB.astype(np.uint16) * 257
GRAY = DEEP[..., 0]
UNIT = GRAY / 65535
NEAR_INFRARED = np.dstack([DEEP, GRAY // 4])
HALF = np.dstack([DEEP, np.full_like(GRAY, 65535)])
HALF[:, 16:, 3] = 0


COLOURED: dict[str, tuple[np.ndarray, dict[str, Any]]] = {
    "little-endian": (DEEP, {}),
    "big-endian": (DEEP, {"byteorder": ">"}),
    "deflate": (DEEP, {"compression": "deflate"}),
    "tiles": (DEEP, {"tile": (16, 16)}),
    "planes": (np.moveaxis(DEEP, -1, 0), {"planarconfig": "separate"}),
    "32-bit": (RGB.astype(np.uint32) * 16843009, {}),
    "float": (DEEP.astype(np.float32) / 65535, {}),
    "double": (DEEP / 65535, {}),
    "signed bytes": ((RGB.astype(int) - 128).astype(np.int8), {}),
    "near infrared": (NEAR_INFRARED, {"extrasamples": [0]}),
    "five bands": (np.dstack([NEAR_INFRARED, GRAY]), {"extrasamples": [0, 0]}),
    "transparent": (HALF, {"extrasamples": ["unassalpha"]}),
    "premultiplied": (HALF * (HALF[..., 3:] > 0), {"extrasamples": ["assocalpha"]}),
}


@pytest.mark.parametrize("name", COLOURED)
def test_colours_are_the_same_however_they_are_stored(tmp_path: Path, name: str) -> None:
    values, options = COLOURED[name]
    tifffile.imwrite(tmp_path / "x.tif", values, photometric="rgb", **options)
    seen = decode.open_picture(tmp_path / "x.tif")
    assert (seen.getpixel((4, 16)), seen.getpixel((28, 16))) == ((200, 60, 20), (255, 255, 255))


GRAYS: dict[str, tuple[np.ndarray, dict[str, Any]]] = {
    "big-endian": (GRAY, {"byteorder": ">"}),
    "white is zero": (65535 - GRAY, {"photometric": "miniswhite"}),
    "white is zero, big-endian": (65535 - GRAY, {"photometric": "miniswhite", "byteorder": ">"}),
    "white is zero, float": ((1 - UNIT).astype(np.float32), {"photometric": "miniswhite"}),
    "double": (UNIT, {}),
    "double, big": (UNIT, {"bigtiff": True, "compression": "deflate"}),
    "half": (UNIT.astype(np.float16), {}),
    "32-bit": (RGB[..., 0].astype(np.uint32) * 16843009, {}),
    "signed bytes": ((RGB[..., 0].astype(int) - 128).astype(np.int8), {}),
}


@pytest.mark.parametrize("name", GRAYS)
def test_grays_are_the_same_however_they_are_stored(tmp_path: Path, name: str) -> None:
    values, options = GRAYS[name]
    tifffile.imwrite(tmp_path / "x.tif", values, **options)
    seen = np.asarray(decode.open_picture(tmp_path / "x.tif"))
    assert np.abs(seen[16, [4, 28], 0].astype(int) - [200, 255]).max() <= 1


def test_a_fourth_band_is_transparency_only_where_the_tags_say_so(tmp_path: Path) -> None:
    bands = np.dstack([RGB, np.full((32, 32), 40, np.uint8)])
    tifffile.imwrite(tmp_path / "other.tif", bands, photometric="rgb", extrasamples=[0])
    tag, no_tag = (struct.pack("<HHI", number, 3, 1) for number in (338, 337))
    data = (tmp_path / "other.tif").read_bytes()
    assert data.count(tag) == 1
    (tmp_path / "none.tif").write_bytes(data.replace(tag, no_tag))
    for name in ("other", "none"):
        assert decode.open_picture(tmp_path / f"{name}.tif").getpixel((4, 4)) == (200, 60, 20)
    tifffile.imwrite(tmp_path / "a.tif", bands, photometric="rgb", extrasamples=["unassalpha"])
    assert decode.open_picture(tmp_path / "a.tif").getpixel((4, 4)) != (200, 60, 20)


def png(path: Path, colour: int, row: np.ndarray, *chunks: bytes) -> None:
    """A PNG of 16 bits of 32 equal rows [w, bands]."""
    header = struct.pack(">IIBBBBB", len(row), 32, 16, colour, 0, 0, 0)
    pixels = zlib.compress((b"\0" + row.astype(">u2").tobytes()) * 32)
    parts = chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", pixels)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b""))


def test_png_of_16_bits_keeps_all_of_them(tmp_path: Path) -> None:
    """A 12-bit camera that stores into 16 bits: the upper byte alone would be black."""
    row = np.stack([np.linspace(0, 4095, 64), np.zeros(64), np.full(64, 4095)], 1).round()
    png(tmp_path / "rgb.png", 2, row)
    seen = np.asarray(decode.open_picture(tmp_path / "rgb.png"))[7]
    assert np.abs(seen.astype(float) - row / 4095 * 255).max() <= 0.5
    gray = np.stack([row[:, 0], np.where(np.arange(64) < 32, 65535, 0)], 1)
    png(tmp_path / "la.png", 4, gray)
    seen = np.asarray(decode.open_picture(tmp_path / "la.png"))[7, :, 0]
    assert np.abs(seen[:32].astype(float) - row[:32, 0] / 4095 * 255).max() <= 0.5
    assert (seen[32:] == 255).all()


def test_the_transparent_value_of_a_16_bit_png_is_transparent(tmp_path: Path) -> None:
    row = np.where(np.arange(64) < 32, 30000, 7)[:, None]
    png(tmp_path / "x.png", 0, row, chunk(b"tRNS", b"\0\7"))
    seen = decode.open_picture(tmp_path / "x.png", None, Reading(integers=(0, 65535)))
    assert (seen.getpixel((1, 1)), seen.getpixel((60, 1))) == ((117,) * 3, (255,) * 3)
    coloured = np.where(np.arange(64)[:, None] < 32, (30000, 300, 65535), (1, 2, 3))
    png(tmp_path / "c.png", 2, coloured, chunk(b"tRNS", b"\0\1\0\2\0\3"))
    seen = decode.open_picture(tmp_path / "c.png", None, Reading(integers=(0, 65535)))
    assert (seen.getpixel((1, 1)), seen.getpixel((60, 1))) == ((117, 1, 255), (255,) * 3)


@pytest.mark.parametrize("mark", [-9999.0, -3.4028235e38, float("inf"), float("nan")])
def test_marks_for_missing_values_are_black_and_stretch_nothing(
    tmp_path: Path, mark: float
) -> None:
    values = UNIT.astype(np.float32).copy()
    values[:2] = mark
    said = [(42113, "s", 0, "-9999", True)]  # as GDAL writes it
    tifffile.imwrite(tmp_path / "x.tif", values, extratags=said)
    seen = np.asarray(decode.open_picture(tmp_path / "x.tif"))[:, 4, 0]
    assert (seen[:2].tolist(), set(seen[2:].tolist())) == ([0, 0], {200})


# -- the scale


@pytest.mark.parametrize(
    ("kind", "extent", "expected"),
    [
        ("integers", (0, 65535), (0, 65535)),
        ("integers", (12, 4000), (0, 4095)),
        ("integers", (0, 4200), (0, 16383)),
        ("integers", (0, 200), (0, 255)),
        ("integers", (0, 5), (0, 5)),
        ("integers", (-1024, 3071), (-1024, 3071)),
        ("integers", (-9, -2), (-9, -2)),
        ("integers", (-7, -7), (-7, 0)),
        ("integers", (0, 0), (0, 1)),
        ("floats", (0, 0.99), (0, 1)),
        ("floats", (0, 1.01), (0, 1.01)),
        ("floats", (0, 3.0), (0, 3)),
        ("floats", (-1, 1), (-1, 1)),
        ("floats", (0, 250.0), (0, 255)),
        ("floats", (0, 0.0), (0, 1)),
    ],
)
def test_white_is_the_next_usual_value(
    kind: deep.Kind, extent: deep.Range, expected: deep.Range
) -> None:
    assert deep.scale(kind, extent) == expected


@given(
    st.sampled_from(["integers", "floats"]),
    st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=2).map(sorted),
)
def test_every_value_fits_between_black_and_white(kind: deep.Kind, ends: list[float]) -> None:
    black, white = deep.scale(kind, (ends[0], ends[1]))
    assert black < white
    assert black <= ends[0] and ends[1] <= white


@given(st.floats(0, 60000), st.floats(0, 60000), st.floats(1, 65535))
def test_brighter_is_never_darker(one: float, other: float, white: float) -> None:
    """In two files of one data set, whatever else they show."""
    reading = Reading(floats=(0, white))
    seen = [
        deep.to_8_bit(Deep(np.array([[[value], [rest]]])), reading).getpixel((0, 0))
        for value, rest in ((min(one, other), 1e6), (max(one, other), 0))
    ]
    assert seen[0] <= seen[1]


def test_what_no_library_here_reads_is_to_be_converted(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "x.tif", GRAY.astype(np.complex64))
    with pytest.raises(UserError, match="Convert it to PNG or JPEG") as caught:
        decode.open_picture(tmp_path / "x.tif")
    assert caught.value.code == "picture.unsupported"


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_cut_off_floats_are_cut_off(tmp_path: Path, compression: str | None) -> None:
    tifffile.imwrite(tmp_path / "x.tif", UNIT, compression=compression)
    whole = (tmp_path / "x.tif").read_bytes()
    (tmp_path / "x.tif").write_bytes(whole[:-100])
    with pytest.raises(UserError) as caught:
        decode.open_picture(tmp_path / "x.tif")
    assert caught.value.code == "picture.cut_off"


def test_orientation_counts_for_floats_too(tmp_path: Path) -> None:
    tags = [(274, "H", 1, 6, True)]
    tifffile.imwrite(tmp_path / "x.tif", UNIT[:20], extratags=tags)
    assert decode.open_picture(tmp_path / "x.tif").size == (20, 32)


def test_ordinary_pictures_are_not_deep(tmp_path: Path) -> None:
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK"):
        Image.new(mode, (8, 8)).save(tmp_path / "x.tif")
        assert not decode.read(tmp_path / "x.tif", deep.is_deep), mode
