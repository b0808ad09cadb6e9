"""Makes the bad files that the program must survive, numbered as in the project's list of faults.

``make_corpus(folder)`` returns where each one is: the file itself where the
fault is in a file, the dataset to open where it is in a folder or an archive.
All file faults lie together in the dataset ``corpus["mixed"]`` (classes ``cat`` and
``dog``, each with good pictures beside them), so that one scan meets them all.

As a script: ``python -m tests.bad_files FOLDER``.
"""

import io
import os
import shutil
import socket
import struct
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from PIL import Image

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 123456\n" % 7
HEIC_HEAD = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(range(256))
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
HTML = b"<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
UPRIGHT = 1
ORIENTATION_TAG = 0x0112


def picture(seed: int, size: tuple[int, int] = (48, 40), mode: str = "RGB") -> Image.Image:
    """A smooth random picture (width, height), different for every seed."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of a picture file."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def make_class(folder: Path, count: int, seed: int) -> Path:
    """``count`` good pictures, ``folder/00.jpg`` ..."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        picture(1000 * seed + number).save(folder / f"{number:02}.jpg", quality=90)
    return folder


def make_classes(folder: Path, counts: dict[str, int]) -> Path:
    """A dataset with a folder per class, with that many good pictures each."""
    for seed, (name, count) in enumerate(counts.items(), start=1):
        make_class(folder / name, count, seed)
    return folder


def many_classes(folder: Path, classes: int, each: int = 1) -> Path:
    """Fault 6: so many classes; every picture is a few hundred bytes."""
    for label in range(classes):
        home = folder / f"class {label}"
        home.mkdir(parents=True)
        for number in range(each):
            seed = (label * each + number).to_bytes(3, "big")
            (home / f"{number}.bmp").write_bytes(tiny_bmp(seed))
    return folder


def tiny_bmp(colour: bytes, side: int = 8) -> bytes:
    """A BMP of one colour, much faster made than by Pillow."""
    pixels = (colour * side) * side
    head = struct.pack("<2sIHHI", b"BM", 54 + len(pixels), 0, 0, 54)
    info = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, len(pixels), 2835, 2835, 0, 0)
    return head + info + pixels


def png_header(width: int, height: int, bits: int, colour: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(
        b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    )


def png_chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def bomb_png(side: int = 20_000) -> bytes:
    """Fault 16: a valid one-bit PNG of ``side`` x ``side`` pixels in some 50 KB."""
    packer, row = zlib.compressobj(9), b"\0" * (1 + side // 8)
    data = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    return png_header(side, side, 1, 0) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


# -- faults of files, all in one dataset


def _truncated(folder: Path) -> dict[str, Path]:
    """12: JPEG (baseline and progressive) and PNG, cut off at 50 and 98 per cent."""
    big = picture(77, (400, 300))
    noisy = Image.fromarray(np.random.default_rng(1).integers(0, 256, (90, 90, 3), np.uint8))
    wholes = {
        "jpg": encoded(big, "JPEG", quality=90),
        "progressive.jpg": encoded(big, "JPEG", progressive=True),
        "png": encoded(noisy, "PNG"),
        "gif": encoded(noisy.convert("P"), "GIF"),
        "webp": encoded(noisy, "WEBP"),
        "tif": encoded(noisy, "TIFF"),
        "bmp": encoded(noisy, "BMP"),
    }
    return {
        f"12_truncated_{percent}_{name}": write(
            folder / f"cut_{percent}_{name}", whole[: len(whole) * percent // 100]
        )
        for name, whole in wholes.items()
        for percent in (50, 98)
    }


def _disguised(folder: Path) -> dict[str, Path]:
    """13-15 and 20: what is in the file is not what its name says."""
    jpeg = encoded(picture(15), "JPEG")
    contents = {
        "13_zero_bytes": ("zero.jpg", b""),
        "14_text": ("text.jpg", b"these are words, not pixels\n" * 20),
        "14_html": ("page.jpg", HTML),
        "14_pdf": ("paper.jpg", PDF),
        "14_svg": ("drawing.jpg", SVG),
        "14_binary": ("noise.jpg", bytes(np.random.default_rng(3).integers(0, 256, 999, np.uint8))),
        "15_png_named_jpg": ("really_png.jpg", encoded(picture(16), "PNG")),
        "15_no_extension": ("no_extension", jpeg),
        "20_heic": ("phone.heic", HEIC_HEAD),
        "20_heic_named_jpg": ("phone.jpg", HEIC_HEAD),
        "lfs_pointer": ("pointer.jpg", LFS_POINTER),
    }
    return {key: write(folder / name, data) for key, (name, data) in contents.items()}


def _shapes(folder: Path) -> dict[str, Path]:
    """16 and 17: far too large, far too long, far too small."""
    panorama = Image.new("L", (30_000, 30), 128)
    contents = {
        "16_bomb": ("bomb.png", bomb_png()),
        "17_panorama": ("panorama.png", encoded(panorama, "PNG")),
        "17_tower": ("tower.png", encoded(panorama.transpose(Image.Transpose.ROTATE_90), "PNG")),
        "17_one_pixel": ("pixel.png", encoded(Image.new("RGB", (1, 1), "red"), "PNG")),
    }
    return {key: write(folder / name, data) for key, (name, data) in contents.items()}


def _modes(folder: Path) -> dict[str, Path]:
    """18: colours stored in unusual ways; every one decodes to (nearly) the same picture."""
    base = picture(18)
    gray16 = Image.fromarray(np.asarray(base.convert("L")).astype(np.uint16) * 257)
    alpha = base.copy()
    alpha.putalpha(Image.linear_gradient("L").resize(base.size))
    frames = [picture(seed) for seed in (181, 182)]
    contents = {
        "18_cmyk": ("cmyk.tif", encoded(base.convert("CMYK"), "TIFF")),
        # as Photoshop and Pillow write it: inverted, with the APP14 marker that says so
        "18_adobe_cmyk": ("adobe.jpg", encoded(base.convert("CMYK"), "JPEG", quality=95)),
        "18_gray": ("gray.jpg", encoded(base.convert("L"), "JPEG", quality=95)),
        "18_gray16": ("gray16.png", encoded(gray16, "PNG")),
        "18_gray16_tiff": ("gray16.tif", encoded(gray16, "TIFF")),
        "18_rgb16": ("rgb16.png", rgb16_png(base)),
        "18_one_bit": ("one_bit.png", encoded(base.convert("1"), "PNG")),
        "18_rgba": ("rgba.png", encoded(alpha, "PNG")),
        "18_la": ("la.png", encoded(alpha.convert("LA"), "PNG")),
        "18_palette": ("palette.png", encoded(base.convert("P"), "PNG")),
        "18_palette_alpha": ("palette_alpha.png", palette_alpha(base)),
        "18_animated_gif": (
            "animated.gif",
            encoded(base, "GIF", save_all=True, append_images=frames, duration=50),
        ),
        "18_animated_webp": (
            "animated.webp",
            encoded(base, "WEBP", save_all=True, append_images=frames, lossless=True),
        ),
        "18_multipage_tiff": (
            "pages.tif",
            encoded(base, "TIFF", save_all=True, append_images=frames),
        ),
    }
    return {key: write(folder / name, data) for key, (name, data) in contents.items()}


def rgb16_png(image: Image.Image) -> bytes:
    """A PNG with 16 bits per channel, which Pillow cannot write."""
    deep = np.asarray(image.convert("RGB")).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in deep)
    head = png_header(image.width, image.height, 16, 2)
    return head + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")


def palette_alpha(image: Image.Image) -> bytes:
    """A palette PNG whose first colour is transparent."""
    return encoded(image.convert("P"), "PNG", transparency=0)


def orientations(folder: Path) -> dict[str, Path]:
    """19: the same picture stored in the eight EXIF orientations (1 is the upright copy)."""
    turns = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    made = {}
    for number, turn in turns.items():
        exif = Image.Exif()
        exif[ORIENTATION_TAG] = number
        stored = picture(19) if turn is None else picture(19).transpose(turn)
        data = encoded(stored, "PNG", exif=exif.tobytes())
        made[f"19_orientation_{number}"] = write(folder / f"orientation_{number}.png", data)
    return made


def _odd_names(folder: Path) -> dict[str, Path]:
    """25: names that are hard to print; those that this file system refuses are left out."""
    names: dict[str, bytes] = {
        "25_undecodable": b"caf\xe9.jpg",
        "25_newline": b"new\nline.jpg",
        "25_rtl": "photo\u202egpj.exe.jpg".encode(),
        "25_emoji": "\U0001f431.jpg".encode(),
        "25_trailing_space": b"space.jpg ",
        "25_trailing_dot": b"dot.jpg.",
        "25_longest": b"n" * 251 + b".jpg",
        "25_chinese": "\u732b \u56fe\u7247.jpg".encode(),
    }
    made = {}
    for seed, (key, name) in enumerate(names.items(), start=250):
        path = folder / os.fsdecode(name)
        try:
            write(path, encoded(picture(seed), "JPEG"))
        except OSError:
            continue
        made[key] = path
    return made


def _special(folder: Path, outside: Path) -> dict[str, Path]:
    """21-24 and 28: links, folders, pipes and sockets that are named like pictures."""
    real = write(outside / "elsewhere.jpg", encoded(picture(21), "JPEG"))
    made = {
        "21_loop": folder / "loop",
        "21_loop_self": folder / "self.jpg",
        "21_link_inside": folder / "link_inside.jpg",
        "21_link_outside": folder / "link_outside.jpg",
        "22_dangling": folder / "dangling.jpg",
        "23_folder": folder / "folder.jpg",
        "24_fifo": folder / "fifo.jpg",
        "24_socket": folder / "socket.jpg",
        "28_unreadable": folder / "unreadable.jpg",
    }
    made["21_loop"].symlink_to(folder.parent, target_is_directory=True)
    made["21_loop_self"].symlink_to(made["21_loop_self"])
    made["21_link_inside"].symlink_to(folder / "00.jpg")
    made["21_link_outside"].symlink_to(real)
    made["22_dangling"].symlink_to(folder / "nowhere.jpg")
    made["23_folder"].mkdir()
    os.mkfifo(made["24_fifo"])
    _bind(made["24_socket"])
    write(made["28_unreadable"], encoded(picture(28), "JPEG")).chmod(0)
    return made


def _bind(path: Path) -> None:
    """A socket file; bound by its short name, as socket paths may have only 107 bytes."""
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as endpoint:
        os.chdir(path.parent)
        try:
            endpoint.bind(path.name)
        finally:
            os.chdir(here)


def _system_files(folder: Path) -> dict[str, Path]:
    """34: what systems leave behind; to be ignored without a word."""
    good = encoded(picture(34), "JPEG")
    contents = {
        "34_ds_store": (".DS_Store", b"\0\0\0\1Bud1"),
        "34_thumbs": ("Thumbs.db", b"\xd0\xcf\x11\xe0"),
        "34_apple_double": ("._00.jpg", b"\0\5\x16\7"),
        "34_desktop_ini": ("desktop.ini", b"[.ShellClassInfo]\r\n"),
        "34_hidden_folder": (".thumbnails/00.jpg", good),
        "34_macosx": ("__MACOSX/00.jpg", good),
    }
    return {key: write(folder / name, data) for key, (name, data) in contents.items()}


def make_mixed(folder: Path) -> dict[str, Path]:
    """The dataset with every file fault; good pictures in both classes."""
    make_classes(folder, {"cat": 12, "dog": 12})
    cat = folder / "cat"
    made = {"mixed": folder}
    for part in (_truncated, _disguised, _shapes, _modes, orientations, _odd_names, _system_files):
        made |= part(cat)
    if os.name == "posix":
        made |= _special(cat, folder.with_name(folder.name + "_outside"))
    return made


# -- faults of folders: a dataset each


def _near_duplicates(folder: Path) -> Path:
    """11: photos, each followed by a smaller, recompressed copy of itself."""
    make_classes(folder, {"cat": 8, "dog": 8})
    for number in range(4):
        original = picture(1100 + number, (320, 240))
        original.save(folder / "cat" / f"near_{number}_a.jpg", quality=95)
        smaller = original.resize((240, 180))
        smaller.save(folder / "cat" / f"near_{number}_b.jpg", quality=75)
    return folder


def _exact_duplicates(folder: Path) -> Path:
    """11: ``copy_of_00.jpg`` and ``again/00.jpg``'s bytes are those of ``00.jpg``."""
    make_classes(folder, {"cat": 8, "dog": 8})
    for name in ("copy_of_00.jpg", "second_copy_of_00.jpg"):
        shutil.copyfile(folder / "cat" / "00.jpg", folder / "cat" / name)
    return folder


def _same_file_in_two_classes(folder: Path) -> Path:
    """10: one picture of cats is among the dogs as well."""
    make_classes(folder, {"cat": 8, "dog": 8})
    shutil.copyfile(folder / "cat" / "03.jpg", folder / "dog" / "also_a_dog.jpg")
    return folder


def _similar_names(folder: Path) -> Path:
    """9: class names that differ by case, space, or Unicode normal form."""
    cafe = "caf\u00e9"
    names = ["Cat", "cat", "cat ", "dog", cafe, unicodedata.normalize("NFD", cafe)]
    return make_classes(folder, dict.fromkeys(names, 4))


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _empty_class(folder: Path) -> Path:
    make_classes(folder, {"cat": 6, "dog": 6})
    (folder / "fish").mkdir()
    return folder


FOLDERS: dict[str, Callable[[Path], Path]] = {
    "01_empty": _empty,
    "02_one_class": lambda folder: make_classes(folder, {"cat": 8}),
    "03_one_picture": lambda folder: make_classes(folder, {"cat": 1}),
    "04_class_with_one": lambda folder: make_classes(folder, {"cat": 8, "dog": 8, "fish": 1}),
    "05_empty_class": _empty_class,
    "06_many_classes": lambda folder: many_classes(folder, 100, each=3),
    "08_uneven": lambda folder: make_classes(folder, {"cat": 60, "dog": 4}),
    "09_similar_names": _similar_names,
    "10_two_classes": _same_file_in_two_classes,
    "11_exact": _exact_duplicates,
    "11_near": _near_duplicates,
    "26_chinese": lambda folder: make_classes(folder / "\u6211\u7684 \u56fe", {"猫": 6, "狗": 6}),
    "27_long": lambda folder: make_classes(
        folder.joinpath(*["deep" * 30] * 4), {"cat": 4, "dog": 4}
    ),
}


# -- faults of archives


def make_zip(path: Path, members: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    """A zip with these members, whatever their names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members:
            archive.writestr(name, data, compress_type=zipfile.ZIP_DEFLATED)
    return path


def good_members() -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    """A small good dataset, as members of a zip."""
    return [
        (f"{name}/{number}.jpg", encoded(picture(10 * label + number), "JPEG"))
        for label, name in enumerate(("cat", "dog"))
        for number in range(4)
    ]


def symlink_member(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    return info, target.encode()


def encrypted_zip(path: Path) -> Path:
    """A zip whose members are marked as encrypted (the bit is set in both headers)."""
    data = bytearray(make_zip(path, good_members()).read_bytes())
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(signature, start + 4)
    return write(path, bytes(data))


def bomb_zip(path: Path, megabytes: int = 2000) -> Path:
    """A small zip that unpacks to gigabytes: many members of one megabyte of zeros."""
    zeros = b"\0" * 1_000_000
    return make_zip(path, ((f"cat/{number}.bmp", zeros) for number in range(megabytes)))


def lying_zip(path: Path) -> Path:
    """A bomb whose headers claim that its one member is small."""
    data = bytearray(make_zip(path, [("cat/0.bmp", b"\0" * 50_000_000)]).read_bytes())
    for signature, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        start = data.find(signature)
        data[start + offset : start + offset + 4] = struct.pack("<I", 1000)
    return write(path, bytes(data))


def nested_bomb_zip(path: Path) -> Path:
    """Like 42.zip: zips within a zip, harmless unless somebody unpacks those as well."""
    inner = make_zip(path.with_suffix(".inner"), [("0.bmp", b"\0" * 1_000_000)]).read_bytes()
    path.with_suffix(".inner").unlink()
    return make_zip(path, ((f"lib {number}.zip", inner) for number in range(16)))


ARCHIVES: dict[str, Callable[[Path], Path]] = {
    "good_zip": lambda path: make_zip(path, good_members()),
    "35_slip": lambda path: make_zip(path, [*good_members(), ("../../slipped.jpg", b"x")]),
    "35_absolute": lambda path: make_zip(path, [*good_members(), ("/tmp/slipped.jpg", b"x")]),
    "35_drive": lambda path: make_zip(path, [*good_members(), ("C:\\slipped.jpg", b"x")]),
    "35_backslash": lambda path: make_zip(path, [*good_members(), ("..\\slipped.jpg", b"x")]),
    "35_symlink": lambda path: make_zip(
        path, [*good_members(), symlink_member("cat/way_out", "../../..")]
    ),
    "36_bomb": lambda path: bomb_zip(path, 300),
    "36_lying": lying_zip,
    "36_nested": nested_bomb_zip,
    "36_encrypted": encrypted_zip,
    "36_not_a_zip": lambda path: write(path, b"PK\3\4 and then nothing of the kind"),
    "36_cut_off": lambda path: write(path, make_zip(path, good_members()).read_bytes()[:-60]),
}


def make_corpus(folder: Path) -> dict[str, Path]:
    """Write all of it below ``folder`` (new or empty) and say where each fault is."""
    made = make_mixed(folder / "mixed")
    made |= {key: make(folder / key) for key, make in FOLDERS.items()}
    made |= {key: make(folder / "zips" / f"{key}.zip") for key, make in ARCHIVES.items()}
    return made


if __name__ == "__main__":
    for key, path in make_corpus(Path(sys.argv[1])).items():
        print(f"{key:24}{str(path)!a}")
