"""Names of classes that are the same to a person, and names that may be meant to be the same.

``0`` and ``0.0``, ``True`` and ``true``, accents stored in two forms, spaces at the ends: nobody
means two classes by these, so they are one. Capitals, ``new york`` and ``new_york``, ``1`` and
``01`` may be meant (``US`` is not ``us``), and ``Boen`` may be ``Bön``: the user is asked.
"""

import difflib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal

from transfergui.core.base.i18n import _, comma_list


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
"""Characters that take no room. Joiners are none of them: scripts and emoji need those."""
QUOTED = re.compile(r"""\[\s*(["'])([^"'\[\]]+)\1\s*\]|(["'])([^"']+)\3""")
"""A text as JSON and Python write it, alone or as the only one of a list."""
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d*)?(?:e[+-]?\d{1,4})?", re.IGNORECASE | re.ASCII)
WHOLE = re.compile(r"-?(?:0|[1-9]\d*)(?:\.0*|,00?)?|-?\d(?:\.\d+)?e\+?\d{1,4}", re.I | re.ASCII)
"""A whole number as programs write it, without zeros in front."""
CODE = re.compile(r"\d\.\d")
"""In a name that is no number: versions, sections. Among these, ``1.0`` may not be 1."""
BOOLEANS = frozenset({"true", "false"})
YES = word_set(
    "1 true t yes y ja j wahr oui o vrai si s verdadero cierto vero sim verdadeiro sann sant "
    "kylla tak prawda ano pravda igen igaz evet да истина ναι 是 对 真 はい 예"
)
NO = word_set(
    "0 false f no n nein falsch non faux falso nao nej falskt usann nei falsk nee onwaar ei nie "
    "falsz ne nepravda nem hamis hayir нет ложь οχι 否 不 错 假 いいえ 아니오"
)
"""How people write that something holds, or does not, without accents and in lower case."""
HYPHENS = re.compile("[\u2010\u2011\ufe63\uff0d]")
BETWEEN = re.compile("(?<=\\w)[\\s_\u2012\u2013\u2014\u2212-]+(?=\\w)")
STOPS = re.compile(r"(?<=\w)[.,;:!]+$")
"""What ends a sentence, behind a name."""
LIGATURES = {ord("æ"): "a", ord("ø"): "o", ord("œ"): "o"}
SPELT_OUT = re.compile("([aou])e")
"""How German and Nordic vowels are written where there are no marks: ``Schoener``."""
COPY = re.compile(r"(?<=.)[\s_-]+(-\s*)?(copy|kopie|copia|copie|kopia|kopi|副本)(\s*\(?\d+\)?)?$")
COPY_OF = re.compile("^(copy of|kopie von|copia de|copia di|copie de) (?=.)")
"""What systems add to the name of a copied folder."""
ACCENTED = re.compile("([A-Za-z\u0391-\u03a9\u03b1-\u03c9])[\u0300-\u036f]+")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
"""A word or a number in a name: ``Red``, ``Fox``, ``12`` of ``RedFox_12``."""
DIGITS = re.compile(r"\d+")
PARTS = frozenset(("train", "training", "val", "valid", "validation", "test", "testing"))
PLURALS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", ""))
SHORT, MISTYPED = 7, 0.8
"""Names of fewer characters are not taken for mistyped; the share of characters that two have in
common that are."""
MOST = 200
"""Among more classes, none is looked for that is mistyped."""
NAMED = 5
"""So many names are written out."""


def tidy(name: str) -> str:
    """``name`` without what cannot be seen: accents in one form (NFC), single spaces, no quotes."""
    text = unicodedata.normalize("NFC", HYPHENS.sub("-", UNSEEN.sub("", name)))
    text = re.sub(" ?/ ?", "/", " ".join(text.split()))
    quoted = QUOTED.fullmatch(text)
    return ((quoted[2] or quoted[4]).strip() if quoted else text) or name


def same(names: Iterable[str]) -> list[list[str]]:
    """Those of ``names`` that differ in nothing a person would tell apart, two or more each."""
    tidied = {name: tidy(name) for name in dict.fromkeys(names)}
    codes = any(CODE.search(t) and not NUMBER.fullmatch(t) for t in tidied.values())

    def key(name: str) -> Hashable:
        text = tidied[name]
        if not codes and WHOLE.fullmatch(text):
            value = Decimal(text.replace(",", "."))
            if _is_whole(value):
                return value
        return text.lower() if text.lower() in BOOLEANS else text

    return _several(tidied, key)


def distinct(names: Iterable[str]) -> list[str]:
    """``names`` without those that are the :func:`same` as another one."""
    found = list(dict.fromkeys(names))
    again = {name for several in same(found) for name in several[1:]}
    return [name for name in found if name not in again]


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def similar(names: Iterable[str]) -> list[list[str]]:
    """Those of ``names`` that may be meant to be one: but for capitals, for what stands between
    words or behind them, and for the way a number is written, they are the same. Where all say yes
    or no, so are ``1``, ``true`` and ``ja``. Two or more each."""
    distinct = list(dict.fromkeys(names))
    truths = {name: holds(name) for name in distinct}
    only_truths = set(truths.values()) == {True, False}
    return _several(distinct, truths.__getitem__ if only_truths else loosely)


def holds(name: str) -> bool | None:
    """What a cell of yes and no says, in any spelling and language; None for other cells."""
    plain = without_accents(unicodedata.normalize("NFKC", tidy(name)).casefold())
    plain = {"1.0": "1", "1,0": "1", "0.0": "0", "0,0": "0"}.get(plain, plain)
    return True if plain in YES else False if plain in NO else None


def loosely(name: str) -> Hashable:
    """What names that are :func:`similar` have in common."""
    text = unicodedata.normalize("NFKC", tidy(name))
    if NUMBER.fullmatch(text):
        return Decimal(text.replace(",", "."))
    plain = COPY_OF.sub("", COPY.sub("", without_accents(STOPS.sub("", text.casefold()))))
    return BETWEEN.sub(" ", SPELT_OUT.sub(r"\1", plain.translate(LIGATURES)))


def without_accents(text: str) -> str:
    """``cafe`` for ``café``, and ``γατα`` for ``γάτα``. Only Latin and Greek letters: in other
    scripts the marks make other letters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", ACCENTED.sub(r"\1", unicodedata.normalize("NFD", text)))


def nearly(names: Iterable[str], known: Sequence[str]) -> dict[str, str]:
    """The one of ``known`` that each of ``names`` is another form of: the plural, words in one
    (``RedFox``), with the word train or test, or a spelling mistake. Where several may be meant,
    none is."""
    stems = {other: _stem(other) for other in known}
    found: dict[str, list[str]] = {}
    for name in names:
        stem = _stem(name)
        alike = [other for other in known if stems[other] == stem]
        if not alike and len(stems) <= MOST:
            alike = [other for other in known if _mistyped(stem, stems[other])]
        found[name] = alike
    times = Counter(other for others in found.values() for other in others)
    return {n: o[0] for n, o in found.items() if len(o) == 1 and times[o[0]] == 1}


def _stem(name: str) -> str:
    """``redfox`` of ``Red Foxes`` and ``train_RedFox``."""
    parts = [_singular(word) for word in words(tidy(name)) if word not in PARTS]
    return "".join(parts) or name


def words(name: str) -> list[str]:
    """``['red', 'foxes', '12']`` of ``RedFoxes_12``: in lower case, without accents."""
    plain = name if name.isascii() else without_accents(unicodedata.normalize("NFKC", name))
    return [word.lower() for word in WORD.findall(plain)]


def _singular(word: str) -> str:
    for ending, instead in PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + instead
    return word


def _mistyped(one: str, two: str) -> bool:
    """Whether a letter or two differ, and no number."""
    if min(len(one), len(two)) < SHORT or DIGITS.findall(one) != DIGITS.findall(two):
        return False
    return difflib.SequenceMatcher(None, one, two, autojunk=False).ratio() >= MISTYPED


def _several(names: Iterable[str], key: Callable[[str], Hashable]) -> list[list[str]]:
    alike: dict[Hashable, list[str]] = defaultdict(list)
    for name in names:
        alike[key(name)].append(name)
    return [several for several in alike.values() if len(several) > 1]


def plainest(names: Sequence[str], counts: Mapping[str, int]) -> str:
    """What names that are the :func:`same` are called together: the shortest that is tidy, of
    several the commonest."""
    return tidy(min(names, key=lambda name: (len(tidy(name)), -counts[name], name)))


def commonest(names: Sequence[str], counts: Mapping[str, int]) -> str:
    """What :func:`similar` names are called together."""
    return tidy(min(names, key=lambda name: (-counts[name], name)))


def matched(names: Iterable[str], known: Sequence[str], loosely: bool) -> dict[str, str]:
    """The one of ``known`` classes that each name means; names that mean none are left out.

    Args:
        loosely: whether :func:`similar` names, and those that are :func:`nearly` one of the
            known, are meant to be the same, where only one is similar.
    """
    wanted = list(dict.fromkeys(names))
    found = {name: name for name in wanted if name in set(known)}
    for alike in (same, similar) if loosely else (same,):
        for several in alike([*known, *(name for name in wanted if name not in known)]):
            meant = [name for name in several if name in known]
            if len(meant) == 1:
                found |= {name: found.get(name, meant[0]) for name in several if name in wanted}
    if not loosely:
        return found
    likely = nearly((name for name in wanted if name not in found), known)
    used = set(found.values())
    return found | {name: other for name, other in likely.items() if other not in used}


def quoted(names: Sequence[str], counts: Mapping[str, int] | None = None) -> str:
    """``“0” (3), “0.0” (5)``; what makes names differ that look the same is said."""
    listed = [_quoted(name, counts) for name in sorted(names)[:NAMED]]
    return comma_list(listed) + (", …" if len(names) > NAMED else "")


def _quoted(name: str, counts: Mapping[str, int] | None) -> str:
    notes = [str(counts[name])] if counts is not None else []
    if name != unicodedata.normalize("NFC", name):
        notes.append(_("accents as separate characters"))
    if UNSEEN.search(name) or any(sign.isspace() and sign != " " for sign in name):
        notes.append(_("with invisible characters"))
    said = "".join(" " if sign.isspace() else sign for sign in name)
    return f"“{said}”" + (f" ({', '.join(notes)})" if notes else "")
