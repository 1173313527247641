/* The client of the C test programs. */

#ifndef LIBKV_TESTS_OPEN_H
#define LIBKV_TESTS_OPEN_H

#include "check.h"
#include <libkv.h>

static inline libkv_client *open_client(void) {
  libkv_options *options = NULL;
  libkv_client *client = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "credential", "static_token", NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "credential.token", given("VAULT_TOKEN"), NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "ca_file", given("VAULT_CA_FILE"), NULL) == LIBKV_OK);
  CHECK(libkv_client_new(given("VAULT_URL"), options, &client, NULL) == LIBKV_OK);
  libkv_options_free(options);
  return client;
}

#endif
