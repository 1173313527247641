# The measurements. Included by the Makefile. With BENCH_QUICK=1 they are short, throttle, faults and cold are of libkv alone, and
# nothing is kept.

BENCH_OFFICIAL_RUST := target/bench/release/official-worker
BENCH_PYTHON := bench/.venv/built
BENCH_NODE := bench/workers/javascript/node_modules/libkv
BENCH_LIBKV := $(RELEASE)/kv-emulator $(RELEASE)/libkv-bench-worker
BENCH_NEEDS := $(BENCH_LIBKV)
ifneq ($(BENCH_QUICK),1)
BENCH_NEEDS += $(BENCH_OFFICIAL_RUST) $(BENCH_PYTHON) $(BENCH_NODE)
endif

.PHONY: bench bench-python bench-node bench-c bench-rust bench-scale bench-profile
.PHONY: bench-delay bench-throttle bench-faults bench-simulation bench-governor bench-cold bench-emulator

bench: bench-python bench-node bench-c bench-rust bench-profile bench-scale bench-delay bench-cold bench-faults bench-throttle ## libkv beside the official clients and bare HTTP clients, in every respect.

bench-python: $(RELEASE)/kv-emulator $(BENCH_PYTHON) ## Python beside its clients: time, CPU time, memory, size.
	$(PYTHON) bench/compare.py python

bench-node: $(RELEASE)/kv-emulator $(BENCH_NODE) ## Node beside its clients.
	$(PYTHON) bench/compare.py node

bench-c: $(BENCH_LIBKV) target/bench/worker_c ## C beside the core.
	$(PYTHON) bench/compare.py c

bench-rust: $(BENCH_LIBKV) $(RELEASE)/libkv-bench-bare $(BENCH_OFFICIAL_RUST) ## Rust beside its clients.
	$(PYTHON) bench/compare.py rust

bench-scale: $(BENCH_LIBKV) $(BENCH_PYTHON) $(BENCH_NODE) ## Gets in flight, secrets listed, vaults: time and memory against their number.
	$(PYTHON) bench/scale.py

bench-profile: $(BENCH_LIBKV) $(RELEASE)/libkv-bench-bare $(BENCH_PYTHON) $(BENCH_NODE) target/bench/worker_c target/bench/allocations.so ## Waits, wake-ups, system calls and allocations of a get. Needs strace.
	$(PYTHON) bench/faces.py

bench-delay: $(RELEASE)/kv-emulator $(BENCH_NODE) ## How late Node's timers are during ten thousand gets.
	$(PYTHON) bench/delay.py

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

$(RELEASE)/libkv-bench-bare: FORCE
	$(CARGO) build --release --locked -p libkv-bench-bare

# Bindings are measured as they are shipped, but for the age of the C library that they run on.
BENCH_SHIPPED := target/bench/shipped

$(BENCH_SHIPPED)/liblibkv_node.so: FORCE
	$(FOR_SHIPPING) $(CARGO) build --profile dist --locked -p libkv-node
	@mkdir -p $(@D)
	cmp -s target/dist/$(@F) $@ || cp target/dist/$(@F) $@

$(BENCH_SHIPPED)/libkv.so.0: FORCE
	$(FOR_SHIPPING) $(CARGO) build --profile dist --locked -p libkv-c
	@mkdir -p $(@D)
	cmp -s target/dist/libkv.so $@ || cp target/dist/libkv.so $@

target/bench/worker_c: bench/workers/c/worker.c $(C_HEADERS) $(BENCH_SHIPPED)/libkv.so.0
	$(CC) -std=c11 -pthread $(C_FLAGS) -o $@ $< $(BENCH_SHIPPED)/libkv.so.0 -Wl,-rpath,$(CURDIR)/$(BENCH_SHIPPED)

target/bench/allocations.so: bench/workers/allocations.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(C_FLAGS) -shared -fPIC -o $@ $<

bench/.venv/built: bench/.venv/installed FORCE
	rm -rf $(BENCH_SHIPPED)/*.whl
	cd python && $(FOR_SHIPPING) $(MATURIN) build --locked --quiet --compatibility linux --out $(CURDIR)/$(BENCH_SHIPPED)
	bench/.venv/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps --force-reinstall $(BENCH_SHIPPED)/*.whl
	touch $@

bench/.venv/installed: bench/workers/python/requirements.txt
	$(PYTHON) -m venv bench/.venv
	bench/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

bench/workers/javascript/node_modules/libkv: bench/workers/javascript/node_modules/.package-lock.json node/node_modules/.package-lock.json $(BENCH_SHIPPED)/liblibkv_node.so FORCE
	rm -rf target/bench/npm
	node node/pack.mjs target/bench/npm $$(node node/platforms.mjs)=$(BENCH_SHIPPED)/liblibkv_node.so
	cd $(@D)/.. && npm install --offline --no-save --no-audit --no-fund --silent $(CURDIR)/target/bench/npm/*.tgz
	touch $@

bench/workers/javascript/node_modules/.package-lock.json: bench/workers/javascript/package-lock.json
	cd bench/workers/javascript && npm ci --no-audit --no-fund --silent
	touch $@
