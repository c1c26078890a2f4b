# `make demo`: everything from nothing to an open dashboard on the sample data. `make test`: everything from nothing to passed tests.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8501
STORE ?= diversity_store
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo serve test style types unit browser setup setup-dev clean

demo: setup
	$(BIN)/diversity analyze sample_data/v1.jsonl --dataset sample --version v1 --store $(STORE) --replace
	$(BIN)/diversity analyze sample_data/v2.jsonl --dataset sample --version v2 --store $(STORE) --replace
	$(BIN)/diversity serve --store $(STORE) --port $(PORT)

serve: setup
	$(BIN)/diversity serve --store $(STORE) --port $(PORT)

test: setup-dev style types unit browser

style:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

unit:
	$(BIN)/pytest -m "not e2e" -n 2

browser:
	$(BIN)/pytest -m e2e -rs

setup: .venv/.ready
setup-dev: .venv/.ready-dev

.venv/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet "$$(grep '^torch==' requirements.txt)"
	$(BIN)/pip install --quiet -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

.venv/.ready-dev: .venv/.ready requirements-dev.txt
	$(BIN)/pip install --quiet -r requirements-dev.txt
	touch $@

clean:
	rm -rf .venv diversity_store
