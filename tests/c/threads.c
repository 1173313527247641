/* Sixteen threads share one client, and none sees another's result. */

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
  libkv_client_free(client);
  return summary();
}
