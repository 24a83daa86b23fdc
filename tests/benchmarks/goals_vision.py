"""What the examples on pictures, sounds, series and few labels promise."""

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
from dlstudio.data.sources import read_options
from dlstudio.design.data_settings import DataSettings, Split
from dlstudio.design.edits import set_settings
from dlstudio.design.examples import example_path
from dlstudio.design.files import load
from dlstudio.design.model import Project
from dlstudio.insight.anomaly import sample_errors
from dlstudio.insight.embeddings import Rows, embed
from dlstudio.insight.probe import linear_probe
from dlstudio.network.compile import compile_design
from dlstudio.training.events import Failed, Finished, RunOptions
from dlstudio.training.loop import train
from dlstudio.training.observer import RunView
from dlstudio.training.tasks.choose import choose_objective
from tests.benchmarks.goals import Figures, Goal, Promise, Trained, accuracy, figure

TRUNK = ("conv2d_1", "batch_norm2d_1", "conv2d_2", "batch_norm2d_2", "linear_1")
"""Layers of `transfer-digits` that are taken over from `mnist-cnn`."""
SHIPPED_TRUNK = example_path("transfer-digits").with_name("mnist-trunk.safetensors")
FEWER = 20
"""Labelled digits, 2 a class, for which that is measured once more."""
ENCODED = "global_avg_pool_1"
"""Layer of `simclr-digits` before its projection head."""
PER_CLASS, DRAWS = 5, 10


def best_mae(data: DataSettings) -> float:
    """Return the mean absolute error of a forecast that knows all but the noise to come.

    What step h ahead adds to the known waves and the decayed noise is normal, with the variance
    s² (1 − φ^2h) / (1 − φ²).
    """
    options = read_options(data.source, data.options)
    fresh, memory = options["noise"], options["memory"]
    ahead = range(1, options["horizon"] + 1)
    variances = [sum(memory ** (2 * step) for step in range(horizon)) for horizon in ahead]
    return mean(fresh * math.sqrt(2 / math.pi * variance) for variance in variances)


def beside_last_period(trained: Trained) -> Figures:
    """Measure two forecasts without learning: as one period ago, and so with its drift added."""
    data = load_data(trained.project.data)
    options = read_options(trained.project.data.source, trained.project.data.options)
    period, horizon = round(options["period"]), options["horizon"]
    assert data.test is not None
    assert data.test.target is not None
    seen = data.test.inputs["samples"][..., 0]
    same = seen[:, -period:][:, :horizon]
    drift = (seen[:, -1] - seen[:, -1 - period]).unsqueeze(1)
    return {
        "same_mae": float((same - data.test.target).abs().mean()),
        "drift_mae": float((same + drift - data.test.target).abs().mean()),
        "best_mae": best_mae(trained.project.data),
    }


def network_of(trained: Trained) -> RunView:
    """Return a trained network with its data."""
    view = trained.reopen().probe.network
    assert view is not None
    return view


def probed(trained: Trained) -> Figures:
    """Measure a linear probe on a few labels: trained, untrained, and on the pixels alone."""
    view, project = network_of(trained), trained.project
    compiled = compile_design(project, view.facts, seed=trained.seed)
    untrained = replace(view, objective=choose_objective(project.training, compiled))
    rows = [view.parts[name].inputs["samples"].flatten(1).float() for name in ("train", "test")]
    return {
        "probe_trained": _told(view, *(embed(view, view.parts[name], ENCODED) for name in _PARTS)),
        "probe_untrained": _told(
            view, *(embed(untrained, view.parts[name], ENCODED) for name in _PARTS)
        ),
        "probe_pixels": _told(view, *(pixels.numpy() for pixels in rows)),
    }


_PARTS = ("train", "test")


def _told(view: RunView, rows: Rows, test_rows: Rows) -> float:
    """Return the mean accuracy over several draws of the labels."""
    labels, test_labels = (view.parts[name].target.numpy() for name in _PARTS)
    probe = partial(linear_probe, rows, labels, test_rows, test_labels, per_class=PER_CLASS)
    return mean(probe(seed=seed).accuracy for seed in range(DRAWS))


def frozen_trunk(project: Project) -> Project:
    """Freeze what is taken over, as the dialog of the window does."""
    return set_settings(project, TRUNK, {"frozen": True})


def from_scratch(trained: Trained) -> Figures:
    """Measure the same network without anything taken over, and both on still fewer samples."""
    project = trained.project
    split = replace(project.data.split, most=FEWER)
    fewer = replace(project, data=replace(project.data, split=split))
    return {
        "scratch_accuracy": _reached(_thawed(project), trained.seed),
        "fewer_accuracy": _reached(fewer, trained.seed, SHIPPED_TRUNK),
        "fewer_scratch_accuracy": _reached(_thawed(fewer), trained.seed),
    }


def _thawed(project: Project) -> Project:
    return set_settings(project, TRUNK, {"frozen": False})


def _reached(project: Project, seed: int, weights: Path | None = None) -> float:
    options = RunOptions(device="cpu", threads=1, seed=seed, initial_weights=str(weights or ""))
    *_, last = train(project, options)
    if isinstance(last, Failed):
        raise RuntimeError(last.text)
    assert isinstance(last, Finished)
    return last.metrics["test_accuracy"]


def usual_labels(trained: Trained) -> Figures:
    """Measure two answers without looking: each label's usual one, and the usual row of labels."""
    data = load_data(trained.project.data)
    assert data.test is not None
    train, test = data.train.target, data.test.target
    assert train is not None
    assert test is not None
    rows, counts = train.unique(dim=0, return_counts=True)
    return {
        "usual_labels": float(((train.mean(0) > 0.5) == (test > 0.5)).double().mean()),
        "usual_rows": float((test == rows[counts.argmax()]).all(1).double().mean()),
    }


def autoencoder_figures(trained: Trained) -> Figures:
    """Measure what as many principal components lose, and how well errors tell odd pictures."""
    return {**principal_components(trained), **odd_shapes(trained)}


def principal_components(trained: Trained) -> Figures:
    """Measure what as many principal components as the network is narrow lose of the test part."""
    from sklearn.decomposition import PCA

    data = load_data(trained.project.data)
    subsets = (data.train, data.test)
    train_rows, test_rows = (
        data.normaliser.apply("samples", subset.inputs["samples"]).flatten(1).numpy()
        for subset in subsets
        if subset is not None
    )
    pca = PCA(32, svd_solver="covariance_eigh", random_state=trained.seed).fit(train_rows)
    reconstructed = pca.inverse_transform(pca.transform(test_rows))
    return {"pca_mse": float(((reconstructed - test_rows) ** 2).mean())}


def odd_shapes(trained: Trained) -> Figures:
    """Measure how well the error tells test digits from made-up shapes, and brightness alone."""
    from sklearn.metrics import roc_auc_score

    view = network_of(trained)
    shapes = DataSettings("shapes", {"size": 28, "samples": 2000}, Split(0.0, 0.0))
    subsets = (view.parts["test"], load_data(shapes).train)
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


def _over(name: str, other: str) -> Callable[[Figures], float]:
    return lambda figures: figures[name] / figures[other]


def _gain(name: str, other: str) -> Callable[[Figures], float]:
    """Return what reads a difference of two shares, without the last digits' noise."""
    return lambda figures: round(figures[name] - figures[other], 9)


_BEST = best_mae(load(example_path("forecast-lstm")).data)

PROMISES: Mapping[str, Promise] = {
    "autoencoder-32": Promise(
        (
            Goal("test MSE", figure("test_mse"), operator.lt, 0.0170, "{:.4f}"),
            Goal(
                "test MSE over that of PCA with 32 parts",
                _over("test_mse", "pca_mse"),
                operator.lt,
                1.0,
                "{:.2f}",
            ),
            Goal("AUROC, digits from shapes", figure("auroc"), operator.ge, 0.95, "{:.3f}"),
        ),
        examine=autoencoder_figures,
    ),
    "shapes-labels": Promise(
        (
            Goal(
                "test pictures with all labels right",
                figure("test_rows_right"),
                operator.ge,
                0.75,
                beside={"always the usual labels": figure("usual_rows")},
            ),
            Goal(
                "test labels right",
                figure("test_label_accuracy"),
                operator.ge,
                0.90,
                beside={"always the usual answer": figure("usual_labels")},
            ),
        ),
        examine=usual_labels,
    ),
    "segment-shapes": Promise(
        (Goal("test mean IoU", figure("test_mean_iou"), operator.ge, 0.90),),
    ),
    "tones-cnn": Promise((accuracy(0.97),)),
    "forecast-lstm": Promise(
        (
            Goal(
                "test MAE over that of “as one period ago”",
                _over("test_mae", "same_mae"),
                operator.le,
                0.80,
            ),
            Goal(
                f"test MAE (best possible: {_BEST:.3f})",
                figure("test_mae"),
                operator.le,
                1.5 * _BEST,
                "{:.3f}",
            ),
        ),
        examine=beside_last_period,
    ),
    "simclr-digits": Promise(
        (
            Goal(
                "probe on 5 labels a class, over untrained",
                _gain("probe_trained", "probe_untrained"),
                operator.ge,
                0.10,
            ),
        ),
        examine=probed,
    ),
    "transfer-digits": Promise(
        (
            Goal(
                "test accuracy, over from scratch",
                _gain("test_accuracy", "scratch_accuracy"),
                operator.ge,
                0.05,
            ),
            Goal(
                f"the same with {FEWER} labels",
                _gain("fewer_accuracy", "fewer_scratch_accuracy"),
                operator.ge,
                0.05,
            ),
        ),
        change=frozen_trunk,
        examine=from_scratch,
        weights=SHIPPED_TRUNK,
    ),
}
