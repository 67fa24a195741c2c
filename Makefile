# Every command here is one that you could type yourself; `make` only saves the typing.
PYTHON ?=
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run reset showcase test test-postgres15 check prove attacks bench locks clean

help:            ## what can be made
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup:           ## install what the judge and the packs need (from hashed lock files)
	@python=$$(PYTHON="$(PYTHON)" sh scripts/find_python.sh) && "$$python" scripts/setup.py

run: setup       ## start the platform: web, workers, servers, a sample team; Ctrl-C stops everything
	@exec $(BIN)/python -m djudge.launch

reset:           ## throw away what the platform keeps: teams, candidates, reports, secrets
	@rm -rf "$${DJUDGE_DATA:-var}/platform" && echo "The platform is empty; make run starts it anew."

showcase: setup  ## grade three sample submissions without the platform, and show them on one page
	@exec $(BIN)/python -m djudge.engine.cli.showcase

# Two runs at once, a core each: the judge forks, so tests can't share a process with threads. The second one's output
# comes whole, when both are done.
SECOND := tests/attacks tests/grading tests/sandbox tests/verify
WEB := $(BIN)/python -m pytest -c tests/web/pytest.ini tests/web --durations=10
test: check      ## every check and every test but those of `make prove`
	@mkdir -p build
	@$(BIN)/python -m pytest --durations=15 -m "not prove" $(SECOND) > build/second-tests.log 2>&1 & second=$$!; \
	  $(BIN)/python -m pytest --durations=15 -m "not prove" $(addprefix --ignore=,$(SECOND)); first=$$?; \
	  $(WEB); web=$$?; \
	  wait $$second; status=$$?; cat build/second-tests.log; exit $$((first ? first : web ? web : status))

# The oldest version that the judge knows, where Debian 12 puts it.
POSTGRES15 ?= /usr/lib/postgresql/15/bin
test-postgres15: setup  ## the same tests on PostgreSQL 15 instead of our own
	@test -x $(POSTGRES15)/postgres || { \
	  echo "PostgreSQL 15 is not in $(POSTGRES15). Debian 12 has it as postgresql-15 (no cluster of it has to run);"; \
	  echo "programs elsewhere: make test-postgres15 POSTGRES15=<folder with postgres and initdb>"; exit 2; } >&2
	DJUDGE_POSTGRES_BIN=$(POSTGRES15) DJUDGE_POSTGRES_15=$(POSTGRES15) $(BIN)/python -m pytest -m "not prove"

check: setup     ## style, types, borders
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: setup     ## all tasks, all seeds, twenty runs, mutants, new statistics, into packs/*/tasks/proofs.json: long
	$(BIN)/djudge verify --runs 20 --jobs 2 --mutants --redraw 5 --record
	$(BIN)/python -m pytest -m prove

attacks: setup   ## the attack battery, a line a case
	$(BIN)/python -m tests.attacks

bench: setup     ## figures of the judge (against a peer in the same breath) and of the platform, into bench/
	$(BIN)/python -m bench

locks:           ## resolve the lock files anew (needs uv)
	@for name in requirements/engine requirements/web requirements/dev packs/*/requirements; do \
	  uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header \
	    --no-emit-index-url --no-annotate $$name.in -o $$name.txt; done

clean:           ## remove what was set up and what was cached
	rm -rf .venv var build
