/* Requests for tokens that a test program leaves without an answer. */

#ifndef LIBKV_TESTS_REPLIES_H
#define LIBKV_TESTS_REPLIES_H

#include <libkv.h>
#include <stdlib.h>

enum { MOST_REPLIES = 256 };

struct replies {
  libkv_token_reply *kept[MOST_REPLIES];
  int count;
};

/* May be called by several threads at a time. */
static inline void keep_reply(struct replies *replies, libkv_token_reply *reply) {
  int number = __atomic_fetch_add(&replies->count, 1, __ATOMIC_RELAXED);
  if (number >= MOST_REPLIES) abort();
  replies->kept[number] = reply;
}

static inline void free_replies(struct replies *replies) {
  for (int i = 0; i < replies->count; i++) libkv_token_reply_free(replies->kept[i]);
}

#endif
