"""`make token`: sign in with the browser, and have the access token on standard output."""

from __future__ import annotations

import argparse
import html
import sys
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tools import facts, paths
from tools.authorization import CALLBACK_PORT, Authorization


class _Callback(BaseHTTPRequestHandler):
    """Receives the browser after sign-in; what it brought is left with the server."""

    server: _CallbackServer

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        # The state shows that this answer belongs to the sign-in we started.
        if query.get("state") == self.server.state:
            self.server.answer = query
        said = (
            "You are signed in: go back to the terminal." if "code" in query else "Not signed in."
        )
        page = f"<!doctype html><title>Waybill</title><p>{html.escape(said)}</p>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Say nothing: the query holds the code."""


class _CallbackServer(HTTPServer):
    def __init__(self, state: str) -> None:
        super().__init__(("127.0.0.1", CALLBACK_PORT), _Callback)
        self.state = state
        self.answer: dict[str, str] = {}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make token", description=__doc__)
    parser.add_argument("--facts", type=Path, default=paths.FACTS, help="of the running Waybill")
    options = parser.parse_args()
    if not options.facts.exists():
        print("Waybill is not running here: `make run` first.", file=sys.stderr)
        return 2
    authorization = Authorization(facts.read(options.facts))
    with _CallbackServer(authorization.state) as server:
        print(f"Sign up or in with your browser:\n\n  {authorization.url}\n", file=sys.stderr)
        webbrowser.open(authorization.url)
        while not server.answer:
            server.handle_request()
    if "code" not in server.answer:
        print(f"Not signed in: {server.answer.get('error', 'refused')}", file=sys.stderr)
        return 1
    print(authorization.access_token(server.answer["code"]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
