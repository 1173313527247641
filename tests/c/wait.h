/* How the C test programs wait for other threads. */

#ifndef LIBKV_TESTS_WAIT_H
#define LIBKV_TESTS_WAIT_H

#include <errno.h>
#include <semaphore.h>
#include <stdbool.h>
#include <time.h>

enum { PATIENCE_SECONDS = 30 };

/* Waits for what another thread is about to do. */
static inline bool arrives(sem_t *event) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += PATIENCE_SECONDS;
  while (sem_timedwait(event, &until))
    if (errno != EINTR) return false;
  return true;
}

#endif
