# Every command here is one that you could type yourself; `make` only saves the typing.
PYTHON ?=
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup run test check prove attacks bench locks clean

help:            ## what can be made
	@sed -n 's/^\([a-z]*\): *## *\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup:           ## install what the judge and the packs need (from hashed lock files)
	@python=$$(PYTHON="$(PYTHON)" sh scripts/find_python.sh) && "$$python" scripts/setup.py

run: setup       ## grade three sample submissions, then show them on one local page
	@exec $(BIN)/python -m djudge.engine.cli.showcase

# Two runs at once, a core each: the judge forks, so tests can't share a process with threads. The second one's output
# comes whole, when both are done.
SECOND := tests/attacks tests/grading tests/sandbox tests/verify
test: check      ## every check and every test that fits into twelve minutes
	@mkdir -p build
	@$(BIN)/python -m pytest -m "not prove" $(SECOND) > build/second-tests.log 2>&1 & second=$$!; \
	  $(BIN)/python -m pytest -m "not prove" $(addprefix --ignore=,$(SECOND)); first=$$?; \
	  wait $$second; status=$$?; cat build/second-tests.log; exit $$((first ? first : status))

check: setup     ## style, types, borders
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

prove: setup     ## all tasks, all seeds, a hundred runs: long
	$(BIN)/djudge verify --runs 20 --jobs 2
	$(BIN)/python -m pytest -m prove

attacks: setup   ## the attack battery, a line a case
	$(BIN)/python -m tests.attacks

bench: setup     ## figures against a peer in the same breath, into bench/
	$(BIN)/python -m bench

locks:           ## resolve the lock files anew (needs uv)
	@for name in requirements/engine requirements/dev packs/*/requirements; do \
	  uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header \
	    --no-emit-index-url --no-annotate $$name.in -o $$name.txt; done

clean:           ## remove what was set up and what was cached
	rm -rf .venv var build
