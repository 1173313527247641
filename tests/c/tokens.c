/* Tokens from the program: at once, later, too late, refused or forgotten; who is called, and what is released. */

#define _POSIX_C_SOURCE 200809L
#include "open.h"
#include "wait.h"
#include <libkv.h>
#include <pthread.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CALLERS = 20 };

/* How a callback answers. */
enum manner { AT_ONCE, LATER, FAILS, FORGETS, KEEPS, ASKS_A_CLIENT, HANGS };

struct source {
  enum manner manner;
  int64_t refresh_on;
  libkv_client *other;
  /* What it notes. */
  int calls;
  pid_t process;
  char scope[128], tenant_id[128], claims[128];
  libkv_token_reply *kept;
  sem_t called, released;
};

static struct source new_source(enum manner manner) {
  struct source source = {.manner = manner, .refresh_on = LIBKV_UNSET};
  CHECK(sem_init(&source.called, 0, 0) == 0 && sem_init(&source.released, 0, 0) == 0);
  return source;
}

static void note(char *place, libkv_str text) { snprintf(place, 128, "%s", text.data ? text.data : "none"); }

static void send(libkv_token_reply *reply, const char *token, int64_t refresh_on) {
  int64_t expires_on = refresh_on == LIBKV_UNSET ? LIBKV_UNSET : refresh_on + 3600;
  CHECK(libkv_token_reply_send(reply, token, strlen(token), expires_on, refresh_on, NULL) == LIBKV_OK);
  libkv_token_reply_free(reply);
}

static void *send_on_a_thread(void *reply) {
  send(reply, given("VAULT_TOKEN"), LIBKV_UNSET);
  return NULL;
}

static void post(void *event) { sem_post(event); }

static void answer(void *data, const libkv_token_request *request, libkv_token_reply *reply) {
  struct source *source = data;
  libkv_secret *secret = NULL;
  pthread_t thread;
  source->calls++;
  source->process = getpid();
  note(source->scope, request->scope), note(source->tenant_id, request->tenant_id);
  note(source->claims, request->claims);
  switch (source->manner) {
  case AT_ONCE:
    send(reply, given("VAULT_TOKEN"), source->refresh_on);
    break;
  case LATER:
    CHECK(pthread_create(&thread, NULL, send_on_a_thread, reply) == 0 && pthread_detach(thread) == 0);
    break;
  case FAILS:
    CHECK(libkv_token_reply_fail(reply, "no badge \xe4", &source->released, post, NULL) == LIBKV_OK);
    libkv_token_reply_free(reply);
    break;
  case FORGETS:
    libkv_token_reply_free(reply);
    break;
  case KEEPS:
    source->kept = reply;
    break;
  case ASKS_A_CLIENT:
    CHECK(libkv_get_secret(source->other, "tokens-token", NULL, NULL, &secret, NULL) == LIBKV_OK);
    send(reply, secret ? secret->value.data : "none", LIBKV_UNSET);
    libkv_secret_free(secret);
    break;
  case HANGS:
    sem_post(&source->called);
    for (;;) pause();
  }
  sem_post(&source->called);
}

static void release(void *data) { sem_post(&((struct source *)data)->released); }

static libkv_client *open_with(struct source *source) {
  libkv_options *options = NULL;
  libkv_client *client = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "ca_file", given("VAULT_CA_FILE"), NULL) == LIBKV_OK);
  CHECK(libkv_options_set_token_callback(options, answer, source, source->manner == FAILS ? NULL : release, NULL) ==
        LIBKV_OK);
  CHECK(libkv_client_new(given("VAULT_URL"), options, &client, NULL) == LIBKV_OK);
  libkv_options_free(options);
  return client;
}

/* Frees a client, and waits until its callback is released. */
static void close_with(struct source *source, libkv_client *client) {
  libkv_client_free(client);
  CHECK(arrives(&source->released));
  CHECK(sem_trywait(&source->released) && errno == EAGAIN);
}

static libkv_status look(libkv_client *client, libkv_error **error) {
  libkv_secret *secret = NULL;
  libkv_status status = libkv_try_get_secret(client, "tokens-none", NULL, NULL, &secret, error);
  CHECK(!secret);
  return status;
}

static void an_answer_is_kept_by_libkv(void) {
  struct source source = new_source(AT_ONCE);
  libkv_client *client = open_with(&source);
  for (int i = 0; i < 3; i++) CHECK(look(client, NULL) == LIBKV_OK);
  CHECK(source.calls == 1 && !strncmp(source.scope, "https://localhost", 17) && strstr(source.scope, "/.default"));
  CHECK(strcmp(source.tenant_id, "none") && !strcmp(source.claims, "none"));
  close_with(&source, client);
}

static void an_answer_may_come_later_from_any_thread(void) {
  struct source source = new_source(LATER);
  libkv_client *client = open_with(&source);
  CHECK(look(client, NULL) == LIBKV_OK && source.calls == 1);
  close_with(&source, client);
}

static void *look_on_a_thread(void *client) { return (void *)(uintptr_t)look(client, NULL); }

static void many_callers_ask_once(void) {
  struct source source = new_source(LATER);
  libkv_client *client = open_with(&source);
  pthread_t threads[CALLERS];
  for (int i = 0; i < CALLERS; i++) CHECK(pthread_create(&threads[i], NULL, look_on_a_thread, client) == 0);
  for (int i = 0; i < CALLERS; i++) {
    void *status = NULL;
    CHECK(pthread_join(threads[i], &status) == 0 && (uintptr_t)status == LIBKV_OK);
  }
  CHECK(source.calls == 1);
  close_with(&source, client);
}

static void the_vault_s_claims_arrive(void) {
  struct source source = new_source(AT_ONCE);
  libkv_client *client = open_with(&source);
  libkv_secret *secret = NULL;
  CHECK(libkv_get_secret(client, "needs-claims", NULL, NULL, &secret, NULL) == LIBKV_ERROR_NOT_FOUND);
  CHECK(source.calls == 1 && !strcmp(source.claims, given("VAULT_CLAIMS")));
  close_with(&source, client);
}

static void a_token_is_refreshed_while_it_is_used(void) {
  struct source source = new_source(AT_ONCE);
  libkv_client *client = open_with(&source);
  source.refresh_on = time(NULL) - 1;
  CHECK(look(client, NULL) == LIBKV_OK && arrives(&source.called));
  CHECK(look(client, NULL) == LIBKV_OK && arrives(&source.called));
  close_with(&source, client);
}

static void a_failure_has_its_cause(void) {
  struct source source = new_source(FAILS);
  libkv_client *client = open_with(&source);
  libkv_error *error = NULL;
  libkv_diagnosis *diagnosis = NULL;
  CHECK(look(client, &error) == LIBKV_ERROR_AUTHENTICATION && error);
  CHECK(error && !strcmp(error->message.data, "the token callback failed: no badge \xef\xbf\xbd"));
  CHECK(error && error->cause == &source.released && sem_trywait(&source.released));
  libkv_error_free(error);
  CHECK(libkv_diagnose(client, NULL, &diagnosis, NULL) == LIBKV_OK && diagnosis && diagnosis->count == 7);
  const libkv_diagnosis_step *step = diagnosis->items[5];
  CHECK(!strcmp(step->name.data, "token") && !strcmp(step->verdict.data, "failed") && !step->advice.data);
  CHECK(strstr(step->detail.data, "no badge") && step->elapsed >= 0);
  libkv_diagnosis_free(diagnosis);
  libkv_client_free(client);
  for (int i = 0; i < 2; i++) CHECK(arrives(&source.called) && arrives(&source.released));
}

static void a_reply_that_is_forgotten_is_a_failure(void) {
  struct source source = new_source(FORGETS);
  libkv_client *client = open_with(&source);
  libkv_error *error = NULL;
  CHECK(look(client, &error) == LIBKV_ERROR_AUTHENTICATION && error);
  CHECK(error && strstr(error->message.data, "without an answer") && !error->cause);
  libkv_error_free(error);
  close_with(&source, client);
}

/* Makes calls that end at their deadlines, until one has got so far that a token was asked for. */
static void miss_deadlines(libkv_client *client, struct source *source) {
  libkv_call_options options = LIBKV_CALL_OPTIONS_INIT;
  int tries = 0;
  options.timeout_ms = 300;
  do {
    libkv_secret *secret = NULL;
    libkv_error *error = NULL;
    CHECK(libkv_get_secret(client, "tokens-none", NULL, &options, &secret, &error) == LIBKV_ERROR_TIMEOUT && !secret);
    CHECK(error && error->elapsed < 5);
    libkv_error_free(error);
  } while (sem_trywait(&source->called) && ++tries < 100);
  CHECK(source->calls == 1);
}

static void a_deadline_does_not_wait_for_the_answer(void) {
  struct source source = new_source(KEEPS);
  libkv_client *client = open_with(&source);
  miss_deadlines(client, &source);
  CHECK(source.kept);
  CHECK(libkv_token_reply_send(source.kept, "late", 4, LIBKV_UNSET, LIBKV_UNSET, NULL) == LIBKV_OK);
  CHECK(libkv_token_reply_send(source.kept, "twice", 5, LIBKV_UNSET, LIBKV_UNSET, NULL) == LIBKV_ERROR_INVALID_STATE);
  CHECK(libkv_token_reply_fail(source.kept, "twice", NULL, NULL, NULL) == LIBKV_ERROR_INVALID_STATE);
  libkv_token_reply_free(source.kept);
  source.manner = AT_ONCE;
  CHECK(look(client, NULL) == LIBKV_OK && source.calls == 2);
  close_with(&source, client);
}

static void a_callback_may_use_another_client(void) {
  struct source source = new_source(ASKS_A_CLIENT);
  libkv_client *client = open_with(&source);
  const char *token = given("VAULT_TOKEN");
  source.other = open_client();
  CHECK(libkv_set_secret(source.other, "tokens-token", token, strlen(token), NULL, NULL, NULL) == LIBKV_OK);
  CHECK(look(client, NULL) == LIBKV_OK && source.calls == 1);
  close_with(&source, client);
  libkv_client_free(source.other);
}

static void what_is_not_used_is_released(void) {
  struct source source = new_source(AT_ONCE);
  libkv_options *options = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_set_token_callback(options, NULL, &source, release, NULL) == LIBKV_ERROR_INVALID_ARGUMENT);
  CHECK(sem_trywait(&source.released) == 0);
  for (int i = 0; i < 2; i++)
    CHECK(libkv_options_set_token_callback(options, answer, &source, release, NULL) == LIBKV_OK);
  CHECK(sem_trywait(&source.released) == 0 && sem_trywait(&source.released));
  libkv_options_free(options);
  CHECK(sem_trywait(&source.released) == 0 && source.calls == 0);
  CHECK(libkv_token_reply_fail(NULL, "why", &source.released, post, NULL) == LIBKV_ERROR_INVALID_ARGUMENT);
  CHECK(sem_trywait(&source.released) == 0);
}

static void the_child_of_a_fork_calls_it_there(void) {
  struct source source = new_source(KEEPS);
  libkv_client *client = open_with(&source);
  int status = -1;
  miss_deadlines(client, &source);
  CHECK(source.process == getpid());
  source.manner = AT_ONCE;
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    bool is_right = look(client, NULL) == LIBKV_OK && source.calls == 2 && source.process == getpid();
    is_right = is_right && libkv_token_reply_fail(source.kept, "", NULL, NULL, NULL) == LIBKV_ERROR_INVALID_STATE;
    libkv_token_reply_free(source.kept);
    libkv_client_free(client);
    /* What belongs to the parent is left as it is, which a check for leaks at an ordinary end would report. */
    execlp(is_right ? "true" : "false", "", (char *)NULL);
    _exit(1);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
  send(source.kept, given("VAULT_TOKEN"), LIBKV_UNSET);
  CHECK(look(client, NULL) == LIBKV_OK && source.calls == 1);
  close_with(&source, client);
}

/* Its thread is there until the program ends, which does not wait for it. */
static void a_callback_that_hangs_holds_up_nobody(void) {
  static struct source source;
  source = new_source(HANGS);
  libkv_client *client = open_with(&source);
  miss_deadlines(client, &source);
  libkv_client_free(client);
  CHECK(sem_trywait(&source.released));
}

int main(void) {
  an_answer_is_kept_by_libkv();
  an_answer_may_come_later_from_any_thread();
  many_callers_ask_once();
  the_vault_s_claims_arrive();
  a_token_is_refreshed_while_it_is_used();
  a_failure_has_its_cause();
  a_reply_that_is_forgotten_is_a_failure();
  a_deadline_does_not_wait_for_the_answer();
  a_callback_may_use_another_client();
  what_is_not_used_is_released();
  the_child_of_a_fork_calls_it_there();
  a_callback_that_hangs_holds_up_nobody();
  return summary();
}
