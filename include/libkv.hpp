/// libkv: a client for Azure Key Vault secrets, for C++17 and later.
///
///     #include <libkv.hpp>
///     #include <iostream>
///
///     int main() {
///       try {
///         const libkv::ClientOptions options{{"credential", "client_secret"},
///                                            {"credential.tenant_id", "..."},
///                                            {"credential.client_id", "..."},
///                                            {"credential.client_secret", "..."}};
///         libkv::SecretClient client("https://contoso.vault.azure.net", options);
///         client.set_secret("db-password", "s3cr3t");
///         for (const auto &properties : client.list_properties_of_secrets())
///           std::cout << properties.name << '\n';
///         return 0;
///       } catch (const libkv::Error &error) {
///         std::cerr << error.what() << '\n';
///         return 1;
///       }
///     }
///
///     c++ -std=c++17 program.cpp $(pkg-config --cflags --libs libkv)
///
/// Every operation blocks until it is done or its deadline comes, and throws libkv::Error when it fails.
/// libkv.h says of each which errors it has. Two other forms have the same names and arguments:
///
///     client.nothrow().get_secret("db-password")  gives a libkv::Result, which has a secret or an error.
///     client.async().get_secret("db-password")    gives a libkv::Call: a coroutine can await it, it can become a
///                                                 std::future, and a stop token can cancel it.
///
/// A client serves any number of threads at once; results are values of their own.
///
/// In the order of reading: client.hpp and operations.hpp, what a client can do; options.hpp, model.hpp and secret.hpp,
/// what it takes and gives; error.hpp and result.hpp; list.hpp, secret_results.hpp, poller.hpp and call.hpp, what is
/// read or waited for in steps; token.hpp, tokens from a callable; log.hpp, what libkv tells of what it does.

#ifndef LIBKV_HPP
#define LIBKV_HPP

#include "libkv/client.hpp"
#include "libkv/log.hpp"

static_assert(LIBKV_ABI_VERSION >= 1, "libkv.hpp needs the libkv.h that it came with");

#endif // LIBKV_HPP
