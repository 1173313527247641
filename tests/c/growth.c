/* Options that end in memory with more behind them: a library that knows more members does not read on.
 *
 * tests/c/run.py compiles this also against headers in which the structures end earlier. */

#include "open.h"
#include <libkv.h>

/* Declares the options `known`, which are followed by what would be refused or crash if it were read. */
#define KNOWN(type, init)                                                                                              \
  struct {                                                                                                             \
    type options;                                                                                                      \
    unsigned char beyond[256];                                                                                         \
  } known = {init, {0}};                                                                                               \
  memset(known.beyond, 0xA5, sizeof known.beyond)

static libkv_client *client;

static void a_secret_is_written(void) {
  KNOWN(libkv_set_secret_options, LIBKV_SET_SECRET_OPTIONS_INIT);
  libkv_secret *secret = NULL;
  known.options.content_type = "text/plain";
  CHECK(libkv_set_secret(client, "growth", "v", 1, &known.options, &secret, NULL) == LIBKV_OK && secret);
  CHECK(secret && !strcmp(secret->properties->content_type.data, "text/plain"));
  CHECK(secret && secret->properties->tag_count == 0 && secret->properties->enabled == 1);
  libkv_secret_free(secret);
}

static void properties_are_updated(void) {
  KNOWN(libkv_update_secret_properties_options, LIBKV_UPDATE_SECRET_PROPERTIES_OPTIONS_INIT);
  libkv_secret_properties *properties = NULL;
  known.options.content_type = "text/html";
  CHECK(libkv_update_secret_properties(client, "growth", NULL, &known.options, &properties, NULL) == LIBKV_OK);
  CHECK(properties && !strcmp(properties->content_type.data, "text/html") && properties->enabled == 1);
  libkv_secret_properties_free(properties);
}

static void secrets_are_listed(void) {
  KNOWN(libkv_list_options, LIBKV_LIST_OPTIONS_INIT);
  libkv_properties_page *page = NULL;
  known.options.max_page_size = 1;
  CHECK(libkv_list_properties_of_secrets(client, &known.options, &page, NULL) == LIBKV_OK && page);
  CHECK(page && page->count == 1);
  libkv_properties_page_free(page);
}

/* Takes the only result, which is to have a secret. */
static void take_one(libkv_secret_results *results) {
  libkv_secret_result *result = NULL;
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && result && result->secret);
  libkv_secret_result_free(result);
  CHECK(libkv_secret_results_next(results, &result, NULL) == LIBKV_OK && !result);
  libkv_secret_results_free(results);
}

static void many_are_written_and_read(void) {
  const libkv_named_value value = {"growth", LIBKV_STR("w")};
  libkv_secret_results *results = NULL;
  {
    KNOWN(libkv_set_secrets_options, LIBKV_SET_SECRETS_OPTIONS_INIT);
    known.options.content_type = "text/plain";
    CHECK(libkv_set_secrets(client, &value, 1, &known.options, &results, NULL) == LIBKV_OK && results);
    take_one(results);
  }
  KNOWN(libkv_get_secrets_options, LIBKV_GET_SECRETS_OPTIONS_INIT);
  CHECK(libkv_get_secrets(client, &known.options, &results, NULL) == LIBKV_OK && results);
  take_one(results);
}

static void a_secret_is_deleted(void) {
  KNOWN(libkv_poller_options, LIBKV_POLLER_OPTIONS_INIT);
  known.options.polling_interval_ms = 10;
  CHECK(libkv_begin_delete_secret(client, "growth", &known.options, NULL, NULL) == LIBKV_OK);
}

static void a_secret_is_purged(void) {
  KNOWN(libkv_purge_deleted_secret_options, LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT);
  known.options.wait = 1;
  CHECK(libkv_purge_deleted_secret(client, "growth", &known.options, NULL) == LIBKV_OK);
}

int main(void) {
  client = open_client();
  a_secret_is_written();
  properties_are_updated();
  secrets_are_listed();
  many_are_written_and_read();
  a_secret_is_deleted();
  a_secret_is_purged();
  libkv_client_free(client);
  return summary();
}
