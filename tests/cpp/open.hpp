// The clients of the C++ test programs.

#ifndef LIBKV_TESTS_OPEN_HPP
#define LIBKV_TESTS_OPEN_HPP

#include <libkv.hpp>

#include "../c/check.h"

inline libkv::ClientOptions client_options() {
  return {
      {"credential", "static_token"}, {"credential.token", given("VAULT_TOKEN")}, {"ca_file", given("VAULT_CA_FILE")}};
}

inline libkv::SecretClient open_client() { return libkv::SecretClient(given("VAULT_URL"), client_options()); }

/// The error that a call throws; an internal one that says so if it throws none.
template <class Call>
libkv::Error error_of(Call call) {
  try {
    call();
  } catch (const libkv::Error &error) {
    return error;
  }
  libkv::Error::Fields fields;
  fields.message = "nothing was thrown";
  return libkv::Error(fields);
}

#endif
