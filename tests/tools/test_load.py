import http.server
import threading

import pytest

from tools.bench import load, processes
from tools.bench.samples import Sample


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200 if body == b"right" else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/path"
        server.shutdown()
        thread.join()


def test_every_answer_is_counted_with_its_latency(address):
    request = load.prepared(address, "POST", body=b"right")
    sample = load.run(address, request, clients=3, seconds=0.2)
    assert sample.failures == []
    assert len(sample.latencies) >= 3
    assert 0 < sample.percentile(50) <= sample.percentile(99)


def test_an_answer_with_another_status_is_a_failure_and_no_throughput(address):
    request = load.prepared(address, "POST", body=b"wrong")
    sample = load.run(address, request, clients=1, seconds=0.05)
    assert sample.latencies == []
    assert "400" in sample.failures[0]


def test_samples_add_up():
    both = Sample(1.0, [0.1]) + Sample(1.0, [0.3, 0.5])
    assert both.per_second == 1.5
    assert both.percentile(99) == 500


def counted(text):
    return text.upper


def test_processes_make_their_own_calls():
    sample = processes.run(counted, ("a",), clients=2, seconds=0.05)
    assert len(sample.latencies) >= 2
