"""What holds before the settings are read (pytest loads this by `-p`): tests keep off the real data folder."""

import atexit
import os
import shutil
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:  # the workers share the folder of the process that started them
    folder = tempfile.mkdtemp(prefix="ratecard-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["VAR_DIR"] = folder
