"""Every kind of picture comes out right; every kind of bad file as its own code."""

import os
import socket
import struct
import threading
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFile

from transfergui.core.base.errors import UserError
from transfergui.core.modalities.image import decode, deep


def scene(width: int = 64, height: int = 48) -> Image.Image:
    """A smooth picture with no symmetry: no two orientations or colours look alike."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    channels = [255 * x / width, 255 * y / height, 255 * (1 - x / width) * y / height]
    return Image.fromarray(np.stack(channels, axis=-1).astype(np.uint8))


def difference(a: Image.Image, b: Image.Image) -> float:
    """Mean absolute difference, 0 to 255."""
    assert a.size == b.size
    assert a.mode == b.mode == "RGB"
    return float(np.asarray(ImageChops.difference(a, b)).mean())


def code_of(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        decode.open_picture(path)
    assert caught.value.note.values["path"] == str(path)
    assert str(caught.value)
    return caught.value.code


# -- kinds of pictures


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_exif_orientation_gives_the_upright_picture(
    tmp_path: Path, orientation: int, suffix: str
) -> None:
    upright = scene()
    inverse = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turn = inverse.get(orientation, decode.UPRIGHT.get(orientation))
    stored = upright if turn is None else upright.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"x.{suffix}"
    quality: dict[str, Any] = {"quality": 95} if suffix in ("jpg", "webp") else {}
    stored.save(path, exif=exif, **quality)
    assert difference(decode.open_picture(path), upright) < 3


def test_the_three_rotated_photos_come_out_in_portrait(shared_data: Path) -> None:
    turned = []
    for path in sorted((shared_data / "images/hand-signs").rglob("*.JPG")):
        with Image.open(path) as image:
            if image.getexif().get(0x0112, 1) >= 5 and image.width != image.height:
                turned.append((decode.open_picture(path, 200).size, image.size))
    for (width, height), (stored_width, stored_height) in turned:
        assert (width > height) == (stored_width < stored_height)


def gradient(dtype: type, white: float) -> np.ndarray:
    return np.tile(np.linspace(0, white, 256), (32, 1)).astype(dtype)


@pytest.mark.parametrize(
    ("name", "dtype", "white"),
    [
        ("16-bit.png", np.uint16, 65535),
        ("12-bit.png", np.uint16, 4095),
        ("16-bit.tif", np.uint16, 65535),
        ("32-bit.tif", np.int32, 2_147_483_647),
        ("unit.tif", np.float32, 1.0),
        ("bytes.tif", np.float32, 255.0),
        ("any.tif", np.float32, 1e20),
    ],
)
def test_deep_gray_is_scaled(tmp_path: Path, name: str, dtype: type, white: float) -> None:
    Image.fromarray(gradient(dtype, white)).save(tmp_path / name)
    seen = np.asarray(decode.open_picture(tmp_path / name)).astype(int)
    expected = np.arange(256)[None].repeat(32, axis=0)
    assert np.abs(seen - expected[..., None]).max() <= 1


def test_negative_and_missing_values_are_scaled_too(tmp_path: Path) -> None:
    values = np.array([[-1000.0, 0.0, 1000.0, np.nan]], np.float32)
    Image.fromarray(values).save(tmp_path / "ct.tif")
    assert np.asarray(decode.open_picture(tmp_path / "ct.tif"))[0, :, 0].tolist() == [
        0,
        128,
        255,
        0,
    ]


def test_a_flat_deep_picture_is_not_divided_by_zero(tmp_path: Path) -> None:
    Image.fromarray(np.full((4, 4), -7, np.int32)).save(tmp_path / "flat.tif")
    assert not np.asarray(decode.open_picture(tmp_path / "flat.tif")).any()


def test_transparent_parts_get_the_background_of_the_data_set(tmp_path: Path) -> None:
    half = Image.new("RGBA", (8, 8), (255, 255, 255, 0))
    half.paste((200, 60, 20, 255), (0, 0, 4, 8))
    half.save(tmp_path / "x.png")
    for ground, colour in decode.GROUNDS.items():
        reading = deep.Reading(ground=ground)
        seen = decode.open_picture(tmp_path / "x.png", None, reading)
        assert (seen.getpixel((1, 1)), seen.getpixel((6, 6))) == ((200, 60, 20), colour)
        assert decode.thumbnail(tmp_path / "x.png", 8, reading)[6, 6].tolist() == list(colour)


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    rgba = scene().convert("RGBA")
    rgba.putalpha(Image.new("L", rgba.size, 0))
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    gray = Image.new("LA", (8, 8), (0, 0))
    half = Image.new("RGBA", (8, 8), (255, 0, 0, 128))
    rgba.save(tmp_path / "rgba.png")
    rgba.save(tmp_path / "rgba.webp", lossless=True, exact=True)
    gray.save(tmp_path / "la.png")
    palette.save(tmp_path / "index.png", transparency=1)
    palette.save(tmp_path / "bytes.png", transparency=bytes([255, 0]))
    palette.save(tmp_path / "p.gif", transparency=1)
    scene().save(tmp_path / "key.png", transparency=(0, 0, 0))
    Image.new("L", (8, 8), 9).save(tmp_path / "l.png", transparency=9)
    half.save(tmp_path / "half.png")
    for name in ("rgba.png", "rgba.webp", "la.png", "index.png", "bytes.png", "p.gif", "l.png"):
        assert np.asarray(decode.open_picture(tmp_path / name)).min() == 255, name
    assert decode.open_picture(tmp_path / "key.png").getpixel((0, 0)) == (255, 255, 255)
    assert decode.open_picture(tmp_path / "half.png").getpixel((0, 0)) == (255, 127, 127)


@pytest.mark.parametrize("name", ["cmyk.jpg", "cmyk.tif"])
def test_cmyk_keeps_its_colours(tmp_path: Path, name: str) -> None:
    """Pillow writes CMYK JPEGs as Adobe does: inverted."""
    quality: dict[str, Any] = {"quality": 95} if name.endswith("jpg") else {}
    scene().convert("CMYK").save(tmp_path / name, **quality)
    assert difference(decode.open_picture(tmp_path / name), scene()) < 4


@pytest.mark.parametrize("mode", ["L", "1", "P", "YCbCr", "LAB"])
def test_other_modes_look_like_what_they_store(tmp_path: Path, mode: str) -> None:
    stored = scene().convert(mode)
    path = tmp_path / ("x.tif" if mode in ("YCbCr", "LAB") else "x.png")
    stored.save(path)
    assert difference(decode.open_picture(path), stored.convert("RGB")) < 2


@pytest.mark.parametrize("suffix", ["gif", "png", "webp", "tif"])
def test_of_several_frames_the_first_is_taken(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    path = tmp_path / f"x.{suffix}"
    lossless: dict[str, Any] = {"lossless": True} if suffix == "webp" else {}
    frames[0].save(path, save_all=True, append_images=frames[1:], **lossless)
    assert decode.open_picture(path).getpixel((8, 8)) == (255, 0, 0)


# -- size


@pytest.mark.parametrize("shorter", [1, 50, 100, 101, 399, 400, 2000])
def test_a_draft_is_never_smaller_than_asked_for(tmp_path: Path, shorter: int) -> None:
    scene(800, 400).save(tmp_path / "x.jpg")
    width, height = decode.open_picture(tmp_path / "x.jpg", shorter).size
    assert height >= min(shorter, 400)
    assert (width, height) == (800 * height // 400, height)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3000, 3), (3, 3000), (500, 300)])
def test_thumbnails_fit_and_never_vanish(tmp_path: Path, width: int, height: int) -> None:
    scene(width, height).save(tmp_path / "x.png")
    array = decode.thumbnail(tmp_path / "x.png", 64)
    assert array.dtype == np.uint8
    assert array.ndim == 3
    assert array.shape[2] == 3
    assert 1 <= min(array.shape[:2]) <= max(array.shape[:2]) == min(64, max(width, height))


# -- bad files


def chunk(kind: bytes, data: bytes) -> bytes:
    crc = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)


def bomb(width: int, height: int) -> bytes:
    """A small PNG of ``width`` x ``height`` black pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    squeeze = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    pixels = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("size", [(20000, 20000), (18000, 9900)])
def test_bombs_are_refused_before_decoding(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bomb.png").write_bytes(bomb(*size))
    assert (tmp_path / "bomb.png").stat().st_size < 100_000
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: pytest.fail("decoded"))
    assert code_of(tmp_path / "bomb.png") == "picture.too_large"


def test_a_large_panorama_is_no_bomb(tmp_path: Path) -> None:
    """Pillow warns from 89 million pixels on; we accept these, without its warning."""
    (tmp_path / "wide.png").write_bytes(bomb(30000, 3000))
    assert decode.read(tmp_path / "wide.png", lambda image: image.size) == (30000, 3000)


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "bmp", "tif", "webp"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.98])
def test_cut_off_files_are_told(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"x.{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    Image.fromarray(noise).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert code_of(path) in ("picture.cut_off", "picture.damaged")
    if suffix in ("jpg", "png", "bmp"):
        assert code_of(path) == "picture.cut_off"


UNSUPPORTED = {
    "photoshop.jpg": b"8BPS\0\1" + bytes(60),
    "icon.png": b"\0\0\1\0\1\0" + bytes(60),
    "new.jpg": b"\xff\x0a" + bytes(60),
    "scan.png": bytes(128) + b"DICM" + bytes(60),
}


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_intact_pictures_of_other_kinds_are_to_be_converted(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(UNSUPPORTED[name])
    assert code_of(tmp_path / name) == "picture.unsupported"
    with pytest.raises(UserError, match="Convert it to PNG or JPEG"):
        decode.open_picture(tmp_path / name)


def test_a_jpeg_of_12_bits_is_unsupported_and_not_damaged(tmp_path: Path) -> None:
    scene().save(tmp_path / "x.jpg")
    data = bytearray((tmp_path / "x.jpg").read_bytes())
    frame = data.index(b"\xff\xc0")
    data[frame + 4] = 12
    (tmp_path / "x.jpg").write_bytes(data)
    assert code_of(tmp_path / "x.jpg") == "picture.unsupported"


WRONG = {
    "empty.jpg": (b"", "picture.empty"),
    "placeholder.jpg": (decode.LFS_POINTER + b"v1\noid sha256:0", "picture.lfs_pointer"),
    "text.jpg": (b"just words\n" * 9, "picture.not_a_picture"),
    "page.jpg": (b"<!doctype html><html><body>404</body></html>", "picture.not_a_picture"),
    "paper.jpg": (b"%PDF-1.7\n" + bytes(99), "picture.not_a_picture"),
    "drawing.jpg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "picture.not_a_picture"),
    "program.jpg": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "picture.not_a_picture"),
    "sound.jpg": (b"RIFF\x24\0\0\0WAVEfmt " + bytes(20), "picture.not_a_picture"),
    "stub.jpg": (b"\xff\xd8\xff", "picture.damaged"),
    "stub.png": (b"\x89PNG\r\n\x1a\n", "picture.damaged"),
    "phone.heic": (b"\0\0\0\x18ftypheic\0\0\0\0heic" + bytes(99), "picture.heic"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_picture_is_named(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "_formats", lambda: decode.FORMATS)
    content, code = WRONG[name]
    (tmp_path / name).write_bytes(content)
    assert code_of(tmp_path / name) == code


def test_a_heic_file_is_damaged_where_it_could_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decode, "_formats", lambda: (*decode.FORMATS, "HEIF"))
    monkeypatch.setitem(Image.OPEN, "HEIF", (None, lambda prefix: "cannot be read"))
    (tmp_path / "x.heic").write_bytes(WRONG["phone.heic"][0])
    assert code_of(tmp_path / "x.heic") == "picture.damaged"


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(path))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.mkdir(), "picture.not_a_file"),
        (os.mkfifo, "picture.not_a_file"),
        (make_socket, "picture.not_a_file"),
        (lambda path: path.symlink_to("/dev/zero"), "picture.not_a_file"),
        (lambda path: path.symlink_to("nowhere"), "picture.vanished"),
        (lambda path: path.symlink_to(path), "picture.unreadable"),
        (lambda path: None, "picture.vanished"),
    ],
)
def test_only_regular_files_are_opened(
    tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    make(tmp_path / "x.jpg")
    assert code_of(tmp_path / "x.jpg") == code


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a fake, as root may read everything."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    scene().save(tmp_path / "x.png")
    monkeypatch.setattr("PIL.Image.open", refuse)
    assert code_of(tmp_path / "x.png") == "picture.unreadable"


def test_random_damage_is_never_a_bug(tmp_path: Path) -> None:
    """200 damaged files: each is a picture still, or a UserError; nothing else, and no warning."""
    rng = np.random.default_rng(0)
    exif = Image.Exif()
    exif[0x0112] = 6
    for suffix in ("jpg", "png", "gif", "tif", "webp"):
        path = tmp_path / f"x.{suffix}"
        scene().save(path, exif=exif)
        whole = np.frombuffer(path.read_bytes(), np.uint8)
        for _ in range(40):
            spoilt = whole.copy()
            where = rng.integers(0, min(len(whole), 400), 6)
            spoilt[where] = rng.integers(0, 256, 6)
            path.write_bytes(spoilt.tobytes())
            try:
                assert decode.open_picture(path, 8).mode == "RGB"
            except UserError as error:
                assert error.code.startswith("picture.")


def test_names_of_any_kind_work(tmp_path: Path) -> None:
    for name in ("猫 é.jpg", "line\nbreak.jpg", os.fsdecode(b"bad\xff.jpg"), "x" * 251 + ".jpg"):
        scene().save(tmp_path / "plain.jpg")
        (tmp_path / "plain.jpg").rename(tmp_path / name)
        assert decode.open_picture(tmp_path / name, 16).mode == "RGB"
        (tmp_path / name).write_bytes(b"")
        assert code_of(tmp_path / name) == "picture.empty"


# -- warnings


def test_warnings_stay_inside_and_filters_as_they_were(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "maker"
    scene().save(tmp_path / "x.jpg", exif=exif.tobytes()[:-4])  # corrupt: its end is missing
    with pytest.warns(UserWarning), Image.open(tmp_path / "x.jpg") as image:
        image.getexif()
    before = warnings.filters[:]
    threads = [
        threading.Thread(target=lambda: [decode.open_picture(tmp_path / "x.jpg") for _ in "123456"])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert warnings.filters == before
