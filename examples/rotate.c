/*
 * Gives a secret a new random value. Programs that have read the value before go on with it: only older ones are
 * disabled.
 *
 *   VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=... rotate NAME
 *
 * VAULT_CA_FILE names a certificate authority to trust besides the system's. No value is printed.
 */

#define _DEFAULT_SOURCE
#include <libkv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LENGTH = 32, KEPT = 2 };

/* Prints an error and frees it; gives the exit code. */
static int fail(const char *what, libkv_error *error) {
  fprintf(stderr, "%s: %s\n", what, error ? error->message.data : "failed");
  if (error && error->advice.data) fprintf(stderr, "  %s\n", error->advice.data);
  libkv_error_free(error);
  return 1;
}

/* Makes the client of the vault that the environment names, or NULL and an error. */
static libkv_client *open_client(libkv_error **error) {
  const char *url = getenv("VAULT_URL"), *token = getenv("VAULT_TOKEN"), *ca_file = getenv("VAULT_CA_FILE");
  libkv_options *options = NULL;
  libkv_client *client = NULL;
  if (!libkv_options_new(&options, error) && !libkv_options_set(options, "credential", "static_token", error) &&
      !libkv_options_set(options, "credential.token", token, error) &&
      (!ca_file || !libkv_options_set(options, "ca_file", ca_file, error)))
    libkv_client_new(url, options, &client, error);
  libkv_options_free(options);
  return client;
}

/* Fills a text with characters of 64, 6 bits each. */
static bool random_text(char text[LENGTH]) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  unsigned char bytes[LENGTH];
  if (getentropy(bytes, sizeof bytes)) return false;
  for (size_t i = 0; i < LENGTH; i++) text[i] = alphabet[bytes[i] % 64];
  explicit_bzero(bytes, sizeof bytes);
  return true;
}

/* Sets a value. A new version inherits nothing, so what goes with the secret is handed on. */
static libkv_status set_value(libkv_client *client, const char *name, const char value[LENGTH], libkv_error **error) {
  libkv_set_secret_options with = LIBKV_SET_SECRET_OPTIONS_INIT;
  libkv_secret *old = NULL, *current = NULL;
  libkv_status status = libkv_get_secret(client, name, NULL, NULL, &old, error);
  if (status == LIBKV_OK) {
    with.content_type = old->properties->content_type.data;
    with.tags = old->properties->tags;
    with.tag_count = old->properties->tag_count;
    status = libkv_set_secret(client, name, value, LENGTH, &with, &current, error);
  }
  if (status == LIBKV_OK)
    printf("%s: version %s follows %s\n", name, current->properties->version.data, old->properties->version.data);
  libkv_secret_free(old);
  libkv_secret_free(current);
  return status;
}

static libkv_status disable_old_versions(libkv_client *client, const char *name, libkv_error **error) {
  libkv_properties_list *disabled = NULL;
  const libkv_status status = libkv_prune_secret_versions(client, name, KEPT, NULL, &disabled, error);
  for (size_t i = 0; disabled && i < disabled->count; i++)
    printf("%s: version %s is disabled\n", name, disabled->items[i]->version.data);
  libkv_properties_list_free(disabled);
  return status;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: rotate NAME\n"), 1;
  char value[LENGTH];
  if (!random_text(value)) return perror("getentropy"), 1;
  libkv_error *error = NULL;
  libkv_client *client = open_client(&error);
  const bool is_done =
      client && !set_value(client, argv[1], value, &error) && !disable_old_versions(client, argv[1], &error);
  explicit_bzero(value, sizeof value);
  libkv_client_free(client);
  return is_done ? 0 : fail(argv[1], error);
}
