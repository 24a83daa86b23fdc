"""The combo box of anomaly sources. Does not import torch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from dlstudio.data.sources.dataset_info import info_of
from dlstudio.data.sources.framework.source import GENERATED, YOUR_OWN
from dlstudio.data.sources.sources import SOURCES, UNLABELLED_IMAGES
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.gui.forms.setting_editors import FormComboBox
from dlstudio.insight.analyses.anomaly_views import NOISE, AnomalySource

_FOLDER_ITEM = "Folder of images…"
_NOISE_TITLE = "Noise"


class AnomalySourceMenu(FormComboBox):
    """Noise, data sets of the same shape, and folders of images.

    Signals:
        chosen: The new `AnomalySource`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._data = DataSettings()
        self._folders: list[Path] = []
        self.setToolTip("Samples unlike the training data")
        self.setMinimumContentsLength(15)
        self.activated.connect(self._on_activated)
        self.show_data(self._data)

    @property
    def choice(self) -> AnomalySource:
        """The chosen source."""
        choice = self.currentData()
        return choice if isinstance(choice, AnomalySource) else AnomalySource()

    def show_data(self, data: DataSettings) -> None:
        """Offer sources that match the data's shape; the choice is kept if it is still offered."""
        previous = self.currentText()
        self._data = data
        self.clear()
        for title, choice in self._offered_sources():
            self.addItem(title, choice)
        if self._has_images:
            self.addItem(_FOLDER_ITEM)
        self.setCurrentIndex(max(self.findText(previous), 0))

    @property
    def _has_images(self) -> bool:
        source = SOURCES.get(self._data.source)
        rows = bool(self._data.options.get("rows"))
        if source is not None and source.form == "any":
            signal = info_of(self._data).inputs.get("samples")
            return signal is not None and len(signal.shape) == 3
        return source is not None and source.form == "pictures" and not rows

    def _offered_sources(self) -> Iterator[tuple[str, AnomalySource]]:
        yield _NOISE_TITLE, AnomalySource()
        is_image = self._has_images
        own_signal = info_of(self._data).inputs.get("samples")
        for name, source in SOURCES.items():
            if name == self._data.source or source.group in {YOUR_OWN, GENERATED}:
                continue
            if is_image:
                fits = source.form == "pictures"
            else:
                other_signal = info_of(DataSettings(name)).inputs.get("samples")
                fits = (
                    own_signal is not None
                    and other_signal is not None
                    and own_signal.shape == other_signal.shape
                )
            if fits:
                yield source.title, AnomalySource(name)
        for folder in self._folders:
            yield folder.name, AnomalySource(UNLABELLED_IMAGES, {"path": str(folder)})

    def _on_activated(self, _index: int) -> None:
        if self.currentText() == _FOLDER_ITEM:
            folder = QFileDialog.getExistingDirectory(self, "Folder of anomalous images")
            if folder and Path(folder) not in self._folders:
                self._folders.append(Path(folder))
            self.show_data(self._data)
            self.setCurrentIndex(max(self.findText(Path(folder).name), 0) if folder else 0)
            if not folder:
                return
        self.chosen.emit(self.choice)


def source_title(choice: AnomalySource) -> str:
    """Return the title of a source."""
    if choice.name == NOISE:
        return _NOISE_TITLE.lower()
    path = choice.options.get("path")
    return Path(str(path)).name if path else SOURCES[choice.name].title
