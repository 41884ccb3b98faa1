"""`manage.py serve`: everything that `make run` starts, and what has to be there before."""

import contextlib
import errno
import hashlib
import http.client
import os
import secrets
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from dashboard.supervise import ChildError, supervise

GRACE_SECONDS = "3"  # what requests and tasks under way get to finish; less than supervise.STOP_SECONDS
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 (addresses to call, not to bind)


class Command(BaseCommand):
    """Prepare what is missing, then run the web server and the worker until one of them or the user ends it."""

    help = "Run the web server and the worker; prepares the database, static files and first data if needed."
    requires_system_checks = ()  # both halves load the same code; checks would only delay the first page

    def add_arguments(self, parser: CommandParser) -> None:
        """Host and port, else those of the settings."""
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        """Exit 0 when asked to stop, 1 with a sentence when something is wrong."""
        host = host.strip("[]")
        check_port(host, port)
        named = f"[{host}]" if ":" in host else host
        called = EVERYWHERE.get(host, host)
        address = f"http://{f'[{called}]' if ':' in called else called}:{port}/"
        try:
            self.prepare()
            connections.close_all()
            supervise(
                {"web server": web_command(f"{named}:{port}"), "worker": worker_command()},
                folder=settings.BASE_DIR,
                ready=lambda: answers(called, port),
                on_ready=lambda: self.say(f"Ratecard is at {address}  (Ctrl-C stops it)"),
            )
        except OperationalError as error:
            sys.exit(f"The database cannot be used: {str(error).strip()} (DATABASE_URL says which one it is.)")
        except ChildError as why:
            sys.exit(str(why))
        except KeyboardInterrupt:
            pass
        with contextlib.suppress(OSError):  # the terminal may be gone
            self.say("Stopped.")

    def say(self, text: str) -> None:
        """Write a line at once, also where the output is a pipe."""
        self.stdout.write(text)
        self.stdout.flush()

    def prepare(self) -> None:
        """Bring the database and the static files up to date; on the first run, the first catalog and user too."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Preparing the database ...")
            call_command("migrate", interactive=False, verbosity=0)
        if collect_static():
            self.say("Static files collected.")
        call_command("catalog_first_run", stdout=self.stdout)  # does nothing where it was done
        if not get_user_model().objects.exists():
            password = secrets.token_urlsafe(12)
            get_user_model().objects.create_superuser("admin", password=password)
            line = "+" + "-" * 58 + "+"
            rows = ("Sign in at /admin/", "user:      admin", f"password:  {password}", "It is shown only this once.")
            self.say("\n".join([line, *(f"|  {row:<56}|" for row in rows), line]))


def check_port(host: str, port: int) -> None:
    """Exit with a sentence if nothing can listen there."""
    if not 0 < port < 65536:
        sys.exit(f"{port} is no port: it has to be a number from 1 to 65535.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is in use; choose another: PORT={port % 65535 + 1} make run")
        sys.exit(f"Ratecard cannot listen at {host}, port {port}: {error.strerror}. Choose another HOST or PORT.")


def collect_static() -> bool:
    """Collect the static files if any differs by name, size or time from those collected last; tell whether so."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())
    return True


def web_command(bind: str) -> list[str]:
    """Gunicorn, loaded once and forked; it opens no database connection before the fork, so none is shared."""
    memory = Path("/dev/shm")  # noqa: S108 (gunicorn makes its own unnamed file there)
    return [
        *(sys.executable, "-m", "gunicorn", "dashboard.wsgi", "--bind", bind, "--preload"),
        *("--worker-class", "gthread", "--workers", str(settings.WEB_WORKERS), "--threads", str(settings.WEB_THREADS)),
        *("--graceful-timeout", GRACE_SECONDS, "--log-level", "warning", "--no-control-socket"),
        # its heartbeat file must not wait for a disk
        *(("--worker-tmp-dir", str(memory)) if os.access(memory, os.W_OK) else ()),
    ]


def worker_command() -> list[str]:
    """Huey's consumer; told to stop, it gives a task under way the same time as a request."""
    return [
        *(sys.executable, "manage.py", "run_huey", "--quiet", "--skip-checks"),
        *("--graceful-signal", "TERM", "--shutdown-timeout", GRACE_SECONDS),
    ]


def answers(host: str, port: int) -> bool:
    """Tell whether the web server is up, calling it by a name that it answers to; exit if it answers wrongly."""
    name = (settings.ALLOWED_HOSTS or ["localhost"])[0].lstrip(".").replace("*", "localhost")
    called = http.client.HTTPConnection(host, port, timeout=1)
    try:
        called.request("GET", "/healthz", headers={"Host": name})
        status = called.getresponse().status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        called.close()
    if status != 200:
        sys.exit(f"The web server started, but answers /healthz with {status}; its log above may say why.")
    return True
