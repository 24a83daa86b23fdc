"""Turns the description of a design into rich text with links to examples and cards."""

from __future__ import annotations

import html
import re
from functools import cache

from dlstudio.design.library.examples import example_names
from dlstudio.design.model.model import Project

CARD, EXAMPLE = "card:", "example:"
"""Beginnings of the addresses of links."""
_REFERENCE = re.compile(r"\[([A-Za-z]\w*(?:\.\w+)*)\]")
_PARAGRAPH = re.compile(r"\n\s*\n")
_LABELS = re.compile(r"^(Notice|Notice too|Try|Next):", re.MULTILINE)
_SPACING = 7


def about_html(project: Project) -> str:
    """Return a design's description as HTML.

    `[linear_1]` becomes a link to the card of that name, and the name of an example, such as
    `xor-mlp`, one to that example. Everything else is shown as it was typed.
    """
    paragraphs = _PARAGRAPH.split(project.about.strip())
    last = len(paragraphs) - 1
    return "".join(
        f'<p style="margin-top:0; margin-bottom:{0 if index == last else _SPACING}px">'
        f"{_linked(paragraph, project)}</p>"
        for index, paragraph in enumerate(paragraphs)
    )


def _linked(text: str, project: Project) -> str:
    escaped = html.escape(text, quote=False).replace("\n", "<br>")
    escaped = _LABELS.sub(r"<b>\1:</b>", escaped)
    escaped = _example_pattern().sub(_example_link, escaped)
    return _REFERENCE.sub(lambda match: _card_link(match, project), escaped)


def _card_link(match: re.Match[str], project: Project) -> str:
    path = match[1]
    node = project.graph.nodes.get(path.partition(".")[0])
    if node is None:
        return match[0]
    title = node.title if node.title and "." not in path else path
    return f'<a href="{CARD}{path}">{html.escape(title)}</a>'


def _example_link(match: re.Match[str]) -> str:
    return f'<a href="{EXAMPLE}{match[0]}">{match[0]}</a>'


@cache
def _example_pattern() -> re.Pattern[str]:
    """Return the pattern of examples' names, of those with a hyphen: others are plain words."""
    names = sorted((name for name in example_names() if "-" in name), key=len, reverse=True)
    return re.compile(rf"(?<![\w\-\[.])(?:{'|'.join(map(re.escape, names))})(?![\w-])")
