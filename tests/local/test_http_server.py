"""The server under everything: connections that live on, bodies of every kind, nobody waiting."""

from __future__ import annotations

import http.client
import io
import socket
import threading

import pytest

from local.http_server import Server


def echo(environ, start_response):
    """Answer with method, path, query and body; the path may ask for other answers."""
    body = environ["wsgi.input"].read()
    text = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {environ['QUERY_STRING']} "
    if environ["PATH_INFO"] == "/stream":
        start_response("200 OK", [])
        return iter([b"one", b"", b"two"])
    if environ["PATH_INFO"] == "/miscounted":
        start_response("200 OK", [("Content-Length", "2")])
        return [b"three"]
    if environ["PATH_INFO"] == "/none":
        start_response("204 No Content", [])
        return []
    if environ["PATH_INFO"] == "/crash":
        raise RuntimeError("on purpose")
    if environ["PATH_INFO"] == "/headers":
        names = sorted(key for key in environ if key.startswith("HTTP_X"))
        start_response("200 OK", [("X-Two", "a"), ("X-Two", "b")])
        return [",".join(names).encode()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [text.encode() + body]


@pytest.fixture(scope="module")
def server():
    server = Server(echo, 0)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def connection(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    yield connection
    connection.close()


def ask(connection, method="GET", path="/", body=None, **headers):
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    return response, response.read()


def test_a_connection_serves_many_requests(connection):
    ask(connection)
    first = connection.sock
    for n in range(3):
        _, text = ask(connection, "POST", f"/a%20b/{n}?x=%31", b"body")
        assert text == f"POST /a b/{n} x=%31 body".encode()
    assert connection.sock is first


def test_a_body_in_chunks_is_read_whole(connection):
    _, text = ask(connection, "PUT", "/up", iter([b"one ", b"two"]))
    assert text == b"PUT /up  one two"
    assert ask(connection)[1] == b"GET /  "


def test_a_client_that_waits_for_leave_gets_it(server):
    with socket.create_connection(("127.0.0.1", server.port), 5) as client:
        client.sendall(
            b"PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"body")
        assert client.recv(1000).endswith(b"PUT /x  body")


def test_an_answer_of_unknown_length_comes_in_chunks(connection):
    response, text = ask(connection, path="/stream")
    assert response.getheader("Transfer-Encoding") == "chunked"
    assert text == b"onetwo"
    assert ask(connection)[0].status == 200


def test_head_and_no_content_have_no_body(connection):
    response, text = ask(connection, "HEAD")
    assert (response.getheader("Content-Length"), text) == ("8", b"")
    response, text = ask(connection, path="/none")
    assert (response.status, response.getheader("Content-Length"), text) == (204, None, b"")
    assert ask(connection)[0].status == 200


def test_a_wrong_length_does_not_reach_the_next_answer(connection):
    assert ask(connection, path="/miscounted")[1] == b"three"
    assert ask(connection, path="/")[1] == b"GET /  "


def test_a_crash_is_500_and_ends_only_its_connection(connection, server):
    assert ask(connection, path="/crash")[0].status == 500
    other = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    assert ask(other)[0].status == 200
    other.close()


def test_an_underscore_cannot_pass_for_a_dash(connection):
    connection.putrequest("GET", "/headers")
    for name in ("X-Forwarded", "X_Forwarded_For", "x-amz-meta-my_key"):
        connection.putheader(name, "1")
    connection.endheaders()
    assert connection.getresponse().read() == b"HTTP_X_AMZ_META_MY_KEY,HTTP_X_FORWARDED"


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n no: folding\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http_is_refused_and_the_connection_closed(server, head):
    with socket.create_connection(("127.0.0.1", server.port), 5) as client:
        client.sendall(head)
        answer = io.BufferedReader(socket.SocketIO(client, "r")).read()
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_request_that_waits_for_another_holds_nobody_up():
    """A workflow holds its connection while its function calls back over further ones."""
    inner_done = threading.Event()

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/outer":
            assert inner_done.wait(5)
        else:
            inner_done.set()
        start_response("200 OK", [])
        return [b"done"]

    server = Server(app, 0)
    server.start()
    clients = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=10) for _ in range(31)]
    for client in clients[:30]:
        client.request("GET", "/outer")
    clients[30].request("GET", "/inner")
    assert {client.getresponse().status for client in clients} == {200}
    for client in clients:
        client.close()
    server.stop()
