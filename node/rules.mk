# The npm packages. Included by the Makefile.

NODE_PACKAGES := target/packages/npm
# Those that packages are made for, by what the packages' names end in: linux-x64-gnu, linux-x64-musl, linux-arm64-gnu,
# linux-arm64-musl. Other machines' need their `rustup target add`.
PLATFORMS = $(shell node node/platforms.mjs)

target_of = $(shell node node/platforms.mjs $(1))
# Where Cargo puts a platform's addon: the version of the C library is no part of the target's name there.
addon_of = target/$(firstword $(subst .2., ,$(call target_of,$(1))))/dist/liblibkv_node.so

.PHONY: dist-node

# An addon for musl finds the C library in the process.
flags_of = $(if $(findstring musl,$(1)),RUSTFLAGS="$$RUSTFLAGS -C target-feature=-crt-static")

# Zig is a package of Python's, and with it comes the C library of any platform. The limit on the size is what users are promised.
dist-node: .venv/installed $(RELEASE)/kv-emulator node/node_modules/.package-lock.json ## Makes the npm packages of this machine's platform, or of PLATFORMS, in target/packages/npm, and installs them to try them.
	export PATH=$(CURDIR)/$(VENV):$$PATH $(FOR_SHIPPING); $(foreach platform,$(PLATFORMS),$(call flags_of,$(platform)) \
		$(CARGO) zigbuild --profile dist --locked -p libkv-node --target $(call target_of,$(platform));)
	$(call names_no_build_folder,$(foreach platform,$(PLATFORMS),$(call addon_of,$(platform))))
	rm -rf $(NODE_PACKAGES)
	node node/pack.mjs $(NODE_PACKAGES) $(foreach platform,$(PLATFORMS),$(platform)=$(call addon_of,$(platform)))
	LIBKV_PACKAGES=$(CURDIR)/$(NODE_PACKAGES) LIBKV_PACKAGES_LIMIT=8000000 node --test tests/node/packages.test.mjs
