"""Edits of project-wide settings: data, training, texts and the trained weights."""

from __future__ import annotations

from dataclasses import replace

from dlstudio.design.editing.lookup import checked_text
from dlstudio.design.model.data_settings import DataSettings
from dlstudio.design.model.model import Project, WeightsRef
from dlstudio.design.model.training_settings import TrainingSettings
from dlstudio.design.model.values import one_line


def set_data(project: Project, data: DataSettings) -> Project:
    """Return the project with the data settings replaced."""
    return project if project.data == data else replace(project, data=data)


def set_training(project: Project, training: TrainingSettings) -> Project:
    """Return the project with the training settings replaced."""
    return project if project.training == training else replace(project, training=training)


def set_about(project: Project, about: str) -> Project:
    """Return the project with the description replaced."""
    return project if project.about == about else replace(project, about=checked_text(about))


def set_project_title(project: Project, title: str) -> Project:
    """Return the project with the title replaced."""
    title = one_line(checked_text(title))
    return project if project.title == title else replace(project, title=title)


def set_weights(project: Project, weights: WeightsRef | None) -> Project:
    """Return the project with the reference to trained weights replaced or removed."""
    return project if project.weights == weights else replace(project, weights=weights)
