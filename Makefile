# book · docs · live · test · test-slow · test-all · check · prove · mutants · bench · reproduce · other-python · lock · lock-check · clean: CONTRIBUTING.md.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
  command -v $(p) >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin

# The book's lock, this folder, and what tests need in addition, each when it is installed in .venv.
LOCKED := .venv/.locked
INSTALLED := .venv/.installed
TESTABLE := .venv/.testable
NODE_MODULES := tests/node_modules/.package-lock.json

# Each Python that the locks are for, and what has no wheel: yattag, which cosmic-ray needs.
PYTHONS := 3.11 3.12 3.13
WHEELS := --only-binary :all:
BUILT := --no-binary yattag

# uv writes no bytecode: Python does when it first imports a module, and most of a book's never are.
# One version of a library for each Python, where there is one: what notebooks make is the same then.
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --fork-strategy fewest
# Resolves locks for a Python on Linux, as an installation does: with hashes, from the index.
RESOLVE := $(INSTALL) --dry-run --require-hashes $(WHEELS) \
  --python-platform x86_64-manylinux_2_28 --target .venv/nowhere

.PHONY: book docs live test test-slow test-all check prove mutants bench reproduce other-python lock lock-check clean

book: $(INSTALLED)
	$(BIN)/tallybook build

# The documentation, a book of its own: docs/_build/html/index.html.
docs: $(INSTALLED)
	$(BIN)/tallybook --book docs build

live: $(INSTALLED)
	$(BIN)/tallybook live

check: $(INSTALLED)
	$(BIN)/tallybook check

test: $(TESTABLE) $(NODE_MODULES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not slow"

# What CI does besides: the groups of tests that take long, with a fourth of the pages.
test-slow: $(TESTABLE) $(NODE_MODULES)
	$(BIN)/pytest -m "slow and not every_page"

# All of the above, and every page in the browser.
test-all: test
	$(BIN)/pytest -m slow

# The book, wrong by one fact at a time, before its checks; and the package, tested with mutants.
prove: $(TESTABLE)
	$(BIN)/python -m tests.proof --pages

mutants: $(TESTABLE)
	$(BIN)/python -m tests.proof.package

bench: $(TESTABLE)
	$(BIN)/python -m benchmarks

# After make book: the same once more, in other circumstances.
reproduce: $(TESTABLE)
	$(BIN)/python -m tests.reproduction

# After make book: the same by another Python of this machine, and the quick tests with it.
other-python: $(TESTABLE) $(NODE_MODULES)
	$(BIN)/python -m tests.reproduction.other_python

# After an edit of the dependencies in pyproject.toml. The second lock has what the first has not.
lock: $(INSTALLED)
	$(COMPILE) --extra build --output-file requirements.txt pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.txt \
	  $$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.txt) \
	  --output-file requirements-dev.txt pyproject.toml

lock-check: $(INSTALLED)
	set -e; for version in $(PYTHONS); do echo "Python $$version"; \
	  $(RESOLVE) --python-version $$version -r requirements.txt; \
	  $(RESOLVE) --python-version $$version $(BUILT) -r requirements.txt -r requirements-dev.txt; done

$(LOCKED): requirements.txt
	$(if $(PYTHON),,$(error tallybook needs Python 3.11 or newer, and none was found. Name one: make PYTHON=/path/to/python3))
	$(PYTHON) -m venv --clear .venv
	@# pip installs uv, which installs all the rest in a fraction of the time.
	@sed -n '/^uv==/,/^ *#/p' requirements.txt > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(WHEELS) -r .venv/uv.txt
	$(INSTALL) --require-hashes $(WHEELS) -r requirements.txt
	@touch $@

# The build backend is locked as well: in isolation, uv would fetch one without a hash. Not from the
# cache, which looks at pyproject.toml alone.
$(INSTALLED): $(LOCKED) pyproject.toml
	$(INSTALL) --no-cache --no-deps --no-build-isolation -e .
	@touch $@

# With bytecode: tests start hundreds of processes, also where Python is told to write none.
$(TESTABLE): requirements-dev.txt $(INSTALLED)
	$(INSTALL) --compile-bytecode --require-hashes $(WHEELS) $(BUILT) --no-build-isolation \
	  -r requirements.txt -r requirements-dev.txt
	@touch $@

# Only for tests in the browser, which are left out where there is no npm.
$(NODE_MODULES): tests/package-lock.json tests/package.json
	if command -v npm >/dev/null; then npm ci --silent --prefix tests; fi
	@if [ -f $@ ]; then touch $@; fi

clean:
	rm -rf _build .venv tests/node_modules
