/* What the C and C++ test programs check with: a failed check is printed, and counted. */

#ifndef LIBKV_TESTS_CHECK_H
#define LIBKV_TESTS_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

#define CHECK(condition) check((condition), __FILE__, __LINE__, #condition)

static inline void check(bool is_met, const char *file, int line, const char *condition) {
  /* Several threads check at a time. */
  __atomic_fetch_add(is_met ? &passed : &failed, 1, __ATOMIC_RELAXED);
  if (!is_met) fprintf(stderr, "%s:%d: failed: %s\n", file, line, condition);
}

/* Prints the program's last line, and gives its exit code. */
static inline int summary(void) {
  printf("%d passed, %d failed\n", passed, failed);
  return failed ? 1 : 0;
}

/* An environment variable that the runner sets. */
static inline const char *given(const char *name) {
  const char *value = getenv(name);
  if (value) return value;
  fprintf(stderr, "%s must be set; tests/c/run.py does\n", name);
  exit(2);
}

#endif
