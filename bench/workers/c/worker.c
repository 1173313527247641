/* libkv from C at a job of many blocking calls; see bench/README.md for what a worker is told and says. */

#define _POSIX_C_SOURCE 200809L
#include <libkv.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_WORKERS = 256 };

/* The calls still to be made, shared by all threads. */
struct job {
  libkv_client *client;
  int first, count;
  atomic_int next, failed;
};

static libkv_client *open_client(void) {
  libkv_options *options = NULL;
  libkv_client *client = NULL;
  libkv_error *error = NULL;
  if (libkv_options_new(&options, &error) != LIBKV_OK ||
      libkv_options_set(options, "credential", "static_token", &error) != LIBKV_OK ||
      libkv_options_set(options, "credential.token", getenv("VAULT_TOKEN"), &error) != LIBKV_OK ||
      libkv_options_set(options, "ca_file", getenv("VAULT_CA_FILE"), &error) != LIBKV_OK ||
      libkv_client_new(getenv("VAULT_URL"), options, &client, &error) != LIBKV_OK)
    fprintf(stderr, "%s\n", error ? error->message.data : "no client");
  libkv_error_free(error);
  libkv_options_free(options);
  return client;
}

/* Makes one call and tells whether its answer is the one it must have. */
static bool call(struct job *job, int number) {
  char name[32];
  snprintf(name, sizeof name, "secret-%d", number);
  libkv_secret *secret = NULL;
  libkv_error *error = NULL;
  libkv_status status = libkv_get_secret(job->client, name, NULL, NULL, &secret, &error);
  bool is_right = status == LIBKV_OK && strcmp(secret->value.data, name) == 0;
  if (!is_right) fprintf(stderr, "%s: %s\n", name, error ? error->message.data : "another value");
  libkv_error_free(error);
  libkv_secret_free(secret);
  return is_right;
}

static void *work(void *argument) {
  struct job *job = argument;
  for (;;) {
    int number = atomic_fetch_add(&job->next, 1);
    if (number >= job->first + job->count) return NULL;
    if (!call(job, number)) atomic_fetch_add(&job->failed, 1);
  }
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Makes all calls on this thread, or on so many others. */
static void run(struct job *job, int workers) {
  pthread_t threads[MOST_WORKERS];
  int started = 0;
  atomic_store(&job->next, job->first);
  atomic_store(&job->failed, 0);
  if (workers > 1)
    while (started < workers && !pthread_create(&threads[started], NULL, work, job)) started++;
  else
    work(job);
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
}

int main(int argument_count, char **arguments) {
  if (argument_count != 5 || atoi(arguments[2]) > MOST_WORKERS) {
    fprintf(stderr, "usage: worker get|first WORKERS FIRST COUNT\n");
    return 2;
  }
  int workers = atoi(arguments[2]);
  bool is_first = strcmp(arguments[1], "first") == 0;
  struct job job = {.client = open_client(), .first = atoi(arguments[3]), .count = atoi(arguments[4])};
  if (!job.client) return 1;
  if (!is_first) puts("ready");
  fflush(stdout);
  char line[16];
  while (is_first || fgets(line, sizeof line, stdin)) {
    double began = seconds_now();
    run(&job, workers);
    if (is_first) {
      printf("%s\n", atomic_load(&job.failed) ? "" : "secret-0");
      fflush(stdout);
      is_first = false;
      while (fgets(line, sizeof line, stdin)) continue;
      break;
    }
    printf("{\"failed\": %d, \"seconds\": %.6f, \"tokens\": 0}\n", atomic_load(&job.failed), seconds_now() - began);
    fflush(stdout);
  }
  libkv_client_free(job.client);
  return 0;
}
