/* A crowd of threads, of which each does something else at a time on one client; then once more, while libkv is shut
 * down. */

#define _POSIX_C_SOURCE 200809L
#include "open.h"
#include "wait.h"
#include <libkv.h>
#include <pthread.h>

enum { ROUNDS = 16, SHUTDOWNS = 4 };

static libkv_client *client;
static libkv_poller *poller;
/* Whether calls may be ended by a shutdown. Set while there is one thread. */
static bool is_ending;
static sem_t read_once;

static void expect(libkv_status status) {
  CHECK(status == LIBKV_OK || (is_ending && (status == LIBKV_ERROR_CANCELLED || status == LIBKV_ERROR_INVALID_STATE)));
}

static void read_secret(void) {
  libkv_secret *secret = NULL;
  expect(libkv_get_secret(client, "crowd", NULL, NULL, &secret, NULL));
  CHECK(!secret || !strcmp(secret->value.data, "value"));
  libkv_secret_free(secret);
  sem_post(&read_once);
}

static void write_secret(void) { expect(libkv_set_secret(client, "crowd-written", "v", 1, NULL, NULL, NULL)); }

static void read_page(void) {
  libkv_properties_page *page = NULL;
  expect(libkv_list_properties_of_secrets(client, NULL, &page, NULL));
  CHECK(!page || page->count);
  libkv_properties_page_free(page);
}

static void read_many(void) {
  const char *const names[] = {"crowd", "crowd", "crowd"};
  libkv_get_secrets_options options = LIBKV_GET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  options.names = names;
  options.name_count = sizeof names / sizeof *names;
  expect(libkv_get_secrets(client, &options, &results, NULL));
  while (results && libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result) {
    expect(result->error ? result->error->kind : LIBKV_OK);
    libkv_secret_result_free(result);
  }
  libkv_secret_results_free(results);
}

static void tell(void *told, libkv_secret *secret, libkv_error *error) {
  CHECK(secret || error->kind == LIBKV_ERROR_CANCELLED || is_ending);
  libkv_secret_free(secret);
  libkv_error_free(error);
  sem_post(told);
}

static void start_and_cancel(void) {
  sem_t told;
  libkv_call *call = NULL;
  CHECK(sem_init(&told, 0, 0) == 0);
  libkv_status status = libkv_get_secret_async(client, "crowd", NULL, NULL, tell, &told, &call, NULL);
  expect(status);
  libkv_call_cancel(call);
  CHECK(status || arrives(&told));
  libkv_call_free(call);
  sem_destroy(&told);
}

static void look_at_the_deletion(void) {
  bool done = false;
  expect(libkv_poller_poll(poller, NULL, &done, NULL));
  CHECK(!done || libkv_poller_is_done(poller));
  CHECK(!strcmp(libkv_poller_properties(poller)->name.data, "crowd-deleted"));
}

static void hear(void *heard, const libkv_log_record *record) {
  __atomic_fetch_add((size_t *)heard, record->message.len, __ATOMIC_RELAXED);
}

static void forget(void *heard) { free(heard); }

static void log_for_a_while(void) {
  expect(libkv_set_log(LIBKV_LOG_TRACE, hear, calloc(1, sizeof(size_t)), forget, NULL));
  read_secret();
  expect(libkv_set_log(0, NULL, NULL, NULL, NULL));
}

static void come_and_go(void) {
  libkv_client *own = open_client();
  libkv_secret *secret = NULL;
  expect(libkv_get_secret(own, "crowd", NULL, NULL, &secret, NULL));
  libkv_client_close(own);
  libkv_client_free(own);
  libkv_secret_free(secret);
}

static void read_statistics(void) {
  libkv_stats *stats = NULL;
  CHECK(libkv_client_stats(client, &stats, NULL) == LIBKV_OK && stats->operations);
  libkv_stats_free(stats);
}

static void (*const roles[])(void) = {read_secret,     write_secret,     read_page,
                                      read_many,       start_and_cancel, look_at_the_deletion,
                                      log_for_a_while, come_and_go,      read_statistics};

enum { ROLES = sizeof roles / sizeof *roles, THREADS = 2 * ROLES };

static void *play(void *number) {
  for (int round = 0; round < ROUNDS; round++) roles[(uintptr_t)number % ROLES]();
  return NULL;
}

static void gather(int shutdowns) {
  pthread_t threads[THREADS];
  is_ending = shutdowns > 0;
  for (uintptr_t i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, play, (void *)i) == 0);
  for (int i = 0; i < shutdowns; i++) CHECK(arrives(&read_once) && libkv_shutdown(NULL) == LIBKV_OK);
  for (int i = 0; i < THREADS; i++) CHECK(pthread_join(threads[i], NULL) == 0);
}

int main(void) {
  CHECK(sem_init(&read_once, 0, 0) == 0);
  client = open_client();
  CHECK(libkv_set_secret(client, "crowd", "value", 5, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_set_secret(client, "crowd-deleted", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_begin_delete_secret(client, "crowd-deleted", NULL, &poller, NULL) == LIBKV_OK && poller);
  gather(0);
  while (sem_trywait(&read_once) == 0) continue;
  gather(SHUTDOWNS);
  libkv_poller_free(poller);
  libkv_client_free(client);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  return summary();
}
