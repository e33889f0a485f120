# book · live · test · check · bench · reproduce · lock · clean.  CONTRIBUTING.md says when to use which.
PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
  command -v $(p) >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))
BIN := .venv/bin
LOCKED := .venv/.locked
INSTALLED := .venv/.installed

NODE_MODULES := tests/node_modules/.package-lock.json

.PHONY: book live test check bench reproduce lock clean

book: $(INSTALLED)
	$(BIN)/tallybook build

live: $(INSTALLED)
	$(BIN)/tallybook live

test: $(INSTALLED) $(NODE_MODULES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

check: $(INSTALLED)
	$(BIN)/tallybook check

bench: $(INSTALLED)
	$(BIN)/python -m benchmarks

# After make book: the same once more, in other circumstances.
reproduce: $(INSTALLED)
	$(BIN)/python -m tests.reproducing

# After an edit of the dependencies in pyproject.toml.
lock: $(INSTALLED)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --extra dev --output-file requirements.txt pyproject.toml

$(INSTALLED): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(LOCKED): requirements.txt
	$(if $(PYTHON),,$(error tallybook needs Python 3.11 or newer, and none was found. Name one: make PYTHON=/path/to/python3))
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

# Only for tests in the browser, which are left out where there is no npm.
$(NODE_MODULES): tests/package-lock.json tests/package.json
	if command -v npm >/dev/null; then npm ci --silent --prefix tests; fi
	@if [ -f $@ ]; then touch $@; fi

clean:
	rm -rf _build .venv tests/node_modules
