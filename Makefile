# Every command a developer needs. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
CARGO := cargo
VENV := .venv/bin
RELEASE := target/release
PYTHON_FILES := python examples tests bindings bench
C_FILES = $(shell git ls-files '*.c' '*.cpp' '*.hpp' 'tests/*.h')
QUICK_STARTS := target/examples/quick_start_c target/examples/quick_start_cpp

.PHONY: help tools build build-c build-python build-node demo test check format bless clean FORCE
.PHONY: test-rust test-conformance test-python test-node test-c test-readme test-page

help: ## Lists the commands.
	@sed -e ':joined' -e '/\\$$/{N;s/\\\n//;bjoined}' $(MAKEFILE_LIST) | sed -nE 's/^([a-z-]+):.*## /\1\t/p' | expand -t 20

# --- what the machine must have -------------------------------------------------------------------------------------

have = $(shell command -v $(1) 2>/dev/null)
MISSING := $(if $(call have,$(PYTHON)),,python) $(if $(call have,node),,node)
LANGUAGES := $(filter-out $(MISSING),python node)

tools: ## Says which of the needed tools are missing, and how to get them.
	@missing=0; \
	need() { command -v "$$1" >/dev/null || { echo "missing: $$1 ($$2)" >&2; missing=$$3; }; }; \
	optional=$$([ "$${LIBKV_REQUIRE:-}" = all ] && echo 1 || echo $$missing); \
	need $(PYTHON) "Python 3.10 or newer: apt-get install python3 python3-venv" $$optional; \
	need node "Node.js 20.11 or newer: https://nodejs.org" $$optional; \
	need cargo "rustc and cargo 1.90 or newer: https://rustup.rs" 1; \
	need $(CC) "a C compiler: apt-get install gcc" 1; \
	need $(CXX) "a C++ compiler: apt-get install g++" 1; \
	exit $$missing

# --- build ----------------------------------------------------------------------------------------------------------
# Each binding is built by a command of its own: built together, Cargo would give each the features of all.

build: tools build-c $(LANGUAGES:%=build-%) $(RELEASE)/kv-emulator ## Builds everything in place, for release.

build-c: $(RELEASE)/libkv.so $(RELEASE)/libkv.so.0 $(RELEASE)/libkv.pc

build-python: .venv/built

build-node: node/libkv.node node_modules/libkv

$(RELEASE)/libkv.so: FORCE
	$(CARGO) build --release --locked -p libkv-c

$(RELEASE)/kv-emulator: FORCE
	$(CARGO) build --release --locked -p libkv-emulator

node/libkv.node: FORCE
	$(CARGO) build --release --locked -p libkv-node
	cmp -s $(RELEASE)/liblibkv_node.so $@ || cp $(RELEASE)/liblibkv_node.so $@

# Lets the examples import the package by its name, as a user's program does.
node_modules/libkv:
	mkdir -p $(@D)
	ln -sfn ../node $@

node/node_modules/.package-lock.json: node/package-lock.json
	cd node && npm ci --no-audit --no-fund --silent
	touch $@

include bindings/c/rules.mk
include node/rules.mk
include python/rules.mk

# --- use ------------------------------------------------------------------------------------------------------------

demo: export LIBKV_REQUIRE := all
demo: build target/examples/recover target/examples/read_all ## A day's work on a local vault, in every language.
	$(VENV)/python examples/demo.py

# --- test -----------------------------------------------------------------------------------------------------------

test: test-rust $(LANGUAGES:%=test-%) $(if $(MISSING),,test-c test-readme) test-conformance $(if $(filter python,$(LANGUAGES)),test-page test-interop) ## The whole suite.

test-rust: ## Core, bridge, C boundary and local vault, in Rust.
	$(CARGO) test --locked -p libkv -p libkv-bridge -p libkv-c -p libkv-emulator

test-conformance: build target/adapters/c target/adapters/cpp ## One behaviour in five languages.
	$(CARGO) test --locked -p libkv-conformance

test-python: build $(PYTHON_WHEELS) ## What only Python shows.
	LIBKV_PACKAGES=$(CURDIR)/$(PYTHON_WHEELS) $(VENV)/pytest tests/python

test-node: build node/node_modules/.package-lock.json ## What only Node shows.
	node --test tests/node/*.test.mjs

test-c: build ## What only C and C++ show.
	$(PYTHON) tests/c/run.py

test-readme: build $(QUICK_STARTS) ## The READMEs' quick starts.
	$(VENV)/python tests/readme/quick_starts.py

test-page: build ## The local vault's page in a browser.
	$(VENV)/pytest tests/page

include tests/interop/rules.mk

# --- ship -----------------------------------------------------------------------------------------------------------

.PHONY: dist

# Panics name the sources they come from. What is shipped says nothing of the folders that it was built in.
BUILD_FOLDERS := $(HOME) $(CARGO_HOME) $(CURDIR)
FOR_SHIPPING := RUSTFLAGS='$(BUILD_FOLDERS:%=--remap-path-prefix=%=.)'
# $(call names_no_build_folder,FILES) fails where one is named.
names_no_build_folder = ! grep -alF $(BUILD_FOLDERS:%=-e %/) $(1)

dist: dist-c dist-node dist-python ## The packages of every language, in target/packages.

# --- measure --------------------------------------------------------------------------------------------------------

include bench/rules.mk

# --- search ---------------------------------------------------------------------------------------------------------

include core/fuzz/rules.mk

# --- keep -----------------------------------------------------------------------------------------------------------

PYRIGHT := node tests/python/node_modules/pyright/index.js

tests/python/node_modules/.package-lock.json: tests/python/package-lock.json
	cd tests/python && npm ci --no-audit --no-fund --silent
	touch $@

check: .venv/installed node/node_modules/.package-lock.json tests/python/node_modules/.package-lock.json ## Formatters, linters and type checkers; changes nothing.
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --lib --bins --tests --examples -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --locked --no-deps -p libkv
	$(VENV)/ruff format --check $(PYTHON_FILES)
	$(VENV)/ruff check $(PYTHON_FILES)
	$(PYRIGHT) -p tests/python
	PYTHONPATH=python $(PYRIGHT) --pythonpath $(VENV)/python --verifytypes libkv --ignoreexternal
	cd node && npm run --silent check
	$(VENV)/clang-format --dry-run --Werror $(C_FILES)
	$(PYTHON) bench/instructions.py

format: .venv/installed node/node_modules/.package-lock.json ## Formats every source.
	$(CARGO) fmt --all
	$(VENV)/ruff format $(PYTHON_FILES)
	cd node && npm run --silent format
	$(VENV)/clang-format -i $(C_FILES)

bless: .venv/built ## Regenerates the option table, the C header, Python's docstrings, both contracts and the READMEs' quick starts.
	$(PYTHON) bindings/python/doc.py
	LIBKV_BLESS=1 $(CARGO) test --locked -p libkv --test docs
	LIBKV_BLESS=1 $(CARGO) test --locked -p libkv-c --test header
	LIBKV_BLESS=1 $(CARGO) test --locked -p libkv-conformance --test contract
	LIBKV_BLESS=1 $(CARGO) test --locked -p libkv-emulator --test contract
	$(VENV)/python tests/readme/quick_starts.py --bless

clean: ## Removes what was built.
	rm -rf target .venv node_modules node/node_modules node/libkv.node bench/.venv bench/workers/javascript/node_modules tests/interop/.venv tests/interop/drop_in/official tests/interop/javascript/node_modules tests/python/node_modules

FORCE:
