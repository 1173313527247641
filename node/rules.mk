# The npm packages. Included by the Makefile.

NODE_PACKAGES := target/packages/npm

.PHONY: dist-node

# The limit on the size is what users are promised.
dist-node: $(RELEASE)/kv-emulator node/node_modules/.package-lock.json ## Makes the npm packages, in target/packages/npm, and installs them to try them.
	$(FOR_SHIPPING) $(CARGO) build --profile dist --locked -p libkv-node
	$(call names_no_build_folder,target/dist/liblibkv_node.so)
	rm -rf $(NODE_PACKAGES)
	node node/pack.mjs target/dist/liblibkv_node.so $(NODE_PACKAGES)
	LIBKV_PACKAGES=$(CURDIR)/$(NODE_PACKAGES) LIBKV_PACKAGES_LIMIT=8000000 node --test tests/node/packages.test.mjs
