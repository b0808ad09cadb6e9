"""What columns of tables beside files are called: paths, classes, splits, groups, boxes, times."""

from __future__ import annotations

import re

from transfergui.core.data import labels
from transfergui.core.reading.files.lookup import MAX_NAME
from transfergui.core.reading.names.words import words

PATHS = (
    "path file filename file_name filepath file_path image image_path img img_path image_name "
    "image_id img_id picture audio audio_path slice_file_name fname wav id"
)
LABELS = (
    "label labels class classes class_name classname class_label category target species breed "
    "diagnosis dx disease finding genre emotion dialect variety grade type kind y "
    "klasse kategorie beurteilung befund diagnose sorte etikett etiquette étiquette classe "
    "catégorie espèce etiqueta clase categoría categoria especie etichetta specie diagnosi klasa "
    "histology histologie histología result outcome ergebnis resultado esito výsledek druh třída "
    "diagnóza rozpoznanie kategoria gatunek typ tipo rodzaj sort art ocena jakość zustand qualität "
    "fehler fehlerart defekt defect oordeel bewertung "
    "valutazione класс категория метка klass soort 类别 分类 标签 "
    "クラス ラベル"
)
AMBIGUOUS = labels.word_set("kind type typ tipo art sort genre klasse classe klasa clase y")
"""Names of columns of classes that mean other things, too: a child, a school class, a gender."""
KINDS = "type kind class category klasse kategorie soort typ tipo rodzaj sort art classe clase"
"""First words of the names of such columns: ``type of wood``, ``soort wond``."""
SPLITS = "split set subset usage partition phase"
GROUPS = (
    "group patient subject speaker person participant individual lesion specimen source "
    "session recording video src_file fsid clip_source site camera scanner location farm plot "
    "slide series observer user client fold"
)
BOXES = (
    {"region_shape_attributes"},
    {"bbox"},
    {"rectanglelabels"},
    {"polygonlabels"},
    {"brushlabels"},
    {"keypointlabels"},
    {"ellipselabels"},
)
"""Names of columns of which a table of boxes has all of one set; others are in
:mod:`.box_columns`."""
SPANS = tuple(
    {f"{one}{unit}", f"{other}{unit}"}
    for one, other in (
        ("start", "end"),
        ("start_time", "end_time"),
        ("begin", "end"),
        ("begin_time", "end_time"),
        ("onset", "offset"),
        ("tmin", "tmax"),
    )
    for unit in ("", "_s", "_(s)", "_seconds", "_sec", "_ms")
)
"""The same of a table with a row for each thing that is heard in a recording."""

DECLARED = 4
"""So many of the first names of groups are meant so even where no value comes twice."""
FILE_WORDS = (
    "foto fotos bild datei dateiname pfad image images img file filename photo picture pic path "
    "fichier archivo imagen audio sound wav clip aufnahme recording enregistrement grabacion"
)
"""Words in the names of columns that name files, whatever else there is."""
GROUP_WORD = re.compile(
    r"(pat|patient|patienten|patientin|subject|subj|proband|probanden|speaker|sprecher|person|"
    r"participant|teilnehmer|client|individu|individual|participante|paciente|paziente|pacient|"
    r"pacjent|patientin|pupil|student|learner|alunno|alunna|alumno|alumna|aluno|aluna|schuler|"
    r"schulerin|eleve|apprenant|uczen|zak|leerling|elev|oppilas|sujet|soggetto|sujeto|osoba|"
    r"persona|personne|locuteur|hablante|parlante|falante|mowca|mluvci|spreker|talare|deelnemer|"
    r"singer|sanger|sangerin|cantante|chanteur|volunteer|voluntario|probandin|versuchsperson)"
    r"(id|ids|nummer|nr|no|code|number)?"
)
"""The first word in the name of a column that says who or what several files are of."""
IDENTIFYING = frozenset(("id", "ids", "nr", "no", "nummer", "number", "code", "name", "n"))
"""Words that may follow it."""
NUMBERING = frozenset(("id", "index", "idx", "nr", "no", "no.", "#", "unnamed:_0"))
"""What columns are called that number the rows."""
FOLD = re.compile(r"k?folds?|split|cv")
LAST = 100
"""How likely a column is a group that is only called like a fold."""


def column_key(name: str) -> str:
    """``patient_id`` for ``Patient ID`` and ``text`` for ``data.text``, as columns are compared."""
    return re.sub(r"[\s\-]+", "_", name.rpartition(".")[2].strip().lower())


def known_name(name: str, aliases: str) -> int | None:
    """How likely a column of this name is what the ``aliases`` mean, the smaller the likelier."""
    key, known = column_key(name), aliases.split()
    short = re.sub(r"_?(id|ids|no|nr|number|name)$", "", key)
    last = key.rpartition("_")[2] if len(key.rpartition("_")[2]) > 1 else ""  # utm_y is no y
    return next((known.index(each) for each in (key, short, last) if each in known), None)


def label_rank(name: str) -> int | None:
    """How likely a column of this name tells classes; also by its first word, as ``type of wood``
    does."""
    rank = known_name(name, LABELS)
    first, *others = words(name) or [""]
    known = LABELS.split()
    return known.index(first) if rank is None and others and first in KINDS.split() else rank


def may_name(cell: str) -> bool:
    return 0 < len(cell) <= MAX_NAME


def called_a_file(name: str) -> bool:
    """Whether the name of a column says that it names files."""
    return any(word in FILE_WORDS.split() for word in words(name))


def ends_as_number(name: str) -> bool:
    """Whether a column is called as numbers of things are: ``gbifID``, ``Auftrag Nr``."""
    found = words(name)
    return len(found) > 1 and found[-1] in ("id", "ids", "nr", "uuid", "uid")


def only_numbers_rows(name: str) -> bool:
    """Whether a column is called as running numbers are: ``id``, ``gbifID``."""
    return column_key(name) in NUMBERING or ends_as_number(name)


def identifies(name: str) -> bool:
    """Whether a column called so tells who it is, and not how old or of which sex."""
    return all(word in IDENTIFYING or GROUP_WORD.fullmatch(word) for word in words(name))


def is_ambiguous(name: str) -> bool:
    """Whether a column of classes may be called so, and something else as well."""
    return column_key(name) in AMBIGUOUS
