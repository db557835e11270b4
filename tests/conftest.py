"""Settings of all tests: properties try the same examples each time, unless HYPOTHESIS_PROFILE=explore."""

import os

from hypothesis import settings

settings.register_profile("fixed", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
