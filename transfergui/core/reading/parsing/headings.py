"""What columns are called: the names of texts, labels, splits and groups."""

import re
from collections.abc import Mapping, Sequence

from transfergui.core.reading.parsing.cells import SHORT, commonest

PREAMBLE = 10
"""Rows above the header in which a title may stand."""

NAMES: Mapping[str, str] = {
    "text": "text texts sentence review reviews content contents comment comments body message "
    "messages tweet document utterance question title headline description "
    "文本 内容 评论 评价 句子 标题 kommentar kommentare bemerkung bemerkungen antwort freitext "
    "nachricht rezension texte commentaire commentaires remarque remarques réponse testo commento "
    "commenti recensione texto comentario comentarios reseña respuesta comentário tekst komentarz "
    "текст комментарий отзыв",
    "label": "label class class_name category target labels sentiment polarity rating stars score "
    "topic intent emotion choices accept cats 标签 类别 分类 情感 "
    "klasse kategorie etikett stimmung classe catégorie categorie étiquette clase categoría "
    "categoria etichetta etiqueta klasa kategoria класс категория метка",
    "split": "split set subset",
    "group": "group patient subject speaker email mail user author client customer participant "
    "respondent reviewer member account person kunde kundin nutzer benutzer proband teilnehmer "
    "patientin autor autorin verfasser auteur utilisateur cliente usuario paciente paziente autore "
    "utente klient pacjent автор клиент пациент",
}
"""What each column may be called, in lower case; earlier names are likelier."""
IDENTIFYING = (
    "id", "ids", "nr", "no", "number", "code", "key", "name", "login", "uid", "hash", "address"
)  # fmt: skip
"""What may follow the name of a group: ``customer.id``, ``user_name``, ``authorId``."""

OTHER_FORMS = ("_name", "_text", "_str", "_id", "_idx", "_index", "_code", "_num")
"""What the name of a column with classes may end in."""
PARTS = ("train", "training", "val", "valid", "validation", "dev", "test", "testing")
"""Names of the lists of a JSON file that holds one for each part."""


def width_of(rows: Sequence[Sequence[str]]) -> int:
    """How many columns there are: no more than have names, where the first row names them."""
    width = commonest(map(len, rows))
    named = next((len(cells) for cells in rows[:PREAMBLE] if names_columns(cells)), width)
    return min(named, width) if named > 1 else width


def names_columns(cells: Sequence[str]) -> bool:
    """Whether a row has the name that a column is mostly called by."""
    known = {"path", "file", "filename", "file_name", "image", "audio", "id"}
    known.update(*(NAMES[key].split() for key in ("text", "label")))
    return (
        bool(cells)
        and all(len(cell) <= SHORT for cell in cells)
        and any(cell.strip().lower() in known for cell in cells)
    )


def parts_in(title: str) -> set[str]:
    return set(re.split(r"[^a-z]+", title.lower())) & set(PARTS)


def names_of(named: Sequence[str], width: int) -> tuple[str, ...]:
    """What each column is called; its number where it has no name, and ``label (2)`` for the
    second that is called ``label``."""
    said = [name.strip() for name in named[:width]]
    said += [""] * (width - len(said))
    names: list[str] = []
    for place, name in enumerate(said, 1):
        before = said[: place - 1].count(name)
        numbered = f"{name} ({before + 1})" if before else name
        names.append(numbered if name and numbered not in names else str(place))
    return tuple(names)


def columns_named(header: Sequence[str], key: str) -> list[int]:
    """The columns that the header calls by the likeliest name of ``key``; mostly one."""
    names = [name.strip().lower() for name in header]
    known = NAMES[key].split()
    if key == "label":
        known += [f"{name}{form}" for name in known for form in OTHER_FORMS]
    depths = [0] * len(names)
    if not set(known) & set(names):  # of JSON: data.text
        depths = [name.count(".") for name in names]
        names = [name.rpartition(".")[2] for name in names]
        known = ["choices", *known] if key == "label" else known  # not the labels of its words
    likeliest = next((name for name in known if name in names), None)
    found = [at for at, name in enumerate(names) if name == likeliest]
    return [at for at in found if depths[at] == min(depths[other] for other in found)]


def is_label(name: str) -> bool:
    """Whether a column is called as labels are."""
    return name.strip().lower().rpartition(".")[2] in NAMES["label"].split()


def group_columns(header: Sequence[str]) -> list[int]:
    """The columns that are called as those whose values keep rows together, likelier ones first."""
    known = NAMES["group"].split()
    ranks: dict[int, tuple[int, bool]] = {}
    for at, name in enumerate(header):
        parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip()).lower()
        words = [word for word in re.split(r"[\W_]+", parts) if word]
        identified = len(words) > 1 and words[-1] in IDENTIFYING
        word = words[-2] if identified else words[-1] if words else ""
        own = "." in name or len(words) == 1 + identified
        mail = word == "subject" and not identified  # of a message, or what it is about
        if own and word in known and not mail:
            ranks[at] = (known.index(word), identified and words[-1] not in ("id", "ids"))
    return sorted(ranks, key=ranks.__getitem__)
