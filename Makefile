# book · live · test · test-slow · test-all · check · prove · mutants · bench · reproduce · lock · lock-check · clean: CONTRIBUTING.md.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
  command -v $(p) >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
LOCKED := .venv/.locked
INSTALLED := .venv/.installed

NODE_MODULES := tests/node_modules/.package-lock.json

# Each Python that the lock is for, and what has no wheel: yattag, which cosmic-ray needs.
PYTHONS := 3.11 3.12 3.13
WHEELS := --only-binary :all: --no-binary yattag

.PHONY: book live test test-slow test-all check prove mutants bench reproduce lock lock-check clean

book: $(INSTALLED)
	$(BIN)/tallybook build

live: $(INSTALLED)
	$(BIN)/tallybook live

test: $(INSTALLED) $(NODE_MODULES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -m "not slow"

# What CI does besides: the groups of tests that take long, with a fourth of the pages.
test-slow: $(INSTALLED) $(NODE_MODULES)
	$(BIN)/pytest -m "slow and not every_page"

# All of the above, and every page in the browser.
test-all: test
	$(BIN)/pytest -m slow

check: $(INSTALLED)
	$(BIN)/tallybook check

# The book, wrong by one fact at a time, before its checks; and the package, tested with mutants.
prove: $(INSTALLED)
	$(BIN)/python -m tests.proof --pages

mutants: $(INSTALLED)
	$(BIN)/python -m tests.proof.package

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

# After make book: the same once more, in other circumstances.
reproduce: $(INSTALLED)
	$(BIN)/python -m tests.reproduction

# After an edit of the dependencies in pyproject.toml.
lock: $(INSTALLED)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --extra dev --output-file requirements.txt pyproject.toml

# Resolves the lock for each Python on Linux, as an installation does: with hashes, from the index.
lock-check: $(INSTALLED)
	set -e; for version in $(PYTHONS); do echo "Python $$version"; \
	  $(BIN)/uv pip install --quiet --dry-run --require-hashes $(WHEELS) --python-version $$version \
	  --python-platform x86_64-manylinux_2_28 --target .venv/nowhere -r requirements.txt; done

$(INSTALLED): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(LOCKED): requirements.txt
	$(if $(PYTHON),,$(error tallybook needs Python 3.11 or newer, and none was found. Name one: make PYTHON=/path/to/python3))
	$(PYTHON) -m venv --clear .venv
	@# With a build tool that is locked as well: in isolation, pip would fetch one without a hash.
	@sed -n '/^setuptools==/,/^ *#/p' requirements.txt > .venv/setuptools.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(WHEELS) -r .venv/setuptools.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes $(WHEELS) \
	  --no-build-isolation --use-pep517 -r requirements.txt
	@touch $@

# Only for tests in the browser, which are left out where there is no npm.
$(NODE_MODULES): tests/package-lock.json tests/package.json
	if command -v npm >/dev/null; then npm ci --silent --prefix tests; fi
	@if [ -f $@ ]; then touch $@; fi

clean:
	rm -rf _build .venv tests/node_modules
