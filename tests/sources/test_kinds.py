"""What each kind asks of whoever sets up a catalog, and how a key is sent."""

import pytest

from catalog.sources.kind import OptionError, Scheme, clean_options
from catalog.sources.kinds import KINDS

GALTEA, FREDDY = KINDS["galtea"], KINDS["freddy"]


def test_each_scheme_sends_the_key_in_its_own_header():
    assert {scheme: scheme.headers("k") for scheme in Scheme} == {
        "bearer": {"Authorization": "Bearer k"},
        "x-api-key": {"X-API-Key": "k"},
        "api-key": {"api-key": "k"},
    }
    assert FREDDY.schemes == tuple(Scheme)
    assert GALTEA.schemes == (Scheme.BEARER,)


def test_every_parameter_of_galtea_is_an_option():
    names = (
        "ids organizationIds names name includeDefaultEntities includeOwnEntities sort fromCreatedAt toCreatedAt limit"
    )
    assert [option.name for option in GALTEA.options] == names.split()


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ({"ids": "a, b\nc,,"}, {"ids": ["a", "b", "c"]}),
        ({"ids": ["a", " b "]}, {"ids": ["a", "b"]}),
        ({"ids": " , ", "name": " ", "limit": None}, {}),
        ({"limit": "50"}, {"limit": 50}),
        ({"includeOwnEntities": "false"}, {"includeOwnEntities": "false"}),
        ({"includeOwnEntities": False}, {"includeOwnEntities": "false"}),
        ({"includeDefaultEntities": True}, {"includeDefaultEntities": "true"}),
        ({"includeDefaultEntities": ""}, {}),
        ({"fromCreatedAt": "2025-06-01T00:00:00Z"}, {"fromCreatedAt": "2025-06-01T00:00:00Z"}),
    ],
)
def test_options_are_read_as_commands_forms_and_files_write_them(given, cleaned):
    assert clean_options(GALTEA, given) == cleaned


@pytest.mark.parametrize(("given", "cleaned"), [("yes", {"global": True}), (True, {"global": True}), ("no", {})])
def test_a_flag_that_is_off_is_left_out(given, cleaned):
    assert clean_options(FREDDY, {"global": given}) == cleaned
    assert clean_options(FREDDY, {"global": False}) == {}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"limit": "0"}, "Option “limit”: “0” is not a whole number above 0."),
        ({"limit": 0}, "Option “limit”: “0” is not a whole number above 0."),
        ({"includeOwnEntities": "maybe"}, "Option “includeOwnEntities”: “maybe” is none of true, false."),
        ({"toCreatedAt": "soon"}, "Option “toCreatedAt”: “soon” is not a moment such as 2025-06-01T00:00:00Z."),
        ({"ids": 5}, "Option “ids”: “5” is not a list of values separated by commas."),
        ({"colour": "red"}, "Galtea has no option “colour”."),
    ],
)
def test_an_option_that_is_not_understood_is_named(given, sentence):
    with pytest.raises(OptionError) as raised:
        clean_options(GALTEA, given)
    assert str(raised.value) == sentence
