"""The small real data sets that ship with scikit-learn; no download needed."""

from __future__ import annotations

from dlstudio.data.sources.framework.builtin_info import BuiltinInfo
from dlstudio.data.sources.framework.source import BUILT_IN, SourceSpec
from dlstudio.data.sources.framework.source_options import ROWS
from dlstudio.layers.framework.settings import Integer

_READERS = "dlstudio.data.synthetic.sklearn_datasets"

DIGITS = SourceSpec(
    "digits",
    "Handwritten digits 8×8",
    BUILT_IN,
    "1,797 tiny grey images of the digits 0 to 9",
    reader=f"{_READERS}.read_digits",
    info="dlstudio.data.sources.info.images.digits_info",
    form="pictures",
    options={
        "size": Integer(
            title="Size",
            help="Pixels of each side. Above 8 the images are upscaled to suit networks for larger "
            "images; this adds no detail.",
            default=8,
            minimum=8,
            maximum=128,
            advanced=True,
        ),
        "margin": Integer(
            title="Margin",
            help="Black pixels on each side, included in the size. MNIST's digits have 4 of 28.",
            default=0,
            minimum=0,
            maximum=60,
            advanced=True,
        ),
        "rows": ROWS,
    },
    credit="Alpaydin and Kaynak, UCI Machine Learning Repository, 1998",
)
IRIS = SourceSpec(
    "iris",
    "Iris",
    BUILT_IN,
    "150 flowers of three species by four measurements",
    reader=f"{_READERS}.read_iris",
    info=BuiltinInfo((4,), 150, ("setosa", "versicolor", "virginica")),
    credit="Fisher, 1936",
)
WINE = SourceSpec(
    "wine",
    "Wine",
    BUILT_IN,
    "178 wines of three cultivars by 13 chemical measurements",
    reader=f"{_READERS}.read_wine",
    info=BuiltinInfo((13,), 178, ("cultivar 1", "cultivar 2", "cultivar 3")),
    credit="Forina and others, UCI Machine Learning Repository, 1991",
)
BREAST_CANCER = SourceSpec(
    "breast-cancer",
    "Breast cancer",
    BUILT_IN,
    "569 tumours, malignant or benign, by 30 measurements of their cells",
    reader=f"{_READERS}.read_breast_cancer",
    info=BuiltinInfo((30,), 569, ("malignant", "benign")),
    credit="Wolberg, Street and Mangasarian, UCI Machine Learning Repository, 1995",
)
DIABETES = SourceSpec(
    "diabetes",
    "Diabetes",
    BUILT_IN,
    "442 patients: predict the progression of the disease from ten measurements",
    reader=f"{_READERS}.read_diabetes",
    info=BuiltinInfo((10,), 442),
    task="regression",
    credit="Efron, Hastie, Johnstone and Tibshirani, 2004",
)
