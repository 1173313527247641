/* Many secrets at once: their results one by one, progress, and what ends early or in another process. */

#define _POSIX_C_SOURCE 200809L
#include "open.h"
#include <libkv.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MORE_THAN_A_PAGE = 26 };

static libkv_client *client;
static const char *const names[] = {"many-a", "many-b", "many-none", "many-c"};
static const libkv_named_value values[] = {
    {"many-a", LIBKV_STR("1")}, {"many-b", LIBKV_STR("2\0")}, {"many-c", LIBKV_STR("")}};

struct told {
  size_t calls, done, total;
  pthread_t thread;
  bool can_call;
};

/* Notes what it is told, and by which thread; libkv can be called from here. */
static void note(void *data, size_t done, size_t total) {
  struct told *told = data;
  libkv_secret *secret = NULL;
  *told = (struct told){told->calls + 1, done, total, pthread_self(), false};
  told->can_call = libkv_try_get_secret(client, "many-none", NULL, NULL, &secret, NULL) == LIBKV_OK && !secret;
}

static libkv_secret_results *get_all(void) {
  libkv_get_secrets_options options = LIBKV_GET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  options.names = names;
  options.name_count = sizeof names / sizeof *names;
  CHECK(libkv_get_secrets(client, &options, &results, NULL) == LIBKV_OK && results);
  return results;
}

/* Takes the results that are left, and tells how many they are. */
static size_t drain(libkv_secret_results *results) {
  libkv_secret_result *result = NULL;
  size_t count = 0;
  while (libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result) {
    libkv_secret_result_free(result);
    count++;
  }
  return count;
}

static void sets_tell_their_progress(void) {
  libkv_set_secrets_options options = LIBKV_SET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  struct told told = {0};
  options.content_type = "text/plain";
  options.on_progress = note;
  options.progress_data = &told;
  CHECK(libkv_set_secrets(client, values, 3, &options, &results, NULL) == LIBKV_OK && told.calls == 0);
  CHECK(drain(results) == 3 && told.calls == 3 && told.done == 3 && told.total == 3);
  CHECK(pthread_equal(told.thread, pthread_self()) && told.can_call);
  libkv_secret_results_free(results);
}

static void each_result_has_a_secret_or_an_error(void) {
  libkv_secret_results *results = get_all();
  libkv_secret_result *result[5] = {NULL};
  for (size_t i = 0; i < 5; i++) CHECK(libkv_secret_results_next(results, &result[i], NULL) == LIBKV_OK);
  libkv_secret_results_free(results);
  for (size_t i = 0; i < 4; i++) CHECK(result[i] && !strcmp(result[i]->name.data, names[i]));
  for (size_t i = 0; i < 4; i++) CHECK(!result[i]->secret == !!result[i]->error);
  CHECK(result[1]->secret->value.len == 2 && !memcmp(result[1]->secret->value.data, "2\0", 3));
  CHECK(!strcmp(result[3]->secret->properties->content_type.data, "text/plain") && !result[3]->secret->stale);
  CHECK(result[2]->error->kind == LIBKV_ERROR_NOT_FOUND && result[2]->error->status == 404);
  CHECK(!result[4]);
  for (size_t i = 0; i < 5; i++) libkv_secret_result_free(result[i]);
}

static void what_has_not_begun_is_not_done_after_an_early_end(void) {
  libkv_named_value ordered[] = {{"many-first", LIBKV_STR("1")}, {"many-second", LIBKV_STR("2")}};
  libkv_set_secrets_options options = LIBKV_SET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  libkv_secret *secret = NULL;
  options.concurrency = 1;
  CHECK(libkv_set_secrets(client, ordered, 2, &options, &results, NULL) == LIBKV_OK);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result && result->secret);
  libkv_secret_results_free(results);
  libkv_secret_result_free(result);
  CHECK(libkv_try_get_secret(client, "many-second", NULL, NULL, &secret, NULL) == LIBKV_OK && !secret);
}

static void results_outlive_their_client(void) {
  libkv_client *other = open_client();
  libkv_secret_results *results = NULL;
  CHECK(libkv_get_secrets(other, NULL, &results, NULL) == LIBKV_OK);
  libkv_client_close(other);
  libkv_client_free(other);
  CHECK(drain(results) == 4);
  libkv_secret_results_free(results);
}

static void *drain_on_a_thread(void *results) { return (void *)(uintptr_t)drain(results); }

static void threads_take_turns(void) {
  libkv_secret_results *results = get_all();
  pthread_t threads[2];
  void *counts[2] = {NULL, NULL};
  for (int i = 0; i < 2; i++) CHECK(pthread_create(&threads[i], NULL, drain_on_a_thread, results) == 0);
  for (int i = 0; i < 2; i++) CHECK(pthread_join(threads[i], &counts[i]) == 0);
  CHECK((uintptr_t)counts[0] + (uintptr_t)counts[1] == 4);
  libkv_secret_results_free(results);
}

/* A child that waited for the tasks of its parent's threads would never end. */
static void the_child_of_a_fork_is_refused(void) {
  libkv_secret_results *results = get_all();
  libkv_secret_result *result = NULL;
  int status = -1;
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result);
  libkv_secret_result_free(result);
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    bool is_right = libkv_secret_results_next(results, &result, NULL) == LIBKV_ERROR_INVALID_STATE && !result;
    libkv_secret_results_free(results);
    is_right = is_right && drain(results = get_all()) == 4;
    /* What belongs to the parent is left as it is, which a check for leaks at an ordinary end would report. */
    execlp(is_right ? "true" : "false", "", (char *)NULL);
    _exit(1);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
  CHECK(drain(results) == 3);
  libkv_secret_results_free(results);
}

static void a_total_is_unknown_while_the_vault_lists(void) {
  char numbered[MORE_THAN_A_PAGE][16];
  libkv_named_value many[MORE_THAN_A_PAGE];
  libkv_get_secrets_options options = LIBKV_GET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  struct told told = {0};
  for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
    snprintf(numbered[i], sizeof numbered[i], "many-page-%d", i);
    many[i] = (libkv_named_value){numbered[i], LIBKV_STR("v")};
  }
  CHECK(libkv_set_secrets(client, many, MORE_THAN_A_PAGE, NULL, &results, NULL) == LIBKV_OK);
  CHECK(drain(results) == MORE_THAN_A_PAGE);
  libkv_secret_results_free(results);
  options.concurrency = 1;
  options.on_progress = note;
  options.progress_data = &told;
  CHECK(libkv_get_secrets(client, &options, &results, NULL) == LIBKV_OK);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result && told.total == SIZE_MAX);
  libkv_secret_result_free(result);
  size_t rest = drain(results);
  CHECK(told.total == rest + 1 && told.total >= MORE_THAN_A_PAGE && told.done == told.total);
  libkv_secret_results_free(results);
}

int main(void) {
  client = open_client();
  sets_tell_their_progress();
  each_result_has_a_secret_or_an_error();
  what_has_not_begun_is_not_done_after_an_early_end();
  results_outlive_their_client();
  threads_take_turns();
  the_child_of_a_fork_is_refused();
  a_total_is_unknown_while_the_vault_lists();
  libkv_client_free(client);
  return summary();
}
