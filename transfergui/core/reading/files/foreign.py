"""Files that are not read here, and what to do with them, by their endings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transfergui.core.base.i18n import N_, _, ngettext

Advice = tuple[str, str]
"""What to do with one file, and with several."""
PICTURE = (N_("Convert it to PNG or JPEG."), N_("Convert them to PNG or JPEG."))
SCAN = (
    N_("Convert it to PNG."),
    N_("Convert them to PNG, with the same brightness range for all."),
)
BOXES = (N_("Export the pictures with their boxes as COCO, Pascal VOC or YOLO."),) * 2
SOUND = (N_("Save single frames as pictures, or the sound as WAV."),) * 2
NOTES = (
    N_("Render it to WAV with a music program."),
    N_("Render them to WAV with a music program."),
)
TEXT = (
    N_("Save it as plain text (.txt), or put the text into a table (.csv or .xlsx)."),
    N_("Save them as plain text (.txt), or put the texts into a table (.csv or .xlsx)."),
)
TABLE = (N_("Save it as CSV."), N_("Save them as CSV."))
WORKBOOK = (N_("Save it as .xlsx or .csv."), N_("Save them as .xlsx or .csv."))
ARCHIVE = (N_("Unpack it and open the folder."), N_("Unpack them and open the folder."))

KINDS: tuple[tuple[str, Advice, Advice], ...] = (
    (".dcm .dicom .nii .mha .mhd .nrrd .ima", (N_("medical scan"), N_("medical scans")), SCAN),
    (
        ".jxl .psd .xcf .kra .eps .ai .ico .icns .tga .exr .hdr .dds",
        (N_("picture"), N_("pictures")),
        PICTURE,
    ),
    (".svg .svgz .emf .wmf", (N_("vector drawing"), N_("vector drawings")), PICTURE),
    (
        ".cr2 .cr3 .nef .arw .dng .orf .rw2 .raf .raw",
        (N_("camera raw photo"), N_("camera raw photos")),
        PICTURE,
    ),
    (
        ".npy .npz .mat .h5 .hdf5 .pt .pth .pkl",
        (N_("numerical array"), N_("numerical arrays")),
        PICTURE,
    ),
    (".tfrecord .tfrec .record", (N_("TensorFlow examples"),) * 2, BOXES),
    (
        ".czi .lif .nd2 .oib .vsi .svs .ndpi .mrxs",
        (N_("microscope picture"), N_("microscope pictures")),
        SCAN,
    ),
    (
        ".mp4 .mov .avi .mkv .wmv .m4v .mpg .mpeg .flv .webm .3gp",
        (N_("video"), N_("videos")),
        SOUND,
    ),
    (".mid .midi", (N_("MIDI notes, not sounds"),) * 2, NOTES),
    (
        ".docx .doc .odt .rtf .pdf .pages .epub .msg .eml .html .htm",
        (N_("document"), N_("documents")),
        TEXT,
    ),
    (".ods .xls .xlsb .numbers .fods", (N_("table"), N_("tables")), WORKBOOK),
    (
        ".parquet .feather .arrow .sav .dta .rds .rdata .db .sqlite .accdb",
        (N_("table"), N_("tables")),
        TABLE,
    ),
    (".zip .rar .7z .gz .tgz .tar .bz2 .xz .zst", (N_("archive"), N_("archives")), ARCHIVE),
)
"""Endings, what one such file is and what several are, and what to do."""

NOTE = re.compile(
    r"(read[ _.-]?me|licen[cs]e|copying|notice|changelog|authors|citation|liesmich|lies[ _-]mich|"
    r"lisez[ _-]?moi|leia[ _-]?me|l[eé]eme|leggimi|czytaj|lees[ _-]?mij)([ _.-].*)?",
    re.IGNORECASE,
)
"""Names of files that are about a collection: README, LICENSE.txt ..."""
NOTE_ENDINGS = frozenset({"", ".txt", ".md"})
"""... and the endings that they have."""
READ = frozenset({".txt", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".xlsx", ".xlsm", ".md"})
"""Endings that are read, or of notes."""
SHOWN = 3
"""Kinds of unknown files that are told."""
_OF_ENDING = {ending: row for row in KINDS for ending in row[0].split()}


def is_note(name: str, ending: str) -> bool:
    """Whether a file of this name, which has this ending, says something about the data, and is
    none of them."""
    return ending in NOTE_ENDINGS and NOTE.fullmatch(name) is not None


def known(ending: str) -> bool:
    """Whether :func:`sentences` has a sentence for files with this ending."""
    return ending in _OF_ENDING


def is_table(ending: str) -> bool:
    """Whether files of this ending are tables, or examples with labels, that are not read here."""
    return known(ending) and _OF_ENDING[ending][2] in (TABLE, WORKBOOK, BOXES)


def sentences(endings: Mapping[str, int], firsts: Mapping[str, str] = {}) -> list[str]:
    """A sentence for each kind of files that are not read, the most numerous first.

    Args:
        endings: how many files have each ending.
        firsts: one file of each, to name it.
    """
    told = []
    for ending, count in sorted(endings.items(), key=lambda item: (-item[1], item[0])):
        if ending in _OF_ENDING:
            _endings, names, advices = _OF_ENDING[ending]
            what, advice = (names[0], advices[0]) if count == 1 else (names[1], advices[1])
            text = ngettext(
                "{count} {ending} file ({what}) is not read.",
                "{count} {ending} files ({what}) are not read.",
                count,
            )
            if ending in firsts:
                text = ngettext(
                    "{count} {ending} file ({what}) is not read (such as {example}).",
                    "{count} {ending} files ({what}) are not read (such as {example}).",
                    count,
                )
            example = firsts.get(ending, "")
            sentence = text.format(count=count, ending=ending, what=_(what), example=example)
            told.append(f"{sentence} {_(advice)}")
    return told


def unknown(endings: Mapping[str, int]) -> list[str]:
    """A sentence for each kind of files of which it is not known what they are."""
    notes = READ | _OF_ENDING.keys()
    told = []
    for ending, count in sorted(endings.items(), key=lambda item: (-item[1], item[0])):
        if ending and ending not in notes:
            text = ngettext(
                "{count} {ending} file is not read. Rename a text to end in .txt, and a table to "
                "end in .csv or .tsv.",
                "{count} {ending} files are not read. Rename texts to end in .txt, and tables to "
                "end in .csv or .tsv.",
                count,
            )
            told.append(text.format(count=count, ending=ending))
    return told[:SHOWN]
