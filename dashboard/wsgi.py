"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

# The collector looks after 10,000 new objects instead of 700: a page makes thousands that all go with it, and looking
# at them halfway took a twentieth of its time.
gc.set_threshold(10_000)

application = get_wsgi_application()

# All that is loaded by now stays: the collector need not walk it again and again, which cost pages up to 30 ms, and
# forked workers go on sharing its memory.
gc.collect()
gc.freeze()
