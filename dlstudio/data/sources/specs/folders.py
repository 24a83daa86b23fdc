"""The user's own folders: images with classes, with masks or without targets, and sounds."""

from __future__ import annotations

from dlstudio.data.sources.framework.source import YOUR_OWN, PathSpec, SourceSpec
from dlstudio.data.sources.framework.source_options import FOLDER, ROWS
from dlstudio.layers.framework.settings import Choice, Integer, IntegerList, Real

_READERS = "dlstudio.data.folders"
_MATCHES = f"{_READERS}.folder_detection"
_IMAGES = {
    "path": FOLDER,
    "colour": Choice(
        title="Colour",
        help="Read images in colour (3 channels) or in grey (1 channel).",
        default="rgb",
        options=("rgb", "grey"),
    ),
    "size": IntegerList(
        title="Size",
        help="Height and width in pixels that every image is resized to.",
        default=(64, 64),
        count=2,
        maximum=1024,
    ),
}

IMAGE_FOLDER = SourceSpec(
    "image-folder",
    "Folder of images",
    YOUR_OWN,
    "One sub-folder of images for each class",
    reader=f"{_READERS}.image_folder.read_image_folder",
    form="pictures",
    options={**_IMAGES, "rows": ROWS},
    path=PathSpec(is_folder=True, match=f"{_MATCHES}.match_image_folder"),
)
PICTURE_FOLDER = SourceSpec(
    "picture-folder",
    "Folder of images without classes",
    YOUR_OWN,
    "All images of a folder, without targets: to reconstruct them or to generate more",
    reader=f"{_READERS}.image_folder.read_unlabelled_folder",
    form="pictures",
    task="any",
    has_target=False,
    options=_IMAGES,
    path=PathSpec(is_folder=True, match=f"{_MATCHES}.match_picture_folder"),
)
MASK_FOLDER = SourceSpec(
    "mask-folder",
    "Folder of images and masks",
    YOUR_OWN,
    "Two folders, images and masks, with files of the same names: a class for each pixel",
    reader=f"{_READERS}.mask_folder.read_mask_folder",
    form="pictures",
    task="segmentation",
    options={
        **_IMAGES,
        "unlabelled": Choice(
            title="Mask value 255",
            help="Whether 255 marks pixels without a class, which are neither learned nor "
            "evaluated. Auto: if the other values count from 0 without gaps.",
            default="auto",
            options=("auto", "ignore", "class"),
            advanced=True,
        ),
    },
    path=PathSpec(is_folder=True, match=f"{_MATCHES}.match_mask_folder"),
)
SOUND_FOLDER = SourceSpec(
    "sound-folder",
    "Folder of sounds (WAV)",
    YOUR_OWN,
    "One sub-folder of WAV files for each class, converted to spectrograms",
    reader=f"{_READERS}.sound_folder.read_sound_folder",
    form="pictures",
    sample_noun="spectrogram",
    options={
        "path": FOLDER,
        "rate": Integer(
            title="Rate", help="Samples per second that every sound is resampled to.", default=8000,
            minimum=1000, maximum=96_000,
        ),
        "seconds": Real(
            title="Seconds", help="Length that every sound is truncated or padded to.",
            default=1.0, minimum=0.05, maximum=60.0,
        ),
    },
    path=PathSpec(is_folder=True, match=f"{_MATCHES}.match_sound_folder"),
    has_sounds=True,
)  # fmt: skip
