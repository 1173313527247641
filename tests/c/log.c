/* What libkv does is told to one callback: by the thread of a blocking call, by one of libkv's own otherwise. */

#define _POSIX_C_SOURCE 200809L
#include "open.h"
#include "wait.h"
#include <libkv.h>
#include <pthread.h>

/* What a callback has heard. */
struct ear {
  pthread_mutex_t mutex;
  int records, here, operations;
  pthread_t listener;
  char target[64], operation[64], outcome[64];
  bool has_secret, is_too_fine;
  sem_t operation_ended, released;
  libkv_status from_callback;
};

static struct ear new_ear(void) {
  struct ear ear = {.mutex = PTHREAD_MUTEX_INITIALIZER, .listener = pthread_self()};
  CHECK(sem_init(&ear.operation_ended, 0, 0) == 0 && sem_init(&ear.released, 0, 0) == 0);
  return ear;
}

static void hear(void *data, const libkv_log_record *record) {
  struct ear *ear = data;
  bool is_operation = !strcmp(record->target.data, "libkv::operation");
  pthread_mutex_lock(&ear->mutex);
  ear->records++;
  ear->here += pthread_equal(pthread_self(), ear->listener) != 0;
  ear->is_too_fine |= record->level < LIBKV_LOG_ERROR || record->level > LIBKV_LOG_DEBUG;
  ear->has_secret |= strstr(record->message.data, "log-value") != NULL;
  for (size_t i = 0; i < record->field_count; i++) {
    libkv_log_field field = record->fields[i];
    ear->has_secret |= strstr(field.value.data, "log-value") || strstr(field.value.data, given("VAULT_TOKEN"));
    if (is_operation && !strcmp(field.name.data, "operation"))
      snprintf(ear->operation, sizeof ear->operation, "%s", field.value.data);
    if (is_operation && !strcmp(field.name.data, "outcome"))
      snprintf(ear->outcome, sizeof ear->outcome, "%s", field.value.data);
  }
  if (is_operation) ear->operations++;
  ear->from_callback = libkv_shutdown(NULL);
  pthread_mutex_unlock(&ear->mutex);
  if (is_operation) sem_post(&ear->operation_ended);
}

static void release(void *data) { sem_post(&((struct ear *)data)->released); }

static void drop(void *data, libkv_secret *secret, libkv_error *error) {
  libkv_secret_free(secret);
  libkv_error_free(error);
  sem_post(data);
}

static void records_say_what_happens(libkv_client *client) {
  struct ear ear = new_ear();
  libkv_secret *secret = NULL;
  CHECK(libkv_set_log(LIBKV_LOG_DEBUG, hear, &ear, release, NULL) == LIBKV_OK);
  CHECK(libkv_set_secret(client, "log-name", "log-value", 9, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(arrives(&ear.operation_ended) && ear.here > 0 && ear.records >= 3);
  CHECK(!strcmp(ear.operation, "set_secret") && !strcmp(ear.outcome, "ok"));
  CHECK(libkv_get_secret(client, "log-none", NULL, NULL, &secret, NULL) == LIBKV_ERROR_NOT_FOUND);
  CHECK(arrives(&ear.operation_ended) && !strcmp(ear.operation, "get_secret") && !strcmp(ear.outcome, "not_found"));
  CHECK(ear.from_callback == LIBKV_ERROR_INVALID_STATE && !ear.has_secret && !ear.is_too_fine);
  CHECK(libkv_set_log(0, NULL, NULL, NULL, NULL) == LIBKV_OK && arrives(&ear.released));
  int heard = ear.records;
  CHECK(libkv_get_secret(client, "log-name", NULL, NULL, &secret, NULL) == LIBKV_OK && ear.records == heard);
  libkv_secret_free(secret);
}

static void what_is_asynchronous_is_told_by_another_thread(libkv_client *client) {
  struct ear ear = new_ear();
  sem_t done;
  CHECK(sem_init(&done, 0, 0) == 0);
  CHECK(libkv_set_log(LIBKV_LOG_DEBUG, hear, &ear, release, NULL) == LIBKV_OK);
  CHECK(libkv_get_secret_async(client, "log-name", NULL, NULL, drop, &done, NULL, NULL) == LIBKV_OK);
  CHECK(arrives(&ear.operation_ended) && arrives(&done) && ear.here == 0);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK && !ear.has_secret);
  CHECK(libkv_set_log(0, NULL, NULL, NULL, NULL) == LIBKV_OK && arrives(&ear.released));
}

static void levels_and_ownership(libkv_client *client) {
  struct ear ear = new_ear(), other = new_ear();
  libkv_error *error = NULL;
  for (int level = 0; level <= 6; level += 6) {
    CHECK(libkv_set_log(level, hear, &ear, release, &error) == LIBKV_ERROR_INVALID_ARGUMENT);
    CHECK(error && !strncmp(error->message.data, "level:", 6) && arrives(&ear.released));
    libkv_error_free(error);
  }
  CHECK(libkv_set_log(LIBKV_LOG_ERROR, hear, &ear, release, NULL) == LIBKV_OK);
  CHECK(libkv_set_log(LIBKV_LOG_ERROR, hear, &other, release, NULL) == LIBKV_OK && arrives(&ear.released));
  CHECK(libkv_set_secret(client, "log-name", "v", 1, NULL, NULL, NULL) == LIBKV_OK && other.records == 0);
  CHECK(libkv_set_log(LIBKV_LOG_ERROR, NULL, &ear, release, NULL) == LIBKV_OK);
  CHECK(arrives(&ear.released) && arrives(&other.released));
  CHECK(sem_trywait(&ear.released) && sem_trywait(&other.released));
}

int main(void) {
  libkv_client *client = open_client();
  records_say_what_happens(client);
  what_is_asynchronous_is_told_by_another_thread(client);
  levels_and_ownership(client);
  libkv_client_free(client);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  return summary();
}
