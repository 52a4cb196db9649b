# Everything a newcomer needs: `make demo` runs a shop, `make test` proves it, `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
CODE   := $(shell find src/storeql -name '*.py')
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test soak lint bench schema docs vendor clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/compiled.stamp ## make a demo shop (once) and serve it on PORT, 8000 by default
	@$(BIN)/storeql demo

test: $(VENV)/dev.stamp $(VENV)/compiled.stamp ## run the tests; on PostgreSQL too where STOREQL_TEST_POSTGRES_URL is set
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests plugins

soak: $(VENV)/dev.stamp $(VENV)/compiled.stamp ## prove that load, kill -9 and simultaneous buyers lose and oversell nothing
	@$(BIN)/python -m soak

lint: $(VENV)/dev.stamp ## style, strict types, import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/dev.stamp $(VENV)/compiled.stamp ## measure against the hand-written floor, on SQLite and PostgreSQL
	@$(BIN)/python -m benchmarks

schema: $(VENV)/dev.stamp ## write the committed copy of the GraphQL schema
	@$(BIN)/storeql schema export --no-with-plugins -o src/storeql/schema/schema.graphql

docs: $(VENV)/dev.stamp ## write what the pages about promotions, orders and payments take from the code
	@$(BIN)/python scripts/promotion_docs.py
	@$(BIN)/python scripts/order_docs.py
	@$(BIN)/python scripts/payment_docs.py

vendor: $(VENV)/dev.stamp ## fetch GraphiQL's published files again and check them
	@$(BIN)/python scripts/renew_vendor.py

clean: ## remove the environment and the demo shop
	rm -rf $(VENV) var

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing storeql into $(VENV) …"
	@$(PIP) install --no-deps -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# pip compiles what it copies; an editable install is compiled here, not by every process it starts.
$(VENV)/compiled.stamp: $(VENV)/run.stamp $(CODE)
	@$(BIN)/python -m compileall -q src/storeql
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements/dev.txt $(wildcard plugins/*/pyproject.toml)
	@echo "Installing what the tests need …"
	@$(PIP) install --no-deps -r requirements/dev.txt
	@for plugin in plugins/*/; do test ! -f $$plugin/pyproject.toml || $(PIP) install --no-deps --no-build-isolation -e $$plugin || exit 1; done
	@touch $@
