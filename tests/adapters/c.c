/* The C adapter: speaks the line protocol of tests/README.md for libkv.h. */

#define _POSIX_C_SOURCE 200809L
#include <libkv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PAIRS 256
#define MAX_CLIENTS 64

static struct {
  char *key, *value;
  size_t len;
} pairs[MAX_PAIRS];
static size_t pair_count;

static struct {
  char name[32];
  libkv_client *client;
} clients[MAX_CLIENTS];

/* The fields of the reply to the request at hand. */
static FILE *reply;

static size_t decode(char *text) {
  char *end = text;
  for (const char *c = text; *c; c++) {
    char hex[3] = {0};
    if (*c == '%' && c[1] && c[2]) {
      memcpy(hex, c + 1, 2);
      c += 2;
    }
    *end++ = hex[0] ? (char)strtol(hex, NULL, 16) : *c;
  }
  *end = '\0';
  return (size_t)(end - text);
}

static void parse(char *words) {
  pair_count = 0;
  for (char *word = strtok(words, " "); word && pair_count < MAX_PAIRS; word = strtok(NULL, " "), pair_count++) {
    char *value = strchr(word, '=');
    pairs[pair_count].value = value ? value + 1 : word + strlen(word);
    if (value) *value = '\0';
    decode(pairs[pair_count].key = word);
    pairs[pair_count].len = decode(pairs[pair_count].value);
  }
}

static char *text(const char *key, size_t *len) {
  for (size_t i = 0; i < pair_count; i++) {
    if (strcmp(pairs[i].key, key)) continue;
    if (len) *len = pairs[i].len;
    return pairs[i].value;
  }
  return NULL;
}

static int64_t number(const char *key) {
  const char *value = text(key, NULL);
  return value ? strtoll(value, NULL, 10) : LIBKV_UNSET;
}

static void put_bytes(const char *key, const char *data, size_t len) {
  fprintf(reply, " %s=", key);
  for (size_t i = 0; i < len; i++) fprintf(reply, "%%%02X", (unsigned char)data[i]);
}

static void put_text(const char *prefix, const char *key, libkv_str value) {
  char name[2048];
  snprintf(name, sizeof name, "%s%s", prefix, key);
  if (value.data) put_bytes(name, value.data, value.len);
}

static void put_number(const char *prefix, const char *key, int64_t value) {
  if (value != LIBKV_UNSET) fprintf(reply, " %s%s=%lld", prefix, key, (long long)value);
}

static void put_flag(const char *prefix, const char *key, bool value) {
  fprintf(reply, " %s%s=%s", prefix, key, value ? "true" : "false");
}
