# make serve   the web page, on http://127.0.0.1:7860 (HOST=… PORT=… for another place)
# make test    all tests
# make install .venv, made anew when the lock file is newer
# make lint    ruff and mypy
# make screenshots   the pictures of the page, into docs/pictures
# make words   compile the catalogues in index/locale, after a change of their .po files
# make lock    resolve the dependencies of pyproject.toml anew and write the lock file
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
BIN := .venv/bin

.PHONY: serve test install lint screenshots words lock

serve: install
	$(BIN)/python -m index build --if-missing
	$(BIN)/python -m bot serve --host $(HOST) --port $(PORT)

test: install
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

screenshots: install
	$(BIN)/python -m tests.tools.screenshots

words: install
	$(BIN)/pybabel compile --directory index/locale --domain liangce

install: .venv/installed

# The stamp is written last, so an interrupted installation is begun again.
.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0 hatchling editables
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check ".[dev]"
	build/lock/bin/python -m pip freeze --all --exclude liangce --exclude pip --exclude setuptools | sed 's/+cpu$$//' > requirements.lock
	rm -rf build/lock
