"""The token: shown by a program, typed by a person, guessed by nobody."""

import re
from urllib.parse import urlencode

import pytest

from hpsearch.dashboard.login import SESSION_S, SHORTEST, Login, TokenError, expect_token
from hpsearch.dashboard.messages import Request
from hpsearch.dashboard.throttle import FREE, LONGEST_S, MOST, Throttle
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
        rf"hpsearch-{locked}=\d+\.[0-9a-f]+\.[0-9a-f]+; "
        rf"Max-Age={SESSION_S}; Path=/; HttpOnly; SameSite=Strict",
        cookie,
    )
    assert TOKEN not in cookie
    assert ask(locked, "/api/studies", Cookie=cookie.partition(";")[0]).status == 200


def test_a_person_may_leave(locked):
    """The cookie is taken away."""
    cookie = log_in(locked).headers["set-cookie"].partition(";")[0]
    reply = ask(locked, "/logout", "POST", "", Cookie=cookie, Content_Type=FORM)
    assert (reply.status, reply.headers["location"]) == (303, "/login")
    assert f"hpsearch-{locked}=; Max-Age=0" in reply.headers["set-cookie"]


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
    [
        lambda s: s[:-1] + ("0" if s[-1] != "0" else "1"),
        lambda s: f"9{s}",
        lambda s: s.partition(".")[2],
        lambda _: "",
        lambda _: "..",
        lambda _: "é.ü.ß",
    ],
)
def test_a_forged_session_opens_nothing(change):
    """What was signed is the end of the session, too."""
    login = Login(TOKEN)
    session = login._session()
    assert login._holds(session)
    assert not login._holds(change(session))
    assert not Login(TOKEN + "x")._holds(session)


def test_a_session_ends():
    """After twelve hours the token is asked for again."""
    clock = Clock()
    login = Login(TOKEN, clock=clock)
    session = login._session()
    clock.now += SESSION_S - 1
    assert login._holds(session)
    clock.now += 1
    assert not login._holds(session)


def test_guessing_gets_slower():
    """Three mistakes are free; then each one doubles the pause, up to a minute."""
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(FREE + 8):
        throttle.failed("a")
        waits.append(throttle.wait_s("a"))
        clock.now += waits[-1]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, LONGEST_S, LONGEST_S]
    assert throttle.wait_s("b") == 0
    throttle.failed("a")
    throttle.succeeded("a")
    assert throttle.wait_s("a") == 0


def test_what_is_remembered_of_guesses_is_bounded():
    """Many addresses do not fill the memory."""
    throttle = Throttle(Clock())
    for n in range(MOST + 100):
        throttle.failed(str(n))
    assert len(throttle._failures) == MOST


def test_while_one_waits_even_the_token_is_refused():
    """Otherwise the pause would not slow anybody down; the answer says how long it is."""
    clock = Clock()
    login = Login(TOKEN, throttle=Throttle(clock))

    def show(token, path="/api/studies"):
        return login.check(
            Request({"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_AUTHORIZATION": f"Bearer {token}"})
        )

    assert [show("wrong").status for _ in range(FREE + 1)] == [401] * (FREE + 1)
    refused = show(TOKEN)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    assert show(TOKEN, "/healthz") is None
    clock.now += 1
    assert show(TOKEN) is None


def test_a_token_is_long_enough():
    """Fifteen characters are too few, sixteen will do, and the end of a file's line does not count."""
    assert expect_token("x" * SHORTEST + "\n") == "x" * SHORTEST
    with pytest.raises(
        TokenError, match="token: expected at least 16 plain characters, found 15; for example"
    ):
        expect_token("x" * (SHORTEST - 1) + "\n")
    with pytest.raises(TokenError, match="found 18, some of them of another kind"):
        expect_token("pässwörd" * 2 + "12")
