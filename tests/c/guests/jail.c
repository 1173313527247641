/* A program in a folder of its own, without /etc: a client that was made before goes on, and one that lacks something
 * says what. */

#define _DEFAULT_SOURCE
#include "../open.h"
#include <libkv.h>
#include <unistd.h>

static libkv_status open_other(const char *ca_file, libkv_client **client, libkv_error **error) {
  libkv_options *options = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "credential", "static_token", NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "credential.token", "t", NULL) == LIBKV_OK);
  if (ca_file) CHECK(libkv_options_set(options, "ca_file", ca_file, NULL) == LIBKV_OK);
  libkv_status status = libkv_client_new("https://contoso.vault.azure.net", options, client, error);
  libkv_options_free(options);
  return status;
}

int main(void) {
  libkv_client *client = open_client(), *far = NULL, *late = NULL;
  libkv_call_options call = LIBKV_CALL_OPTIONS_INIT;
  libkv_secret *secret = NULL;
  libkv_error *error = NULL;
  CHECK(unsetenv("SSL_CERT_FILE") == 0 && unsetenv("SSL_CERT_DIR") == 0);
  CHECK(open_other(given("VAULT_CA_FILE"), &far, NULL) == LIBKV_OK);
  CHECK(chroot(given("JAIL")) == 0 && chdir("/") == 0);

  CHECK(libkv_set_secret(client, "jail", "v", 1, NULL, &secret, NULL) == LIBKV_OK && secret);
  libkv_secret_free(secret);

  CHECK(open_other(NULL, &late, &error) == LIBKV_ERROR_INVALID_CONFIG && !late);
  CHECK(error && !strncmp(error->message.data, "ca_file:", 8));
  libkv_error_free(error);

  /* Nobody knows the name there. */
  call.timeout_ms = 2000;
  libkv_status status = libkv_get_secret(far, "jail", NULL, &call, &secret, NULL);
  CHECK(status == LIBKV_ERROR_NETWORK || status == LIBKV_ERROR_TIMEOUT);

  libkv_client_free(client);
  libkv_client_free(far);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  return summary();
}
