# What one does with this tree: run it, test it, check it. Each target sets itself up.
#   make run ARGS="--port 9000"   make test ARGS="-k undo"   make bench SIZE=1000000   make setup PYTHON=python3.12

PYTHON ?= python3
ARGS ?=
SIZE ?= 100000

BIN := .venv/bin
RUNTIME := .venv/.runtime-installed
DEV := .venv/.dev-installed

# uv installs the same locked files faster, where somebody has it.
INSTALL := $(if $(shell command -v uv),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)

# Python kept compiled starts in half the time, and the tests start it some hundred times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test check bench chaos lock docs clean

setup: $(RUNTIME)
	@echo "Ready: $(BIN)/cuprum"

run: $(RUNTIME)
	@exec $(BIN)/cuprum serve --demo $(ARGS)

# One more than the cores that it is meant for: many tests wait for a server or a browser.
test: $(DEV)
	$(BIN)/python -m pytest -n 3 $(ARGS)

check: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(DEV)
	$(BIN)/python -m bench --size $(SIZE) $(ARGS)

# The fault tests with every round; `make test` runs a few of each.
chaos: $(DEV)
	CUPRUM_CHAOS=full $(BIN)/python -m pytest -m chaos $(ARGS)

# Keeps the versions that are locked; `make lock ARGS=--upgrade` takes the newest that pyproject.toml allows.
COMPILE := uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(ARGS) pyproject.toml
lock:
	@command -v uv >/dev/null || { echo "make lock needs uv. Cure: pip install uv" >&2; exit 1; }
	$(COMPILE) --group build --output-file requirements/runtime.lock
	$(COMPILE) --group build --group dev --constraints requirements/runtime.lock --output-file requirements/dev.lock

# The reference pages, from the code that they speak of.
docs: $(DEV)
	$(BIN)/python -m tools.docs

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools bench -name __pycache__ -prune -exec rm -rf {} +

# A .venv that works is kept, whichever python3 comes first on the path today: two Pythons in one .venv break both.
$(RUNTIME): requirements/runtime.lock pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(MAKE) --no-print-directory .venv
	$(INSTALL) --require-hashes -r requirements/runtime.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.lock $(RUNTIME)
	$(INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@

.PHONY: .venv
.venv:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Cure: install Python 3.11, 3.12 or 3.13, or name yours: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv --clear .venv
