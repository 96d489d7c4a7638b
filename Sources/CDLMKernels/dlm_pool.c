// A pool of threads that share the units of one step at a time.
//
// A worker spins for about a millisecond after its last work, then sleeps: waking a sleeping thread
// costs tens of microseconds, a spinning one a fraction of one. Units are divided into as many equal
// shares as there are threads, so that a thread finds in its cache what it has made in the step before.
// It takes its own share in ever smaller parts, then what is left of the others': a thread that sleeps,
// has lost its processor or shares it with somebody holds nobody up. Which thread does which units cannot
// be seen in the results.

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "dlm_kernels.h"

typedef struct worker {
  // The last generation that this worker has joined or the caller has closed to it, and the last that
  // it has left again.
  _Alignas(64) atomic_ulong joined;
  atomic_ulong left;
  dlm_pool *pool;
  pthread_t thread;
  int index;
} worker;

// The first unit of a thread's share that nobody has taken.
typedef struct share {
  _Alignas(64) _Atomic(int64_t) next;
} share;

struct dlm_pool {
  _Alignas(64) atomic_ulong generation;
  const dlm_step *step;
  dlm_run *run;
  char *scratch;
  int64_t scratch_stride;
  share *shares;
  _Alignas(64) atomic_int sleepers;
  atomic_int stopping;
  atomic_flag busy;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  int threads, started;
  worker workers[];
};

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ll + t.tv_nsec;
}

int dlm_processor_count(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  return count > 0 ? (int)count : 1;
}

int dlm_is_cancelled(dlm_run *run) {
  if (run->wants_end == NULL) return 0;
  if (__atomic_load_n(&run->cancelled, __ATOMIC_RELAXED)) return 1;
  if (!run->wants_end(run->asker)) return 0;
  __atomic_store_n(&run->cancelled, 1, __ATOMIC_RELAXED);
  return 1;
}

static int64_t at_most(int64_t x, int64_t limit) { return x < limit ? x : limit; }

static int64_t share_begin(const dlm_pool *pool, int index) {
  return pool->step->units * index / pool->threads;
}

// Does units of the step as thread `index` until all are taken: of each share half of what is left, so
// that few claims are made and the last are small, but no more than a piece.
static void do_units(dlm_pool *pool, int index) {
  const dlm_step *step = pool->step;
  for (int i = 0; i < pool->threads; i++) {
    int owner = (index + i) % pool->threads;
    _Atomic(int64_t) *next = &pool->shares[owner].next;
    int64_t end = share_begin(pool, owner + 1);
    for (;;) {
      int64_t few = (end - atomic_load_explicit(next, memory_order_relaxed) + 1) / 2;
      if (few < 1) break;
      if (dlm_is_cancelled(pool->run)) return;
      few = at_most(few, step->piece);
      int64_t begin = atomic_fetch_add_explicit(next, few, memory_order_relaxed);
      if (begin >= end) break;
      step->work(
          step->arguments, pool->run, begin, at_most(begin + few, end),
          pool->scratch + index * pool->scratch_stride);
    }
  }
}

// Whether the caller of this is the one who lets worker `w` into `generation`, or keeps it out.
static int join(worker *w, unsigned long generation) {
  unsigned long before = generation - 1;
  return atomic_compare_exchange_strong(&w->joined, &before, generation);
}

// Returns the generation that follows `seen`; spins first, then sleeps.
static unsigned long await(dlm_pool *pool, unsigned long seen) {
  int64_t deadline = 0;
  for (;;) {
    for (int i = 0; i < 512; i++) {
      unsigned long now = atomic_load_explicit(&pool->generation, memory_order_acquire);
      if (now != seen) return now;
      pause_briefly();
    }
    int64_t time = now_ns();
    if (deadline == 0) deadline = time + 1000000;
    if (time < deadline) continue;
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (atomic_load(&pool->generation) == seen) pthread_cond_wait(&pool->wake, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
    deadline = 0;
  }
}

static void *work(void *argument) {
  worker *me = argument;
  dlm_pool *pool = me->pool;
  unsigned long seen = 0;
  for (;;) {
    seen = await(pool, seen);
    if (atomic_load_explicit(&pool->stopping, memory_order_relaxed)) return NULL;
    // What the pool holds is of this generation as long as this worker has not left it.
    if (!join(me, seen)) continue;
    do_units(pool, me->index);
    atomic_store_explicit(&me->left, seen, memory_order_release);
  }
}

static void announce(dlm_pool *pool) {
  atomic_fetch_add(&pool->generation, 1);
  if (atomic_load(&pool->sleepers) == 0) return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void fork_join(dlm_pool *pool, const dlm_step *step, dlm_run *run, char *scratch, int64_t stride) {
  pool->step = step;
  pool->run = run;
  pool->scratch = scratch;
  pool->scratch_stride = stride;
  for (int i = 0; i < pool->threads; i++)
    atomic_store_explicit(&pool->shares[i].next, share_begin(pool, i), memory_order_relaxed);
  announce(pool);
  do_units(pool, 0);
  // All units are taken: who has not come yet need not, the others are nearly done.
  unsigned long generation = atomic_load_explicit(&pool->generation, memory_order_relaxed);
  for (int i = 0; i < pool->started; i++) {
    worker *w = &pool->workers[i];
    if (join(w, generation)) continue;
    long spins = 0;
    while (atomic_load_explicit(&w->left, memory_order_acquire) != generation) {
      pause_briefly();
      // The worker may have lost its processor to another process; let it have ours.
      if (++spins > 20000) sched_yield();
    }
  }
}

dlm_pool *dlm_pool_create(int threads) {
  int processors = dlm_processor_count();
  if (threads > processors) threads = processors;
  if (threads < 1) threads = 1;
  void *memory;
  size_t size = sizeof(dlm_pool) + (size_t)threads * (sizeof(worker) + sizeof(share));
  if (posix_memalign(&memory, 64, (size + 63) & ~(size_t)63) != 0) return NULL;
  dlm_pool *pool = memory;
  pool->shares = (share *)(pool->workers + threads);
  for (int i = 0; i < threads; i++) atomic_init(&pool->shares[i].next, 0);
  atomic_init(&pool->generation, 0);
  atomic_init(&pool->sleepers, 0);
  atomic_init(&pool->stopping, 0);
  atomic_flag_clear(&pool->busy);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  pool->threads = threads;
  pool->started = 0;
  for (int i = 1; i < threads; i++) {
    worker *w = &pool->workers[i - 1];
    atomic_init(&w->joined, 0);
    atomic_init(&w->left, 0);
    w->pool = pool;
    w->index = i;
    if (pthread_create(&w->thread, NULL, work, w) != 0) {
      dlm_pool_destroy(pool);
      return NULL;
    }
    pool->started++;
  }
  return pool;
}

void dlm_pool_destroy(dlm_pool *pool) {
  atomic_store(&pool->stopping, 1);
  announce(pool);
  for (int i = 0; i < pool->started; i++) pthread_join(pool->workers[i].thread, NULL);
  pthread_mutex_destroy(&pool->mutex);
  pthread_cond_destroy(&pool->wake);
  free(pool);
}

// All units on this thread.
static void do_alone(const dlm_step *step, dlm_run *run, char *scratch) {
  for (int64_t begin = 0; begin < step->units; begin += step->piece) {
    if (dlm_is_cancelled(run)) return;
    step->work(step->arguments, run, begin, at_most(begin + step->piece, step->units), scratch);
  }
}

void dlm_run_steps(
    dlm_pool *pool, const dlm_step *steps, int64_t count, dlm_run *run, char *scratch,
    int64_t scratch_stride) {
  // Who finds the threads taken by another run does all the work itself.
  int mine = pool->threads > 1 && !atomic_flag_test_and_set(&pool->busy);
  for (int64_t i = 0; i < count; i++) {
    const dlm_step *step = &steps[i];
    if (mine && step->parallel && step->units > 1)
      fork_join(pool, step, run, scratch, scratch_stride);
    else
      do_alone(step, run, scratch);
    if (__builtin_expect(run->failure.instruction >= 0 || run->cancelled, 0)) break;
  }
  if (mine) atomic_flag_clear(&pool->busy);
}
