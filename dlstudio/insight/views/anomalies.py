"""The view of how well reconstruction error separates anomalies from normal samples."""

from dlstudio.design.model.model import Project
from dlstudio.design.model.signals import DatasetInfo
from dlstudio.insight.views.spec import ViewSpec
from dlstudio.layers.framework.settings import Integer, Text
from dlstudio.training.specs.registry import TASKS


def _needs(project: Project, facts: DatasetInfo) -> str | None:
    del facts
    task = TASKS.get(project.training.task)
    if task is not None and task.rebuilds:
        return None
    titles = " or ".join(spec.title for spec in TASKS.values() if spec.rebuilds)
    return f"This analysis needs a task that reconstructs its input: {titles}."


VIEW = ViewSpec(
    name="anomalies",
    title="Anomalies",
    help="How well reconstruction error separates anomalies from normal samples.",
    input="state",
    cost="slow",
    needs=_needs,
    options={
        "source": Text(
            title="Anomalies",
            help="Source of the anomalies: noise, or the name of a data source.",
            default="noise",
        ),
        "folder": Text(
            title="Folder", help="Folder from which the data source reads images.", default=""
        ),
        "seed": Integer(title="Seed", help="Seed of the noise.", default=0, minimum=0),
    },
    compute="dlstudio.insight.analyses.anomaly.compute_anomalies",
    panel="dlstudio.gui.plots.analyses.anomalies_panel.AnomaliesPanel",
    icon="anomalies",
)
