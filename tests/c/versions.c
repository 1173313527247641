/* A secret's versions as lists, and absence that is no failure. */

#include "open.h"
#include <libkv.h>

static libkv_client *client;

static void set(const char *name, const char *value) {
  CHECK(libkv_set_secret(client, name, value, strlen(value), NULL, NULL, NULL) == LIBKV_OK);
}

static void none_is_a_success_without_a_secret(void) {
  libkv_secret *secret = (libkv_secret *)"what the place held before";
  libkv_error *error = NULL;
  CHECK(libkv_try_get_secret(client, "versions-none", NULL, NULL, &secret, &error) == LIBKV_OK && !secret && !error);
  set("versions-some", "v");
  CHECK(libkv_try_get_secret(client, "versions-some", "", NULL, &secret, &error) == LIBKV_OK && secret && !error);
  CHECK(secret && !strcmp(secret->value.data, "v") && !secret->stale);
  libkv_secret_free(secret);
}

static void a_history_is_pruned_and_rolled_back(void) {
  libkv_secret_history *history = NULL;
  libkv_properties_list *disabled = NULL;
  libkv_secret *secret = NULL;
  for (const char *const *value = (const char *[]){"1", "2", "3", NULL}; *value; value++) set("versions", *value);
  CHECK(libkv_get_secret_history(client, "versions", NULL, &history, NULL) == LIBKV_OK && history);
  CHECK(history->count == 3 && history->items[0]->current && !history->items[1]->current &&
        !history->items[2]->current);
  CHECK(libkv_get_secret(client, "versions", history->items[0]->properties->version.data, NULL, &secret, NULL) ==
        LIBKV_OK);
  CHECK(secret && !strcmp(secret->value.data, "3"));
  libkv_secret_free(secret);

  CHECK(libkv_prune_secret_versions(client, "versions", 2, NULL, &disabled, NULL) == LIBKV_OK && disabled);
  CHECK(disabled->count == 1 && !disabled->items[0]->enabled);
  CHECK(!strcmp(disabled->items[0]->version.data, history->items[2]->properties->version.data));
  libkv_properties_list_free(disabled);
  CHECK(libkv_prune_secret_versions(client, "versions", UINT32_MAX, NULL, &disabled, NULL) == LIBKV_OK && disabled);
  CHECK(disabled->count == 0);
  libkv_properties_list_free(disabled);

  const char *older = history->items[1]->properties->version.data;
  CHECK(libkv_rollback_secret(client, "versions", older, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_rollback_secret(client, "versions", older, NULL, &secret, NULL) == LIBKV_OK && secret);
  CHECK(strcmp(secret->properties->version.data, older) != 0);
  CHECK(libkv_prune_secret_versions(client, "versions", 1, NULL, NULL, NULL) == LIBKV_OK);
  libkv_secret_free(secret);
  libkv_secret_history_free(history);
}

static void a_purge_waits_for_the_deletion(void) {
  libkv_purge_deleted_secret_options options = LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT;
  libkv_deleted_secret *deleted = NULL;
  options.wait = 1;
  set("versions-purged", "v");
  CHECK(libkv_begin_delete_secret(client, "versions-purged", NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_purge_deleted_secret(client, "versions-purged", &options, NULL) == LIBKV_OK);
  CHECK(libkv_get_deleted_secret(client, "versions-purged", NULL, &deleted, NULL) == LIBKV_ERROR_NOT_FOUND);
}

int main(void) {
  client = open_client();
  none_is_a_success_without_a_secret();
  a_history_is_pruned_and_rolled_back();
  a_purge_waits_for_the_deletion();
  libkv_client_free(client);
  return summary();
}
