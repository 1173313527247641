/*
 * Runs a program with the secrets of a service in its environment: of the service "shop", the secret shop-database-url
 * is the variable DATABASE_URL.
 *
 *   VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=... read_config SERVICE COMMAND [ARGUMENT...]
 *
 * The program gets neither VAULT_URL nor VAULT_TOKEN.
 */

#define _POSIX_C_SOURCE 200809L
#include <ctype.h>
#include <libkv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Makes a secret a variable; its name begins with a prefix of so many bytes. */
static bool export_secret(const libkv_secret_result *result, size_t prefix_len) {
  char variable[128] = "";
  const char *name = result->name.data + prefix_len;
  if (strlen(result->secret->value.data) != result->secret->value.len) {
    fprintf(stderr, "%s: holds a NUL, which no variable can\n", result->name.data);
    return false;
  }
  /* A name has at most 127 characters, of 0-9 a-z A-Z and -. */
  for (size_t i = 0; name[i]; i++) variable[i] = name[i] == '-' ? '_' : (char)toupper((unsigned char)name[i]);
  return setenv(variable, result->secret->value.data, 1) == 0;
}

/* Exports all secrets of a service, or says which cannot be read. */
static bool export_secrets(libkv_client *client, const char *service, libkv_error **error) {
  libkv_get_secrets_options options = LIBKV_GET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  char prefix[128];
  snprintf(prefix, sizeof prefix, "%s-", service);
  options.prefix = prefix;
  bool are_all = libkv_get_secrets(client, &options, &results, error) == LIBKV_OK;
  while (are_all && (are_all = libkv_secret_results_next(results, &result, error) == LIBKV_OK) && result) {
    if (result->error) {
      fprintf(stderr, "%s: %s\n", result->name.data, result->error->message.data);
      are_all = false;
    } else {
      are_all = export_secret(result, strlen(prefix));
    }
    libkv_secret_result_free(result);
  }
  libkv_secret_results_free(results);
  return are_all;
}

int main(int argc, char **argv) {
  if (argc < 3) return fprintf(stderr, "usage: read_config SERVICE COMMAND [ARGUMENT...]\n"), 1;
  libkv_error *error = NULL;
  libkv_client *client = open_client(&error);
  const bool is_done = client && export_secrets(client, argv[1], &error);
  libkv_client_free(client);
  if (!is_done) return fail(argv[1], error);
  unsetenv("VAULT_URL");
  unsetenv("VAULT_TOKEN");
  execvp(argv[2], argv + 2);
  perror(argv[2]);
  return 1;
}
