"""What holds for all tests."""

from hypothesis import settings

# No test asserts a time: on a busy machine a deadline fails what is right.
settings.register_profile("ratecard", deadline=None)
settings.load_profile("ratecard")
