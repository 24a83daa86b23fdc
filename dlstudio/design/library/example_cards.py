"""What the gallery says about each example: short title, one line, level and concepts.

An example without an entry is shown with the title and the first sentence of its design.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("beginner", "intermediate", "advanced")


@dataclass(frozen=True, slots=True)
class ExampleText:
    """The words of an example in the gallery.

    Attributes:
        title: Short title.
        line: One or two short sentences: what one sees.
        level: Index in `LEVELS`.
        concepts: Ideas it explains, for the search; those of its layers and task are added.
    """

    title: str
    line: str
    level: int = 0
    concepts: tuple[str, ...] = ()


def _text(title: str, line: str, level: int, *concepts: str) -> ExampleText:
    return ExampleText(title, line, level, concepts)


# fmt: off
EXAMPLE_TEXTS: Mapping[str, ExampleText] = {
    "movie-neuron": _text(
        "One neuron decides",
        "Three numbers, three weights, one answer: will this person watch the film?",
        0, "neuron", "weighted sum", "logistic regression", "binary classification"),
    "xor-mlp": _text(
        "XOR needs a hidden layer",
        "No single line separates these points. Eight hidden units draw eight lines.",
        0, "decision boundary", "hidden layer", "multilayer perceptron"),
    "spirals-mlp": _text(
        "Two spirals",
        "Two classes wound into each other: the boundary must bend again and again.",
        0, "decision boundary", "multilayer perceptron"),
    "digits-mlp": _text(
        "Handwritten digits",
        "Images of 8 × 8 pixels, and what the network answers for digits it has never seen.",
        0, "image classification", "multilayer perceptron", "digit recognition"),
    "perceptron-1958": _text(
        "The perceptron of 1958",
        "One line, moved by each wrong point, never at rest.",
        0, "decision boundary", "neuron", "history"),
    "xor-solved-1986": _text(
        "XOR solved in 1986",
        "Backpropagation trains the hidden layer as well.",
        0, "decision boundary", "backpropagation", "hidden layer", "history"),
    "breast-cancer-mlp": _text(
        "Benign or malignant",
        "Thirty measurements of a tumour, and early stopping.",
        0, "table", "early stopping", "binary classification", "normalisation of data"),
    "xor-perceptron": _text(
        "One neuron fails at XOR",
        "No straight line separates these classes.",
        0, "underfitting", "decision boundary", "neuron", "capacity"),
    "underfitting": _text(
        "Underfitting",
        "A straight line cannot enclose a ring of points.",
        0, "underfitting", "decision boundary", "capacity"),
    "overfitting": _text(
        "Overfitting",
        "17,154 parameters learn 80 points by heart.",
        0, "overfitting", "early stopping", "regularisation", "capacity"),
    "imbalanced-moons": _text(
        "Imbalanced classes",
        "Only 5 % are B; class weights make them count.",
        0, "class weights", "balanced accuracy", "binary classification"),
    "vanishing-sigmoid": _text(
        "Vanishing gradient",
        "Twenty sigmoid layers: the first ones do not learn.",
        1, "vanishing gradient", "activation function", "depth"),
    "relu-he": _text(
        "ReLU and He initialisation",
        "The same twenty layers, and now the gradient arrives.",
        1, "vanishing gradient", "initialisation", "activation function", "depth"),
    "residual-deep": _text(
        "Residual connections",
        "Wires past the layers carry the gradient.",
        1, "vanishing gradient", "residual connection", "skip connection", "depth"),
    "mnist-dropout": _text(
        "Dropout",
        "Units switched off at random: overfitting slows.",
        1, "dropout", "regularisation", "overfitting", "digit recognition"),
    "mnist-deepnet": _text(
        "Batch normalisation",
        "Inputs keep their range: 96 % after one epoch.",
        1, "batch normalisation", "digit recognition"),
    "adding-rnn": _text(
        "An RNN forgets",
        "Two marks in 100 numbers: their sum is not learned.",
        1, "vanishing gradient", "recurrent network", "memory", "regression"),
    "digits-cnn": _text(
        "Convolutions read digits",
        "Small filters find a stroke wherever it is.",
        0, "image classification", "convolution", "feature map", "digit recognition"),
    "mnist-cnn": _text(
        "Feature maps of a CNN",
        "What the filters find in a handwritten digit.",
        1, "image classification", "convolution", "feature map", "digit recognition",
        "batch normalisation", "dropout"),
    "segment-shapes": _text(
        "Segmentation",
        "Each pixel gets a class: circle, triangle, square.",
        1, "segmentation", "u-net", "skip connection"),
    "tones-cnn": _text(
        "Sounds as images",
        "A CNN tells six tones apart by their spectrogram.",
        1, "audio", "spectrogram", "convolution", "image classification"),
    "mnist-simple": _text(
        "MNIST, one hidden layer",
        "The usual first network: 97 % after three epochs.",
        0, "image classification", "multilayer perceptron", "digit recognition"),
    "mnist-mlp": _text(
        "MNIST, two hidden layers",
        "Training and test loss begin to part.",
        0, "image classification", "multilayer perceptron", "digit recognition", "overfitting"),
    "lenet5": _text(
        "LeNet-5, trained",
        "The network that read bank cheques in 1998.",
        1, "image classification", "convolution", "digit recognition", "history"),
    "shapes-labels": _text(
        "Several labels at once",
        "Circle, triangle, square: each is a yes or no.",
        1, "multi-label", "convolution"),
    "fashion-resnet": _text(
        "Clothes and a ResNet",
        "Residual blocks tell shirts from pullovers.",
        2, "image classification", "convolution", "residual connection", "skip connection"),
    "vit-digits": _text(
        "A vision transformer",
        "Sixteen patches look at each other: no convolution.",
        2, "image classification", "attention", "transformer", "digit recognition"),
    "vit-mnist": _text(
        "Vision transformer, MNIST",
        "Patches of 7 × 7 pixels, read like words.",
        2, "image classification", "attention", "transformer", "digit recognition"),
    "transfer-digits": _text(
        "Transfer learning",
        "MNIST helps with 100 labelled printed digits.",
        1, "transfer learning", "fine-tuning", "frozen layers", "few samples"),
    "forecast-lstm": _text(
        "Forecast a series",
        "An LSTM reads 48 steps and predicts the next 12.",
        1, "forecast", "recurrent network", "memory", "regression"),
    "char-transformer": _text(
        "A language model",
        "Letter by letter, from noise to lines of a manual.",
        2, "language model", "text generation", "attention", "transformer"),
    "reverse-words": _text(
        "Encoder and decoder",
        "Words are written backwards, as a translator works.",
        2, "translation", "sequence to sequence", "attention", "transformer"),
    "reviews-embedding": _text(
        "A bag of words",
        "Film reviews as a mean of words: “not” is lost.",
        1, "sentiment analysis", "text classification", "embedding"),
    "reviews-lstm": _text(
        "Word by word",
        "Film reviews, read by an LSTM that recalls the “not”.",
        1, "sentiment analysis", "text classification", "recurrent network", "memory"),
    "reviews-transformer": _text(
        "Words attend to words",
        "Film reviews: which words decide, good or bad?",
        2, "sentiment analysis", "text classification", "attention", "transformer"),
    "masked-dates": _text(
        "Holes in dates",
        "A small BERT fills them from both sides.",
        2, "masked language model", "attention", "transformer", "self-supervised learning"),
    "rows-rnn": _text(
        "Digits row by row: RNN",
        "A plain memory, rewritten at each of 28 rows.",
        1, "recurrent network", "memory", "digit recognition"),
    "rows-lstm": _text(
        "Digits row by row: LSTM",
        "Gates decide what the memory keeps.",
        1, "recurrent network", "memory", "gate", "digit recognition"),
    "rows-gru": _text(
        "Digits row by row: GRU",
        "Two gates are enough.",
        1, "recurrent network", "memory", "gate", "digit recognition"),
    "adding-lstm": _text(
        "An LSTM remembers",
        "Two marks in 100 numbers: their sum is learned.",
        1, "recurrent network", "memory", "gate", "regression"),
    "gan-ring": _text(
        "GAN: eight clouds",
        "A generator learns to put points where the data lie.",
        2, "generative adversarial network", "mode collapse"),
    "vae-digits": _text(
        "VAE: new digits",
        "Digits that nobody wrote, from eight random numbers.",
        2, "variational autoencoder", "autoencoder", "latent space", "image generation"),
    "diffusion-moons": _text(
        "Diffusion",
        "Noise is removed step by step: two moons appear.",
        2, "diffusion", "denoising"),
    "gan-mnist": _text(
        "GAN: handwriting",
        "Generator and discriminator on one canvas.",
        2, "generative adversarial network", "image generation"),
    "vae-mnist": _text(
        "VAE: handwriting",
        "Walk from one digit to another through all between.",
        2, "variational autoencoder", "autoencoder", "latent space", "image generation"),
    "diffusion-mnist": _text(
        "Diffusion: handwriting",
        "Digits out of nothing but noise, in 50 steps.",
        2, "diffusion", "denoising", "image generation", "u-net"),
    "autoencoder-32": _text(
        "Autoencoder",
        "784 pixels squeezed through 32 numbers.",
        1, "autoencoder", "compression", "latent space", "anomaly detection"),
    "denoise": _text(
        "Cleans noisy digits",
        "It never saw the noise without the digit.",
        1, "autoencoder", "denoising", "convolution"),
    "simclr-digits": _text(
        "Learning without labels",
        "Two views of one digit end up close together.",
        2, "self-supervised learning", "contrastive learning", "embedding", "augmentation"),
    "mcculloch-pitts": _text("McCulloch-Pitts neuron", "The first model of a neuron.", 0,
                             "neuron", "history"),
    "perceptron": _text("The first perceptron", "Rosenblatt's machine as published.", 0,
                        "neuron", "history"),
    "lenet-5": _text("LeNet-5", "Two convolutions and three dense layers.", 1),
    "alexnet": _text("AlexNet", "The network that won ImageNet in 2012.", 1),
    "vgg-16": _text("VGG-16", "Sixteen layers of 3 × 3 filters.", 1),
    "lstm-language-model": _text("LSTM language model", "Two layers of LSTM read words.", 2,
                                 "language model"),
    "u-net": _text("U-Net", "Down to see what, up to see where.", 2, "segmentation"),
    "dcgan": _text("DCGAN", "A GAN of convolutions.", 2, "generative adversarial network",
                   "image generation"),
    "resnet-18": _text("ResNet-18", "Residual blocks of two convolutions.", 2,
                       "residual connection", "skip connection"),
    "resnet-50": _text("ResNet-50", "Residual blocks with bottlenecks.", 2,
                       "residual connection", "skip connection", "bottleneck"),
    "resnet-152": _text("ResNet-152", "The deepest of 2015.", 2,
                        "residual connection", "skip connection", "bottleneck"),
    "densenet-121": _text("DenseNet-121", "Each layer sees all before it.", 2, "skip connection"),
    "transformer": _text("Transformer", "Attention is all you need.", 2,
                         "translation", "attention", "transformer"),
    "mobilenet-v2": _text("MobileNet v2", "Small enough for a telephone.", 2,
                          "depthwise convolution", "bottleneck"),
    "bert-base": _text("BERT-base", "Twelve encoder layers.", 2,
                       "masked language model", "attention", "transformer"),
    "gpt-2-small": _text("GPT-2 small", "Twelve decoder layers.", 2,
                         "language model", "attention", "transformer"),
    "gpt-3": _text("GPT-3", "Ninety-six decoder layers.", 2,
                   "language model", "attention", "transformer"),
    "ddpm-u-net": _text("DDPM U-Net", "The network of the first good diffusion model.", 2,
                        "diffusion", "image generation", "u-net"),
    "vit-b-16": _text("ViT-B/16", "An image is worth 16 × 16 words.", 2,
                      "attention", "transformer", "image classification"),
}
# fmt: on
