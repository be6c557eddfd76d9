# `make` prints the targets. Everything runs from .venv, which the first target that needs it makes.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STACK ?= local
BASE ?= HEAD
REVIEW := --stack $(STACK) --base $(BASE)
PYTEST_ARGS ?=
WORKERS ?= 2
SCHEMA := components/meshtier/spec/environment.schema.json
SOURCES := components/meshtier policies ci lab tests __main__.py

.PHONY: help
help: ## print these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {gsub(/\$$\$$/, "$$", $$2); printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The copies inside the environment say what it was made from: it is made anew only when the lock
# changes, and an interrupted run leaves no copy.
.PHONY: venv
venv: ## the virtual environment, from the hash-locked requirements
	@if ! cmp -s requirements.lock $(VENV)/made-from/requirements.lock; then \
	  set -e; echo "virtual environment: about a minute" >&2; \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "python: got %d.%d; use 3.11 or newer" % sys.version_info[:2])'; \
	  $(PYTHON) -m venv --clear $(VENV); \
	  $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock; \
	  mkdir -p $(VENV)/made-from; cp requirements.lock $(VENV)/made-from/; \
	fi
	@if ! cmp -s components/pyproject.toml $(VENV)/made-from/pyproject.toml; then \
	  set -e; \
	  $(PY) -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps --no-index -e components; \
	  cp components/pyproject.toml $(VENV)/made-from/; \
	fi

.PHONY: tools
tools: venv ## every tool in its pinned version, into the cache
	@$(PY) -m lab.toolchain

.PHONY: local
local: venv ## the lab's clusters, `pulumi up` of the local environment, and the proof
	@$(PY) -m lab local

.PHONY: local-status
local-status: venv ## what of the local environment runs
	@$(PY) -m lab status

.PHONY: local-down
local-down: venv ## destroy the local stack, then stop and remove the lab
	@$(PY) -m lab down

.PHONY: env
env: ## export lines for a shell: eval "$$(make -s env)"
	@$(MAKE) -s --no-print-directory venv >&2
	@$(PY) -m lab.shell --stack $(STACK)

.PHONY: plan
plan: venv ## the plan of STACK, as tables and as a diagram, without an engine; JSON=1 for machines
	@$(PY) -m meshtier.plan --stack $(STACK) $(if $(JSON),--json)

.PHONY: page
page: venv ## one HTML page of STACK: topology and values; BASE=REV marks what changed since
	@$(PY) -m meshtier.page --stack $(STACK) $(if $(findstring command,$(origin BASE)),--base $(BASE))

.PHONY: diff
diff: venv ## what STACK changes since BASE (a git revision), in the mesh's words; JSON=1 for machines
	@$(PY) -m meshtier.review diff $(REVIEW) $(if $(JSON),--json)

.PHONY: preview
preview: venv ## what `pulumi up` would do to STACK, the mesh's words first; JSON=1 for machines
	@pulumi preview --json --stack $(STACK) | $(PY) -m meshtier.review diff $(REVIEW) --preview - $(if $(JSON),--json)

.PHONY: pr-comment
pr-comment: venv ## the comment on a change of STACK since BASE; PREVIEW=, DIFF= files of Pulumi's
	@$(PY) -m meshtier.review comment $(REVIEW) $(if $(PREVIEW),--preview $(PREVIEW)) $(if $(DIFF),--diff $(DIFF))

.PHONY: recover
recover: venv ## after a killed run of STACK: let go of its lock, name what it was making in a cloud
	@$(PY) -m meshtier.recover --stack $(STACK)

.PHONY: schema
schema: venv ## write the environment document's JSON schema
	@$(PY) -m meshtier.spec.schema > $(SCHEMA).new && mv $(SCHEMA).new $(SCHEMA) || { rm -f $(SCHEMA).new; exit 1; }

.PHONY: test
test: venv tools ## every test, WORKERS=2 at a time; PYTEST_ARGS narrows it
	@$(PY) -m pytest -n $(WORKERS) $(PYTEST_ARGS)

.PHONY: lint
lint: venv ## ruff and pyright
	@$(VENV)/bin/ruff check $(SOURCES)
	@$(VENV)/bin/ruff format --check $(SOURCES)
	@$(VENV)/bin/pyright

.PHONY: bench
bench: venv tools ## times and sizes against a bare program with the same resources
	@$(PY) -m lab.bench
