# What can be done here: `make help`. It needs Python 3.11 or newer and make; the rest is fetched
# from the hashed pins in requirements/.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/sh

VENV := .venv
PYTHON := $(VENV)/bin/python
CHECKOV := build/checkov-venv
PINS := build/pins-venv
# Errors only: which of a machine's own package sources lack something is no news.
INSTALL := -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-deps --require-hashes

# Each stamp is written when its requirements are in; a newer requirements file undoes it.
LOCAL_READY := $(VENV)/.local-ready
DEV_READY := $(VENV)/.dev-ready
CHECKOV_READY := $(CHECKOV)/.ready

##@ Start here

.PHONY: help
help: ## This list
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z][a-z-]*:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@printf '\nVariables: T=tests/path (test)  FULL=1 (check)  PORT, API_PORT (run)\n'

.PHONY: setup
setup: $(DEV_READY) $(CHECKOV_READY) ## Install everything that run, test and check need

.PHONY: run
run: $(LOCAL_READY) ## Serve Waybill on this machine, on an embedded AWS
	@$(PYTHON) -m tools.run $(if $(PORT),--port $(PORT)) $(if $(API_PORT),--api-port $(API_PORT))

.PHONY: token
token: $(LOCAL_READY) ## Sign in to a running Waybill with the browser; prints an access token
	@$(PYTHON) -m tools.sign_in

##@ Checks

.PHONY: test
test: $(DEV_READY) $(CHECKOV_READY) $(if $(T),,lint types) ## Everything that must hold, or the tests in T=path
	$(PYTHON) -m pytest $(T)

.PHONY: check
check: test ## What CI runs: test, and two builds of the package compared; FULL=1 for full sizes
	$(PYTHON) -m tools.package --verify

.PHONY: lint
lint: $(DEV_READY) ## Style and format of the Python files
	$(PYTHON) -m ruff check --quiet
	$(PYTHON) -m ruff format --quiet --check

.PHONY: types
types: $(DEV_READY) ## Types of app/ and local/
	$(PYTHON) -m mypy --no-error-summary

.PHONY: fmt
fmt: $(DEV_READY) ## Format the Python and Terraform files
	$(PYTHON) -m ruff check --quiet --fix-only
	$(PYTHON) -m ruff format --quiet
	$(PYTHON) -m tools.terraform fmt -recursive infra

.PHONY: bench
bench: $(DEV_READY) ## Speed, as ratios measured side by side in one run
	$(PYTHON) -m tools.bench

##@ Building

.PHONY: package
package: $(LOCAL_READY) ## The Lambda zip and the API's documents, in build/
	@$(PYTHON) -m tools.package

.PHONY: docs
docs: $(DEV_READY) ## What is generated in docs/: the API's operations, the list of decisions
	$(PYTHON) -m tools.api_page
	$(PYTHON) -m tools.decisions_page

# One boto3 and one pydantic everywhere: each file is constrained (-c) by those it stands on.
.PHONY: pins
pins: $(PINS)/.ready ## Pin what requirements/*.in allow, with hashes; UPGRADE=1 for newer versions
	@cd requirements && compile() { \
	  name=$$1; shift; \
	  UV_CUSTOM_COMPILE_COMMAND='make pins' ../$(PINS)/bin/uv pip compile --quiet --universal \
	    --generate-hashes --no-emit-index-url --python-version 3.11 $(if $(UPGRADE),--upgrade) \
	    "$$@" $$name.in --output-file $$name.txt; \
	} && compile runtime && compile lambda && compile local -c runtime.txt -c lambda.txt \
	  && compile dev -c local.txt && compile checkov && compile pins

.PHONY: clean
clean: ## Remove everything built, the virtual environments too
	rm -rf build $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

# --- what the targets above stand on ---

# The first Python that is new enough and can make environments (Debian keeps venv apart).
$(PYTHON):
	@for candidate in python3 python3.11 python3.12 python3.13 python3.14; do \
	  if $$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	      >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$($$candidate --version)"; \
	    exec $$candidate -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo 'No Python 3.11 or newer with venv was found. Install one: "apt install python3-venv",' >&2; \
	echo '"dnf install python3.12" or "brew install python@3.13"; then run make again.' >&2; \
	exit 1

$(LOCAL_READY): requirements/local.txt $(PYTHON)
	@echo 'Installing what run needs (requirements/local.txt)'
	@$(PYTHON) $(INSTALL) --requirement requirements/local.txt
	@touch $@

$(DEV_READY): requirements/dev.txt $(LOCAL_READY)
	@echo 'Installing what tests need (requirements/dev.txt)'
	@$(PYTHON) $(INSTALL) --requirement requirements/dev.txt
	@touch $@

# Of its own: checkov pins an old boto3.
$(CHECKOV_READY): requirements/checkov.txt $(PYTHON)
	@echo 'Installing checkov (requirements/checkov.txt)'
	@test -x $(CHECKOV)/bin/python || $(PYTHON) -m venv $(CHECKOV)
	@$(CHECKOV)/bin/python $(INSTALL) --requirement requirements/checkov.txt
	@touch $@

$(PINS)/.ready: requirements/pins.txt $(PYTHON)
	@test -x $(PINS)/bin/python || $(PYTHON) -m venv $(PINS)
	@$(PINS)/bin/python $(INSTALL) --requirement requirements/pins.txt
	@touch $@
