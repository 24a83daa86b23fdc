"""Shows the gallery in the place of the panels, and leaves it when a design is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Slot

from dlstudio.design.library.examples import HISTORY, example_names

if TYPE_CHECKING:
    from dlstudio.gui.gallery.page import GalleryPage
    from dlstudio.gui.window.main_window import MainWindow

_MOVING_EVENTS = (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest)


class GalleryHost(QObject):
    """Creates the page when it is first shown, and places it between menu and status bar.

    The page covers the panels, which keep their layout and their state.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.page: GalleryPage | None = None
        window.files.opened.connect(self.leave)
        window.document.project_changed.connect(self._on_project_changed)

    @property
    def is_shown(self) -> bool:
        """Whether the page covers the panels."""
        return self.page is not None and not self.page.isHidden()

    def show(self) -> GalleryPage:
        """Show the examples and the recent designs."""
        page = self.page or self._create_page()
        window, document = self._window, self._window.document
        has_design = bool(document.project.graph.nodes) or not document.is_clean
        page.refresh(document.name if has_design else "")
        self._place()
        page.show()
        page.raise_()
        page.focus_first()
        window.menus.show_all_menus(False)
        window.status_bar.show_facts(
            f"{len(example_names())} examples", f"{len(HISTORY)} of them famous networks"
        )
        if not has_design:
            window.title_label.show_design("no design open", clean=True)
        return page

    def show_task(self, task: str) -> GalleryPage:
        """Show the examples of a task, given by its title."""
        page = self.show()
        page.search_for(task)
        return page

    @Slot()
    def leave(self) -> None:
        """Show the panels again."""
        if self.page is None or self.page.isHidden():
            return
        self.page.hide()
        window = self._window
        window.menus.show_all_menus(True)
        window.status_bar.show_facts()
        window.show_title()
        window.editor.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window and of its bars."""
        if event.type() in _MOVING_EVENTS and self.is_shown:
            self._place()
        return super().eventFilter(watched, event)

    def _create_page(self) -> GalleryPage:
        from dlstudio.gui.gallery.page import GalleryPage

        window = self._window
        page = self.page = GalleryPage(window)
        page.hide()
        page.example_chosen.connect(window.files.open_example)
        page.train_requested.connect(self._open_and_train)
        page.file_chosen.connect(window.files.open_path)
        page.new_chosen.connect(window.files.new)
        page.open_chosen.connect(window.files.open)
        page.data_requested.connect(self._choose_data)
        page.left.connect(self.leave)
        for widget in (window, window.menuBar(), window.statusBar()):
            widget.installEventFilter(self)
        return page

    def _place(self) -> None:
        if self.page is None:
            return
        window = self._window
        area, menu, status = window.rect(), window.menuBar(), window.statusBar()
        if menu.isVisibleTo(window) and not menu.isNativeMenuBar():
            area.setTop(menu.geometry().bottom() + 1)
        if status.isVisibleTo(window):
            area.setBottom(area.bottom() - status.height())
        self.page.setGeometry(area)

    @Slot(str)
    def _open_and_train(self, name: str) -> None:
        if self._window.files.open_example(name):
            self._window.session.train()

    @Slot()
    def _choose_data(self) -> None:
        if self._window.data_importer.open():
            self.leave()

    @Slot(object)
    def _on_project_changed(self, _change: object) -> None:
        self.leave()
