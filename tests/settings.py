"""The settings, read with a data folder of the tests' own, so that they keep off the real one."""

import atexit
import os
import shutil
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:  # the workers share the folder of the process that started them
    folder = tempfile.mkdtemp(prefix="ratecard-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["VAR_DIR"] = folder

# Playwright's loop runs in the tests' thread, and Django would take it for ours.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from dashboard.settings import *  # noqa: F403 (only now that VAR_DIR is set)

# Passwords are hashed many thousand times over on purpose; tests have nothing to protect.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A queue of this process alone: whatever is on the machine's real one stays there.
HUEY["name"] = f"ratecard-tests-{os.getpid()}"  # noqa: F405

# Nor do tests that run beside each other count together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Static files by their plain names, straight from their folders: tests need no collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
