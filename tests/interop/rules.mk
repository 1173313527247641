# What the official clients' suites stand on, each client at the version that its folder pins. Included by the Makefile.

INTEROP := tests/interop

.PHONY: test-interop interop-rust-fetched

test-interop: build ## The local vault under the official clients, and libkv under the official Python client's tests.
	$(VENV)/python $(INTEROP)/run.py

$(INTEROP)/.venv/installed: $(INTEROP)/python/requirements.txt
	$(PYTHON) -m venv $(INTEROP)/.venv
	$(INTEROP)/.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

$(INTEROP)/drop_in/official/unpacked: $(INTEROP)/.venv/installed $(INTEROP)/drop_in/sdist.txt $(INTEROP)/drop_in/unpack.py
	rm -rf $(@D) && mkdir $(@D)
	$(INTEROP)/.venv/bin/pip download --quiet --disable-pip-version-check --require-hashes --no-deps --no-binary :all: --no-build-isolation -r $(INTEROP)/drop_in/sdist.txt -d $(@D)
	$(PYTHON) $(INTEROP)/drop_in/unpack.py $(@D)/*.tar.gz $(@D)
	touch $@

$(INTEROP)/javascript/node_modules/.package-lock.json: $(INTEROP)/javascript/package-lock.json
	cd $(INTEROP)/javascript && npm ci --no-audit --no-fund --silent
	touch $@

interop-rust-fetched:
	$(CARGO) fetch --quiet --locked --manifest-path $(INTEROP)/rust/Cargo.toml
