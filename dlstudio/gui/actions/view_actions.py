"""The menu entries of all views, from their declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from dlstudio.gui.actions.actions import Action
from dlstudio.insight.views.registry import PLUGIN_VIEWS, VIEWS
from dlstudio.insight.views.spec import ViewSpec

TAB_SLOT = "bottom.show_tab"
_KEYS: Mapping[str, str] = {
    "activations": "Alt+2",
    "samples": "Alt+3",
    "anomalies": "Alt+4",
    "probe": "Alt+5",
}
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def view_actions(others: Iterable[Action]) -> tuple[Action, ...]:
    """Return an action that shows the tab of each view, in the order of the tabs.

    Args:
        others: The other actions of the menu, whose access keys are taken.
    """
    taken = {access_key(action.text) for action in others}
    actions: list[Action] = []
    for view in VIEWS.values():
        text = _with_access_key(view.title, taken)
        taken.add(access_key(text))
        actions.append(_view_action(view, text))
    return tuple(actions)


def access_key(text: str) -> str:
    """Return the access key of a menu entry in lower case, or empty."""
    match = re.search(r"&([^&])", text.replace("&&", ""))
    return match[1].lower() if match is not None else ""


def plain_text(text: str) -> str:
    """Return the text of a menu entry as it is displayed."""
    return re.sub(r"&(.)", r"\1", text)


def _view_action(view: ViewSpec, text: str) -> Action:
    is_plugin = view.name in PLUGIN_VIEWS
    return Action(
        id=f"view-{view.name}" if is_plugin else view.name,
        menu="View",
        text=text,
        slot=TAB_SLOT,
        keys=(_KEYS[view.name],) if view.name in _KEYS else (),
        tip=_first_sentence(view.help),
        icon=view.icon,
        arguments=(view.name,),
    )


def _first_sentence(text: str) -> str:
    sentence = _SENTENCE_END.split(text.strip(), maxsplit=1)[0]
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _with_access_key(title: str, taken: Iterable[str]) -> str:
    """Return a title as the text of a menu entry, its first free letter marked as access key."""
    free = (
        index
        for index, character in enumerate(title)
        if character.isalnum() and character.lower() not in taken
    )
    index = next(free, len(title))
    before, after = (part.replace("&", "&&") for part in (title[:index], title[index:]))
    return f"{before}&{after}" if after else before
