# What the official clients' suites stand on, each client at the version that its folder pins. Included by the Makefile.

INTEROP := tests/interop

.PHONY: test-interop interop-rust-fetched

test-interop: build ## The local vault under the official clients.
	$(VENV)/python $(INTEROP)/run.py

$(INTEROP)/.venv/installed: $(INTEROP)/python/requirements.txt
	$(PYTHON) -m venv $(INTEROP)/.venv
	$(INTEROP)/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(INTEROP)/javascript/node_modules/.package-lock.json: $(INTEROP)/javascript/package-lock.json
	cd $(INTEROP)/javascript && npm ci --no-audit --no-fund --silent
	touch $@

interop-rust-fetched:
	$(CARGO) fetch --quiet --locked --manifest-path $(INTEROP)/rust/Cargo.toml
