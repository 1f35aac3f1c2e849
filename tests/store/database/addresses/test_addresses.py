"""The address of a database, however it is written: no part of its password is ever shown."""

import itertools
import traceback

import pytest
from psycopg.pq import Conninfo

from hpsearch.errors import StorageError
from hpsearch.store import masked
from hpsearch.store.database.connection import Database
from hpsearch.store.database.url import OPTIONS, SECRET_OPTIONS

HEAD, TAIL = "c4nary", "t4il"
BETWEEN = (
    "",
    "@",
    ":",
    "/",
    "?",
    "#",
    "&",
    "=",
    "+",
    "%",
    " ",
    "'",
    '"',
    "\\",
    "@@",
    "@x/",
    "://",
    "&a=",
    "\n",
)
"""What may stand in the middle of a password that was not quoted for the form it stands in."""

FORMS = {
    "url": "postgresql://user:{}@host/name",
    "url with a driver": "postgresql+psycopg://user:{}@host:5432/name",
    "url with options": "postgresql://user:{}@host/name?sslmode=require",
    "without a user": "postgresql://:{}@host/name",
    "without a name": "postgresql://user:{}@host",
    "without a host": "postgresql://user:{}/name@",
    "a slash for the colon": "postgresql://user/{}@host/name",
    "two slashes too many": "postgresql:////user:{}@host/name",
    "no slashes": "postgresql:user:{}@host/name",
    "an encoded colon": "postgresql://user%3A{}@host/name",
    "an encoded @": "postgresql://user:{}%40host/name",
    "all encoded": "postgresql://user%3A{}%40host/name",
    "encoded twice": "postgresql://user%253A{}@host/name",
    "an encoded ?": "postgresql://host/name%3Fpassword%3D{}",
    "in the name": "postgresql://host/user:{}@name",
    "option": "postgresql://user@host/name?password={}",
    "option after a port": "postgresql://host:5432/name?password={}",
    "option without a name": "postgresql://host?user=user&password={}",
    "option among others": "postgresql://host/name?user=user&password={}&sslmode=require",
    "option in capitals": "postgresql://user@host/name?PASSWORD={}",
    "option of another word": "postgresql://user@host/name?passwd={}",
    "encoded option": "postgresql://user@host/name?%70assword={}",
    "sslpassword": "postgresql://user@host/name?sslpassword={}",
    "an address as an option": "postgresql://host/name?host=postgresql://user:{}@host",
    "capitals": "POSTGRESQL://user:{}@host/name",
    "postgres": "postgres://user:{}@host/name",
    "another kind": "mysql://user:{}@host/name",
    "another driver": "postgresql+psycopg2://user:{}@host/name",
    "jdbc": "jdbc:postgresql://user:{}@host/name",
    "jdbc with options": "jdbc:postgresql://host/name?user=user&password={}",
    "odbc": "Driver={{PostgreSQL}};Server=host;Uid=user;Pwd={};",
    "missing kind": "//user:{}@host/name",
    "missing scheme": "user:{}@host/name",
    "missing scheme, encoded": "user%3A{}%40host",
    "keywords": "host=host user=user password={} dbname=name",
    "keywords in quotes": "host=host password='{}' dbname=name",
    "keywords with blanks": "password = {}",
    "keywords in capitals": "HOST=host PASSWORD={}",
    "keywords and commas": "host=host,password={}",
    "keywords after a blank": " host=host password={}",
    "a service": "service=mine password={}",
    "a passfile": "passfile=/tmp/p password={}",
    "keywords of a URL": "postgresql://host=host password={}",
    "keywords of a SQLite file": "sqlite:///host=host password={}",
    "URL of a SQLite file": "sqlite:///postgresql://user:{}@host/name",
    "SQLite with a user": "sqlite://user:{}@host/name",
    "as a shell exports it": "HPSEARCH_STORAGE=postgresql://user:{}@host/name",
    "in quotes": "'postgresql://user:{}@host/name'",
}


def shown(url):
    """Return all that is shown of an address: the address where it is taken, or the error with its causes."""
    try:
        return f"{masked(url)}\n{Database(url).address}"
    except StorageError as error:
        return "".join(traceback.format_exception(error))


@pytest.mark.parametrize("form", FORMS)
def test_fault_73_no_form_of_an_address_shows_a_part_of_its_password(form):
    """Each way to write an address, with each character that it may have to quote."""
    for between in BETWEEN:
        url = FORMS[form].format(f"{HEAD}{between}{TAIL}")
        found = shown(url)
        assert HEAD not in found, url
        assert TAIL not in found, url


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "host=h user=u password='my secret' dbname=d",
            r"found keywords of libpq: write user=U password=P .* as postgresql\+psycopg://U:P@H:N/D",
        ),
        ("service=mine", r"any other keyword after a \?, as in /D\?service=S"),
        ("postgres://u:p@h/d", r"found 'postgres'; for example postgresql\+psycopg://USER@HOST/NAME"),
        (
            "jdbc:postgresql://u:p@h/d",
            r"expected sqlite:///FILE or postgresql\+psycopg://.*, found something",
        ),
        ("u:p@h/d", r"found something else; write @ : / \? # % in a user's name or password as %40"),
        ("postgresql://u:p@w/x@h/d", "found more than one @, or a password in another place; write @"),
        (
            "postgresql://u:p@h/d?PASSWORD=x",
            r"an option after \? that PostgreSQL does not have; write its name",
        ),
        ("postgresql://u%3Ap@h/d", "found more than one @, or a password in another place; write @"),
        ("sqlite:///postgresql://u:p@h/d", "found the address of a server as the name of a file"),
        ("sqlite:///dbname=d password=p", "found the address of a server as the name of a file"),
    ],
)
def test_a_form_that_is_not_taken_says_what_to_write(url, message):
    """One line: the form that is expected, what was found, and how a character is quoted."""
    with pytest.raises(StorageError, match=message) as caught:
        Database(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u:p@h:5432/d", "postgresql+psycopg://u:***@h:5432/d"),
        ("postgresql:///d?host=/tmp/s", "postgresql+psycopg:///d?host=%2Ftmp%2Fs"),
        ("postgresql://u:p@[fe80::1]:5432/d", "postgresql+psycopg://u:***@[fe80::1]:5432/d"),
        ("postgresql://u%40server:p@h/d", "postgresql+psycopg://u%40server:***@h/d"),
        ("postgresql://u:p/w@h/d?service=s", "postgresql+psycopg://u:***@h/d?service=s"),
        ("postgresql://u@h/d?password=p@w", "postgresql+psycopg://u@h/d?password=%2A%2A%2A"),
        ("postgresql://u@h/d?%70assword=p", "postgresql+psycopg://u@h/d?password=%2A%2A%2A"),
        ("sqlite:///a:b@c=d.db", "sqlite:///a%3Ab%40c%3Dd.db"),
    ],
)
def test_an_address_is_shown_so_that_it_can_be_typed_again(url, expected):
    """All but the password stays; what is shown is an address, too."""
    assert masked(url) == masked(masked(url)) == expected


def test_the_options_are_those_of_the_library():
    """Every option of this libpq is known, and so is each that it calls a secret itself."""
    options = Conninfo.get_defaults()
    assert {option.keyword.decode() for option in options} <= OPTIONS
    secret = {option.keyword.decode() for option in options if option.dispchar == b"*"}
    assert "password" in secret
    assert secret <= set(SECRET_OPTIONS)


def test_every_character_of_a_password_may_be_quoted():
    """A password of any two such characters, quoted as the advice says, is taken and hidden."""
    quoted = {"@": "%40", ":": "%3A", "/": "%2F", "?": "%3F", "#": "%23", "%": "%25", "&": "%26", "=": "%3D"}
    for first, second in itertools.product(quoted, repeat=2):
        database = Database(f"postgresql://user:{quoted[first]}{quoted[second]}@host/name?sslmode=require")
        assert database.url.password == first + second
        assert database.address == "postgresql+psycopg://user:***@host/name?sslmode=require"
