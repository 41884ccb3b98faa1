"""A real worker process with its queue: a slow catalog takes one thread, and the others go on."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.sync.conftest import ROOT

# Makes a catalog at each address and does what the worker does every minute.
DUE = """
import sys
import django
django.setup()
from catalog.models import Catalog, Credential
from catalog.tasks import sync_due
key = Credential.objects.create(label="Key", secret="gsk-secret")
for number, address in enumerate(sys.argv[1:]):
    name = f"team-{number}"
    Catalog.objects.create(
        name=name, slug=name, kind="freddy", organization="org_a", base_url=address, credential=key
    )
sync_due.call_local()
sync_due.call_local()
"""
OUTCOMES = """
import json
import django
django.setup()
from catalog.models import Sync
print(json.dumps(sorted(Sync.objects.values_list("catalog__slug", "outcome"))))
"""
ANSWER = json.dumps(
    {"organizationId": "org_a", "models": [{"id": "1", "key": "gpt-5", "title": "GPT-5"}], "totalCount": 1}
).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers with one model, once its server lets it."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.gate.wait(30)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *args: object) -> None:
        """Be quiet."""


@pytest.fixture
def catalog_server():
    """Start a server; it answers at once, or when its ``gate`` is set."""
    started = []

    def start(*, slow=False):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.asked, server.gate = [], threading.Event()
        if not slow:
            server.gate.set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.gate.set()
        server.shutdown()
        server.server_close()


def address(server):
    return f"http://127.0.0.1:{server.server_port}"


def wait_for(installation, outcomes):
    deadline = time.monotonic() + 60
    while (found := json.loads(installation.python(OUTCOMES))) != outcomes:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)


def test_a_slow_catalog_delays_no_other(installation, catalog_server):
    slow, *quick = [catalog_server(slow=True), catalog_server(), catalog_server(), catalog_server()]
    installation.env |= {"WORKER_THREADS": "2", "ALLOW_PRIVATE_ADDRESSES": "1"}
    installation.python(DUE, *map(address, [slow, *quick]))
    worker = installation.start(str(ROOT / "manage.py"), "run_huey", "--quiet", "--skip-checks")
    try:
        done = [[f"team-{number}", "stored"] for number in (1, 2, 3)]
        wait_for(installation, [["team-0", "running"], *done])
        slow.gate.set()
        wait_for(installation, [["team-0", "stored"], *done])
        assert [len(server.asked) for server in (slow, *quick)] == [1, 1, 1, 1]  # though all were due twice
    finally:
        worker.terminate()
        worker.communicate(timeout=30)
