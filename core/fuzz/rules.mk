# Fuzzers of what reads text that others write. Included by the Makefile.

FUZZ_TARGETS := $(patsubst core/fuzz/targets/%.rs,%,$(wildcard core/fuzz/targets/*.rs))
FUZZ_SECONDS ?= 10
FUZZ_HOST = $(shell rustc -vV | sed -n 's/^host: //p')
FUZZ_FLAGS := --cfg fuzzing -Cdebug-assertions -Coverflow-checks -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
	-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares

.PHONY: fuzz fuzz-build $(FUZZ_TARGETS:%=fuzz-%)

fuzz: $(FUZZ_TARGETS:%=fuzz-%) ## Fuzzes each reader of others' text for FUZZ_SECONDS (10). Needs a nightly Rust.

# With the versions that are shipped.
fuzz-build:
	cp Cargo.lock core/fuzz/Cargo.lock
	cd core/fuzz && RUSTFLAGS='$(FUZZ_FLAGS)' $(CARGO) +nightly build --release --target $(FUZZ_HOST) --target-dir ../../target/fuzz

# What is found stays in target/fuzz/corpus, and what fails in target/fuzz/failures.
$(FUZZ_TARGETS:%=fuzz-%): fuzz-%: fuzz-build
	@mkdir -p target/fuzz/corpus/$* target/fuzz/failures
	target/fuzz/$(FUZZ_HOST)/release/$* -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 -verbosity=0 -print_final_stats=1 \
		-artifact_prefix=target/fuzz/failures/$*- target/fuzz/corpus/$* $(wildcard core/fuzz/seeds/$*)
