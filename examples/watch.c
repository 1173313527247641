/*
 * Waits for new versions of a secret, as a program does that takes a rotated password without a restart.
 *
 *   VAULT_URL=https://contoso.vault.azure.net VAULT_TOKEN=... watch NAME [SECONDS [CHANGES]]
 *
 * It looks every 60 seconds, or every SECONDS, and ends after CHANGES versions, if they are given.
 */

#define _POSIX_C_SOURCE 200809L
#include <libkv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static void pause_for(double seconds) {
  struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  nanosleep(&time, NULL);
}

/* Whether the same call may succeed later. The value that the program has is good until then. */
static bool may_pass(libkv_status kind) {
  return kind == LIBKV_ERROR_THROTTLED || kind == LIBKV_ERROR_UNAVAILABLE || kind == LIBKV_ERROR_NETWORK ||
         kind == LIBKV_ERROR_TIMEOUT;
}

/* Looks at a secret every so often; ends after this many versions, or with an error that stays. */
static libkv_status watch(libkv_client *client, const char *name, double seconds, unsigned long changes,
                          libkv_error **error) {
  /* The version seen last is kept as it came: its value is the one to use. */
  libkv_secret *last = NULL, *secret = NULL;
  libkv_status status = LIBKV_OK;
  for (;;) {
    status = libkv_get_secret(client, name, NULL, NULL, &secret, error);
    if (status && !may_pass(status)) break;
    if (status) {
      fail(name, *error);
      *error = NULL;
    } else if (!last || strcmp(secret->properties->version.data, last->properties->version.data)) {
      libkv_secret_free(last);
      last = secret;
      printf("%s: version %s, %zu bytes\n", name, last->properties->version.data, last->value.len);
      fflush(stdout);
      if (--changes == 0) break;
    } else {
      libkv_secret_free(secret);
    }
    pause_for(seconds);
  }
  libkv_secret_free(last);
  return status;
}

int main(int argc, char **argv) {
  if (argc < 2) return fprintf(stderr, "usage: watch NAME [SECONDS [CHANGES]]\n"), 1;
  const double seconds = argc > 2 ? strtod(argv[2], NULL) : 60;
  const unsigned long changes = argc > 3 ? strtoul(argv[3], NULL, 10) : (unsigned long)-1;
  libkv_error *error = NULL;
  libkv_client *client = open_client(&error);
  const bool is_done = client && !watch(client, argv[1], seconds, changes, &error);
  libkv_client_free(client);
  return is_done ? 0 : fail(argv[1], error);
}
