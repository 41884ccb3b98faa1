"""Prices in and out: any unit to pico-dollars per token, and back to text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing.units import (
    HIGHEST_PICO,
    PriceError,
    Unit,
    dollars,
    exact_text,
    parse_price,
    pico_per_request,
    pico_per_token,
    price_text,
    usd,
)


@pytest.mark.parametrize(
    ("value", "unit", "pico"),
    [
        ("1", Unit.MILLION, 1_000_000),
        ("0.0375", Unit.MILLION, 37_500),
        (Decimal("0.000002"), Unit.TOKEN, 2_000_000),
        (0.002, Unit.THOUSAND, 2_000_000),
        ("2.5e-06", Unit.TOKEN, 2_500_000),
        (4.2000000000000006e-08, Unit.TOKEN, 42_000),
        (0.024999999999999998, Unit.MILLION, 25_000),
        (" 3 ", Unit.MILLION, 3_000_000),
        (0, Unit.TOKEN, 0),
        ("0.0", Unit.TOKEN, 0),
        ("0e-99", Unit.TOKEN, 0),
        ("1e-12", Unit.TOKEN, 1),
    ],
)
def test_any_unit_becomes_pico_dollars_per_token(value, unit, pico):
    assert parse_price(value, unit) == (pico, False)


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_missing_price_is_unknown_and_not_zero(nothing):
    assert parse_price(nothing, Unit.TOKEN) == (None, False)
    assert pico_per_request(nothing) is None


@pytest.mark.parametrize("sent", ["-1", -1, -1.0, Decimal("-1.00")])
def test_minus_one_is_a_price_that_varies(sent):
    assert parse_price(sent, Unit.TOKEN) == (None, True)


def test_where_nothing_varies_minus_one_is_a_negative_price():
    with pytest.raises(PriceError, match="The price -1 is negative"):
        pico_per_token(-1, Unit.THOUSAND)
    assert pico_per_token("0.009", Unit.THOUSAND) == 9_000_000
    assert pico_per_token(0, Unit.TOKEN) == 0
    assert pico_per_token(None, Unit.TOKEN) is None


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("-0.5", "negative"),
        ("NaN", "finite"),
        (float("inf"), "finite"),
        ("two", "not a number"),
        (True, "not a number but a bool"),
        (["1"], "not a number but a list"),
        ("1e999999", "too large"),
        ("1e-999999", "too small"),
        ("9" * 65, "characters"),
        ("0.2", "unit looks wrong"),
        ("1e-13", "below a pico-dollar"),
    ],
)
def test_an_impossible_price_is_an_error_in_words(value, sentence):
    with pytest.raises(PriceError, match=sentence):
        parse_price(value, Unit.TOKEN)


def test_a_price_per_request_is_pico_dollars_per_request():
    assert pico_per_request("5", 1_000) == 5_000_000_000
    assert pico_per_request("0.25") == 250_000_000_000
    with pytest.raises(PriceError, match="negative"):
        pico_per_request("-1")
    with pytest.raises(PriceError, match=r"\$10,000 per request"):
        pico_per_request("10000.01")


def test_a_price_of_another_unit_is_dollars_without_the_noise_of_floats():
    assert dollars("0.040") == Decimal("0.04")
    assert dollars(0.30000000000000004) == Decimal("0.3")
    assert dollars(Decimal("0")) == 0
    assert dollars(None) is None
    for impossible in ("-0.01", "NaN", "free"):
        with pytest.raises(PriceError, match="The price"):
            dollars(impossible)


@pytest.mark.parametrize(
    ("pico", "per_million", "per_thousand", "per_token"),
    [
        (2_000_000, "2.00", "0.002", "0.000002"),
        (75_000, "0.075", "0.000075", "0.000000075"),
        (37_500, "0.0375", "0.0000375", "0.0000000375"),
        (25_000, "0.025", "0.000025", "0.000000025"),
        (83_333, "0.08333", "0.00008333", "0.00000008333"),
        (1_416_000, "1.416", "0.001416", "0.000001416"),
        (163_636_400, "163.6364", "0.1636364", "0.0001636364"),
        (1_234_500_000, "1,234.50", "1.2345", "0.0012345"),
        (1, "0.000001", "0.000000001", "0.000000000001"),
        (0, "0.00", "0.00", "0.00"),
        (None, "—", "—", "—"),
    ],
)
def test_text_has_the_same_digits_in_every_unit(pico, per_million, per_thousand, per_token):
    assert price_text(pico, Unit.MILLION) == per_million
    assert price_text(pico, Unit.THOUSAND) == per_thousand
    assert price_text(pico, Unit.TOKEN) == per_token


def test_exact_text_has_every_digit_and_no_exponent():
    assert exact_text(1) == "0.000000000001"
    assert exact_text(2_500_000) == "0.0000025"
    assert exact_text(2_000_000_000_000) == "2"
    assert exact_text(0) == "0"


@given(st.integers(min_value=0, max_value=HIGHEST_PICO), st.sampled_from(Unit))
def test_what_is_written_exactly_is_read_back(pico, unit):
    assert parse_price(exact_text(pico, unit), unit).pico == pico


@given(st.integers(min_value=1, max_value=HIGHEST_PICO), st.sampled_from(Unit))
def test_no_positive_price_reads_as_zero_or_wrongly(pico, unit):
    shown = Decimal(price_text(pico, unit).replace(",", ""))
    exact = usd(pico, unit)
    assert shown > 0
    assert abs(shown - exact) <= exact / 1_000


@given(st.text(max_size=80) | st.floats() | st.decimals() | st.integers())
def test_anything_sent_is_a_price_unknown_or_an_error_in_words(value):
    try:
        price = parse_price(value, Unit.TOKEN)
    except PriceError as error:
        assert str(error).startswith("The price ")
    else:
        assert price.pico is None or 0 <= price.pico <= HIGHEST_PICO
