from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from sklearn.metrics import r2_score
from torch import Tensor, nn
from torch.nn import functional

from dlstudio.data.facts import facts_of
from dlstudio.design.data_settings import DataSettings
from dlstudio.design.model import Project
from dlstudio.design.training_settings import Optimiser, TrainingSettings
from dlstudio.network.compile import compile_design
from dlstudio.training.errors import TrainingError
from dlstudio.training.events import EpochDone, Failed, Finished
from dlstudio.training.objective import Scored
from dlstudio.training.tallies import ClassTally, ValueTally
from dlstudio.training.tasks.supervised import Supervised
from tests.training.training_designs import PLAIN, chain, every, follow, learning, only

CPU = torch.device("cpu")


def objective(project: Project) -> Supervised:
    compiled = compile_design(project, facts_of(project.data))
    return Supervised(project.training, compiled)


def on(source: str, layers, **training) -> Project:
    return replace(chain(layers, **training), data=DataSettings(source=source))


def test_label_smoothing_is_torchs() -> None:
    project = chain(PLAIN, loss_settings={"label_smoothing": 0.2})
    scores, classes = torch.randn(9, 10), torch.arange(9)
    expected = functional.cross_entropy(scores, classes, label_smoothing=0.2)
    assert torch.equal(objective(project).loss(scores, classes), expected)


@pytest.mark.parametrize(
    ("loss", "settings", "module"),
    [
        ("mse", {}, nn.MSELoss()),
        ("l1", {}, nn.L1Loss()),
        ("huber", {"delta": 0.3}, nn.HuberLoss(delta=0.3)),
    ],
)
def test_regression_losses_are_torchs(loss: str, settings: dict, module: nn.Module) -> None:
    project = on(
        "diabetes",
        [("linear", {"out_features": 1})],
        task="regression",
        loss=loss,
        loss_settings=settings,
    )
    values, target = torch.randn(7, 1), torch.randn(7)
    assert torch.equal(objective(project).loss(values, target), module(values[:, 0], target))


def test_a_column_against_a_row_is_never_stretched() -> None:
    project = on("diabetes", [("linear", {"out_features": 1})], task="regression", loss="mse")
    values = torch.arange(4.0).unsqueeze(1)
    assert objective(project).loss(values, torch.arange(4.0)).item() == 0


def test_binary_takes_scores_or_probabilities() -> None:
    linear = [("linear", {"out_features": 1})]
    scores, classes = torch.tensor([[-3.0], [0.5], [2.0]]), torch.tensor([0, 1, 1])
    raw = objective(on("movie", linear, loss="binary"))
    squashed = objective(on("movie", [*linear, ("sigmoid", {})], loss="binary"))
    assert not raw.probabilities
    assert squashed.probabilities
    assert raw.loss(scores, classes).item() == pytest.approx(
        squashed.loss(scores.sigmoid(), classes).item(), rel=1e-5
    )


def test_binary_of_a_saturated_probability_stays_finite() -> None:
    squashed = objective(
        on("movie", [("linear", {"out_features": 1}), ("sigmoid", {})], loss="binary")
    )
    probability = torch.tensor([[0.0], [1.0]], requires_grad=True)
    loss = squashed.loss(probability, torch.tensor([1, 0]))
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(probability.grad).all()


def test_the_perceptron_pays_for_the_wrong_side_only() -> None:
    rule = objective(on("moons", [("linear", {"out_features": 1})], loss="perceptron"))
    scores = torch.tensor([[2.0], [-3.0], [0.5], [-4.0]], requires_grad=True)
    loss = rule.loss(scores, torch.tensor([1, 1, 0, 0]))
    loss.backward()
    assert loss.item() == pytest.approx((3 + 0.5) / 4)
    assert scores.grad.flatten().tolist() == [0, -0.25, 0.25, 0]


def test_a_perceptron_answers_yes_from_0_on_and_is_sure() -> None:
    rule = objective(on("moons", [("linear", {"out_features": 1})], loss="perceptron"))
    tally = rule.tally(CPU)
    output, target = torch.tensor([[0.2], [-0.1], [0.7]]), torch.tensor([1, 0, 0])
    tally.add(scored(output, target, torch.tensor(0.0)))
    assert tally.read()["accuracy"] == pytest.approx(2 / 3)
    assert rule.read_out(output[0], 2).tolist() == [0, 1]


def test_one_neuron_tells_two_classes_apart() -> None:
    project = on(
        "movie", [("linear", {"out_features": 1}), ("sigmoid", {})], loss="binary", epochs=30
    )
    metrics = only(follow(learning(project, Optimiser("adam", 0.05))), Finished).metrics
    assert metrics["test_accuracy"] > 0.7
    assert metrics["train_loss"] < 0.6


def test_classes_under_a_squared_error_become_one_hot() -> None:
    project = chain(PLAIN, loss="mse")
    scores, classes = torch.randn(5, 10), torch.arange(5)
    expected = functional.mse_loss(scores, functional.one_hot(classes, 10).float())
    assert torch.equal(objective(project).loss(scores, classes), expected)
    metrics = only(follow(learning(project, Optimiser("adam", 5e-3))), Finished).metrics
    assert metrics["validation_accuracy"] > 0.5


def test_regression_is_scored_and_learnt() -> None:
    layers = [("linear", {"out_features": 16}), ("relu", {}), ("linear", {"out_features": 1})]
    project = on("diabetes", layers, task="regression", loss="mse", epochs=60, batch_size=32)
    events = follow(learning(project, Optimiser("adam", 0.03)))
    first, last = every(events, EpochDone)[0].metrics, only(events, Finished).metrics
    assert set(last) >= {"train_mae", "validation_mae", "validation_r2", "test_mae", "test_r2"}
    assert last["validation_mae"] < first["validation_mae"]
    assert last["validation_r2"] > 0.2


def scored(output: Tensor, target: Tensor, loss: Tensor) -> Scored:
    return Scored(loss, len(target), output, target)


def test_tallies_over_odd_batches_equal_figures_over_all() -> None:
    output, target = torch.randn(23, 3), torch.randn(23, 3)
    tally = ValueTally(CPU)
    for rows in (slice(0, 10), slice(10, 20), slice(20, 23)):
        loss = functional.mse_loss(output[rows], target[rows])
        tally.add(scored(output[rows], target[rows], loss))
    metrics = tally.read()
    assert metrics["loss"] == pytest.approx(functional.mse_loss(output, target).item())
    assert metrics["mae"] == pytest.approx((output - target).abs().mean().item())
    assert metrics["r2"] == pytest.approx(r2_score(target, output))


def test_accuracy_of_classes_and_of_one_neuron() -> None:
    many = ClassTally(CPU, 0.0)
    many.add(
        scored(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([1, 1]), torch.tensor(0.5))
    )
    assert many.read() == {"loss": 0.5, "accuracy": 0.5}
    one = ClassTally(CPU, 0.5)
    one.add(scored(torch.tensor([[0.4], [0.6], [0.9]]), torch.tensor([0, 1, 0]), torch.tensor(1.0)))
    assert one.read()["accuracy"] == pytest.approx(2 / 3)


def test_a_tally_that_was_kept_goes_on() -> None:
    first, second = ClassTally(CPU, 0.0), ClassTally(CPU, 0.0)
    scores, classes = torch.randn(8, 4), torch.randint(0, 4, (8,))
    first.add(scored(scores, classes, torch.tensor(2.0)))
    second.load(first.tensors())
    for tally in (first, second):
        tally.add(scored(scores[:3], classes[:3], torch.tensor(1.0)))
    assert first.read() == second.read()


@pytest.mark.parametrize(
    ("layers", "training", "words"),
    [
        ([("flatten", {}), ("linear", {"out_features": 1})], {}, "10 classes"),
        ([("flatten", {}), ("linear", {"out_features": 10})], {"loss": "binary"}, "two classes"),
        (PLAIN, {"task": "regression"}, "loss for classification"),
        (PLAIN, {"task": "regression", "loss": "mse"}, "10 for a sample"),
        (PLAIN, {"task": "dreaming"}, "Task must be one of"),
        (PLAIN, {"loss": "luck"}, "Loss must be one of"),
        (PLAIN, {"loss_settings": {"label_smoothing": 3}}, "Label smoothing must lie"),
        (PLAIN, {"batch_size": 0}, "Batch size"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(layers, training, words: str) -> None:
    failed = only(follow(chain(layers, **training)), Failed)
    assert words.lower() in failed.text.lower()


def test_defaults_of_the_document_go_together() -> None:
    assert objective(chain(PLAIN)).name == TrainingSettings().loss


def test_unknown_loss_settings_are_named() -> None:
    with pytest.raises(TrainingError, match="no setting called 'zeal'"):
        objective(chain(PLAIN, loss_settings={"zeal": 1}))
