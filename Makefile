# make serve   the web page, on http://127.0.0.1:7860 (HOST=… PORT=… for another place)
# make test    all tests
# make install .venv for serving, made anew when a lock file is newer; what tests need besides comes with make test
#              (TORCH_FROM=… for another build of torch)
# make lint    ruff and mypy
# make screenshots   the pictures of the page, into docs/pictures
# make words   compile the catalogues in index/locale, after a change of their .po files
# make lock    resolve the dependencies of pyproject.toml anew and write the lock file
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 7860
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
TORCH_FROM ?=
UPGRADE ?=
# The CPU build of torch asks for the fewest packages; what others ask for besides comes with them.
COMPILE = build/lock/bin/uv pip compile pyproject.toml --quiet --generate-hashes --no-annotate --no-header --python-version 3.11 $(UPGRADE) \
	--extra-index-url https://download.pytorch.org/whl/cpu --index-strategy unsafe-best-match --override requirements-override.txt \
	--constraint requirements-torch.lock --no-emit-package torch --no-emit-package setuptools

.PHONY: serve test install lint screenshots words lock

serve: install
	$(BIN)/python -m index build --if-missing
	$(BIN)/python -m bot serve --host $(HOST) --port $(PORT)

test: .venv/tested
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

screenshots: .venv/tested
	$(BIN)/python -m tests.tools.screenshots

words: .venv/tested
	$(BIN)/pybabel compile --directory index/locale --domain liangce

install: .venv/installed

# The stamps are written last, so an interrupted installation is begun again. Every file is checked against its hash, and nothing is resolved
# again; torch, whose build is not the same for everybody, comes by itself.
.venv/installed: requirements.lock requirements-torch.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes --no-deps --requirement requirements.lock
	$(PIP) install $(TORCH_FROM) --requirement requirements-torch.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

# What only tests and tools need.
.venv/tested: .venv/installed requirements-test.lock
	$(PIP) install --require-hashes --no-deps --requirement requirements-test.lock
	touch $@

# Keeps the versions that are locked, as far as pyproject.toml lets it; UPGRADE=--upgrade takes the newest.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(COMPILE) --extra build --output-file requirements.lock
	$(COMPILE) --extra build --extra dev --output-file requirements-test.lock \
		$$(sed -n 's/^\([A-Za-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock)
	rm -rf build/lock
