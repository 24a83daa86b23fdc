"""The user's own text, or the manual that ships with Python."""

from __future__ import annotations

from dlstudio.data.sources.framework.source import YOUR_OWN, PathSpec, SourceSpec
from dlstudio.data.sources.framework.source_options import FILE
from dlstudio.layers.framework.settings import Choice, Integer

TEXT = SourceSpec(
    "text",
    "Text",
    YOUR_OWN,
    "Your own text file; without one, the manual that ships with Python",
    reader="dlstudio.data.files.text_dataset.read_text_dataset",
    info="dlstudio.data.text.token_text.source_info",
    form="text",
    task="next-token",
    options={
        "path": FILE,
        "unit": Choice(
            title="Tokens",
            help="Unit of the tokens: characters, UTF-8 bytes, or words separated by spaces.",
            default="characters",
            options=("characters", "bytes", "words"),
        ),
        "window": Integer(
            title="Window",
            help="Number of tokens in the network's input, its context.",
            default=64,
            maximum=65_536,
        ),
        "windows": Choice(
            title="Windows",
            help="Use consecutive windows, or random positions in every epoch.",
            default="in order",
            options=("in order", "random"),
        ),
        "stride": Integer(
            title="Stride",
            help="Tokens between the starts of two windows; empty: the window's length.",
            default=None,
            optional=True,
            maximum=65_536,
            advanced=True,
        ),
        "per_epoch": Integer(
            title="Windows per epoch",
            help="Number of random windows in an epoch; empty: as many as cover the text's length.",
            default=None,
            optional=True,
            maximum=10_000_000,
            advanced=True,
        ),
        "most": Integer(
            title="Largest vocabulary",
            help="Keep at most this many words, the most frequent ones.",
            default=10_000,
            minimum=2,
            advanced=True,
        ),
    },
    path=PathSpec(is_optional=True, suffixes=(".txt",)),
    is_sequential=True,
)
