# run; check, fast, test and weekly (from seconds to all of it); coverage; bench; fuzz for longer; audit and sbom of what ships.
# Setup runs again only when pyproject.toml has changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHIPPED := build/shipped
TOOLS := build/tools
AUDIT = $(TOOLS)/bin/python tools/audit.py $(TOOLS)/bin/pip-audit $(SHIPPED)/requirements.txt
MINUTES ?= 10
# What ends within a minute: units; one of ten of the cases and of what breaks documents, requests that were
# once answered wrongly, recorded stories. One process for each: xdist would take as long again for its messages.
UNITS := tests/unit
SAMPLES := tests/documents tests/cases/found tests/cases/policies/test_cases.py tests/cases/clinical/test_cases.py
SAMPLES += tests/cases/language tests/cases/fixtures/test_stories.py
SEED ?= $(shell date +%s)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled tests and modules are kept, or each process of a run would compile all of them again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run check fast fast-units fast-samples test coverage weekly bench fuzz audit sbom lock clean

run: $(VENV)/run.stamp
	$(BIN)/dupilumab-cds serve

check: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy service tests
	$(BIN)/lint-imports
	$(BIN)/dupilumab-cds check

fast: $(VENV)/test.stamp
	$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync fast-units fast-samples

fast-units:
	TESTS=fast $(BIN)/pytest -n0 -m "not slow" $(UNITS)

fast-samples:
	TESTS=fast $(BIN)/pytest -n0 -m "not slow" $(SAMPLES)

test: check $(SHIPPED)/stamp $(TOOLS)/stamp
	@command -v chromium >/dev/null || echo "No chromium here: pages are not tested in a browser (apt-get install chromium)."
	$(BIN)/pytest
	$(AUDIT)

# Lines and branches of service/ that the tests run; all of them of policy/.
coverage: $(VENV)/test.stamp
	$(BIN)/pytest --cov --cov-report=term
	$(BIN)/coverage report --include='service/policy/*' --fail-under=100

# Coverage, all mutants, the long fuzz run and the bench.
weekly: coverage
	TESTS=all $(BIN)/pytest tests/mutants tests/cases
	$(BIN)/python tests/mutants/changed.py
	$(BIN)/python tests/support/hostile/fuzz.py $(MINUTES) $(SEED)
	$(BIN)/python bench/load.py
	$(BIN)/python bench/starving.py

bench: $(VENV)/run.stamp
	$(BIN)/python bench/load.py
	$(BIN)/python bench/starving.py

fuzz: $(VENV)/test.stamp
	$(BIN)/python tests/support/hostile/fuzz.py $(MINUTES) $(SEED)

audit: $(SHIPPED)/stamp $(TOOLS)/stamp
	$(AUDIT) --strict

sbom: $(SHIPPED)/stamp $(TOOLS)/stamp
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json $(SHIPPED)/bin/python

# The newest versions that the ranges of pyproject.toml allow, for all that ships.
lock:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/pip install --quiet '.[postgres]'
	build/lock/bin/pip freeze --exclude dupilumab-cds > requirements.lock

clean:
	rm -rf $(VENV) var build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/test.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $(VENV)/run.stamp $@

# What ships and nothing else: the service with the packages that it runs on.
$(SHIPPED)/stamp: pyproject.toml requirements.lock
	$(PYTHON) -m venv --clear $(SHIPPED)
	$(SHIPPED)/bin/pip install --quiet --constraint requirements.lock '.[postgres]'
	$(SHIPPED)/bin/pip freeze --exclude dupilumab-cds > $(SHIPPED)/requirements.txt
	$(SHIPPED)/bin/pip uninstall --quiet --yes setuptools pip
	touch $@

# Apart from the service, so that neither is in the other's list.
$(TOOLS)/stamp: pyproject.toml
	$(PYTHON) -m venv --clear $(TOOLS)
	$(TOOLS)/bin/pip install --quiet 'cyclonedx-bom>=7,<8' 'pip-audit>=2.9,<3'
	touch $@
