import gzip

import pytest
import torch

from dlstudio.data.core.errors import DataError
from dlstudio.data.files.csv_columns import guess_columns
from dlstudio.data.load import load_data
from dlstudio.design.model.data_settings import DataSettings, Split

ALL = Split(0.0, 0.0)

FLOWERS_CSV = """length,colour,weight,species
1.5,red,10,rose
2.5,blue,20,lily
3.5,red,30,rose
4.5,green,40,lily
"""


@pytest.fixture
def write_table(tmp_path):
    def write(text, name="write_table.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def load(path, split=ALL, normalise="none", **options):
    options = {"path": str(path), **options}
    return load_data(DataSettings("csv", options, split=split, normalise=normalise))


def rows(data):
    return data.train.inputs["samples"].tolist()


def test_roles_delimiter_and_header_are_guessed(write_table):
    guess = guess_columns(write_table(FLOWERS_CSV))
    assert guess.uses() == {
        "length": "number",
        "colour": "category",
        "weight": "number",
        "species": "class",
    }
    assert (guess.delimiter, guess.header, guess.rows) == ("comma", True, 4)
    assert [column.role for column in guess.columns] == ["feature"] * 3 + ["target"]
    assert guess.columns[1].examples[0] == "red"


def test_categories_are_one_hot_and_text_targets_become_classes(write_table):
    data = load(write_table(FLOWERS_CSV))
    assert data.columns == ("length", "colour = blue", "colour = green", "colour = red", "weight")
    assert rows(data)[0] == [1.5, 0, 0, 1, 10]
    assert data.facts.class_names == ("lily", "rose")
    assert data.train.target.tolist() == [1, 0, 1, 0]
    assert data.facts.numbers == {"features": 5, "classes": 2}


def test_roles_can_be_chosen(write_table):
    columns = {"weight": "value", "colour": "ordinal", "species": "ignore"}
    data = load(write_table(FLOWERS_CSV), columns=columns)
    assert data.columns == ("length", "colour")
    assert rows(data) == [[1.5, 2], [2.5, 0], [3.5, 2], [4.5, 1]]
    assert data.train.target.tolist() == [10, 20, 30, 40]
    assert data.facts.target.dtype == "float32"
    assert data.facts.class_names == ()


def test_chosen_target_replaces_the_guessed_one(write_table):
    guess = guess_columns(write_table(FLOWERS_CSV), {"columns": {"weight": "value"}})
    assert guess.uses()["species"] == "category"


def test_several_values_can_be_predicted_together(write_table):
    data = load(write_table(FLOWERS_CSV), columns={"weight": "value", "length": "value"})
    assert data.train.target.shape == (4, 2)
    assert data.facts.target.shape == (2,)


@pytest.mark.parametrize(
    ("name", "delimiter"), [("semicolon", ";"), ("tab", "\t"), ("pipe", "|"), ("space", " ")]
)
def test_other_delimiters_are_detected(name, delimiter, write_table):
    path = write_table(FLOWERS_CSV.replace(",", delimiter))
    assert guess_columns(path).delimiter == name
    assert load(path).columns[0] == "length"


def test_decimal_commas_are_read_when_semicolons_delimit(write_table):
    data = load(write_table("a;b;y\n1,5;2;p\n-2,25;3,5;q\n"))
    assert rows(data) == [[1.5, 2], [-2.25, 3.5]]


def test_columns_without_header_are_numbered(write_table):
    guess = guess_columns(write_table("1,2,a\n3,4,b\n5,6,a\n"))
    assert not guess.header
    assert [column.name for column in guess.columns] == ["column 1", "column 2", "column 3"]
    assert guess.rows == 3


def test_duplicate_and_empty_names_are_made_unique(write_table):
    guess = guess_columns(write_table("a,a,,y\n1,2,3,p\n4,5,6,q\n"))
    assert [column.name for column in guess.columns] == ["a", "a (2)", "column 3", "y"]


def test_header_without_index_column_name_is_accepted(write_table):
    data = load(write_table("a,y\nr1,1,p\nr2,2,q\n"), columns={"column 1": "ignore"})
    assert data.columns == ("a",)
    assert rows(data) == [[1], [2]]


def test_header_of_another_width_is_reported(write_table):
    path = write_table("a,b,c,y\n1,p\n2,q\n")
    with pytest.raises(DataError, match="names 4 columns, but most rows have 2 cells"):
        load(path, header="yes")
    assert load(path).messages == ("line 1: 4 cells instead of 2; row left out",)


def test_identifier_column_is_ignored(write_table):
    text = "name,x,y\n" + "".join(f"person {n},{n % 7},{'ab'[n % 2]}\n" for n in range(60))
    assert guess_columns(write_table(text)).uses() == {
        "name": "ignore",
        "x": "number",
        "y": "class",
    }


def test_target_with_many_distinct_numbers_is_a_regression(write_table):
    text = "x,price\n" + "".join(f"{n},{n * 1.5}\n" for n in range(60))
    assert guess_columns(write_table(text)).uses()["price"] == "value"


def test_missing_cells_are_filled_by_median_and_mode(write_table):
    text = "x,w,y\n1,a,p\n,a,q\n3,?,p\n10,b,q\n"
    assert load(write_table(text)).train.inputs["samples"].tolist() == [
        [1, 1, 0], [3, 1, 0], [3, 1, 0], [10, 0, 1],
    ]  # fmt: skip


def test_encoders_are_fitted_on_training_rows_only(write_table):
    def text(outliers):
        lines = ["x,w,y"]
        for n in range(60):
            number = "" if n % 10 == 9 else str(n)
            word = "abc"[n % 3]
            if n in outliers:
                number, word = "100000", f"strange{n}"
            lines.append(f"{number},{word},{'pq'[n % 2]}")
        return "\n".join(lines)

    split = Split(0.2, 0.2)
    columns = {"x": "number", "w": "category"}
    plain = load(write_table(text(())), split, "standardise", columns=columns)
    from dlstudio.data.core.split import split_indices

    labels = torch.tensor([n % 2 for n in range(60)]).numpy()
    indices = split_indices(60, split, classes=labels)
    held_out = {*indices.test.tolist(), *indices.validation.tolist()}
    changed = load(write_table(text(held_out)), split, "standardise", columns=columns)
    assert changed.columns == plain.columns
    assert torch.equal(changed.train.inputs["samples"], plain.train.inputs["samples"])
    for name in ("scale", "shift"):
        expected = getattr(plain.normaliser.roles["samples"], name)
        assert torch.equal(expected, getattr(changed.normaliser.roles["samples"], name))
    unknown = changed.test.inputs["samples"]
    assert not torch.equal(unknown, plain.test.inputs["samples"])
    assert float(unknown[:, 1:].sum()) == 0


def test_indicators_stay_0_or_1_when_standardised(write_table):
    data = load(write_table(FLOWERS_CSV), normalise="standardise")
    normalised = data.normaliser.apply("samples", data.train.inputs["samples"])
    assert set(normalised[:, 1:4].unique().tolist()) == {0.0, 1.0}


def test_invalid_rows_are_listed_and_the_rest_is_used(write_table):
    text = FLOWERS_CSV + "5,red\nabc,red,1,rose\n6,red,,\n7,red,50,rose\n"
    path = write_table(text + "".join(f"{n},red,{n},lily\n" for n in range(20)))
    data = load(path)
    assert len(data.train) == 25
    assert [item.text for item in data.left_out] == [
        "line 6: 2 cells instead of 4; row left out",
        "line 7: 'abc' in column 'length' is not a number; row left out",
        "line 8: the target column 'species' is empty; row left out",
    ]


def test_stray_quote_skips_one_row(write_table):
    path = write_table('x,y\n1,p\n"2,q\n3,p\n4,q\n5,p\n')
    data = load(path, columns={"x": "category"})
    assert len(data.train) == 4
    assert data.messages == ("line 3: a quote is not closed; row left out",)


def test_quoted_cells_may_contain_delimiters_and_line_breaks(write_table):
    data = load(write_table('w,x,y\n"a, b",1,p\n"c\nd",2,q\n"a, b",3,p\n'))
    assert data.columns == ("w = a, b", "w = c\nd", "x")
    assert data.messages == ()


def test_many_invalid_rows_are_counted(write_table):
    text = "x,y\n" + "1,p\n2,q\n" * 100 + "oops\n" * 50
    data = load(write_table(text))
    assert len(data.left_out) == 50
    assert data.messages[-1] == "… and 30 rows more left out"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_common_encodings_are_read(encoding, write_table):
    data = load(write_table("größe,y\r\n1,ä\r\n2,ö\r\n", encoding=encoding))
    assert data.columns == ("größe",)
    assert data.facts.class_names == ("ä", "ö")


def test_gzipped_tables_are_read(tmp_path):
    path = tmp_path / "write_table.csv.gz"
    path.write_bytes(gzip.compress(FLOWERS_CSV.encode()))
    assert len(load(path).train) == 4
    path.write_bytes(gzip.compress(FLOWERS_CSV.encode())[:20])
    with pytest.raises(DataError, match="cannot be read"):
        load(path)


def test_numeric_classes_are_sorted_by_value(write_table):
    text = "x,class\n" + "".join(f"{n / 3},{n % 12}\n" for n in range(60))
    assert load(write_table(text)).facts.class_names == tuple(map(str, range(12)))


def test_too_many_categories_are_capped_with_a_warning(write_table):
    text = "x,w,y\n" + "".join(f"{n},word{n % 150},{'pq'[n % 2]}\n" for n in range(600))
    data = load(write_table(text), columns={"w": "category"})
    assert data.facts.numbers["features"] == 101
    assert "has 150 categories" in data.warnings[0]


@pytest.mark.parametrize(
    ("text", "columns", "message"),
    [
        ("", {}, "has no rows"),
        ("\n\n", {}, "has no rows"),
        ("x,y\n", {}, r"has column names \(x, y\) but no rows"),
        ("x,y\n1,p\n2,q\n", {"z": "number"}, "no column 'z'. The columns are: x, y"),
        ("x,y\n1,p\n2,q\n", {"x": "ignore"}, "no input column"),
        ("x,y\n1,p\n2,q\n", {"y": "ignore"}, "no column to predict"),
        ("x,z,y\n1,1,p\n2,2,q\n", {"z": "value", "y": "class"}, "several columns to predict"),
        ("x,y\n1,p\n2,p\n", {}, "only one class: 'p'"),
        ("x,y\n1,p\n2,q\n", {"x": "value", "y": "number"}, "no valid row"),
        ("x,y\n1,p\n2,q\n", {"y": "colour"}, "must be one of"),
    ],
)
def test_unusable_tables_are_rejected(text, columns, message, write_table):
    with pytest.raises(DataError, match=message):
        load(write_table(text), columns=columns)


def test_number_beyond_float32_skips_its_row(write_table):
    lines = "".join(f"{row},{row % 2}.5\n" for row in range(30))
    data = load(write_table(f"a,b\n{lines}1e39,1.5\n2,1e300\n"))
    assert len(data.train) == 30
    assert torch.isfinite(data.train.inputs["samples"]).all()
    assert [item.why for item in data.left_out] == [
        "'1e39' in column 'a' is not a number",
        "'1e300' in column 'b' is not a number",
    ]


def test_binary_file_is_rejected(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"PK\x03\x04\x14\0\x06\0,\n" * 40)
    with pytest.raises(DataError, match=r"sheet\.csv is not a text file; it looks like"):
        load(path)


def test_stray_zero_byte_is_tolerated(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(b"x,y\n" + b"1,p\n2,q\n" * 200 + b"\0,p\n")
    assert len(load(path).train) > 250


def test_folder_is_rejected(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        load(tmp_path)


def test_random_bytes_load_or_raise_a_data_error(tmp_path):
    import random

    rng = random.Random(5)
    sizes = []
    alphabet = b'a1,;\t"\n\r \x00\xff|'
    for _ in range(300):
        path = tmp_path / "noise.csv"
        path.write_bytes(bytes(rng.choice(alphabet) for _ in range(rng.randrange(80))))
        try:
            sizes.append(len(load(path).train))
        except DataError as error:
            sizes.append(-len(str(error)))
    assert all(sizes)
    assert min(sizes) < 0 < max(sizes)
