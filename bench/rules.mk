# The measurements. Included by the Makefile. BENCH_QUICK=1 measures libkv alone.

BENCH_NEEDS := $(RELEASE)/kv-emulator $(RELEASE)/libkv-bench-worker
ifneq ($(BENCH_QUICK),1)
BENCH_NEEDS += target/bench/release/official-worker bench/.venv/installed bench/workers/javascript/node_modules/.package-lock.json
endif

.PHONY: bench-throttle bench-faults bench-simulation bench-governor bench-cold bench-emulator

bench-throttle: $(BENCH_NEEDS) ## Bulk reads from a vault that throttles, beside the official clients.
	$(PYTHON) bench/throttle.py

bench-faults: $(BENCH_NEEDS) ## Sets whose connections drop after the commit, beside the official clients.
	$(PYTHON) bench/faults.py

bench-cold: $(BENCH_NEEDS) ## Twenty callers of a client that knows nothing yet, beside the official clients.
	$(PYTHON) bench/cold.py

bench-simulation: ## Up to a thousand processes that share a quota, in virtual time.
	LIBKV_FIGURES=$(CURDIR)/bench/simulation.json $(CARGO) test --locked -p libkv --lib governor::simulation::figures -- --ignored
	$(PYTHON) bench/simulate.py

bench-governor: $(RELEASE)/kv-emulator $(RELEASE)/libkv-bench-worker ## What the governor costs where nothing throttles.
	mkdir -p target/bench
	LIBKV_FIGURES=$(CURDIR)/target/bench/admission $(CARGO) test --release --locked -p libkv --lib governor::cost -- --ignored
	$(PYTHON) bench/governor.py target/bench/admission

bench-emulator: ## What a get costs the local vault, beside a trivial handler. Needs h2load.
	@command -v h2load >/dev/null || { echo "missing: h2load (apt-get install nghttp2-client)" >&2; exit 1; }
	mkdir -p target/bench
	LIBKV_FIGURES=$(CURDIR)/target/bench/emulator.json $(CARGO) test --release --locked -p libkv-emulator --lib server::speed -- --ignored
	$(PYTHON) bench/emulator.py target/bench/emulator.json

$(RELEASE)/libkv-bench-worker: FORCE
	$(CARGO) build --release --locked -p libkv-bench-worker

target/bench/release/official-worker: FORCE
	cd bench/workers/rust && $(CARGO) build --release --locked --target-dir $(CURDIR)/target/bench

bench/.venv/installed: bench/workers/python/requirements.txt
	$(PYTHON) -m venv bench/.venv
	bench/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

bench/workers/javascript/node_modules/.package-lock.json: bench/workers/javascript/package-lock.json
	cd bench/workers/javascript && npm ci --no-audit --no-fund --silent
	touch $@
