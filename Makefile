# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# What is compiled is kept, so that the many processes of the tests do not each compile everything anew.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/pycache

.PHONY: setup tools demo run test test-slow lint bench lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies (about a minute the first time)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# What the slow proofs look at web pages with, beside Java and Chromium; where it is missing they are skipped.
tools: setup
	@npm install --prefix $(VENV)/tools --no-save --no-package-lock --no-fund --no-audit --ignore-scripts --silent \
		vnu-jar@26.9.27 axe-core@4.14.1

demo: setup
	@$(BIN)/python -m tests.demo $(ARGS)

run: setup
	@$(BIN)/griot bot

test: setup lint
	@$(BIN)/pytest -q -n 4 --dist worksteal -m "not slow"

# The long proofs, and the properties of the quick run again with three times as many examples.
test-slow: setup
	@GRIOT_TEST_THOROUGH=1 $(BIN)/pytest -q -m "slow or hypothesis"

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m bench

lock:
	@uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 \
		--all-extras --group dev pyproject.toml build.in -o requirements.lock

clean:
	@rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
