/* The line protocol of tests/README.md, for the C and the C++ adapter. */

#define _POSIX_C_SOURCE 200809L
#include <libkv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The pairs of the request at hand, and the fields of its reply. */
static libkv_tag pairs[512];
static size_t pair_count;
static FILE *reply;

/* Decodes a text in place. */
static inline libkv_str decode(char *text) {
  libkv_str decoded = {text, 0};
  char *end = text;
  for (const char *c = text; *c; c++) {
    char hex[3] = {*c == '%' ? c[1] : '\0', c[1] ? c[2] : '\0', '\0'};
    *end++ = hex[0] ? (char)strtol(hex, NULL, 16) : *c;
    if (hex[0]) c += 2;
  }
  *end = '\0';
  decoded.len = (size_t)(end - text);
  return decoded;
}

static inline void parse(char *words) {
  pair_count = 0;
  for (char *word = strtok(words, " \n"); word && pair_count < 512; word = strtok(NULL, " \n")) {
    char *equals = strchr(word, '=');
    if (equals) *equals = '\0';
    pairs[pair_count].value = decode(equals ? equals + 1 : word + strlen(word));
    pairs[pair_count++].key = decode(word);
  }
}

static inline libkv_str sized(const char *key) {
  libkv_str none = {NULL, 0};
  for (size_t i = 0; i < pair_count; i++)
    if (!strcmp(pairs[i].key.data, key)) return pairs[i].value;
  return none;
}

static inline const char *text(const char *key) { return sized(key).data; }
static inline bool flag(const char *key) { return text(key) && !strcmp(text(key), "true"); }
static inline int64_t number(const char *key) { return text(key) ? strtoll(text(key), NULL, 10) : LIBKV_UNSET; }

static inline void encode(const char *data, size_t len) {
  const char *plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  for (size_t i = 0; i < len; i++)
    fprintf(reply, data[i] && strchr(plain, data[i]) ? "%c" : "%%%02X", (unsigned char)data[i]);
}

static inline void put(const char *prefix, const char *key, const char *data, size_t len) {
  fprintf(reply, " %s%s=", prefix, key);
  encode(data, len);
}

static inline void put_tag(const char *prefix, libkv_str key, libkv_str value) {
  fprintf(reply, " %stags.", prefix);
  encode(key.data, key.len);
  fprintf(reply, "=");
  encode(value.data, value.len);
}

static inline void put_number(const char *prefix, const char *key, double value) {
  fprintf(reply, " %s%s=%.15g", prefix, key, value);
}

static inline void put_flag(const char *prefix, const char *key, bool value) {
  fprintf(reply, " %s%s=%s", prefix, key, value ? "true" : "false");
}

/* Answers the requests on standard input until it ends. `answer` puts the fields, and tells whether the reply is OK. */
static inline int serve(bool (*answer)(const char *verb)) {
  char *line = NULL, *fields = NULL;
  size_t capacity = 0, length = 0;
  while (getline(&line, &capacity, stdin) > 0) {
    reply = open_memstream(&fields, &length);
    parse(line);
    bool is_ok = answer(pair_count > 1 ? pairs[1].key.data : "");
    fclose(reply);
    printf("%s %s%s\n", pairs[0].key.data, is_ok ? "OK" : "ERR", fields);
    fflush(stdout);
    free(fields);
  }
  free(line);
  return 0;
}
