"""Pages of the guide from Markdown to the HTML that Qt understands, in our own design."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from transfergui.gui.base.style import Tokens

TEXT = 14
"""Size in pixels of what is read."""
CODE = ("fence", "code_inline")
"""Types of tokens that are code."""
COLUMN = 620
"""Pixels at most of a line: about 72 characters."""

BLOCK = (
    '<table width="100%" cellspacing="0" cellpadding="10" '
    'style="margin-top: 6px; margin-bottom: 12px;"'
)
"""How code and quotes begin: tables of one row, which Qt can give a colour and room."""

CSS = """
body {{ color: {text}; }}
h1 {{ font-size: 24px; font-weight: 600; margin-top: 0px; margin-bottom: 14px; }}
h2 {{ font-size: 18px; font-weight: 600; margin-top: 26px; margin-bottom: 8px; }}
h3 {{ font-size: 15px; font-weight: 600; margin-top: 18px; margin-bottom: 6px; }}
b, strong {{ font-weight: 600; }}
p {{ margin-top: 0px; margin-bottom: 10px; line-height: 145%; }}
li {{ margin-bottom: 5px; line-height: 145%; }}
ul, ol {{ margin-top: 0px; margin-bottom: 10px; }}
a {{ color: {accent}; text-decoration: none; }}
code {{ font-family: monospace; font-size: 13px; background-color: {sunken}; }}
pre {{ font-family: monospace; font-size: 13px; margin: 0px; white-space: pre-wrap; }}
th {{ font-weight: 600; color: {muted}; text-align: left; border-bottom: 2px solid {border}; }}
td.cell {{ border-bottom: 1px solid {border}; }}
"""


class _Renderer(RendererHTML):
    """What Qt lays out otherwise than a browser: code, quotes, tables, headings with anchors."""

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        text = html.escape(tokens[idx].content.rstrip("\n"))
        return f'{BLOCK} bgcolor="{env["sunken"]}"><tr><td><pre>{text}</pre></td></tr></table>'

    def blockquote_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return (
            f'{BLOCK}><tr><td width="3" bgcolor="{env["accent"]}" style="padding: 0px;"></td>'
            f'<td bgcolor="{env["selected"]}" style="color: {env["on_selected"]};">'
        )

    def blockquote_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</td></tr></table>"

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return (
            '<table width="100%" cellspacing="0" cellpadding="6" '
            'style="border-collapse: collapse; margin-top: 6px; margin-bottom: 14px;">'
        )

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return '<td class="cell" valign="top">'

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        parts = tokens[idx + 1].children or ()
        if len(parts) == 1 and parts[0].attrGet("src"):  # above a high line there is room
            return '<p style="line-height: 100%;">'
        return self.renderToken(tokens, idx, options, env)

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<{tokens[idx].tag}><a name="{slug(tokens[idx + 1].content)}"></a>'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        source, alt = tokens[idx].attrGet("src"), html.escape(tokens[idx].content)
        return f'<img src="{source}" alt="{alt}" width="{env["width"]}">'


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def to_html(text: str, tokens: Tokens, width: int, names: Mapping[str, str] | None = None) -> str:
    """A page as HTML.

    Args:
        text: Markdown.
        tokens: the colours.
        width: of pictures, in pixels.
        names: words that are replaced in code, as in ``{"ladybird": "cat"}``.
    """
    parsed = _parser().parse(text)
    if names:
        for token in parsed:
            fill_in(token, names)
    env = {
        "sunken": tokens.sunken,
        "accent": tokens.accent,
        "selected": tokens.selected,
        "on_selected": tokens.on_selected,
        "width": width,
    }
    parser = _parser()
    body = parser.renderer.render(parsed, parser.options, env)
    return f"<body>{body}</body>"


def is_filled(text: str, names: Mapping[str, str]) -> bool:
    """Whether one of the words stands in the code of a page."""
    parsed = _parser().parse(text)
    code = [
        part.content
        for token in parsed
        for part in (token, *(token.children or ()))
        if part.type in CODE
    ]
    return any(re.search(rf"\b{re.escape(name)}\b", part) for part in code for name in names)


def fill_in(token: Token, names: Mapping[str, str]) -> None:
    """Replace whole words of a code token, and of those within a line of text."""
    if token.type in CODE:
        words = "|".join(map(re.escape, names))
        token.content = re.sub(rf"\b({words})\b", lambda found: names[found[0]], token.content)
    for child in token.children or ():
        fill_in(child, names)


def css(tokens: Tokens) -> str:
    """The style sheet of a page."""
    return CSS.format(
        text=tokens.text,
        accent=tokens.accent,
        sunken=tokens.sunken,
        muted=tokens.muted,
        border=tokens.border,
    )


@functools.lru_cache(maxsize=64)
def plain(text: str) -> str:
    """What is read of a page, to search in."""
    words = []
    for token in _parser().parse(text):
        for part in token.children or (token,):
            if part.type in ("softbreak", "hardbreak"):
                words.append(" ")
            elif part.content and not part.attrGet("src"):
                words.append(part.content)
        words.append("\n")
    return "".join(words)


def links(text: str) -> list[str]:
    """Where the links and pictures of a page lead."""
    found = []
    for token in _parser().parse(text):
        for part in token.children or ():
            target = part.attrGet("href") if part.type == "link_open" else part.attrGet("src")
            if target:
                found.append(unquote(str(target)))
    return found


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a page."""
    parsed = _parser().parse(text)
    return {
        slug(parsed[at + 1].content)
        for at, token in enumerate(parsed)
        if token.type == "heading_open"
    }
