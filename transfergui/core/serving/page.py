"""The page to drop files on: one file, nothing from elsewhere, in the language of the program.

It holds nothing of the model, which it asks for with the token; so it may be given to anybody.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re

from transfergui.core.base import paths
from transfergui.core.base.i18n import _, language

PAGE = "serve.html"
TYPE = "text/html; charset=utf-8"
INLINE = re.compile(rb"<(style|script)>(.*?)</\1>", re.DOTALL)


def rendered() -> bytes:
    """The page."""
    return _rendered(language())


def headers() -> dict[str, str]:
    """Only the scripts and styles of the page itself run, and it asks nobody else."""
    policy = {
        "default-src": "'none'",
        "script-src": _hashes(language(), b"script"),
        "style-src": _hashes(language(), b"style"),
        "connect-src": "'self'",
        "img-src": "blob:",
        "media-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {"Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in policy.items())}


@functools.cache
def _rendered(spoken: str) -> bytes:
    import jinja2

    page = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.resource("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
    text = page.get_template(PAGE).render(language=spoken.replace("_", "-"), texts=_texts())
    return text.encode()


@functools.cache
def _hashes(spoken: str, kind: bytes) -> str:
    """What the policy calls the scripts, or the styles, of the page."""
    found = [text for name, text in INLINE.findall(_rendered(spoken)) if name == kind]
    digests = (base64.b64encode(hashlib.sha256(text).digest()).decode() for text in found)
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def _texts() -> dict[str, str]:
    """Of the page, by name."""
    return {
        "title": _("Predict a file"),
        "drop": _("Drop files here"),
        "choose": _("Choose files…"),
        "typed": _("Type or paste a text here"),
        "predict": _("Predict"),
        "waiting": _("Predicting…"),
        "unsure": _("Low confidence"),
        "unlike": _("Unlike the training data"),
        "withheld": _("No prediction: the confidence is too low"),
        "no_boxes": _("No boxes found"),
        "confidence": _("{share} confidence"),
        "others": _("All classes"),
        "gone": _("No answer: the model is not being served, or the file cannot be read."),
        "token": _("Open the page with the whole address, which contains the token."),
        "local": _("Files are only sent to the computer that serves this page."),
        "remove": _("Clear"),
    }
