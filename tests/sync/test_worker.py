"""A real worker process with its queue: a slow catalog takes one thread, and the others go on."""

import json
import threading
import time
from contextlib import ExitStack

import pytest

from tests.serve import Answer, Script, serving
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


class Gated(Script):
    """Answers with one model, once its ``gate`` is open."""

    def __init__(self, *, slow=False):
        super().__init__(Answer(ANSWER))
        self.gate = threading.Event()
        if not slow:
            self.gate.set()

    def __call__(self, request):
        answer = super().__call__(request)
        self.gate.wait(30)
        return answer


@pytest.fixture
def catalog_server():
    """Start a server; it answers at once, or when its ``gate`` is set."""
    with ExitStack() as running:

        def start(*, slow=False):
            server = Gated(slow=slow)
            server.url = running.enter_context(serving(server))
            running.callback(server.gate.set)
            return server

        yield start


def wait_for(installation, outcomes):
    deadline = time.monotonic() + 60
    while (found := json.loads(installation.python(OUTCOMES))) != outcomes:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)


def test_a_slow_catalog_delays_no_other(installation, catalog_server):
    slow, *quick = [catalog_server(slow=True), catalog_server(), catalog_server(), catalog_server()]
    installation.env |= {"WORKER_THREADS": "2", "ALLOW_PRIVATE_ADDRESSES": "1"}
    installation.python(DUE, *(server.url for server in (slow, *quick)))
    worker = installation.start(str(ROOT / "manage.py"), "run_huey", "--quiet", "--skip-checks")
    try:
        done = [[f"team-{number}", "stored"] for number in (1, 2, 3)]
        wait_for(installation, [["team-0", "running"], *done])
        slow.gate.set()
        wait_for(installation, [["team-0", "stored"], *done])
        assert [len(server.requests) for server in (slow, *quick)] == [1, 1, 1, 1]  # though all were due twice
    finally:
        worker.terminate()
        worker.communicate(timeout=30)
