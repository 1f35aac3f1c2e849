"""The token: shown by a program, typed by a person, guessed by nobody."""

import re
import secrets
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from hpsearch.dashboard.login.login import Login
from hpsearch.dashboard.login.sessions import MOST, SESSION_S, Sessions
from hpsearch.dashboard.login.throttle import FREE, LONGEST_S, WINDOW_S, Throttle
from hpsearch.dashboard.login.token import SHORTEST, TokenError, expect_token, turns
from hpsearch.dashboard.messages import Request
from tests.dashboard.servers import TOKEN, ask

FORM = "application/x-www-form-urlencoded"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        """Return the time."""
        return self.now


def log_in(port, token=TOKEN, to="/"):
    """Send the form of the login page."""
    return ask(port, "/login", "POST", urlencode({"token": token, "next": to}), Content_Type=FORM)


@pytest.mark.parametrize(
    "path", ["/", "/api/studies", "/metrics", "/dashboard", "/static/bundle.js", "/report/small"]
)
def test_nothing_is_told_without_a_token(locked, path):
    """A program gets a reason, and how to ask."""
    reply = ask(locked, path)
    assert reply.status == 401
    assert reply.reason == "a token is needed: Authorization: Bearer TOKEN, or log in at /login"
    assert reply.headers["www-authenticate"] == 'Bearer realm="hpsearch"'
    assert b"small" not in reply.body


def test_health_needs_none(locked):
    """Whoever watches the process need not hold its secret."""
    assert (ask(locked, "/healthz").status, ask(locked, "/healthz").text) == (200, "ok\n")


def test_a_program_shows_it(locked):
    """The word before it is spelled in any way."""
    for word in ("Bearer", "bearer", "BEARER"):
        assert ask(locked, "/api/studies", Authorization=f"{word} {TOKEN}").status == 200
    assert ask(locked, "/api/studies", Authorization=f"Basic {TOKEN}").status == 401


def test_a_person_types_it_once(locked):
    """The page comes in place of what was asked for, and leads on to it; the cookie is not the token."""
    asked = ask(locked, "/report/small", Accept="text/html")
    assert asked.status == 401
    assert 'name="next" value="/report/small"' in asked.text
    given = log_in(locked, to="/report/small")
    assert (given.status, given.headers["location"]) == (303, "/report/small")
    cookie = given.headers["set-cookie"]
    assert re.fullmatch(
        rf"hpsearch-{locked}=[0-9a-f]{{64}}; "
        rf"Max-Age={SESSION_S}; Path=/; HttpOnly; SameSite=Strict",
        cookie,
    )
    assert TOKEN not in cookie
    assert ask(locked, "/api/studies", Cookie=cookie.partition(";")[0]).status == 200


def test_fault_77_a_session_ends_at_logout(locked):
    """The cookie is taken away, and a copy of it opens nothing any more; another session goes on."""
    other = log_in(locked).headers["set-cookie"].partition(";")[0]
    cookie = log_in(locked).headers["set-cookie"].partition(";")[0]
    reply = ask(locked, "/logout", "POST", "", Cookie=cookie, Content_Type=FORM)
    assert (reply.status, reply.headers["location"]) == (303, "/login")
    assert f"hpsearch-{locked}=; Max-Age=0" in reply.headers["set-cookie"]
    assert ask(locked, "/api/studies", Cookie=cookie).status == 401
    assert ask(locked, "/api/studies", Cookie=other).status == 200


FOREIGN = {
    "JSON": 'prefs={"a":1,"b":"x"}',
    "no value": "flag",
    "blanks": "a=b c",
    "letters": "name=b\xe9",
    "quotes": 'q="a;b',
    "no name": "=x",
    "nothing": ";;; ;",
    "a stale one of ours": "hpsearch-{port}=0123",
    "an empty one of ours": "hpsearch-{port}=",
    "100 kB": "big=" + "x" * 100_000,
    "a thousand": "; ".join(f"c{n}={{{n}}}" for n in range(1000)),
}


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("order", ["before", "after", "a header of its own"])
def test_fault_77_cookies_of_other_programs_are_skipped(locked, foreign, order):
    """A browser sends the cookies of every program of the host; one that cannot be read is not ours."""
    foreign = foreign.replace("{port}", str(locked))
    assert ask(locked, "/login", Cookie=foreign).status == 200
    ours = log_in(locked).headers["set-cookie"].partition(";")[0]
    cookies = {"before": f"{foreign}; {ours}", "after": f"{ours}; {foreign}"}.get(order, f"{foreign}, {ours}")
    assert ask(locked, "/api/studies", Cookie=cookies).status == 200


@pytest.mark.parametrize(
    ("headers", "secure"),
    [
        ({}, False),
        ({"X_Forwarded_Proto": "http"}, False),
        ({"X_Forwarded_Proto": "https"}, True),
        ({"Origin": "https://search.example.org", "Host": "localhost"}, None),
        ({"Origin": "https://localhost", "Host": "localhost"}, True),
        ({"Origin": "http://localhost", "Host": "localhost"}, False),
        ({"X_Forwarded_Proto": "gopher"}, None),
        ({"X_Forwarded_Proto": "https, http"}, None),
    ],
    ids=str,
)
def test_fault_77_behind_https_the_cookie_is_for_https_alone(locked, headers, secure):
    """A proxy of this machine says so, or the browser's own Origin; what is neither is refused."""
    body = urlencode({"token": TOKEN})
    reply = ask(locked, "/login", "POST", body, Content_Type=FORM, **headers)
    if secure is None:
        assert reply.status in {400, 403}
        return
    parts = reply.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(parts)
    assert ("Secure" in parts) == secure


def test_a_proxy_elsewhere_is_not_believed():
    """The word of another machine counts nothing: the server takes it away before the site sees it."""
    environ = {"REQUEST_METHOD": "POST", "HTTP_X_FORWARDED_PROTO": "https", "wsgi.url_scheme": "http"}
    assert not Request(environ).is_secure


def test_a_wrong_token_is_told_on_the_page(locked):
    """It says so and no more."""
    reply = log_in(locked, "wrong")
    assert reply.status == 401
    assert "That is not the token." in reply.text
    assert "set-cookie" not in reply.headers
    assert log_in(locked).status == 303


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "http://evil.example", "", "/a\r\nX: 1", "/login"]
)
def test_it_leads_nowhere_else(locked, to):
    """The page to go on to is one of this site."""
    assert log_in(locked, to=to).headers["location"] == "/"


def test_another_sites_form_logs_nobody_in(locked):
    """Logging somebody in unasked is a trick of its own."""
    body = urlencode({"token": TOKEN})
    reply = ask(locked, "/login", "POST", body, Content_Type=FORM, Origin="http://evil.example")
    assert reply.status == 403


@pytest.mark.parametrize(
    "change",
    [lambda s: s[:-1], lambda s: s + "0", lambda s: s.upper() + "A", lambda _: "", lambda _: "é.ü.ß"],
)
def test_a_forged_session_opens_nothing(change):
    """A session is a number that this process has given."""
    sessions = Sessions()
    key = sessions.open()
    assert sessions.holds(key)
    assert not sessions.holds(change(key))
    assert not Sessions().holds(key)
    assert key not in repr(vars(sessions))


def test_a_session_ends():
    """After twelve hours the token is asked for again."""
    clock = Clock()
    sessions = Sessions(clock)
    key = sessions.open()
    clock.now += SESSION_S - 1
    assert sessions.holds(key)
    clock.now += 1
    assert not sessions.holds(key)


def test_what_is_remembered_of_sessions_is_bounded():
    """Many logins do not fill the memory: the oldest session ends."""
    sessions = Sessions()
    keys = [sessions.open() for _ in range(MOST + 10)]
    assert [sessions.holds(key) for key in keys] == [False] * 10 + [True] * MOST


def test_guessing_gets_slower():
    """Five mistakes a minute are free; then each one doubles the pause, up to ten seconds."""
    clock = Clock()
    throttle = Throttle(clock)
    assert [throttle.failed() for _ in range(FREE + 8)] == [0] * FREE + [1, 2, 4, 8, *[LONGEST_S] * 4]
    assert len(throttle._failures) <= FREE + 5
    clock.now += WINDOW_S
    assert throttle.failed() == 0


def shown(login, token, path="/api/studies", address="192.0.2.1"):
    """Return the answer of a login to a program that shows a token."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "REMOTE_ADDR": address}
    return login.check(Request(environ | {"HTTP_AUTHORIZATION": f"Bearer {token}"}))


def test_fault_77_wrong_tokens_are_slowed_over_all_addresses():
    """300 guesses from 300 addresses: nearly all of them are held, and the right token never is."""
    login = Login(TOKEN, throttle=Throttle(Clock()))
    held = []
    for n in range(300):
        held.append(shown(login, f"guess {n}", address=f"192.0.2.{n % 256}").held_s)
        assert shown(login, TOKEN) is None
    assert held[:FREE] == [0] * FREE
    assert held[FREE + 4 :] == [LONGEST_S] * (300 - FREE - 4)


@pytest.mark.parametrize(
    "token",
    [
        "a" * 16,
        "a" * 400,
        "1234567890123456",
        "0123456789abcdef",
        "abcdefghijklmnop",
        "ponmlkjihgfedcba",
        "qwertyuiopasdfgh",
        "passwordpassword",
        "password12345678",
        "PASSWORDpassword",
        "changemechangeme",
        "hpsearchhpsearch",
        "abababababababab",
        "deadbeefdeadbeef",
        "ax" * 50,
    ],
)
def test_fault_77_a_token_that_can_be_guessed_is_refused(token):
    """It repeats, counts, or goes along the keyboard; the message says how to make one and not the token."""
    with pytest.raises(TokenError, match="cannot be guessed, found one that repeats; for example") as refused:
        expect_token(token)
    assert token not in str(refused.value)
    assert refused.value.exit_code == 2


def test_tokens_that_programs_make_are_taken():
    """Of every usual maker, many times over."""
    for _ in range(2000):
        for token in (
            secrets.token_hex(16),
            secrets.token_urlsafe(16),
            secrets.token_urlsafe(32),
            str(uuid4()),
        ):
            assert expect_token(token) == token
    assert turns("aaaa") == turns("1234") == 1
    assert turns("a7ma7m") == 4


def test_a_token_is_long_enough():
    """Fifteen characters are too few, sixteen will do, and the end of a file's line does not count."""
    assert expect_token(TOKEN[:SHORTEST] + "\n") == TOKEN[:SHORTEST]
    with pytest.raises(
        TokenError, match="token: expected at least 16 plain characters, found 15; for example"
    ):
        expect_token("x" * (SHORTEST - 1) + "\n")
    with pytest.raises(TokenError, match="found 18, some of them of another kind"):
        expect_token("pässwörd" * 2 + "12")
