"""The targets of the examples on images, sounds, series and few labels."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import mean

import numpy as np

from dlstudio.data.load import load_data
from dlstudio.data.sources.sources import parse_options
from dlstudio.design.edits import set_settings
from dlstudio.design.library.examples import example_path
from dlstudio.design.library.files import load
from dlstudio.design.model.data_settings import DataSettings, Split
from dlstudio.design.model.model import Project
from dlstudio.insight.analyses.anomaly import sample_errors
from dlstudio.insight.analyses.embeddings import Embeddings, embed
from dlstudio.insight.analyses.linear_classifier import linear_probe
from dlstudio.network.compile.compile import compile_design
from dlstudio.training.loop.loop import train
from dlstudio.training.loop.observer import RunView
from dlstudio.training.protocol.events import Failed, Finished, RunOptions
from dlstudio.training.tasks.registry import create_objective
from tests.benchmarks.examples.targets import (
    ExampleSpec,
    Metrics,
    Target,
    TrainedExample,
    accuracy_target,
    metric,
)

TRUNK_LAYERS = ("conv2d_1", "batch_norm2d_1", "conv2d_2", "batch_norm2d_2", "linear_1")
"""Layers of `transfer-digits` whose weights are copied from `mnist-cnn`."""
TRUNK_WEIGHTS = example_path("transfer-digits").with_name("mnist-trunk.safetensors")
FEWER_SAMPLES = 20
"""Size of the second, smaller training set: 2 labelled digits per class."""
ENCODER_OUTPUT = "global_avg_pool_1"
"""The layer of `simclr-digits` before its projection head."""
PER_CLASS, PROBE_SEEDS = 5, 10


def best_mae(data: DataSettings) -> float:
    """Return the mean absolute error of a forecast that knows everything but future noise.

    The error h steps ahead is normal with variance s² (1 − φ^2h) / (1 − φ²).
    """
    options = parse_options(data.source, data.options)
    noise, memory = options["noise"], options["memory"]
    horizons = range(1, options["horizon"] + 1)
    variances = [sum(memory ** (2 * step) for step in range(horizon)) for horizon in horizons]
    return mean(noise * math.sqrt(2 / math.pi * variance) for variance in variances)


def measure_naive_forecasts(example: TrainedExample) -> Metrics:
    """Measure two naive forecasts: the value one period ago, without and with its drift."""
    data = load_data(example.project.data)
    options = parse_options(example.project.data.source, example.project.data.options)
    period, horizon = round(options["period"]), options["horizon"]
    assert data.test is not None
    assert data.test.target is not None
    known = data.test.inputs["samples"][..., 0]
    same = known[:, -period:][:, :horizon]
    drift = (known[:, -1] - known[:, -1 - period]).unsqueeze(1)
    return {
        "same_mae": float((same - data.test.target).abs().mean()),
        "drift_mae": float((same + drift - data.test.target).abs().mean()),
        "best_mae": best_mae(example.project.data),
    }


def trained_network(example: TrainedExample) -> RunView:
    """Return a trained network with its data."""
    view = example.restore().network.view
    assert view is not None
    return view


def measure_linear_probes(example: TrainedExample) -> Metrics:
    """Measure a linear probe on few labels: trained, untrained, and on raw pixels."""
    view, project = trained_network(example), example.project
    compiled = compile_design(project, view.facts, seed=example.seed)
    untrained = replace(view, objective=create_objective(project.training, compiled))
    rows = [view.subsets[name].inputs["samples"].flatten(1).float() for name in ("train", "test")]
    return {
        "probe_trained": _probe_accuracy(
            view, *(embed(view, view.subsets[name], ENCODER_OUTPUT) for name in _SUBSETS)
        ),
        "probe_untrained": _probe_accuracy(
            view, *(embed(untrained, view.subsets[name], ENCODER_OUTPUT) for name in _SUBSETS)
        ),
        "probe_pixels": _probe_accuracy(view, *(pixels.numpy() for pixels in rows)),
    }


_SUBSETS = ("train", "test")


def _probe_accuracy(view: RunView, rows: Embeddings, test_rows: Embeddings) -> float:
    """Return the mean accuracy over several random choices of labels."""
    labels, test_labels = (view.subsets[name].target.numpy() for name in _SUBSETS)
    probe = partial(linear_probe, rows, labels, test_rows, test_labels, per_class=PER_CLASS)
    return mean(probe(seed=seed).accuracy for seed in range(PROBE_SEEDS))


def with_frozen_trunk(project: Project) -> Project:
    """Freeze the copied layers, as the window's dialog does."""
    return set_settings(project, TRUNK_LAYERS, {"frozen": True})


def measure_without_transfer(example: TrainedExample) -> Metrics:
    """Measure training from scratch, and both variants on fewer samples."""
    project = example.project
    split = replace(project.data.split, most=FEWER_SAMPLES)
    fewer = replace(project, data=replace(project.data, split=split))
    return {
        "scratch_accuracy": _test_accuracy(_with_unfrozen_trunk(project), example.seed),
        "fewer_accuracy": _test_accuracy(fewer, example.seed, TRUNK_WEIGHTS),
        "fewer_scratch_accuracy": _test_accuracy(_with_unfrozen_trunk(fewer), example.seed),
    }


def _with_unfrozen_trunk(project: Project) -> Project:
    return set_settings(project, TRUNK_LAYERS, {"frozen": False})


def _test_accuracy(project: Project, seed: int, weights: Path | None = None) -> float:
    options = RunOptions(device="cpu", threads=1, seed=seed, initial_weights=str(weights or ""))
    *_, last = train(project, options)
    if isinstance(last, Failed):
        raise RuntimeError(last.text)
    assert isinstance(last, Finished)
    return last.metrics["test_accuracy"]


def measure_majority_baselines(example: TrainedExample) -> Metrics:
    """Measure two constant predictions: each label's majority, and the most frequent row."""
    data = load_data(example.project.data)
    assert data.test is not None
    train, test = data.train.target, data.test.target
    assert train is not None
    assert test is not None
    rows, counts = train.unique(dim=0, return_counts=True)
    return {
        "usual_labels": float(((train.mean(0) > 0.5) == (test > 0.5)).double().mean()),
        "usual_rows": float((test == rows[counts.argmax()]).all(1).double().mean()),
    }


def measure_autoencoder(example: TrainedExample) -> Metrics:
    """Measure the reconstruction error of PCA, and anomaly detection by the error."""
    return {**measure_pca(example), **measure_anomalies(example)}


def measure_pca(example: TrainedExample) -> Metrics:
    """Measure the test error of PCA with as many components as the bottleneck has units."""
    from sklearn.decomposition import PCA

    data = load_data(example.project.data)
    subsets = (data.train, data.test)
    train_rows, test_rows = (
        data.normaliser.apply("samples", subset.inputs["samples"]).flatten(1).numpy()
        for subset in subsets
        if subset is not None
    )
    pca = PCA(32, svd_solver="covariance_eigh", random_state=example.seed).fit(train_rows)
    reconstructed = pca.inverse_transform(pca.transform(test_rows))
    return {"pca_mse": float(((reconstructed - test_rows) ** 2).mean())}


def measure_anomalies(example: TrainedExample) -> Metrics:
    """Measure how well the error, or brightness alone, separates digits from shapes."""
    from sklearn.metrics import roc_auc_score

    view = trained_network(example)
    shapes = DataSettings("shapes", {"size": 28, "samples": 2000}, Split(0.0, 0.0))
    subsets = (view.subsets["test"], load_data(shapes).train)
    normal, anomalous = (sample_errors(view, subset) for subset in subsets)
    brightness = [subset.inputs["samples"].float().mean((1, 2, 3)).numpy() for subset in subsets]
    truth = np.repeat([0, 1], [len(normal), len(anomalous)])
    quantiles = {"5": 0.05, "50": 0.5, "95": 0.95}
    return {
        "auroc": float(roc_auc_score(truth, np.concatenate([normal, anomalous]))),
        "brightness_auroc": float(roc_auc_score(truth, np.concatenate(brightness))),
        **{
            f"usual_{name}": float(np.quantile(normal, quantile))
            for name, quantile in quantiles.items()
        },
        **{
            f"odd_{name}": float(np.quantile(anomalous, quantile))
            for name, quantile in quantiles.items()
        },
    }


def _ratio(name: str, other: str) -> Callable[[Metrics], float]:
    return lambda metrics: metrics[name] / metrics[other]


def _difference(name: str, other: str) -> Callable[[Metrics], float]:
    """Return a function that reads the difference of two metrics, without rounding noise."""
    return lambda metrics: round(metrics[name] - metrics[other], 9)


_BEST_MAE = best_mae(load(example_path("forecast-lstm")).data)

VISION_SPECS: Mapping[str, ExampleSpec] = {
    "autoencoder-32": ExampleSpec(
        (
            Target("test MSE", metric("test_mse"), operator.lt, 0.0170, "{:.4f}"),
            Target(
                "test MSE over that of PCA with 32 components",
                _ratio("test_mse", "pca_mse"),
                operator.lt,
                1.0,
                "{:.2f}",
            ),
            Target("AUROC, digits from shapes", metric("auroc"), operator.ge, 0.95, "{:.3f}"),
        ),
        measure=measure_autoencoder,
    ),
    "shapes-labels": ExampleSpec(
        (
            Target(
                "test images with all labels correct",
                metric("test_rows_right"),
                operator.ge,
                0.75,
                context={"most frequent labels": metric("usual_rows")},
            ),
            Target(
                "test labels correct",
                metric("test_label_accuracy"),
                operator.ge,
                0.90,
                context={"majority of each label": metric("usual_labels")},
            ),
        ),
        measure=measure_majority_baselines,
    ),
    "segment-shapes": ExampleSpec(
        (Target("test mean IoU", metric("test_mean_iou"), operator.ge, 0.90),),
    ),
    "tones-cnn": ExampleSpec((accuracy_target(0.97),)),
    "forecast-lstm": ExampleSpec(
        (
            Target(
                "test MAE over that of “as one period ago”",
                _ratio("test_mae", "same_mae"),
                operator.le,
                0.80,
            ),
            Target(
                f"test MAE (best possible: {_BEST_MAE:.3f})",
                metric("test_mae"),
                operator.le,
                1.5 * _BEST_MAE,
                "{:.3f}",
            ),
        ),
        measure=measure_naive_forecasts,
    ),
    "simclr-digits": ExampleSpec(
        (
            Target(
                "probe on 5 labels per class, over untrained",
                _difference("probe_trained", "probe_untrained"),
                operator.ge,
                0.10,
            ),
        ),
        measure=measure_linear_probes,
    ),
    "transfer-digits": ExampleSpec(
        (
            Target(
                "test accuracy, over from scratch",
                _difference("test_accuracy", "scratch_accuracy"),
                operator.ge,
                0.05,
            ),
            Target(
                f"the same with {FEWER_SAMPLES} labels",
                _difference("fewer_accuracy", "fewer_scratch_accuracy"),
                operator.ge,
                0.05,
            ),
        ),
        change=with_frozen_trunk,
        measure=measure_without_transfer,
        weights=TRUNK_WEIGHTS,
    ),
}
