"""Options that several sources ask for, declared once. Knows no torch."""

from __future__ import annotations

from dlstudio.layers.framework.settings import Choice, Integer, IntegerList, Real, Text

UNITS = ("characters", "bytes", "words")
"""What a text may be cut into."""
FOLDER = Text(
    title="Folder", help="Where the data lies; relative to the design's folder.", default=""
)
COLOUR = Choice(
    title="Colour",
    help="Read pictures in colour (3 channels) or in grey (1 channel).",
    default="rgb",
    options=("rgb", "grey"),
)
SIZE = IntegerList(
    title="Size",
    help="Height and width in pixels that every picture is brought to.",
    default=(64, 64),
    count=2,
    maximum=1024,
)
TEXT_OPTIONS = {
    "unit": Choice(
        title="Tokens",
        help="What the text is cut into: characters, UTF-8 bytes, or words between blanks.",
        default="characters",
        options=UNITS,
    ),
    "window": Integer(
        title="Window",
        help="How many tokens the network sees at once, its context.",
        default=64,
        maximum=65_536,
    ),
    "windows": Choice(
        title="Windows",
        help="Take windows one behind the other, or at random places in every epoch.",
        default="in order",
        options=("in order", "random"),
    ),
    "stride": Integer(
        title="Stride",
        help="Tokens from the start of one window to the next; empty: the window's length.",
        default=None,
        optional=True,
        maximum=65_536,
        advanced=True,
    ),
    "per_epoch": Integer(
        title="Windows an epoch",
        help="How many random windows make an epoch; empty: as many as make up the text's length.",
        default=None,
        optional=True,
        maximum=10_000_000,
        advanced=True,
    ),
    "most": Integer(
        title="Largest vocabulary",
        help="Of words, only so many are kept, the most frequent ones.",
        default=10_000,
        minimum=2,
        advanced=True,
    ),
}
DIGIT_MARGIN = Integer(
    title="Margin",
    help="Black pixels on each side, within the size. MNIST's digits have 4 of 28.",
    default=0,
    minimum=0,
    maximum=60,
    advanced=True,
)
DIGIT_SIZE = Integer(
    title="Size",
    help="Pixels of each side. Above 8 the pictures are enlarged, so that they fit networks made "
    "for larger ones; nothing is added to what they show.",
    default=8,
    minimum=8,
    maximum=128,
    advanced=True,
)
DIGITS_OPTIONS = {"size": DIGIT_SIZE, "margin": DIGIT_MARGIN}
IMAGE_OPTIONS = {"path": FOLDER, "colour": COLOUR, "size": SIZE}
SHAPE_TARGETS = ("mask", "labels")
"""What pictures of shapes may ask for."""
SHAPES_OPTIONS = {
    "samples": Integer(
        title="Samples", help="How many pictures are made.", default=600, minimum=8, maximum=20_000
    ),
    "size": Integer(title="Size", help="Pixels of each side.", default=32, minimum=16, maximum=128),
    "target": Choice(
        title="Target",
        help="What to tell: the class of each pixel (segmentation), or which shapes are in the "
        "picture (several labels).",
        default="mask",
        options=SHAPE_TARGETS,
    ),
    "seed": Integer(title="Seed", help="Another seed gives other pictures.", default=0, minimum=0),
}
CHARACTERS = ("digits", "capitals", "both")
"""What may be printed."""
PRINTED_OPTIONS = {
    "samples": Integer(
        title="Samples", help="How many pictures are made.", default=2000, minimum=36,
        maximum=10_000,
    ),
    "characters": Choice(
        title="Characters",
        help="The digits 0 to 9, the capitals A to Z, or all 36: a class each.",
        default="digits",
        options=CHARACTERS,
    ),
    "size": Integer(title="Size", help="Pixels of each side.", default=28, minimum=16, maximum=128),
    "tilt": Real(
        title="Tilt", help="Degrees by which a character may lean to either side.", default=15.0,
        minimum=0.0, maximum=180.0,
    ),
    "noise": Real(
        title="Noise",
        help="How far brightness strays, as a share of white.",
        default=0.0,
        minimum=0.0,
        maximum=1.0,
    ),
    "seed": Integer(title="Seed", help="Another seed gives other pictures.", default=0, minimum=0),
}  # fmt: skip
TONES_OPTIONS = {
    "samples": Integer(
        title="Samples", help="How many sounds are made.", default=600, minimum=12, maximum=20_000
    ),
    "noise": Real(
        title="Noise",
        help="Loudness of the hiss under each sound.",
        default=0.05,
        minimum=0.0,
        maximum=2.0,
    ),
    "seed": Integer(title="Seed", help="Another seed gives other sounds.", default=0, minimum=0),
}
SOUND_OPTIONS = {
    "path": FOLDER,
    "rate": Integer(
        title="Rate", help="Samples a second that every sound is brought to.", default=8000,
        minimum=1000, maximum=96_000,
    ),
    "seconds": Real(
        title="Seconds", help="Length that every sound is cut or filled up to.", default=1.0,
        minimum=0.05, maximum=60.0,
    ),
}  # fmt: skip
