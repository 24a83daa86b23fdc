"""The application's style sheet, generated from a theme. Widgets select a look by property.

Properties: `role` = `heading`, `title`, `muted`, `mono`, `chip`, `good`, `error`, `warning` on
labels, `tone` = `good`, `warning`, `error` on chips; `look` = `primary`, `quiet`, `chip`, `switch`,
`danger` on buttons; `surface` = `card`, `popover`, `panel`, `canvas` on frames.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from dlstudio.resources import resource

if TYPE_CHECKING:
    from dlstudio.gui.style.theme import Theme


def stylesheet(theme: Theme, size: int, text_family: str, mono_family: str) -> str:
    """Return the style sheet for text of `size` pixels."""
    arrows = resource("icons", "style").as_posix()
    values = {role: getattr(theme, role) for role in _ROLES}
    return Template(_SHEET).substitute(
        values,
        name=theme.name,
        arrows=arrows,
        size=size,
        tiny=max(size - 2, 11),
        small=size - 1,
        section=size + 1,
        name_size=size + 8,
        heading=size + 4,
        text_family=text_family,
        mono_family=mono_family,
    )


_ROLES = (
    "canvas",
    "panel",
    "card",
    "field",
    "hover",
    "line",
    "text",
    "muted",
    "accent",
    "accent_text",
    "on_accent",
    "error",
    "warning",
    "good_text",
)
_SHEET = """
* { font-family: "$text_family"; font-size: ${size}px; }
QWidget { color: $text; }
QMainWindow, QDialog, QWizard { background: $panel; }
QDialog { border: 1px solid $line; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }
QToolTip { background: $card; color: $text; border: 1px solid $line; padding: 6px 8px; }

QLabel, QCheckBox, QRadioButton { background: transparent; }
QLabel[role="heading"] { font-size: ${heading}px; font-weight: 600; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: ${small}px; }
QLabel[role="mono"] { font-family: "$mono_family"; font-size: ${small}px; }
QLabel[role="good"] { color: $good_text; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="chip"] {
    background: $card; border: 1px solid $line; border-radius: 6px; padding: 5px 10px;
}
QLabel[tone="good"] { color: $good_text; }
QLabel[tone="error"] { color: $error; }
QLabel[tone="warning"] { color: $warning; }
QLabel[role="badge"] {
    background: $muted; color: $on_accent; border-radius: 7px; padding: 0 6px;
    font-size: ${small}px; font-weight: 600;
}
QLabel[role="badge"][tone="error"] { background: $error; }
QLabel[role="name"] { font-size: ${name_size}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${section}px; font-weight: 600; }
QLabel[role="medium"] { font-weight: 500; }
QLabel[role="key"] {
    color: $muted; background: $canvas; border: 1px solid $line; border-radius: 4px;
    padding: 1px 5px; font-family: "$mono_family"; font-size: ${tiny}px;
}
QLabel[role="caption"] { color: $muted; font-weight: 600; font-size: ${small}px; }
QLabel[role="tag"] { color: $muted; font-family: "$mono_family"; font-size: ${small}px; }
QFrame[surface="drop"] { background: $canvas; border: 1px dashed $muted; border-radius: 8px; }
QFrame[surface="drop"][dragging="true"] { border: 1px dashed $accent; background: $hover; }
QFrame[surface="side"] { background: $panel; border: none; border-right: 1px solid $line; }
QFrame[surface="sidebar"] { background: $panel; border: none; border-left: 1px solid $line; }
QFrame[surface="foot"] { background: $panel; border: none; border-top: 1px solid $line; }
QFrame[surface="row"] { background: transparent; border: none; border-bottom: 1px solid $line; }
QSplitter[look="plain"]::handle { background: transparent; }
QLabel[role="excerpt"] {
    background: $field; border-radius: 6px; padding: 8px 10px; font-family: "$mono_family";
    font-size: ${small}px;
}
QFrame[surface="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[surface="popover"] { background: $card; border: 1px solid $line; }
QFrame[surface="panel"], QWidget[surface="panel"] { background: $panel; border: none; }
QFrame[surface="canvas"], QWidget[surface="canvas"] { background: $canvas; border: none; }
QFrame[surface="bar"], QWidget[surface="bar"] {
    background: $panel; border: none; border-bottom: 1px solid $line;
}
QFrame[frameShape="4"], QFrame[frameShape="5"] { color: $line; }

QMenuBar { background: $panel; border-bottom: 1px solid $line; padding: 2px 4px; spacing: 2px; }
QMenuBar::item { background: transparent; padding: 4px 10px; border-radius: 5px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $card; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 28px 6px 26px; border-radius: 5px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $muted; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }

QStatusBar { background: $panel; border-top: 1px solid $line; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; font-size: ${small}px; padding: 0 8px; }
QStatusBar QLabel[role="message"] { color: $text; }
QStatusBar QLabel[role="error"] { color: $error; }
QStatusBar QLabel[role="good"] { color: $good_text; }
QDockWidget { border: none; color: $muted; }
QDockWidget::title { background: $panel; padding: 6px 10px; border-bottom: 1px solid $line; }
QToolBar { background: $panel; border: none; border-bottom: 1px solid $line; spacing: 6px; }

QPushButton, QToolButton {
    background: $card; border: 1px solid $line; border-radius: 6px; padding: 5px 11px;
}
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed, QToolButton:checked { background: $line; }
QPushButton[look="switch"]:checked {
    background: $hover; border-color: $accent; color: $accent_text;
}
QPushButton:focus, QToolButton:focus { border-color: $accent; outline: none; }
QPushButton:disabled, QToolButton:disabled { color: $muted; }
QPushButton[look="primary"], QPushButton:default {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
}
QPushButton[look="primary"]:hover, QPushButton:default:hover { border-color: $text; }
QPushButton[look="primary"]:focus { border-color: $text; }
QPushButton[look="primary"]:disabled, QPushButton:default:disabled {
    background: $card; border-color: $line; color: $muted;
}
QPushButton[half="left"] { border-top-right-radius: 0; border-bottom-right-radius: 0; }
QPushButton[half="right"] {
    border-top-left-radius: 0; border-bottom-left-radius: 0; border-left: none; padding: 5px 0;
}
QPushButton[half="right"][look="primary"] { border-left: 1px solid $on_accent; }
QPushButton[look="advice"] {
    background: $card; border: 1px solid $accent; color: $accent_text; padding: 5px 10px;
}
QPushButton[look="advice"]:hover { background: $hover; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton[look="danger"] { color: $error; border-color: $error; }
QPushButton[look="start"] { border-radius: 8px; text-align: left; padding: 0; }
QPushButton[look="link"] {
    background: transparent; border: 1px solid transparent; color: $accent_text; padding: 1px 3px;
    margin-left: -4px;
}
QPushButton[look="link"]:hover { text-decoration: underline; }
QPushButton[look="link"]:focus { border-color: $accent; }
QPushButton[look="link"]:disabled { color: $muted; }
QPushButton[look="pill"] { border-radius: 14px; padding: 5px 12px; }
QPushButton[look="entry"] {
    background: transparent; border-color: transparent; text-align: left; padding: 7px 8px;
}
QPushButton[look="entry"]:hover { background: $hover; }
QPushButton[look="entry"]:focus { border-color: $accent; }
QPushButton[look="quiet"], QToolButton[look="quiet"] {
    background: transparent; border-color: transparent;
}
QPushButton[look="quiet"]:hover, QToolButton[look="quiet"]:hover { background: $hover; }
QPushButton[look="quiet"]:focus, QToolButton[look="quiet"]:focus { border-color: $accent; }
QToolButton[look="quiet"] { padding: 4px; }
QToolButton[density="compact"], QToolButton[look="quiet"][density="compact"] { padding: 0 8px; }
QToolButton::menu-indicator { image: none; }
QPushButton::menu-indicator { image: url($arrows/down-$name.svg); width: 10px; height: 10px;
    subcontrol-origin: padding; subcontrol-position: right center; right: 6px; }

QLineEdit, QTextEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QAbstractSpinBox {
    background: $field; border: 1px solid $line; border-radius: 6px; padding: 5px 8px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border-color: $accent;
}
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $muted; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"] { border-color: $error; }
QLineEdit[look="search"] { background: $card; padding: 8px 10px; border-radius: 7px; }
QLineEdit[role="title"] {
    background: transparent; border: none; padding: 0; font-size: 16px; font-weight: 600;
    placeholder-text-color: $text;
}
QComboBox { padding-left: 10px; padding-right: 6px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url($arrows/down-$name.svg); width: 10px; height: 10px; }
QComboBox QAbstractItemView {
    background: $card; border: 1px solid $line; padding: 4px; outline: none;
    selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox { padding-right: 18px; }
QAbstractSpinBox QLineEdit { border: none; background: transparent; padding: 0 6px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    background: transparent; border: none; width: 18px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-top: 3px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 3px; }
QAbstractSpinBox::up-arrow { image: url($arrows/up-$name.svg); width: 8px; height: 8px; }
QAbstractSpinBox::down-arrow { image: url($arrows/down-$name.svg); width: 8px; height: 8px; }
QCheckBox, QRadioButton { spacing: 7px; }
QCheckBox:disabled, QRadioButton:disabled { color: $muted; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 15px; height: 15px; background: $field; border: 1px solid $muted;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked {
    background: $accent; border-color: $accent;
}
QCheckBox::indicator:checked { image: url($arrows/check-$name.svg); }
QRadioButton::indicator:checked { image: url($arrows/dot-$name.svg); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $text; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: $panel; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 8px 16px; border: none;
    border-bottom: 2px solid transparent;
}
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { background: $hover; }
QTabBar QToolButton { padding: 0; border-radius: 0; background: $panel; }
QTabBar QToolButton::left-arrow { image: url($arrows/left-$name.svg); width: 10px; height: 10px; }
QTabBar QToolButton::right-arrow { image: url($arrows/right-$name.svg); width: 10px;
    height: 10px; }

QListView, QTreeView, QTableView, QListWidget, QTreeWidget, QTableWidget {
    background: $panel; border: none; outline: none; alternate-background-color: $card;
    selection-background-color: $hover; selection-color: $text;
}
QListView::item, QTreeView::item { padding: 4px; border-radius: 5px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $hover; color: $text; }
QHeaderView { background: $panel; border: none; }
QTableCornerButton::section { background: $panel; border: none; }
QHeaderView::section {
    background: $panel; color: $muted; border: none; border-bottom: 1px solid $line;
    padding: 5px 8px;
}
QTableView { gridline-color: $line; }
QGroupBox {
    border: 1px solid $line; border-radius: 8px; margin-top: 20px; padding: 8px;
}
QGroupBox::title { subcontrol-origin: margin; left: 4px; color: $muted; font-weight: 600; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; margin: 1px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar {
    background: $field; border: 1px solid $line; border-radius: 4px; text-align: center;
    color: $text; min-height: 6px;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { background: $line; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $accent; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
}
QSlider::handle:horizontal:focus { border: 2px solid $text; }
"""
