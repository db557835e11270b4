# article-pipeline: `make all` turns raw/ into processed/, `make test` runs the tests, `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
# A stamp says which locked set is installed; it is redone when the lock or the project file changes.
STAMP := .venv/.installed

.PHONY: all test test-browser check bench fmt golden fuzz lock help clean train-strip bench-strip bench-repair bench-check \
    bench-sections train-sections bench-mine train-mine
all: $(STAMP)-run ## turn raw/ into processed/ (installs what it needs on the first run)
	@$(BIN)/pipeline run raw processed

test: $(STAMP)-test ## run all tests
	@$(BIN)/python -m pytest -n auto --dist worksteal

test-browser: $(STAMP)-browser ## review page and report in the system's Chromium (CHROMIUM=path, SCREENSHOTS=folder)
	@BROWSER_TESTS=1 $(BIN)/python -m pytest -n 0 -s tests/browser

check: $(STAMP)-check ## ruff, mypy --strict, layout and all tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n auto --dist worksteal

fmt: $(STAMP)-check ## format the code
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

golden: $(STAMP)-test ## write the expected outputs of tests/cases and processed/ anew
	@GOLDEN=write $(BIN)/python -m pytest tests -k golden
	@$(BIN)/pipeline run raw processed --force --prune

bench: $(STAMP)-bench ## compare speed and memory with trafilatura (BENCH_DATA=folder of page archives)
	@$(BIN)/python -m benchmarks.journey $(if $(BENCH_DATA),--data $(BENCH_DATA))
	@$(BIN)/python -m benchmarks.shell

train-strip: $(STAMP)-train ## train and cross-validate the two scorers of strip (DATA=folder of page archives)
	@$(BIN)/python -m benchmarks.strip_train --data $(DATA) --cache .cache/strip
	@$(BIN)/python -m benchmarks.strip_lines_train --data $(DATA) --cache .cache/strip

bench-strip: $(STAMP)-bench ## compare strip with its peers (BENCH_DATA=folder of page archives)
	@$(BIN)/python -m benchmarks.strip --data $(BENCH_DATA) $(if $(FOLDS),--folds $(FOLDS))

bench-repair: $(STAMP)-bench ## false changes, speed and memory of repair (CLEAN_DATA=folder of clean texts)
	@$(BIN)/python -m benchmarks.repair $(if $(CLEAN_DATA),--data $(CLEAN_DATA))

bench-check: $(STAMP)-bench ## bad pages found, good ones let through, speed (BENCH_DATA=folder of page archives)
	@$(BIN)/python -m benchmarks.check --data $(BENCH_DATA)

bench-mine: $(STAMP)-train ## measure mining by known errors (BENCH_DATA=folder of clean texts, DICTIONARY=file)
	@$(BIN)/python -m benchmarks.mine --data $(BENCH_DATA) $(if $(DICTIONARY),--dictionary $(DICTIONARY))

train-mine: $(STAMP)-train ## make the word table of mining and its weights anew (DATA=folder of clean texts, DICTIONARY=file)
	@$(BIN)/python -m benchmarks.mine_data --data $(DATA)
	@$(BIN)/python -m benchmarks.mine --data $(DATA) --dictionary $(DICTIONARY) --train

bench-sections: $(STAMP)-bench ## measure sections (SCORER=…/evaluate.py DATA=folder of marked sections FOLDS=folder)
	@$(BIN)/python -m benchmarks.sections --scorer $(SCORER) --data $(DATA) $(if $(FOLDS),--folds $(FOLDS))

train-sections: $(STAMP)-train ## train the models of sections anew (DATA=folder of marked sections FOLDS=folder for those left out)
	@$(BIN)/python -m benchmarks.sections_train --data $(DATA) $(if $(FOLDS),--folds $(FOLDS))

fuzz: $(STAMP)-test ## feed random and mutated pages to read and clean (FUZZ_SECONDS=60)
	@$(BIN)/python -m tests.fuzz --seconds $(or $(FUZZ_SECONDS),60)

lock: $(STAMP)-run ## resolve the dependencies anew into requirements/*.txt
	@for set in run test check bench train browser; do \
	    extra=$$([ $$set = run ] || echo "--extra $$set"); \
	    $(BIN)/uv pip compile -q --universal --python-version 3.11 --upgrade --generate-hashes --no-header \
	        --no-emit-index-url --no-annotate $$extra pyproject.toml -o requirements/$$set.txt || exit 1; done

clean: ## remove the environment and caches
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .cache build *.egg-info

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# One set each: `run` what the package needs, `test`, `check`, `bench`, `train` with their tools on top.
$(STAMP)-%: requirements/%.txt pyproject.toml
	@sh .ci/install $(PYTHON) $*
	@touch $@
