# `make demo` checks, prices and reports the five architectures; `make test` runs the tests.
# Each sets up everything it needs in .venv; Python 3.11 or newer and the package registry suffice.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3 python3.14; do \
	command -v $$python >/dev/null 2>&1 && \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	{ echo $$python; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
REPORT ?= report.html

ifdef UV
CREATE = uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)
INSTALL = uv pip install --quiet --python $(BIN)/python
else
CREATE = $(PYTHON) -m venv $(VENV)
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.PHONY: demo demo-audit demo-pull-request test lint types format docs words bench clean help

help:
	@echo "make demo    check, price and report the five architectures"
	@echo "make demo-audit  audit an account that is emulated on this machine, two nights"
	@echo "make demo-pull-request  judge a pull request to the five architectures, mend it, judge again"
	@echo "make test    run the tests"
	@echo "make lint    ruff, and the direction of imports"
	@echo "make types   mypy --strict"
	@echo "make format  ruff format, and what ruff can fix"
	@echo "make docs    write the generated documentation again"
	@echo "make words   bring the report's words into its catalogues, to be translated there"
	@echo "make bench   measure speed and memory beside Checkov and cfn-lint"
	@echo "make clean   remove the environment and everything that was made"

demo: $(VENV)/.demo
	@echo "==> checking and pricing architectures/ with assay, cfn-lint and checkov"
	@$(BIN)/assay report architectures/ --output $(REPORT)

demo-audit: $(VENV)/.dev
	@$(BIN)/python fixtures/live/demo/demo.py audit.html

demo-pull-request: $(VENV)/.dev
	@$(BIN)/python fixtures/pull_request/demo.py pull-request

test: $(VENV)/.dev
ifdef BROWSER
	@echo "==> running the tests"
	@$(BIN)/python -m pytest -n auto
else
	@echo "==> running the tests; no Chromium here, so those that open the report are left out"
	@ASSAY_SKIP_BROWSER=1 $(BIN)/python -m pytest -n auto
endif

lint: $(VENV)/.dev
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "==> import-linter"
	@$(BIN)/lint-imports --no-cache

types: $(VENV)/.dev
	@echo "==> mypy --strict"
	@$(BIN)/mypy

format: $(VENV)/.dev
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

docs: $(VENV)/.dev
	@$(BIN)/python -m analyzer.docs

words: $(VENV)/.dev
	@$(BIN)/pybabel --quiet extract --mapping pyproject.toml --no-location --no-wrap --sort-output \
		--project assay --output $(VENV)/words.pot reports/assay
	@for catalogue in reports/assay/languages/*.po; do \
		$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --no-wrap \
			--ignore-pot-creation-date --locale $$(basename $$catalogue .po) \
			--input-file $(VENV)/words.pot --output-file $$catalogue; \
		sed -i.old -E '/^"(Project-Id|Report-Msgid|POT-|PO-Rev|Last-T|Language-T|Generated)[A-Za-z-]*:/d' \
			$$catalogue && rm $$catalogue.old; done

bench: $(VENV)/.dev
	@$(BIN)/python benchmarks/gate.py

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "assay needs Python 3.11 or newer; set PYTHON=..." >&2; exit 1; }
	@echo "==> making the environment $(VENV) with $(PYTHON)"
	@$(CREATE)
	@touch $@

$(VENV)/.demo: $(VENV)/.made pyproject.toml
	@echo "==> installing assay and checkov (a minute or two the first time)"
	@$(INSTALL) --editable '.[checkov]'
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml
	@echo "==> installing assay, checkov and the tools for the tests (a minute or two the first time)"
	@$(INSTALL) --editable '.[checkov,dev]'
	@touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) .assay build dist $(REPORT) audit.html pull-request .mypy_cache .ruff_cache .pytest_cache .hypothesis
