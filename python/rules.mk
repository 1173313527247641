# The Python package: built in place, and what PyPI publishes. Included by the Makefile.

PYTHON_WHEELS := target/wheels
PYTHON_PACKAGES := target/packages/pypi
MATURIN := VIRTUAL_ENV=$(CURDIR)/.venv $(CURDIR)/$(VENV)/maturin
# Zig is a package of Python's, which maturin asks the first interpreter in the path for.
MAKE_PACKAGE = cd python && PATH=$(CURDIR)/$(VENV):$$PATH $(FOR_SHIPPING) $(MATURIN) build --zig --compatibility manylinux2014 \
	--out $(CURDIR)/$(PYTHON_PACKAGES)
# Interpreters without a GIL load no wheel but one of their own.
FREE_THREADED := $(strip $(foreach version,3.13t 3.14t 3.15t,$(call have,python$(version))))

.venv/installed: python/requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(VENV)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.venv/built: .venv/installed FORCE
	cd python && $(MATURIN) develop --release --locked --quiet
	touch $@

# A wheel for this machine, of what is built already.
$(PYTHON_WHEELS): .venv/built
	rm -rf $@
	cd python && $(MATURIN) build --release --locked --quiet --out $(CURDIR)/$@

.PHONY: dist-python

# The wheel is built from the source distribution, which shows that nothing is missing there. The limit on the size is what users are
# promised.
dist-python: .venv/installed $(RELEASE)/kv-emulator ## Makes the wheels and the source distribution of Python, in target/packages/pypi, and installs a wheel to try it.
	rm -rf $(PYTHON_PACKAGES)
	export CARGO_TARGET_DIR=$(CURDIR)/target && $(MAKE_PACKAGE) --sdist
	for interpreter in $(FREE_THREADED); do ($(MAKE_PACKAGE) --interpreter $$interpreter); done
	@$(if $(FREE_THREADED),,echo 'skipped: a wheel for interpreters without a GIL, since none is here' >&2)
	find $(PYTHON_PACKAGES) -name '*.whl' -size +3000000c | (! grep .)
	LIBKV_PACKAGES=$(CURDIR)/$(PYTHON_PACKAGES) $(VENV)/pytest tests/python/test_package.py
