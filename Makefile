# Each target sets up what it needs in .venv. On a fresh machine: Python 3.11 or newer, and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
WORKERS ?= 2

.PHONY: demo test lint verify bench notebooks zoo clean

demo: .venv/core
	$(BIN)/induction demo

test: .venv/test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow"
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -n $(WORKERS) -m "small and not slow" -q

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/mypy

# The slow tests include every experiment at its full size; docs/experiments.md says how long each takes.
verify: .venv/test
	$(BIN)/induction verify --full
	$(BIN)/python -m pytest -m slow

bench: .venv/test
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/parts.py

# Half an hour and more; a bit more of length takes 1.8 times as long. Finished parts are kept in zoo.store.*, a stopped run goes on from them.
zoo: .venv/core
	$(BIN)/induction zoo --max-length 40 --workers $(WORKERS) --store zoo.store.queue --out programs/zoo/queue
	$(BIN)/induction zoo --machine turing --max-length 36 --workers $(WORKERS) --store zoo.store.turing --out programs/zoo/turing

notebooks: .venv/test
	$(BIN)/python -m pytest --nbmake notebooks -n $(WORKERS)

.venv/bin/python:
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip

.venv/core: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/test: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	@touch $@ .venv/core

.venv/dev: pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --editable ".[test,dev]"
	@touch $@ .venv/core .venv/test

clean:
	rm -rf .venv build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache
