"""What holds for all tests."""

import gc

from hypothesis import settings

# No test asserts a time: on a busy machine a deadline fails what is right.
settings.register_profile("ratecard", deadline=None)
settings.load_profile("ratecard")

# Each test makes and drops many objects beside all that stay: to look through these again and again took a third of
# the time.
gc.set_threshold(200_000, 20, 100)
