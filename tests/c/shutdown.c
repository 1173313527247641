/* A shutdown ends what is under way, each call once, leaves no thread, and lets the next call start anew. */

#define _POSIX_C_SOURCE 200809L
#include "open.h"
#include "replies.h"
#include "wait.h"
#include <dirent.h>
#include <libkv.h>
#include <pthread.h>

enum { WAITERS = 4, MANY = 100 };

/* ThreadSanitizer has a thread of its own. */
#ifdef __SANITIZE_THREAD__
enum { USUAL_THREADS = 2 };
#else
enum { USUAL_THREADS = 1 };
#endif

/* Who holds the token back, and what was told. */
struct scene {
  libkv_client *client;
  struct replies replies;
  sem_t asked, told;
  int cancelled, others;
  libkv_status from_callback, start_again;
};

static void give_no_token(void *data, const libkv_token_request *request, libkv_token_reply *reply) {
  struct scene *scene = data;
  (void)request;
  keep_reply(&scene->replies, reply);
  sem_post(&scene->asked);
}

static struct scene open_scene(void) {
  struct scene scene = {0};
  CHECK(sem_init(&scene.asked, 0, 0) == 0 && sem_init(&scene.told, 0, 0) == 0);
  return scene;
}

static void open_without_answer(struct scene *scene) {
  libkv_options *options = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "ca_file", given("VAULT_CA_FILE"), NULL) == LIBKV_OK);
  CHECK(libkv_options_set_token_callback(options, give_no_token, scene, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_client_new(given("VAULT_URL"), options, &scene->client, NULL) == LIBKV_OK);
  libkv_options_free(options);
}

static int threads(void) {
  DIR *folder = opendir("/proc/self/task");
  int count = -2;
  while (folder && readdir(folder)) count++;
  if (folder) closedir(folder);
  return count;
}

/* A thread that was waited for is still counted for a moment. */
static bool only_the_usual_threads_are_left(void) {
  const struct timespec moment = {0, 1000000};
  for (int i = 0; i < PATIENCE_SECONDS * 1000 && threads() > USUAL_THREADS; i++) nanosleep(&moment, NULL);
  return threads() == USUAL_THREADS;
}

static void ignore(void *data, libkv_secret *secret, libkv_error *error) {
  (void)data;
  libkv_secret_free(secret);
  libkv_error_free(error);
}

static void tell(void *data, libkv_secret *secret, libkv_error *error) {
  struct scene *scene = data;
  bool is_cancelled = !secret && error && error->kind == LIBKV_ERROR_CANCELLED;
  __atomic_fetch_add(is_cancelled ? &scene->cancelled : &scene->others, 1, __ATOMIC_RELAXED);
  libkv_status status = libkv_shutdown(NULL);
  __atomic_store_n(&scene->from_callback, status, __ATOMIC_RELAXED);
  status = libkv_get_secret_async(scene->client, "n", NULL, NULL, ignore, NULL, NULL, NULL);
  __atomic_store_n(&scene->start_again, status, __ATOMIC_RELAXED);
  ignore(NULL, secret, error);
}

static void *look(void *argument) {
  struct scene *scene = argument;
  libkv_secret *secret = NULL;
  sem_post(&scene->told);
  return (void *)(uintptr_t)libkv_get_secret(scene->client, "n", NULL, NULL, &secret, NULL);
}

static void calls_under_way_end(void) {
  struct scene scene = open_scene();
  pthread_t waiters[WAITERS];
  open_without_answer(&scene);
  for (int i = 0; i < MANY; i++)
    CHECK(libkv_get_secret_async(scene.client, "n", NULL, NULL, tell, &scene, NULL, NULL) == LIBKV_OK);
  for (int i = 0; i < WAITERS; i++) CHECK(pthread_create(&waiters[i], NULL, look, &scene) == 0);
  for (int i = 0; i < WAITERS; i++) CHECK(arrives(&scene.told));
  CHECK(arrives(&scene.asked) && threads() > USUAL_THREADS + WAITERS);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  CHECK(scene.cancelled == MANY && scene.others == 0);
  CHECK(scene.from_callback == LIBKV_ERROR_INVALID_STATE && scene.start_again == LIBKV_ERROR_INVALID_STATE);
  for (int i = 0; i < WAITERS; i++) {
    void *status = NULL;
    CHECK(pthread_join(waiters[i], &status) == 0);
    CHECK((uintptr_t)status == LIBKV_ERROR_CANCELLED || (uintptr_t)status == LIBKV_ERROR_INVALID_STATE);
  }
  CHECK(only_the_usual_threads_are_left());
  /* Both are harmless after it. */
  CHECK(libkv_token_reply_send(scene.replies.kept[0], "late", 4, LIBKV_UNSET, LIBKV_UNSET, NULL) == LIBKV_OK);
  free_replies(&scene.replies);
  libkv_client_free(scene.client);
}

static void the_next_call_starts_anew(void) {
  libkv_client *client = open_client();
  for (int i = 0; i < 3; i++) {
    libkv_secret *secret = NULL;
    CHECK(libkv_set_secret(client, "shutdown-one", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
    CHECK(libkv_get_secret(client, "shutdown-one", NULL, NULL, &secret, NULL) == LIBKV_OK && secret);
    CHECK(libkv_shutdown(NULL) == LIBKV_OK && only_the_usual_threads_are_left());
    CHECK(libkv_shutdown(NULL) == LIBKV_OK);
    CHECK(secret && !strcmp(secret->value.data, "v"));
    libkv_secret_free(secret);
  }
  libkv_client_free(client);
}

static void results_end(void) {
  libkv_client *client = open_client();
  libkv_named_value values[] = {{"shutdown-a", LIBKV_STR("v")}, {"shutdown-b", LIBKV_STR("v")}};
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  CHECK(libkv_set_secrets(client, values, 2, NULL, &results, NULL) == LIBKV_OK);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result && result->secret);
  libkv_secret_result_free(result);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result);
  CHECK(result && (result->secret || result->error->kind == LIBKV_ERROR_CANCELLED));
  libkv_secret_result_free(result);
  libkv_secret_results_free(results);
  libkv_client_free(client);
}

int main(void) {
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  calls_under_way_end();
  the_next_call_starts_anew();
  results_end();
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  return summary();
}
