"""Shows the gallery on a page of the window, and leaves it when a design is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from dlstudio.gui.gallery.page import GalleryPage
    from dlstudio.gui.window.main_window import MainWindow


class GalleryHost(QObject):
    """Creates the page when it is first shown; the window's `Pages` place it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.page: GalleryPage | None = None
        self._was_shown = False
        self._is_covered = False
        """Whether another page was opened from the gallery, and leads back to it."""
        window.pages.page_changed.connect(self._on_page_changed)
        window.files.opened.connect(self.leave)
        window.document.project_changed.connect(self._on_project_changed)

    @property
    def is_shown(self) -> bool:
        """Whether the gallery covers the panels."""
        return self.page is not None and self._window.pages.current is self.page

    def show(self) -> GalleryPage:
        """Show the examples and the recent designs."""
        page = self.page or self._create_page()
        page.refresh(self._window.document.name if self._has_design() else "")
        self._window.pages.show_page(page)
        page.focus_first()
        return page

    def show_task(self, task: str) -> GalleryPage:
        """Show the examples of a task, given by its title."""
        page = self.show()
        page.search_for(task)
        return page

    @Slot()
    def leave(self) -> None:
        """Show the panels again."""
        self._is_covered = False
        if self.page is not None:
            self._window.pages.close_page(self.page)

    def _has_design(self) -> bool:
        document = self._window.document
        return bool(document.project.graph.nodes) or not document.is_clean

    def _create_page(self) -> GalleryPage:
        from dlstudio.gui.gallery.page import GalleryPage

        window = self._window
        page = self.page = GalleryPage()
        page.example_chosen.connect(window.files.open_example)
        page.train_requested.connect(self._open_and_train)
        page.file_chosen.connect(window.files.open_path)
        page.new_chosen.connect(window.files.new)
        page.open_chosen.connect(window.files.open)
        page.data_requested.connect(window.data_importer.open)
        page.left.connect(self.leave)
        return page

    @Slot(object)
    def _on_page_changed(self, page: object) -> None:
        window, is_shown = self._window, page is not None and page is self.page
        window.menus.show_all_menus(page is None)
        if is_shown:
            self._show_title()
        elif self._was_shown:
            self._is_covered = page is not None
            window.show_title()
            if page is None:
                window.editor.setFocus()
        elif page is None and self._is_covered:
            self.show()
        self._was_shown = self.is_shown

    def _show_title(self) -> None:
        if not self._has_design():
            self._window.title_label.show_design("no design open", clean=True)

    @Slot(str)
    def _open_and_train(self, name: str) -> None:
        if self._window.files.open_example(name):
            self._window.session.train()

    @Slot(object)
    def _on_project_changed(self, _change: object) -> None:
        self.leave()
