# The two commands are `make run` and `make test`. PYTHON names the Python that makes .venv.
PYTHON ?= python3
ARGS ?=
VENV := .venv/bin/python
COMPILE := $(VENV) -m uv pip compile --generate-hashes --universal --python-version 3.11 --no-header -q

.DEFAULT_GOAL := help
.PHONY: help run test check bench lock ready-run ready-dev python
MAKEFLAGS += --no-print-directory

help: ## Show this list
	@echo "Ratecard compares AI model catalogs. Commands:"
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name what; do printf '%-14s%s\n' "$$name" "$$what"; done

run: ready-run ## Start Ratecard: web server and worker (HOST, PORT and more: .env.example)
	@exec $(VENV) manage.py serve

test: ready-dev ## Run every test in parallel (ARGS="tests/test_x.py -k word")
	@exec $(VENV) -m pytest -n auto --dist loadfile $(ARGS)

check: export VAR_DIR := $(CURDIR)/var/check
check: ready-dev ## Lint, types, templates, migrations, production settings, import directions
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy catalog dashboard
	$(VENV) -m djlint templates --lint --quiet
	$(VENV) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, under production settings"
	@PRODUCTION=1 ALLOWED_HOSTS=ratecard.example SECRET_KEY=$$($(VENV) -c 'import secrets; print(secrets.token_urlsafe(48))') \
	  CREDENTIAL_KEYS=$$($(VENV) -c 'from dashboard import keys; print(keys.credential_key())') \
	  $(VENV) manage.py check --deploy --fail-level WARNING
	$(VENV) -m pytest -q tests/test_imports.py

bench: ready-dev ## Measure pages beside Datasette and the limit (ARGS="--help")
	@exec $(VENV) -m tests.benchmarks $(ARGS)

lock: ready-dev ## Compile requirements*.in into requirements*.txt, with hashes
	@$(COMPILE) -o requirements.txt requirements.in
	@$(COMPILE) -o requirements-dev.txt requirements-dev.in
	@if grep -nE '^ *-|://' requirements.txt requirements-dev.txt | grep -v -- '--hash=sha256:'; then \
	  echo "A lock names a package registry (lines above); it must not."; exit 1; fi

ready-run ready-dev: ready-%: python
	@$(PYTHON) dashboard/bootstrap.py $*

python:
	@command -v $(PYTHON) > /dev/null || { echo "Ratecard needs Python 3.11 or newer, but there is no $(PYTHON) here."; exit 1; }
