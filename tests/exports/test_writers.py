"""Each writer, read back by a program that is not ours: nothing is lost, calculated, rounded or taken for markup."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard.exports import as_csv, as_excel, as_json, as_markdown
from dashboard.exports.harmless import csv_text
from dashboard.exports.table import ExportColumn, Kind, Table, moment_iso, plain

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINK = "https://ratecard.example/?q=a,b&as_of=2026-11-22T12:00:00Z"
COLUMNS = (
    ExportColumn("name", "Name"),
    ExportColumn("price", "Input", Kind.NUMBER, "USD per token"),
    ExportColumn("size", "Context", Kind.NUMBER, "tokens"),
    ExportColumn("since", "Updated", Kind.DATE, "UTC"),
)
UGLY = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.com?"&A1,"x")',
    "+1",
    "-2+3",
    "-5",
    "@SUM(A1)",
    "＝1+1",
    "\t=1",
    "\r=1",
    'a "quoted", name; with\nlines\r\nand | bars',
    "back\\slash \\| and `code` *star* _under_ ~~gone~~ [text](http://example.com) ![i](x)",
    "<script>alert(1)</script> &lt; &amp; <b>",
    "émoji 🦙🇳🇴 中文 ‮rtl",
    "https://example.com/model",
    "007",
    "1e5",
    "NA",
    "TRUE",
    "2026-11-22",
    "'quoted'",
]


def table(rows, columns=COLUMNS):
    return Table("things", "Things", columns, iter(rows), NOON, "US dollars per token", LINK, (("Search", "=a|b"),))


def written(module, rows, **options):
    out = BytesIO()
    module.write(table(rows), out, **options)
    return out.getvalue()


def by_pandas(data):
    found = pandas.read_csv(BytesIO(data), dtype=str, keep_default_na=False)
    return [[*found.columns], *found.to_numpy().tolist()]


def sheets(data):
    book = openpyxl.load_workbook(BytesIO(data))
    return {name: [list(row) for row in book[name].iter_rows()] for name in book.sheetnames}


def by_markdown(data):
    """The cells of the first table, as a reader of the page sees them."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(data.decode())
    rows = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            assert {child.type for child in token.children} <= {"text", "text_special", "softbreak"}, token.content
            rows[-1].append("".join(child.content for child in token.children))
    return rows


def row(name="GPT", price=Decimal("0.000002"), size=128_000, since=NOON):
    return (name, price, size, since)


class TestCSV:
    def test_headings_have_the_unit_and_the_first_row_says_what_it_is(self):
        heading, first, second = by_pandas(written(as_csv, [row(), row()]))
        assert heading == [
            *("Name", "Input (USD per token)", "Context (tokens)", "Updated (UTC)"),
            *("As of", "About", "Link"),
        ]
        about = "Prices: US dollars per token; As of: 2026-11-22T12:00:00Z; Filters: Search: =a|b"
        assert first == [
            *("GPT", "0.000002", "128000", "2026-11-22T12:00:00Z"),
            *("2026-11-22T12:00:00Z", about, LINK),
        ]
        assert second[4:] == ["2026-11-22T12:00:00Z", "", ""]

    def test_it_is_rfc_4180_in_utf_8_that_excel_knows_for_such(self):
        data = written(as_csv, [row('é "x"\n')])
        assert data.startswith(b"\xef\xbb\xbfName,")
        assert data.count(b"\r\n") == 2
        assert '"é ""x""\n",0.000002,'.encode() in data

    def test_numbers_are_numbers_and_unknown_is_not_zero(self):
        found = pandas.read_csv(BytesIO(written(as_csv, [row(price=None), row(price=Decimal(0)), row(size=None)])))
        assert found["Input (USD per token)"].isna().tolist() == [True, False, False]
        assert found["Input (USD per token)"].tolist()[1:] == [0, 0.000002]
        assert found["Context (tokens)"].isna().tolist() == [False, False, True]

    def test_ugly_names_come_back_and_none_is_a_formula(self):
        names = [line[0] for line in by_pandas(written(as_csv, [row(name) for name in UGLY]))[1:]]
        assert not [name for name in names if name[0] in "=+-@\t\r\n＝＋－＠"]
        assert [csv_text(name) for name in UGLY] == names
        assert [name for name, known in zip(names, UGLY, strict=True) if name != known] == [
            f"'{known}" for known in UGLY[:9]
        ]

    def test_a_negative_number_stays_one(self):
        assert by_pandas(written(as_csv, [row(price=Decimal("-0.5"), size=-3)]))[1][1:3] == ["-0.5", "-3"]

    @given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
    def test_any_text_is_harmless_and_comes_back(self, text):
        found = by_pandas(written(as_csv, [row(text)]))[1][0]
        assert not found.startswith(tuple("=+-@\t\r\n"))
        assert found == text or (found == f"'{text}" and text[0] in "=+-@\t\r\n＝＋－＠")


class TestExcel:
    def test_numbers_dates_and_text_are_what_they_are(self):
        cells = sheets(written(as_excel, [row(), row("x", None, None, None), row("free", Decimal(0), 0)]))["Things"]
        assert [cell.value for cell in cells[0]] == [
            *("Name", "Input (USD per token)", "Context (tokens)", "Updated (UTC)")
        ]
        assert [cell.value for cell in cells[1]] == ["GPT", 0.000002, 128_000, NOON.replace(tzinfo=None)]
        assert [cell.data_type for cell in cells[1]] == ["s", "n", "n", "d"]
        assert [cell.value for cell in cells[2]] == ["x", None, None, None]
        assert [cell.value for cell in cells[3][1:3]] == [0, 0]

    def test_formats_show_the_smallest_price_and_the_heading_stays(self):
        book = openpyxl.load_workbook(BytesIO(written(as_excel, [row()])))
        sheet = book["Things"]
        assert sheet["B2"].number_format == "#,##0.00##########"
        assert sheet["C2"].number_format == "#,##0"
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == "A1:D2"
        assert sheet.column_dimensions["A"].width > 30

    def test_a_second_sheet_says_what_it_is(self):
        about = {line[0].value: line[1] for line in sheets(written(as_excel, [row()]))["About"]}
        assert {name: cell.value for name, cell in about.items()} == {
            "Table": "Things",
            "Prices": "US dollars per token",
            "As of": "2026-11-22T12:00:00Z",
            "Filters": "Search: =a|b",
            "Link": LINK,
        }
        assert about["Link"].hyperlink.target == LINK

    def test_ugly_names_are_text_and_nothing_is_calculated_or_linked(self):
        found = [line[0] for line in sheets(written(as_excel, [row(name) for name in UGLY]))["Things"][1:]]
        assert [cell.value.replace("_x000D_", "\r") for cell in found] == UGLY
        assert {cell.data_type for cell in found} == {"s"}
        assert not any(cell.hyperlink for cell in found)

    @given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=50))
    def test_any_text_stays_text(self, text):
        cell = sheets(written(as_excel, [row(text)]))["Things"][1][0]
        assert (cell.value or "") == text
        assert cell.data_type == ("s" if text else "n")

    def test_rows_beyond_what_a_sheet_holds_go_to_the_next(self):
        found = sheets(written(as_excel, [row(str(n)) for n in range(5)], most_rows=2))
        assert list(found) == ["Things", "Things 2", "Things 3", "About"]
        names = [[line[0].value for line in found[name]] for name in list(found)[:3]]
        assert names == [["Name", "0", "1"], ["Name", "2", "3"], ["Name", "4"]]

    @pytest.mark.parametrize("count", [0, 2])
    def test_no_sheet_is_empty_but_that_of_no_row(self, count):
        found = sheets(written(as_excel, [row() for _ in range(count)], most_rows=2))
        assert [(name, len(lines)) for name, lines in found.items()] == [("Things", count + 1), ("About", 5)]


class TestJSON:
    def test_it_says_what_it_is_and_numbers_keep_their_digits(self):
        text = written(as_json, [row(), row("x", None, None, None), row(price=Decimal("0.3")), row(size=0)]).decode()
        found = json.loads(text, parse_float=Decimal)
        assert found["rows"] == [
            {"name": "GPT", "price": Decimal("0.000002"), "size": 128_000, "since": "2026-11-22T12:00:00Z"},
            {"name": "x", "price": None, "size": None, "since": None},
            {"name": "GPT", "price": Decimal("0.3"), "size": 128_000, "since": "2026-11-22T12:00:00Z"},
            {"name": "GPT", "price": Decimal("0.000002"), "size": 0, "since": "2026-11-22T12:00:00Z"},
        ]
        assert (found["unit"], found["as_of"], found["link"]) == ("US dollars per token", "2026-11-22T12:00:00Z", LINK)
        assert found["filters"] == [{"label": "Search", "text": "=a|b"}]
        assert found["columns"][1] == {"key": "price", "label": "Input", "kind": "number", "unit": "USD per token"}
        assert '"price":0.000002,' in text
        assert pandas.read_json(StringIO(json.dumps(json.loads(text)["rows"])))["size"].isna().sum() == 1

    @given(st.text(st.characters(exclude_categories=("Cs",))))
    def test_any_text_comes_back_as_it_was(self, text):
        assert json.loads(written(as_json, [row(text)]))["rows"][0]["name"] == text

    def test_no_rows_are_a_list_of_none(self):
        assert json.loads(written(as_json, []))["rows"] == []


class TestMarkdown:
    def test_a_table_below_what_it_is(self):
        data = written(as_markdown, [row(), row("x", None, None, None)])
        assert by_markdown(data) == [
            ["Name", "Input (USD per token)", "Context (tokens)", "Updated (UTC)"],
            ["GPT", "0.000002", "128000", "2026-11-22T12:00:00Z"],
            ["x", "", "", ""],
        ]
        html = MarkdownIt("commonmark").enable("table").render(data.decode())
        assert "<h1>Things</h1>" in html
        assert "<li>Filters: Search: =a|b</li>" in html
        assert f'<a href="{LINK.replace("&", "&amp;")}">' in html
        assert '<th style="text-align:right">Input (USD per token)</th>' in html

    def test_ugly_names_are_shown_as_they_are(self):
        names = [line[0] for line in by_markdown(written(as_markdown, [row(name) for name in UGLY]))[1:]]
        assert names == [" ".join(name.replace("\r", " ").replace("\n", " ").split(" ")).strip() for name in UGLY]

    @given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"))))
    def test_any_text_stays_in_its_cell_and_is_no_markup(self, text):
        assert by_markdown(written(as_markdown, [row(text)]))[1] == [
            text,
            "0.000002",
            "128000",
            "2026-11-22T12:00:00Z",
        ]


@pytest.mark.parametrize(
    ("number", "text"),
    [(Decimal("1E+2"), "100"), (Decimal("2E-12"), "0.000000000002"), (Decimal("2.500"), "2.5"), (0, "0"), (-7, "-7")],
)
def test_numbers_have_all_their_digits_and_no_exponent(number, text):
    assert plain(number) == text


def test_moments_are_told_in_utc():
    assert moment_iso(datetime.fromisoformat("2026-11-22T14:00:00.5+02:00")) == "2026-11-22T12:00:00.500000Z"
