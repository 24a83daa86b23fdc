from __future__ import annotations

import re

import pytest

from dlstudio.design.edits import set_about
from dlstudio.design.library.examples import example_names, example_path, lesson_names
from dlstudio.design.library.files import load
from dlstudio.gui.inspector.about_links import about_html
from dlstudio.gui.inspector.network_page import NetworkPage
from dlstudio.gui.window.main_window import MainWindow

LINK = re.compile(r'href="(card|example):([^"]+)"')


def links(about: str) -> list[tuple[str, str]]:
    project = set_about(load(example_path("xor-mlp")), about)
    return LINK.findall(about_html(project))


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("See [linear_1] and [tanh_1].", [("card", "linear_1"), ("card", "tanh_1")]),
        ("No such card: [linear_9], [1], [a b].", []),
        ("Compare with xor-perceptron, then digits-cnn.",
         [("example", "xor-perceptron"), ("example", "digits-cnn")]),
        ("The transformer of this xor-mlp-like network.", []),
        ("", []),
    ],
)  # fmt: skip
def test_names_of_cards_and_examples_become_links(
    about: str, expected: list[tuple[str, str]]
) -> None:
    assert links(about) == expected


def test_other_text_stays_as_typed() -> None:
    project = set_about(load(example_path("xor-mlp")), "a < b & <i>c</i>\nline\n\nNotice: d")
    html = about_html(project)
    assert "a &lt; b &amp; &lt;i&gt;c&lt;/i&gt;<br>line</p>" in html
    assert "<b>Notice:</b> d" in html


@pytest.mark.parametrize("name", lesson_names())
def test_links_of_the_examples_lead_somewhere(name: str) -> None:
    project = load(example_path(name))
    targets = LINK.findall(about_html(project))
    assert {target for kind, target in targets if kind == "example"} <= set(example_names())
    references = re.findall(r"\[([a-z]\w*)\]", project.about)
    assert references == [target for kind, target in targets if kind == "card"]


def test_most_examples_name_the_next_one() -> None:
    with_next = [n for n in lesson_names() if "Next: open " in load(example_path(n)).about]
    assert len(with_next) > 0.8 * len(lesson_names())


def test_links_select_cards_and_open_examples(window: MainWindow) -> None:
    window.files.open_example("digits-mlp")
    page = window.inspector.page
    assert isinstance(page, NetworkPage)
    page.description.linkActivated.emit("card:linear_3")
    assert window.document.selection == {"linear_3"}

    page = window.inspector.show_network()
    page.description.linkActivated.emit("example:digits-cnn")
    assert window.document.name == "digits-cnn.dlstudio"
