# The programs that stand on libkv.so. Included by the Makefile, which builds the library itself.

C_HEADERS := include/libkv.h include/libkv.hpp $(wildcard include/libkv/*.hpp include/libkv/*/*.hpp)
C_LIBRARY := target/release/libkv.so target/release/libkv.so.0
C_FLAGS := -Wall -Wextra -Wpedantic -Werror -O2 -Iinclude
C_LINK := -Ltarget/release -lkv -Wl,-rpath,$(CURDIR)/target/release

target/adapters/c: tests/adapters/c.c tests/adapters/protocol.h $(C_HEADERS) $(C_LIBRARY)
	@mkdir -p $(@D)
	$(CC) -std=c11 $(C_FLAGS) -o $@ $< $(C_LINK)

target/adapters/cpp: tests/adapters/cpp.cpp tests/adapters/protocol.h $(C_HEADERS) $(C_LIBRARY)
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(C_FLAGS) -o $@ $< $(C_LINK)

target/examples/%: examples/%.c $(C_HEADERS) $(C_LIBRARY)
	@mkdir -p $(@D)
	$(CC) -std=c11 -pthread $(C_FLAGS) -o $@ $< $(C_LINK)

target/examples/%: examples/%.cpp $(C_HEADERS) $(C_LIBRARY)
	@mkdir -p $(@D)
	$(CXX) -std=c++17 -pthread $(C_FLAGS) -o $@ $< $(C_LINK)

# One name in two languages.
target/examples/quick_start_c: examples/quick_start.c $(C_HEADERS) $(C_LIBRARY)
	@mkdir -p $(@D)
	$(CC) -std=c11 $(C_FLAGS) -o $@ $< $(C_LINK)

target/examples/quick_start_cpp: examples/quick_start.cpp $(C_HEADERS) $(C_LIBRARY)
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(C_FLAGS) -o $@ $< $(C_LINK)

# Programs look for the library by its soname.
target/release/libkv.so.0: target/release/libkv.so
	ln -sf libkv.so $@

C_VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
C_TEMPLATES := bindings/c/packaging

# Fills a template. The compiler adds its own library, which is another one in a program that is all static.
C_FILL := sed -e 's|@version@|$(C_VERSION)|' -e 's|@private_libraries@|-lutil -lrt -lpthread -lm -ldl -lc|'

target/release/libkv.pc: $(C_TEMPLATES)/libkv.pc.in bindings/c/rules.mk Cargo.toml
	$(C_FILL) -e 's|@includedir@|$(CURDIR)/include|' -e 's|@libdir@|$(CURDIR)/target/release|' $< > $@

# --- install and ship -----------------------------------------------------------------------------------------------

PREFIX ?= /usr/local
INSTALL ?= install
C_PACKAGES := target/packages
C_TREE := $(C_PACKAGES)/libkv-$(C_VERSION)-linux-$(shell uname -m)
C_DEBIAN := $(C_TREE).debian
C_DOCUMENTS := $(C_DEBIAN)/usr/share/doc/libkv

# $(call c_install,FOLDER,BUILT) installs what was built in the folder BUILT. The tree can be moved: its files find each other.
define c_install
	$(INSTALL) -d $(1)/lib/pkgconfig $(1)/lib/cmake/libkv $(1)/share/doc/libkv/docs
	for header in $(C_HEADERS); do $(INSTALL) -D -m 644 $$header $(1)/$$header; done
	$(INSTALL) -m 644 $(2)/libkv.a $(1)/lib
	$(INSTALL) -m 644 $(2)/libkv.so $(1)/lib/libkv.so.$(C_VERSION)
	ln -sf libkv.so.$(C_VERSION) $(1)/lib/libkv.so.0
	ln -sf libkv.so.0 $(1)/lib/libkv.so
	$(C_FILL) -e 's|@includedir@|$${pcfiledir}/../../include|' -e 's|@libdir@|$${pcfiledir}/..|' $(C_TEMPLATES)/libkv.pc.in \
		> $(1)/lib/pkgconfig/libkv.pc
	$(C_FILL) $(C_TEMPLATES)/libkv-config.cmake.in > $(1)/lib/cmake/libkv/libkv-config.cmake
	$(C_FILL) $(C_TEMPLATES)/libkv-config-version.cmake.in > $(1)/lib/cmake/libkv/libkv-config-version.cmake
	$(INSTALL) -m 644 README.md LICENSE-APACHE LICENSE-MIT $(1)/share/doc/libkv
	$(INSTALL) -m 644 docs/events.md docs/options.md $(1)/share/doc/libkv/docs
endef

.PHONY: install dist-c

install: $(C_LIBRARY) ## Installs the C and C++ library under PREFIX, for pkg-config, CMake and Meson.
	$(call c_install,$(DESTDIR)$(PREFIX),target/release)

# The limit on the size is what users are promised.
dist-c: $(RELEASE)/kv-emulator ## Makes the tarball and the Debian package of C and C++, in target/packages, and builds on them to try them.
	$(FOR_SHIPPING) $(CARGO) build --profile dist --locked -p libkv-c
	rm -rf $(C_TREE) $(C_DEBIAN)
	$(call c_install,$(C_TREE),target/dist)
	strip --strip-unneeded $(C_TREE)/lib/libkv.so.$(C_VERSION)
	strip --strip-debug $(C_TREE)/lib/libkv.a
	$(call names_no_build_folder,$(C_TREE)/lib/libkv.so.$(C_VERSION) $(C_TREE)/lib/libkv.a)
	find $(C_TREE)/lib/libkv.so.$(C_VERSION) -size +4000000c | (! grep .)
	tar -C $(C_PACKAGES) --sort=name --owner=0 --group=0 --numeric-owner -czf $(C_TREE).tar.gz $(notdir $(C_TREE))
	mkdir -p $(C_DEBIAN)/DEBIAN
	mv $(C_TREE) $(C_DEBIAN)/usr
	rm $(C_DOCUMENTS)/LICENSE-*
	(cat $(C_TEMPLATES)/debian-copyright && sed -e 's/^$$/./' -e 's/^/ /' LICENSE-MIT) > $(C_DOCUMENTS)/copyright
	gzip -9n < CHANGELOG.md > $(C_DOCUMENTS)/changelog.gz
	cd $(C_DEBIAN) && find usr -type f -exec md5sum {} + > DEBIAN/md5sums
	echo 'activate-noawait ldconfig' > $(C_DEBIAN)/DEBIAN/triggers
	echo 'libkv 0 libkv (>= $(C_VERSION))' > $(C_DEBIAN)/DEBIAN/shlibs
	glibc=$$(objdump -T $(C_DEBIAN)/usr/lib/libkv.so | sed -nE 's/.*GLIBC_([0-9.]+).*/\1/p' | sort -V | tail -1) && \
		$(C_FILL) -e "s|@architecture@|$$(dpkg --print-architecture)|" -e "s|@glibc@|$$glibc|" \
		-e "s|@size@|$$(du -ks --apparent-size $(C_DEBIAN)/usr | cut -f1)|" \
		$(C_TEMPLATES)/debian-control.in > $(C_DEBIAN)/DEBIAN/control
	dpkg-deb --root-owner-group --build $(C_DEBIAN) $(C_PACKAGES)
	rm -rf $(C_DEBIAN)
	$(PYTHON) tests/c/packages.py

# --- search for races -----------------------------------------------------------------------------------------------

# Races show in instrumented code alone, Rust's standard library included, which only a nightly Rust builds. Debug assertions are
# off for the lock that they put around each result.
TSAN_RUST := nightly-2026-05-20
TSAN_HOST = $(shell rustc -vV | sed -n 's/^host: //p')
TSAN_LIBRARY = target/tsan/$(TSAN_HOST)/debug
TSAN_BUILD := RUSTFLAGS='-Zsanitizer=thread -Zexternal-clangrt' CARGO_PROFILE_DEV_DEBUG_ASSERTIONS=false CARGO_PROFILE_DEV_OPT_LEVEL=1

.PHONY: tsan-rust test-tsan

tsan-rust:
	rustup component list --toolchain $(TSAN_RUST) --installed 2>/dev/null | grep rust-src > /dev/null || \
		rustup toolchain install $(TSAN_RUST) --profile minimal --component rust-src --no-self-update

test-tsan: tsan-rust $(RELEASE)/kv-emulator ## C and C++ under ThreadSanitizer. Needs rustup, by which it gets a nightly Rust.
	$(TSAN_BUILD) $(CARGO) +$(TSAN_RUST) build --locked -Zbuild-std --target $(TSAN_HOST) --target-dir target/tsan -p libkv-c
	ln -sf libkv.so $(TSAN_LIBRARY)/libkv.so.0
	$(PYTHON) tests/c/thread_sanitizer.py $(TSAN_LIBRARY) $$(rustc +$(TSAN_RUST) --print target-libdir)/librustc-nightly_rt.tsan.a
