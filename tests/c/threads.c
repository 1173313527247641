/* Sixteen threads share one client, and none sees another's result; a thread is not cancelled within a call. */

#define _POSIX_C_SOURCE 200809L
#include "open.h"
#include "wait.h"
#include <libkv.h>
#include <pthread.h>

enum { THREADS = 16, ROUNDS = 8 };

struct worker {
  libkv_client *client;
  int number, wrong;
  sem_t *told;
};

static void *work(void *argument) {
  struct worker *worker = argument;
  char name[32], value[32];
  for (int round = 0; round < ROUNDS; round++) {
    libkv_secret *secret = NULL;
    snprintf(name, sizeof name, "threads-%d", worker->number);
    snprintf(value, sizeof value, "%d of %d", round, worker->number);
    if (libkv_set_secret(worker->client, name, value, strlen(value), NULL, NULL, NULL) != LIBKV_OK) worker->wrong++;
    if (libkv_get_secret(worker->client, name, NULL, NULL, &secret, NULL) != LIBKV_OK) worker->wrong++;
    if (!secret || strcmp(secret->value.data, value)) worker->wrong++;
    libkv_secret_free(secret);
  }
  return NULL;
}

static void drop(void *told, libkv_secret *secret, libkv_error *error) {
  libkv_secret_free(secret);
  libkv_error_free(error);
  sem_post(told);
}

/* Makes a client, and ends it amid its calls, which closes sockets and wakes threads. `told` may be NULL. */
static void come_and_go(sem_t *told) {
  const char *const names[] = {"threads-0", "threads-1"};
  libkv_get_secrets_options options = LIBKV_GET_SECRETS_OPTIONS_INIT;
  libkv_client *client = open_client();
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  libkv_call *call = NULL;
  options.names = names;
  options.name_count = sizeof names / sizeof *names;
  CHECK(libkv_get_secrets(client, &options, &results, NULL) == LIBKV_OK);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK);
  if (told) CHECK(libkv_get_secret_async(client, "threads-0", NULL, NULL, drop, told, &call, NULL) == LIBKV_OK);
  libkv_call_cancel(call);
  libkv_call_free(call);
  libkv_secret_result_free(result);
  libkv_secret_results_free(results);
  libkv_client_close(client);
  libkv_client_free(client);
}

/* Makes calls though it has been cancelled, which happens behind them. */
static void *work_when_cancelled(void *argument) {
  CHECK(pthread_cancel(pthread_self()) == 0);
  work(argument);
  for (int round = 0; round < ROUNDS; round++) come_and_go(NULL), come_and_go(((struct worker *)argument)->told);
  struct worker *worker = argument;
  worker->number = -1;
  pthread_testcancel();
  return NULL;
}

static void no_function_is_a_cancellation_point(libkv_client *client) {
  sem_t told;
  struct worker worker = {client, 0, 0, &told};
  pthread_t thread;
  void *end = NULL;
  CHECK(sem_init(&told, 0, 0) == 0);
  CHECK(pthread_create(&thread, NULL, work_when_cancelled, &worker) == 0);
  CHECK(pthread_join(thread, &end) == 0 && end == PTHREAD_CANCELED);
  CHECK(worker.number == -1 && worker.wrong == 0);
  for (int round = 0; round < ROUNDS; round++) CHECK(arrives(&told));
}

int main(void) {
  libkv_client *client = open_client();
  struct worker workers[THREADS];
  pthread_t threads[THREADS];
  libkv_stats *stats = NULL;
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (struct worker){client, i, 0, NULL};
    CHECK(pthread_create(&threads[i], NULL, work, &workers[i]) == 0);
  }
  for (int i = 0; i < THREADS; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
    CHECK(workers[i].wrong == 0);
  }
  CHECK(libkv_client_stats(client, &stats, NULL) == LIBKV_OK && stats->operations == 2 * THREADS * ROUNDS);
  libkv_stats_free(stats);
  no_function_is_a_cancellation_point(client);
  libkv_client_free(client);
  return summary();
}
