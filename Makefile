# Sets up, runs and checks the whole. `make help` lists what there is.
#
# Make compares times: an installed environment is newer than its lock file, or it is made again.
# Steps that do not need each other run beside each other (-j2). Libraries are compiled once, at
# installation: otherwise a machine that keeps no bytecode compiles them at every start.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/sh

PARALLEL := $(MAKE) -j2
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .uv/bin/uv)
FLASK := .venv/bin/flask --app backend
SAY := @printf '  · %s\n'

# A trained model depends on data and code alone, so clones may share it.
export CHATBOT_MODEL_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/beach-town

.PHONY: help run test check install ready database model lint types imports test-chatbot evaluate test-tools \
	format translations vendor screenshots bench clean

help:  ## List what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## Install what is missing, start everything, print the addresses; Ctrl-C ends it
	@$(PARALLEL) ready
	@.venv/bin/python -m backend.up

test:  ## Install what is missing and run every check and test
	@$(PARALLEL) test-tools ready-to-test
	@$(PARALLEL) --keep-going lint types imports test-chatbot; checks=$$?; \
	.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder; tests=$$?; exit $$((checks + tests))

install: .venv/installed catalogues model  ## Install what production needs: both environments, texts, model

check: .venv/installed catalogues  ## The fast part: lint, types, import law, unit and API tests on SQLite, without sign-in by phone
	@$(PARALLEL) lint types imports
	@.venv/bin/pytest -q -n 2 -m "not postgresql and not emulator" tests/unit tests/api

# --- environments -------------------------------------------------------------------------------

.uv/bin/uv:
	$(SAY) "uv: installing it into .uv/"
	@for python in python3.11 python3.12 python3.13 python3; do \
	    if "$$python" -m pip --version >/dev/null 2>&1; then \
	        exec "$$python" -m pip install --quiet --root-user-action=ignore --disable-pip-version-check --target .uv uv; \
	    fi; \
	done; \
	echo "Neither uv nor a Python 3.11 with pip was found: install one of them, then try again." >&2; \
	exit 1

.venv/installed: pyproject.toml uv.lock | $(UV)
	$(SAY) "backend: installing Python packages"
	@$(UV) sync --quiet --frozen --compile-bytecode
	@touch $@

chatbot/.venv/installed: chatbot/pyproject.toml chatbot/uv.lock | $(UV)
	$(SAY) "chatbot: installing Rasa and TensorFlow"
	@python=$$(sh chatbot/python310.sh $(UV)) && \
	$(UV) sync --quiet --frozen --compile-bytecode --project chatbot --python "$$python"
	@touch $@

.PHONY: catalogues ready-to-test
MESSAGES := $(wildcard backend/translations/*/LC_MESSAGES/*.po)
catalogues: $(MESSAGES:.po=.mo)

%.mo: %.po | .venv/installed
	@.venv/bin/pybabel --quiet compile --input-file $< --output-file $@

# --- make run -----------------------------------------------------------------------------------

ready: install database

database: .venv/installed catalogues
	$(SAY) "database: newest schema, facts and sample data"
	@$(FLASK) migrate
	@$(FLASK) seed --sample

model: chatbot/.venv/installed
	@cd chatbot && .venv/bin/python -W ignore train.py

# --- make test ----------------------------------------------------------------------------------

ready-to-test: install tests/emulator/node_modules/installed tests/browser/node_modules/installed

test-tools:
	@sh tests/system_packages.sh

tests/emulator/node_modules/installed: tests/emulator/package-lock.json | test-tools
	$(SAY) "tests: installing the Firebase emulator"
	@npm ci --silent --no-audit --no-fund --omit=optional --ignore-scripts --prefix tests/emulator
	@touch $@

tests/browser/node_modules/installed: tests/browser/package-lock.json | test-tools
	$(SAY) "tests: installing the rules of accessibility"
	@npm ci --silent --no-audit --no-fund --ignore-scripts --prefix tests/browser
	@touch $@

lint: .venv/installed
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .

types: .venv/installed
	@.venv/bin/mypy --no-error-summary

imports: .venv/installed
	@.venv/bin/lint-imports >/dev/null || .venv/bin/lint-imports

test-chatbot: model
	@cd chatbot && .venv/bin/ruff check --quiet . && .venv/bin/mypy --no-error-summary && .venv/bin/python lint_data.py
	@cd chatbot && .venv/bin/python -m pytest -q

evaluate: model  ## How well the chatbot understands, beside Rasa's default pipeline (OPTIONS=--without-default: alone)
	@cd chatbot && .venv/bin/python -W ignore evaluate.py $(OPTIONS)

# --- for those who change it --------------------------------------------------------------------

format: .venv/installed  ## Format the code and mend what can be mended
	@.venv/bin/ruff check --fix-only --quiet . && .venv/bin/ruff format .

translations: .venv/installed  ## Collect new texts of the pages into the catalogues
	@mkdir -p build
	@.venv/bin/pybabel --quiet extract --mapping-file pyproject.toml --keywords lazy_gettext --no-location \
	    --sort-output --project "Beach town" --output-file build/messages.pot \
	    backend content notifications
	@.venv/bin/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --no-wrap \
	    --input-file build/messages.pot --output-dir backend/translations

vendor: test-tools  ## Take again what the console serves of others, as backend/vendor's lock file says
	@npm ci --silent --no-audit --no-fund --ignore-scripts --prefix backend/vendor
	@sh backend/vendor/take.sh

screenshots: test-tools ready-to-test  ## Take the README's pictures again
	@UPDATE_SCREENSHOTS=1 .venv/bin/pytest -q tests/browser -k screenshot

bench: ready-to-test  ## Measure speed; a table says NO where something falls short
	@failed=; for bench in tests/bench/bench_*.py; do \
	    printf '\n== %s\n' "$$bench"; PYTHONPATH=. .venv/bin/python $$bench || failed="$$failed $$bench"; \
	done; test -z "$$failed" || { echo "These broke down:$$failed"; exit 1; }

clean:  ## Remove what was installed and built; the data in var/ stays
	@rm -rf .venv .uv chatbot/.venv chatbot/models chatbot/.rasa tests/*/node_modules backend/vendor/node_modules
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@rm -f backend/translations/*/LC_MESSAGES/*.mo
