"""The head of the page: the file, how it is read, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QProgressBar, QVBoxLayout

from dlstudio.data.sources.path_detection import readers_of
from dlstudio.data.sources.sources import SOURCES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.values import Value
from dlstudio.gui.data.page.contents.page_contents import PageContents, PageTable
from dlstudio.gui.style.icons import icon
from dlstudio.gui.widgets.basic_widgets import ElidedLabel, button, clear_layout, label
from dlstudio.gui.widgets.menu_button import MenuButton
from dlstudio.gui.widgets.number_format import format_integer
from dlstudio.layers.framework.settings import Choice, Setting

_TITLES: Mapping[str, Mapping[str, str]] = {
    "decimal": {"point": "point", "comma": "comma", ".": "point", ",": "comma"},
    "header": {"yes": "names", "no": "data"},
}
_CAPTIONS = {"delimiter": "Separator", "decimal": "Decimals", "header": "First line"}
"""Captions of a table's options; those of others are their titles."""
_MAX_MENUS = 4


class HeadBar(QFrame):
    """Shows what is read, and how.

    Signals:
        option_chosen: Name and value of an option of the source.
        source_chosen: Name of another source for the same file.
        file_requested, folder_requested, closed: The buttons.
    """

    option_chosen = Signal(str, str)
    source_chosen = Signal(str)
    file_requested = Signal()
    folder_requested = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "bar")
        self._source = ""
        self._path = Path()
        self._sign = QLabel()
        self._name = ElidedLabel("heading")
        self._size = label(role="muted")
        self.menus: dict[str, MenuButton] = {}
        self.source_menu = MenuButton("Read as", self._fill_sources, "How the data is read")
        self._state = label(role="good")
        row = QHBoxLayout()
        row.setContentsMargins(18, 8, 18, 8)
        row.setSpacing(10)
        row.addWidget(self._sign)
        row.addWidget(self._name)
        row.addWidget(self._size)
        row.addSpacing(8)
        row.addWidget(self.source_menu)
        self._menu_row = QHBoxLayout()
        self._menu_row.setSpacing(10)
        row.addLayout(self._menu_row)
        row.addWidget(self._state)
        row.addStretch(1)
        row.addWidget(button("Other file…", self.file_requested.emit))
        row.addWidget(button("Other folder…", self.folder_requested.emit))
        self.cancel_button = button("Cancel", self.closed.emit)
        row.addWidget(self.cancel_button)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(2)
        self.progress.setRange(0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.progress)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show the head of a page without data."""
        self._name.setText("Your own data")
        self._size.clear()
        self._state.clear()
        self._sign.setPixmap(icon("table").pixmap(18, 18))
        self.progress.hide()
        self.source_menu.hide()
        self._build_menus({}, {})

    def show_reading(self, settings: DataSettings, path: Path) -> None:
        """Show that a file or folder is being read."""
        source = settings.source
        self._source, self._path = source, path
        self._name.setText(path.name)
        spec = SOURCES.get(source)
        self._sign.setPixmap(
            icon("folder" if spec is not None and spec.is_folder else "table").pixmap(18, 18)
        )
        self.source_menu.show_value(spec.title if spec is not None else source)
        self.source_menu.setVisible(len(self._fitting_sources()) > 1)
        self._build_menus({} if spec is None else spec.options, settings.options)
        self._show_state("reading…", "muted")
        self.progress.setRange(0, 0)
        self.progress.show()

    def _build_menus(self, options: Mapping[str, Setting], values: Mapping[str, Value]) -> None:
        """Create a menu for each choice that is not advanced."""
        clear_layout(self._menu_row)
        choices = [
            (name, setting)
            for name, setting in options.items()
            if isinstance(setting, Choice) and not setting.advanced
        ]
        self.menus = {}
        for name, setting in choices[:_MAX_MENUS]:
            caption = _CAPTIONS.get(name, setting.title)
            menu = MenuButton(caption, partial(self._fill_option, name), setting.help)
            menu.show_value(_option_title(name, str(values.get(name, setting.default))))
            self._menu_row.addWidget(menu)
            self.menus[name] = menu

    def show_reading_again(self) -> None:
        """Show that the same data is read with other settings."""
        self.show_progress("Reading", None)
        self.progress.show()

    def show_progress(self, text: str, share: float | None) -> None:
        """Show what is being done, and the completed share."""
        self._show_state(f"{text.rstrip('…')}…", "muted")
        self.progress.setRange(0, 0 if share is None else 1000)
        if share is not None:
            self.progress.setValue(round(1000 * share))

    def show_table(self, table: PageTable) -> None:
        """Show how a table is read."""
        rows, columns = format_integer(table.total_rows), format_integer(len(table.columns))
        encoding = f" · {table.encoding}" if table.encoding else ""
        self._size.setText(f"{rows} rows, {columns} columns{encoding}")
        values = {
            "delimiter": table.delimiter,
            "decimal": table.decimal,
            "header": "yes" if table.has_header else "no",
        }
        for option, value in values.items():
            if value and option in self.menus:
                self.menus[option].show_value(_option_title(option, value))

    def show_contents(self, contents: PageContents) -> None:
        """Show the result of reading."""
        self.progress.hide()
        if contents.table is not None and not contents.table.is_fixed:
            self.show_table(contents.table)
        elif contents.summary is not None:
            total = sum(contents.summary.samples.values())
            self._size.setText(f"{format_integer(total)} samples")
        if contents.error:
            self._show_state("needs a target", "warning")
        else:
            self._show_state("✓ recognised", "good")

    def show_error(self) -> None:
        """Show that nothing could be read."""
        self.progress.hide()
        self._size.clear()
        self._show_state("not readable", "error")

    def _show_state(self, text: str, role: str) -> None:
        self._state.setProperty("role", role)
        self._state.style().unpolish(self._state)
        self._state.style().polish(self._state)
        self._state.setText(text)

    def _fill_option(self, option: str, menu: QMenu) -> None:
        spec = SOURCES.get(self._source)
        setting = None if spec is None else spec.options.get(option)
        if not isinstance(setting, Choice):
            return
        for value in setting.options:
            action = menu.addAction(_option_title(option, value))
            action.triggered.connect(partial(self._choose_option, option, value))

    def _choose_option(self, option: str, value: str) -> None:
        self.menus[option].show_value(_option_title(option, value))
        self.option_chosen.emit(option, value)

    def _fill_sources(self, menu: QMenu) -> None:
        for name in self._fitting_sources():
            action = menu.addAction(SOURCES[name].title)
            action.setToolTip(SOURCES[name].summary)
            action.triggered.connect(partial(self.source_chosen.emit, name))

    def _fitting_sources(self) -> list[str]:
        """Return the sources of files with this suffix, or of any folder."""
        spec = SOURCES.get(self._source)
        if spec is not None and spec.is_folder:
            return [name for name, other in SOURCES.items() if other.is_folder]
        return [source.name for source in readers_of(self._path)]


def _option_title(option: str, value: str) -> str:
    return _TITLES.get(option, {}).get(value, value)
