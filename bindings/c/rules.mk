# The programs that stand on libkv.so. Included by the Makefile, which builds the library itself.

C_HEADERS := include/libkv.h include/libkv.hpp
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

target/release/libkv.pc: bindings/c/libkv.pc.in Cargo.toml
	sed -e 's|@includedir@|$(CURDIR)/include|' -e 's|@libdir@|$(CURDIR)/target/release|' \
		-e "s|@version@|$$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)|" $< > $@
