# Needs python3 (3.11 or newer), make and a package index. `make help` lists the targets.

PYTHON ?= python3
VENV ?= .venv
UV ?= uv
BIN := $(VENV)/bin
STAMP := $(VENV)/.courtois-installed

# Extra arguments of the command behind a target: make test ARGS="-k store -x"
ARGS ?=

# One BLAS thread a process: our own processes use the cores, and results do not depend on their number.
export OPENBLAS_NUM_THREADS ?= 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install review test lint format quality ablation bench-loop bench-batch lock train bench-serve bench-review screenshots

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## make the environment .venv from requirements.lock, with the command courtois

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "courtois needs Python 3.11 or newer: make install PYTHON=python3.11" >&2; exit 1; }
	@echo "installing courtois into $(VENV), about a minute"
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

review: $(STAMP) ## open the review app in the browser, on the sample thread at first
	$(BIN)/courtois review $(ARGS)

test: $(STAMP) ## run the tests
	$(BIN)/python -m pytest $(ARGS)

lint: $(STAMP) ## check format, style, types and imports; all four run, whichever fails
	@failed=0; \
	for check in "ruff format --check" "ruff check" "mypy" "lint-imports"; do \
	  echo "== $$check"; $(BIN)/$$check || failed=1; \
	done; exit $$failed

format: $(STAMP) ## format the code and mend what ruff can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

quality: $(STAMP) ## measure the shipped bundle on every corpus at hand; writes docs/quality.md
	$(BIN)/python -m training.quality $(ARGS)

ablation: $(STAMP) ## measure what each view and corpus is worth; writes docs/ablation.md
	$(BIN)/python -m training.ablation $(ARGS)

bench-batch: $(STAMP) ## measure the scoring of dumps; adds bench/out/batch.json; ARGS="--million --peers PYTHON"
	$(BIN)/python -m bench.batch $(ARGS)

bench-serve: $(STAMP) ## measure the HTTP service under load; adds bench/out/serve.json
	$(BIN)/python -m bench.serve $(ARGS)

bench-review: $(STAMP) ## measure the workbench: keys in Chromium, a team under kills, 200,000 comments; adds bench/out/review.json
	$(BIN)/python -m bench.review $(ARGS)

bench-loop: $(STAMP) ## measure the learning loop on real data; writes docs/learning-curve.*
	$(BIN)/python -m bench.loop $(ARGS)

screenshots: $(STAMP) ## take the pictures in docs/images anew from the sample data (needs Chromium)
	COURTOIS_REQUIRE_BROWSER=1 COURTOIS_SCREENSHOTS=docs/images \
	  $(BIN)/python -m pytest tests/flow/test_screenshots.py $(ARGS)

lock: ## renew requirements.lock (needs uv): versions move only with ARGS=--upgrade
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  pyproject.toml --group dev -o requirements.lock $(ARGS)

train: $(STAMP) ## rebuild the shipped bundle, model/shipped
	$(BIN)/courtois train -o model/shipped $(ARGS)
