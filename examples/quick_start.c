/* Writes a secret, reads it back, and shows what an error says. */

#include <libkv.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(libkv_error *error) {
  fprintf(stderr, "%s: %s\n", error->kind_name.data, error->message.data);
  libkv_error_free(error);
  return 1;
}

int main(void) {
  libkv_error *error = NULL;
  libkv_options *options = NULL;
  libkv_client *client = NULL;
  if (libkv_options_new(&options, &error) || libkv_options_set(options, "credential", "static_token", &error) ||
      libkv_options_set(options, "credential.token", getenv("VAULT_TOKEN"), &error) ||
      libkv_options_set(options, "ca_file", getenv("VAULT_CA_FILE"), &error) ||
      libkv_client_new(getenv("VAULT_URL"), options, &client, &error))
    return fail(error);
  libkv_options_free(options);

  libkv_secret *secret = NULL;
  libkv_set_secret_options with = LIBKV_SET_SECRET_OPTIONS_INIT;
  with.content_type = "text/plain";
  if (libkv_set_secret(client, "greeting-c", "hello", 5, &with, &secret, &error)) return fail(error);
  printf("wrote %s version %s\n", secret->properties->name.data, secret->properties->version.data);
  libkv_secret_free(secret);

  if (libkv_get_secret(client, "greeting-c", NULL, NULL, &secret, &error)) return fail(error);
  printf("read %zu bytes\n", secret->value.len);
  libkv_secret_free(secret);

  if (libkv_get_secret(client, "no-such-secret", NULL, NULL, &secret, &error) != LIBKV_ERROR_NOT_FOUND) return 1;
  printf("%s: %s\n", error->kind_name.data, error->message.data);
  libkv_error_free(error);
  libkv_client_free(client);
  return 0;
}
