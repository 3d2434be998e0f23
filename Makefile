# run; check, fast, test and weekly (from seconds to all of it); coverage; bench; fuzz for longer; audit and sbom of what ships.
# Setup runs again only when pyproject.toml has changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHIPPED := build/shipped
TOOLS := build/tools
AUDIT = $(TOOLS)/bin/python tools/audit.py $(TOOLS)/bin/pip-audit $(SHIPPED)/requirements.txt
MINUTES ?= 10
# What does not wait for another runs beside it; the output of each is printed whole.
SIDE_BY_SIDE := --no-print-directory --jobs=3 --keep-going --output-sync
CHECKS := types lint imports documents
# Modules are compiled when they are imported first: most of what is installed never is.
INSTALL = $(BIN)/python -m pip install --quiet --no-compile
# Installs into an environment without a pip of its own.
INSTALL_IN = $(BIN)/python -m pip --python $(1)/bin/python install --quiet --no-compile
# What ends within a minute: units; one of ten of the cases and of what breaks documents, requests that were
# once answered wrongly, recorded stories. One process for each: xdist would take as long again for its messages.
UNITS := tests/unit
SAMPLES := tests/documents tests/cases/found tests/cases/policies/test_cases.py tests/cases/clinical/test_cases.py
SAMPLES += tests/cases/language tests/cases/fixtures/test_stories.py
SEED ?= $(shell date +%s)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled tests and modules are kept, or each process of a run would compile all of them again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run check lint types imports documents fast fast-units fast-samples test postgresql chromium coverage weekly bench fuzz
.PHONY: advisories audit sbom lock wheel shipped clean

run: $(VENV)/run.stamp
	$(BIN)/dupilumab-cds serve

check:
	$(MAKE) $(SIDE_BY_SIDE) $(CHECKS)

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp
	$(BIN)/mypy service tests

imports: $(VENV)/test.stamp
	$(BIN)/lint-imports

documents: $(VENV)/test.stamp
	$(BIN)/dupilumab-cds check

fast: $(VENV)/test.stamp
	$(MAKE) $(SIDE_BY_SIDE) fast-units fast-samples

fast-units:
	TESTS=fast $(BIN)/pytest -n0 -m "not slow" $(UNITS)

fast-samples:
	TESTS=fast $(BIN)/pytest -n0 -m "not slow" $(SAMPLES)

test:
	$(MAKE) $(SIDE_BY_SIDE) $(CHECKS) advisories postgresql chromium
	$(BIN)/pytest

# The tests of the store start a PostgreSQL server of their own. On CI it is installed where it is missing;
# elsewhere these tests are skipped and say so.
postgresql:
	@if ls /usr/lib/postgresql/*/bin/postgres > /dev/null 2>&1; then :; \
	elif [ -z "$$CI" ]; then echo "no PostgreSQL server: its tests are skipped (Debian: apt-get install postgresql)"; \
	else export DEBIAN_FRONTEND=noninteractive; sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -E"; \
		$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends postgresql; fi

# Pages are tested in a browser. On CI it is installed where it is missing; elsewhere these tests are
# skipped and say so.
chromium:
	@if command -v chromium > /dev/null; then :; \
	elif [ -z "$$CI" ]; then echo "no chromium: pages are not tested in a browser (Debian: apt-get install chromium)"; \
	else export DEBIAN_FRONTEND=noninteractive; sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -E"; \
		$$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends chromium; fi

# Lines and branches of service/ that the tests run; all of them of policy/.
coverage: $(VENV)/test.stamp postgresql chromium
	$(BIN)/pytest --cov --cov-report=term
	$(BIN)/coverage report --include='service/policy/*' --fail-under=100

# Coverage, all mutants, the long fuzz run and the bench.
weekly: coverage
	TESTS=all $(BIN)/pytest tests/mutants tests/cases
	$(BIN)/python tests/mutants/changed.py
	$(BIN)/python tests/support/hostile/fuzz.py $(MINUTES) $(SEED)
	$(BIN)/python bench/load.py
	$(BIN)/python bench/starving.py
	$(BIN)/python bench/slow_callers.py
	$(BIN)/python bench/watching.py
	$(BIN)/python bench/breaking.py

bench: $(VENV)/run.stamp
	$(BIN)/python bench/load.py
	$(BIN)/python bench/starving.py
	$(BIN)/python bench/slow_callers.py

fuzz: $(VENV)/test.stamp
	$(BIN)/python tests/support/hostile/fuzz.py $(MINUTES) $(SEED)

# As audit, but a machine that cannot read advisories passes.
advisories: $(SHIPPED)/stamp $(TOOLS)/stamp
	$(AUDIT)

audit: $(SHIPPED)/stamp $(TOOLS)/stamp
	$(AUDIT) --strict

sbom: $(SHIPPED)/stamp $(TOOLS)/stamp
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.json $(SHIPPED)/bin/python

# The newest versions that the ranges of pyproject.toml allow, for all that ships.
lock:
	$(PYTHON) -m venv --clear build/lock
	build/lock/bin/pip install --quiet '.[postgres,traces]'
	build/lock/bin/pip freeze --exclude dupilumab-cds > requirements.lock

# The source archive and, built from it, the wheel: dist/.
wheel: $(TOOLS)/stamp
	rm -rf dist
	$(TOOLS)/bin/python -m build --quiet --outdir dist .

# The wheel alone in a new environment, away from the checkout: it serves, signs an order and is importable.
shipped: wheel
	$(PYTHON) -m venv --clear build/wheel
	build/wheel/bin/pip install --quiet --no-compile --constraint requirements.lock dist/*.whl
	$(PYTHON) tools/try_wheel.py build/wheel

clean:
	rm -rf $(VENV) var build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/run.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable .
	touch $@

$(VENV)/test.stamp: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[dev]'
	touch $(VENV)/run.stamp $@

# What ships and nothing else: the service with the packages that it runs on.
$(SHIPPED)/stamp: pyproject.toml requirements.lock | $(VENV)/test.stamp
	$(PYTHON) -m venv --clear --without-pip $(SHIPPED)
	$(call INSTALL_IN,$(SHIPPED)) --constraint requirements.lock '.[postgres,traces]'
	$(BIN)/python -m pip --python $(SHIPPED)/bin/python freeze --exclude dupilumab-cds > $(SHIPPED)/requirements.txt
	touch $@

# Apart from the service, so that neither is in the other's list.
$(TOOLS)/stamp: pyproject.toml | $(VENV)/test.stamp
	$(PYTHON) -m venv --clear --without-pip $(TOOLS)
	$(call INSTALL_IN,$(TOOLS)) 'build>=1.2,<2' 'cyclonedx-bom>=7,<8' 'pip-audit>=2.9,<3'
	touch $@
