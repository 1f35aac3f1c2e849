import socket
import threading

import psycopg
import pytest
import sqlalchemy as sa

from tests.chaos.storage.proxy import MODES, Messages, Proxy, is_commit

TLS = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")
"""A client asks whether the server encrypts."""
START = (8).to_bytes(4, "big") + (196608).to_bytes(4, "big")
"""The head of a client's start, version 3.0."""
PLAINLY = b"N"
"""The server's answer: it does not."""


def query(text):
    """Return the message that asks for a query."""
    body = text.encode() + b"\0"
    return b"Q" + (len(body) + 4).to_bytes(4, "big") + body


@pytest.fixture
def proxy(postgres):
    """Return a proxy before the server."""
    with Proxy(("127.0.0.1", postgres.port)) as proxy:
        yield proxy


@pytest.fixture
def connect(postgres, proxy):
    """Return a function that connects through the proxy, committing only when told to."""
    made = []

    def connect():
        url = sa.make_url(postgres.url(port=proxy.port)).set(drivername="postgresql")
        made.append(psycopg.connect(url.render_as_string(hide_password=False), connect_timeout=60))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()


@pytest.fixture
def plain(proxy):
    """Return a bare connection that the proxy has passed on."""
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=60) as plain:
        plain.sendall(TLS)
        assert plain.recv(1) == PLAINLY
        yield plain


@pytest.fixture
def table(postgres):
    """Return the name of an empty table with one column."""
    postgres.execute("CREATE TABLE storm (x int)")
    yield "storm"
    postgres.execute("DROP TABLE storm")


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_passes_on_what_was_said(proxy, connect, mode):
    """Slow or in slices, the bytes are the same, in both directions."""
    proxy.mode = mode
    text = "ä" * 300
    assert connect().execute("SELECT %s || '!', 7", [text]).fetchall() == [(text + "!", 7)]


def test_a_cut_ends_the_connection(proxy, plain):
    """The client sees an end, the proxy forgets the link."""
    (link,) = proxy.links()
    link.cut()
    assert plain.recv(1) == b""
    link.join()
    assert proxy.links() == []


def test_a_reset_is_one(proxy, plain):
    """The client sees a reset in place of an end."""
    (link,) = proxy.links()
    link.cut(reset=True)
    with pytest.raises(ConnectionResetError, match="reset"):
        plain.recv(1)


def test_a_cut_connection_fails_in_the_driver(proxy, connect):
    """A worker's driver raises what it raises for a server that went away."""
    connection = connect()
    for link in proxy.links():
        link.cut()
    with pytest.raises(psycopg.OperationalError, match=r"closed|lost|terminat"):
        connection.execute("SELECT 1")


def test_a_commit_is_cut_after_it_was_sent(proxy, connect, postgres, table):
    """The client never hears of its commit, and its row is there."""
    connection = connect()
    connection.execute(f"INSERT INTO {table} VALUES (1)")
    proxy.cut_next_commits(1)
    with pytest.raises(psycopg.OperationalError, match=r"closed|lost|terminat"):
        connection.commit()
    for link in proxy.links():
        link.join()
    assert postgres.execute(f"SELECT x FROM {table}") == [(1,)]
    assert proxy.cut_commits == 1


def test_only_so_many_commits_are_cut(proxy, connect, postgres, table):
    """The next commit passes."""
    proxy.cut_next_commits(1)
    with pytest.raises(psycopg.OperationalError, match=r"closed|lost|terminat"):
        _insert(connect(), table, 1)
    _insert(connect(), table, 2)
    assert proxy.cut_commits == 1
    assert (2,) in postgres.execute(f"SELECT x FROM {table}")


def _insert(connection, table, x):
    """Insert a row and commit."""
    connection.execute(f"INSERT INTO {table} VALUES (%s)", [x])
    connection.commit()


def test_a_frozen_link_says_nothing_and_does_not_end(proxy, plain):
    """Nothing arrives while it is frozen, all of it afterwards."""
    proxy.freeze()
    plain.sendall(TLS)
    plain.settimeout(0.2)
    with pytest.raises(TimeoutError, match="timed out"):
        plain.recv(1)
    proxy.thaw()
    plain.settimeout(60)
    assert len(plain.recv(1)) == 1


def test_without_a_server_connections_end(unused_port):
    """Who connects while the server is down sees the connection end."""
    with (
        Proxy(("127.0.0.1", unused_port)) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), timeout=60) as plain,
    ):
        assert plain.recv(1) == b""


@pytest.fixture
def unused_port():
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


def test_a_proxy_leaves_no_thread_behind(postgres):
    """All its threads end with it, those of frozen connections too."""
    before = threading.active_count()
    with (
        Proxy(("127.0.0.1", postgres.port)) as proxy,
        socket.create_connection(("127.0.0.1", proxy.port), timeout=60) as plain,
    ):
        plain.sendall(TLS)
        assert plain.recv(1) == PLAINLY
        proxy.freeze()
    assert threading.active_count() == before


def test_messages_are_found_in_any_slices():
    """Byte by byte or at once, the same messages come out, the start of a connection included."""
    said = [TLS, START, query("BEGIN"), query("COMMIT")]
    whole, sliced = Messages(), Messages()
    assert whole.feed(b"".join(said)) == said
    assert [m for byte in b"".join(said) for m in sliced.feed(bytes([byte]))] == said


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (query("COMMIT"), True),
        (query("commit"), True),
        (query("BEGIN"), False),
        (query("SELECT 'COMMIT'"), False),
        (b"P" + query("")[1:5] + b"\0COMMIT\0\0\0", True),
        (START, False),
    ],
)
def test_a_commit_is_told_from_the_rest(message, expected):
    """A query or a statement to parse that begins with COMMIT is one."""
    assert is_commit(message) is expected
