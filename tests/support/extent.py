"""How much a run tests: `TESTS=all` (make weekly) leaves out nothing, any other run takes samples."""

import os

ALL = os.environ.get("TESTS") == "all"
