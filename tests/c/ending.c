/* A program that cleans up behind its main function, as destructors of static objects do, and a thread behind its own.
 */

#include "open.h"
#include <libkv.h>
#include <pthread.h>

static libkv_client *client;
static libkv_secret_results *results;
static size_t heard;

static void ignore(void *data, libkv_secret *secret, libkv_error *error) {
  (void)data;
  libkv_secret_free(secret);
  libkv_error_free(error);
}

static void hear(void *records, const libkv_log_record *record) {
  __atomic_fetch_add((size_t *)records, record->message.len, __ATOMIC_RELAXED);
}

/* A thread that has made calls makes none when it is ending, and says so. */
static void calls_are_refused(void *unused) {
  libkv_secret *secret = NULL;
  libkv_secret_result *result = NULL;
  (void)unused;
  CHECK(libkv_get_secret(client, "ending", NULL, NULL, &secret, NULL) == LIBKV_ERROR_INVALID_STATE && !secret);
  CHECK(libkv_get_secret_async(client, "ending", NULL, NULL, ignore, NULL, NULL, NULL) == LIBKV_ERROR_INVALID_STATE);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_ERROR_INVALID_STATE && !result);
}

static void *make_a_call(void *key) {
  CHECK(pthread_setspecific(*(pthread_key_t *)key, client) == 0);
  CHECK(libkv_set_secret(client, "ending", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
  return NULL;
}

static void clean_up(void) {
  libkv_stats *stats = NULL;
  calls_are_refused(NULL);
  CHECK(libkv_client_stats(client, &stats, NULL) == LIBKV_OK && stats->operations > 0);
  libkv_stats_free(stats);
  libkv_secret_results_free(results);
  libkv_client_close(client);
  libkv_client_free(client);
  CHECK(libkv_set_log(0, NULL, NULL, NULL, NULL) == LIBKV_OK && __atomic_load_n(&heard, __ATOMIC_RELAXED));
  CHECK(libkv_shutdown(NULL) == LIBKV_OK && libkv_shutdown(NULL) == LIBKV_OK);
  if (summary()) abort();
}

int main(void) {
  const char *const names[] = {"ending", "ending-none", "ending-not"};
  libkv_get_secrets_options options = LIBKV_GET_SECRETS_OPTIONS_INIT;
  libkv_secret_result *result = NULL;
  pthread_key_t key;
  pthread_t thread;
  CHECK(atexit(clean_up) == 0);
  client = open_client();
  CHECK(libkv_set_log(LIBKV_LOG_TRACE, hear, &heard, NULL, NULL) == LIBKV_OK);
  options.names = names;
  options.name_count = sizeof names / sizeof *names;
  options.concurrency = 1;
  CHECK(libkv_get_secrets(client, &options, &results, NULL) == LIBKV_OK);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result);
  libkv_secret_result_free(result);
  CHECK(pthread_key_create(&key, calls_are_refused) == 0);
  CHECK(pthread_create(&thread, NULL, make_a_call, &key) == 0 && pthread_join(thread, NULL) == 0);
  return failed > 0;
}
