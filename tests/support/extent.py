"""How much a run tests: `TESTS=all` (make weekly) leaves out nothing, any other run takes samples.

`TESTS=fast` (make fast) takes one case of ten, and one test of ten of those that break documents.
"""

import os

ALL = os.environ.get("TESTS") == "all"
FAST = os.environ.get("TESTS") == "fast"
ONE_OF = 10  # of how many cases, or tests that break documents, a fast run takes one
