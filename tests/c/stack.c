/* Threads with no more stack than the header asks for make calls of every kind, the first of the process among them. */

#define _POSIX_C_SOURCE 200809L
#include "open.h"
#include <libkv.h>
#include <pthread.h>

enum { PROMISED_KIB = 256 };

static size_t stack_size;
static libkv_client *client;

/* Runs a task on a thread of its own, with the stack that is tried. */
static void on_small_stack(void *(*task)(void *), void *argument) {
  pthread_attr_t attributes;
  pthread_t thread;
  CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, stack_size) == 0);
  CHECK(pthread_create(&thread, &attributes, task, argument) == 0 && pthread_join(thread, NULL) == 0);
  pthread_attr_destroy(&attributes);
}

static void *open_it(void *unused) {
  client = open_client();
  return unused;
}

static void *open_with_the_systems_certificates(void *unused) {
  libkv_options *options = NULL;
  libkv_client *other = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "credential", "default", NULL) == LIBKV_OK);
  libkv_client_new("https://contoso.vault.azure.net", options, &other, NULL);
  libkv_options_free(options);
  libkv_client_free(other);
  return unused;
}

static void *log_in(void *unused) {
  const char *const pairs[][2] = {{"ca_file", given("VAULT_CA_FILE")},
                                  {"credential", "client_secret"},
                                  {"credential.authority_host", given("VAULT_URL")},
                                  {"credential.tenant_id", "6c69626b-7600-4000-8000-6c6f63616c00"},
                                  {"credential.client_id", "11111111-0000-4000-8000-000000000000"},
                                  {"credential.client_secret", "s3cr3t"}};
  libkv_options *options = NULL;
  libkv_client *other = NULL;
  libkv_secret *secret = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    CHECK(libkv_options_set(options, pairs[i][0], pairs[i][1], NULL) == LIBKV_OK);
  CHECK(libkv_client_new(given("VAULT_URL"), options, &other, NULL) == LIBKV_OK);
  CHECK(libkv_try_get_secret(other, "stack-none", NULL, NULL, &secret, NULL) == LIBKV_OK && !secret);
  libkv_options_free(options);
  libkv_client_free(other);
  return unused;
}

static void *write_and_read(void *unused) {
  libkv_secret *secret = NULL;
  CHECK(libkv_set_secret(client, "stack", "value", 5, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_get_secret(client, "stack", NULL, NULL, &secret, NULL) == LIBKV_OK && secret);
  libkv_secret_free(secret);
  return unused;
}

static void *fail(void *unused) {
  libkv_secret *secret = NULL;
  libkv_error *error = NULL;
  CHECK(libkv_get_secret(client, "stack-none", NULL, NULL, &secret, &error) == LIBKV_ERROR_NOT_FOUND && error);
  libkv_error_free(error);
  return unused;
}

static void *read_many(void *unused) {
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  CHECK(libkv_get_secrets(client, NULL, &results, NULL) == LIBKV_OK);
  while (libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result) libkv_secret_result_free(result);
  libkv_secret_results_free(results);
  return unused;
}

static void *look_at_versions(void *unused) {
  libkv_secret_history *history = NULL;
  libkv_properties_list *disabled = NULL;
  libkv_properties_page *page = NULL;
  CHECK(libkv_get_secret_history(client, "stack", NULL, &history, NULL) == LIBKV_OK && history->count);
  libkv_secret_history_free(history);
  CHECK(libkv_prune_secret_versions(client, "stack", 1, NULL, &disabled, NULL) == LIBKV_OK);
  libkv_properties_list_free(disabled);
  CHECK(libkv_list_properties_of_secrets(client, NULL, &page, NULL) == LIBKV_OK && page->count);
  libkv_properties_page_free(page);
  return unused;
}

static void *back_up_and_delete(void *unused) {
  libkv_bytes *backup = NULL;
  libkv_poller *poller = NULL;
  CHECK(libkv_backup_secret(client, "stack", NULL, &backup, NULL) == LIBKV_OK);
  CHECK(libkv_begin_delete_secret(client, "stack", NULL, &poller, NULL) == LIBKV_OK);
  CHECK(libkv_poller_wait(poller, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_purge_deleted_secret(client, "stack", NULL, NULL) == LIBKV_OK);
  CHECK(libkv_restore_secret_backup(client, backup->data, backup->len, NULL, NULL, NULL) == LIBKV_OK);
  libkv_poller_free(poller);
  libkv_bytes_free(backup);
  return unused;
}

static void *diagnose(void *unused) {
  libkv_diagnosis *diagnosis = NULL;
  CHECK(libkv_diagnose(client, NULL, &diagnosis, NULL) == LIBKV_OK && diagnosis->count == 7);
  libkv_diagnosis_free(diagnosis);
  return unused;
}

static void hear(void *records, const libkv_log_record *record) { *(size_t *)records += record->message.len > 0; }

static void *log_a_call(void *records) {
  CHECK(libkv_set_log(LIBKV_LOG_TRACE, hear, records, NULL, NULL) == LIBKV_OK);
  fail(NULL);
  CHECK(libkv_set_log(0, NULL, NULL, NULL, NULL) == LIBKV_OK);
  return NULL;
}

static void *shut_down(void *unused) {
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  return unused;
}

static void *close_it(void *unused) {
  libkv_client_free(client);
  return unused;
}

int main(int count, char **arguments) {
  void *(*const tasks[])(void *) = {open_it,
                                    open_with_the_systems_certificates,
                                    log_in,
                                    write_and_read,
                                    fail,
                                    read_many,
                                    look_at_versions,
                                    back_up_and_delete,
                                    diagnose,
                                    shut_down,
                                    write_and_read,
                                    close_it,
                                    open_it,
                                    write_and_read};
  size_t records = 0;
  stack_size = (count > 1 ? strtoul(arguments[1], NULL, 10) : PROMISED_KIB) * 1024;
  for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) on_small_stack(tasks[i], NULL);
  on_small_stack(log_a_call, &records);
  CHECK(records > 0);
  on_small_stack(shut_down, NULL);
  on_small_stack(close_it, NULL);
  return summary();
}
