# lab: set up what is missing and open the welcome page · test: every test · demo: a class, graded · build: notebooks from the lessons' text · site: the course as pages, into site/ (SOLUTIONS=no leaves solutions out)
# lint: ruff and the type checker · bench: run time, memory and slowest cell of each lesson · claims: every figure in the lessons' prose, measured. Each target sets up what it needs; what is there already is left alone.
PYTHON ?= python3
LAB_ARGS ?=
TEST_ARGS ?=
BENCH_ARGS ?=
LESSONS ?=
SOLUTIONS ?= yes

BIN := .venv/bin
# nbgrader's gradebook calls alembic from the PATH; two test processes on two cores each compute with one thread.
RUN := PATH="$(CURDIR)/$(BIN):$$PATH"
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq --no-compile -c constraints.txt

.PHONY: lab test lint demo build site bench claims setup system-test system-grading

lab: setup
	@$(RUN) course lab $(LAB_ARGS)

# In the order of their names: files of few tests are the long ones here, and xdist would keep them for the end, where one core waits for the other.
test: setup system-test
	@$(RUN) python -m grader.classroom.server.proxy
	@$(RUN) OMP_NUM_THREADS=1 python -m pytest --nbval --nbval-cell-timeout=120 --timeout=600 -n 2 --dist loadfile --no-loadscope-reorder $(TEST_ARGS) solutions tests

lint: setup
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy

demo: setup system-grading
	@$(RUN) python -m grader.demo

build: setup
	@$(RUN) grader build

site: setup
	@$(RUN) python -m tools.pages $(if $(filter no,$(SOLUTIONS)),--no-solutions)

bench: setup
	@$(RUN) python -m benchmarks.lessons $(BENCH_ARGS)

claims: setup
	@$(RUN) python -m benchmarks.claims $(LESSONS)

setup: $(BIN)/.set-up

system-grading:
	@.ci/system-packages bubblewrap

system-test:
	@.ci/system-packages bubblewrap chromium nodejs npm postgresql iproute2 openssl

# Compiled here on all cores rather than by pip on one; it has to be done now, because grading sees .venv read-only and would compile each time.
# The stamp is written last, so a set-up that was interrupted is taken up again; pip skips what is already there.
$(BIN)/.set-up: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "This course needs Python 3.11 or later; $(PYTHON) is: $$($(PYTHON) --version 2>&1). Name another with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "set-up 1/3: an environment of its own in .venv"
	@test -x $(BIN)/python && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || { \
	    echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "set-up 2/3: torch (the large one: 200 MB for the CPU alone, 3 GB with CUDA; README says how to choose)"
	@$(PIP) torch
	@echo "set-up 3/3: the course, JupyterLab, nbgrader and the rest"
	@$(PIP) -e '.[test,site,server,cluster]'
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests/' .venv/lib || true
	@$(RUN) python -m grader.classroom.server.proxy
	@touch $@
	@echo "set-up done"
