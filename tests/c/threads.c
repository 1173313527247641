/* Sixteen threads share one client, and none sees another's result; a thread is not cancelled within a call. */

#include "open.h"
#include <libkv.h>
#include <pthread.h>

enum { THREADS = 16, ROUNDS = 8 };

struct worker {
  libkv_client *client;
  int number, wrong;
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

/* Makes a call though it has been cancelled, which happens behind it. */
static void *work_when_cancelled(void *argument) {
  CHECK(pthread_cancel(pthread_self()) == 0);
  work(argument);
  struct worker *worker = argument;
  worker->number = -1;
  pthread_testcancel();
  return NULL;
}

static void no_function_is_a_cancellation_point(libkv_client *client) {
  struct worker worker = {client, 0, 0};
  pthread_t thread;
  void *end = NULL;
  CHECK(pthread_create(&thread, NULL, work_when_cancelled, &worker) == 0);
  CHECK(pthread_join(thread, &end) == 0 && end == PTHREAD_CANCELED);
  CHECK(worker.number == -1 && worker.wrong == 0);
}

int main(void) {
  libkv_client *client = open_client();
  struct worker workers[THREADS];
  pthread_t threads[THREADS];
  libkv_stats *stats = NULL;
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (struct worker){client, i, 0};
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
