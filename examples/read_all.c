/*
 * Reads every secret of a vault with eight threads that share one client, and tells how often the vault throttled them.
 *
 * VAULT_URL, VAULT_TOKEN and VAULT_CA_FILE say where the vault is and how to get in.
 */

#define _POSIX_C_SOURCE 200809L
#include <libkv.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS = 8 };

/* The names still to be read, shared by all threads. */
struct job {
  libkv_client *client;
  pthread_mutex_t lock;
  char **names;
  size_t count, next, failed;
};

/* Prints an error and frees it. */
static void report(const char *what, libkv_error *error) {
  if (error) fprintf(stderr, "%s: %s: %s\n", what, error->kind_name.data, error->message.data);
  if (error && error->advice.data) fprintf(stderr, "  %s\n", error->advice.data);
  libkv_error_free(error);
}

static libkv_client *open_client(void) {
  const char *url = getenv("VAULT_URL"), *token = getenv("VAULT_TOKEN"), *ca_file = getenv("VAULT_CA_FILE");
  libkv_options *options = NULL;
  libkv_client *client = NULL;
  libkv_error *error = NULL;
  if (!url || !token) {
    fprintf(stderr, "VAULT_URL and VAULT_TOKEN must be set\n");
    return NULL;
  }
  if (libkv_options_new(&options, &error) != LIBKV_OK ||
      libkv_options_set(options, "credential", "static_token", &error) != LIBKV_OK ||
      libkv_options_set(options, "credential.token", token, &error) != LIBKV_OK ||
      (ca_file && libkv_options_set(options, "ca_file", ca_file, &error) != LIBKV_OK) ||
      libkv_client_new(url, options, &client, &error) != LIBKV_OK)
    report("open", error);
  libkv_options_free(options);
  return client;
}

/* Collects the names of all secrets, page by page. */
static bool list_names(struct job *job) {
  libkv_list_options options = LIBKV_LIST_OPTIONS_INIT;
  libkv_properties_page *page = NULL, *next = NULL;
  libkv_error *error = NULL;
  do {
    if (libkv_list_properties_of_secrets(job->client, &options, &next, &error) != LIBKV_OK) break;
    /* The token that the call used belongs to the page before, which may go only now. */
    libkv_properties_page_free(page);
    page = next;
    char **names = realloc(job->names, (job->count + page->count) * sizeof *names + 1);
    if (!names) break;
    job->names = names;
    for (size_t i = 0; i < page->count; i++) names[job->count++] = strdup(page->items[i]->name.data);
    options.continuation_token = page->continuation_token.data;
  } while (options.continuation_token);
  bool is_complete = page && !page->continuation_token.data;
  libkv_properties_page_free(page);
  if (!is_complete) report("list", error);
  return is_complete;
}

static void *read_secrets(void *argument) {
  struct job *job = argument;
  for (;;) {
    pthread_mutex_lock(&job->lock);
    const char *name = job->next < job->count ? job->names[job->next++] : NULL;
    pthread_mutex_unlock(&job->lock);
    if (!name) return NULL;

    libkv_secret *secret = NULL;
    libkv_error *error = NULL;
    if (libkv_get_secret(job->client, name, NULL, NULL, &secret, &error) != LIBKV_OK) {
      report(name, error);
      pthread_mutex_lock(&job->lock);
      job->failed++;
      pthread_mutex_unlock(&job->lock);
    }
    libkv_secret_free(secret); /* zeroes the value */
  }
}

static double seconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(void) {
  struct job job = {.client = open_client(), .lock = PTHREAD_MUTEX_INITIALIZER};
  if (!job.client || !list_names(&job)) return 1;
  printf("  %-12s %s\n", "vault", libkv_client_vault_url(job.client));
  printf("  %-12s %zu\n", "secrets", job.count);
  printf("  %-12s %d, sharing one client\n", "threads", THREADS);

  double began = seconds_now();
  pthread_t threads[THREADS];
  int started = 0;
  while (started < THREADS && !pthread_create(&threads[started], NULL, read_secrets, &job)) started++;
  for (int i = 0; i < started; i++) pthread_join(threads[i], NULL);
  double took = seconds_now() - began;

  libkv_stats *stats = NULL;
  libkv_error *error = NULL;
  if (libkv_client_stats(job.client, &stats, &error) != LIBKV_OK) {
    report("stats", error);
    return 1;
  }
  printf("  %-12s %llu\n", "requests", (unsigned long long)stats->requests);
  printf("  %-12s %llu\n", "429s met", (unsigned long long)stats->throttled);
  printf("  %-12s %zu\n", "failed calls", job.failed);
  printf("=> read %zu secrets in %.1f s through %llu answers of 429; %zu calls failed\n", job.next - job.failed, took,
         (unsigned long long)stats->throttled, job.failed);

  for (size_t i = 0; i < job.count; i++) free(job.names[i]);
  free(job.names);
  libkv_stats_free(stats);
  libkv_client_free(job.client);
  return job.failed || job.next < job.count ? 1 : 0;
}
