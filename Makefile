# Everything a developer runs. Needs Python 3.11 or later, make and the network of the first run; nothing else.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv),.tools/bin/uv)
PY := .venv/bin/python
READY := .venv/.ready
WITHIN := $(PY) -m whitelist.embedded
export UV_PYTHON_DOWNLOADS := never

# Names no server: enough for tools that import the settings without connecting.
UNCONNECTED := DATABASE_URL=postgresql://nowhere/whitelist REDIS_URL=redis://nowhere/0 \
	SECRET_KEY=a-key-for-tools-that-never-answer-a-request-0123456789 SIGNING_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
DEPLOYED := $(UNCONNECTED) DJANGO_SETTINGS_MODULE=whitelist.settings.base WHITELIST_DEMO=0 \
	ALLOWED_HOSTS=whitelist.example CSRF_TRUSTED_ORIGINS=https://whitelist.example

.DEFAULT_GOAL := run
.PHONY: run test check lint types fmt bench shots messages lock clean environment

run: $(READY) ## the product with its demonstration on http://127.0.0.1:8000/ (PORT, WHITELIST_STATE)
	@exec $(PY) -m whitelist.embedded.up

test: $(READY) ## the whole suite; ARGS goes to pytest
	@command -v chromium chromium-browser google-chrome >/dev/null || echo "No Chromium here: the browser tests are skipped."
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

check: lint types ## all that must hold before a change lands
	$(WITHIN) --throw-away $(PY) manage.py makemigrations --check --dry-run
	$(UNCONNECTED) WHITELIST_DEMO=1 $(PY) manage.py check_messages
	$(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile $(ARGS)

lint: $(READY)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet templates

types: $(READY)
	$(UNCONNECTED) $(PY) -m mypy

fmt: $(READY) ## format the code
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(READY) ## the measured ratios; ONLY=name for one of them
	@ONLY=$(ONLY) $(WITHIN) --database whitelist_bench $(PY) -m tests.bench $(ONLY)

shots: $(READY) ## pictures of the pages into docs/shots
	@$(PY) -m tests.shots

messages: $(READY) ## collect and compile the texts; needs gettext
	@command -v msgfmt >/dev/null || { echo "make messages needs gettext."; exit 1; }
	$(UNCONNECTED) WHITELIST_DEMO=1 $(PY) manage.py makemessages --locale zh_Hans --no-location \
		--ignore .venv --ignore .tools --ignore .local --ignore tests
	$(UNCONNECTED) WHITELIST_DEMO=1 $(PY) manage.py compilemessages --ignore .venv --ignore .tools

lock: | $(UV) ## newest versions that pyproject.toml allows, with hashes and without addresses
	$(UV) lock --upgrade
	$(UV) export --quiet --frozen --no-header --no-annotate --all-groups --output-file requirements.lock >/dev/null
	$(UV) export --quiet --frozen --no-header --no-annotate --no-default-groups --output-file requirements-production.lock >/dev/null

clean: ## all that can be made again; the data in .local stays
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environment: $(READY) ## the virtual environment alone

$(READY): requirements.lock | $(UV)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: PYTHON=/path make"; exit 1; }
	@test -x $(PY) || $(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	@$(UV) pip sync --quiet --python $(PY) --require-hashes requirements.lock \
		|| { $(PYTHON) -m venv --clear .venv && $(PY) -m pip install --quiet --require-hashes --requirement requirements.lock; }
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -m venv .tools
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
