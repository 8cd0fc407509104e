// What a live receiver measures: the packets between two frames of the test's own EtherType. It
// prints `ready` when it listens and, when the second frame has come,
//   live packets=N drops=N cpu_ns=N thread_ns=N
// for what was in between; cpu_ns is user and system time of the whole process, thread_ns that of
// the thread that receives: the only one here.
#pragma once
#include <stdlib.h>
#include "clock.h"
#include "packet.h"

#define MARK_ETHER_TYPE 0x88b5
#define MARK_BEGIN 'B'
#define MARK_END 'E'

static struct {
    int begun;
    uint64_t packets, drops, thread_ns;
    moment start;
} live;

static int is_mark(const uint8_t *frame, uint32_t captured) {
    return captured > 14 && net16(frame + 12) == MARK_ETHER_TYPE;
}

static uint64_t cpu_ns(moment m) { return m.user_ns + m.system_ns; }

static uint64_t thread_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

// drops: all so far. Each mark of the beginning begins anew: some come while the receiver warms up,
// and the last ones several times, in case one gets lost.
static void on_mark(char mark, uint64_t drops) {
    if (mark == MARK_BEGIN) {
        live.begun = 1;
        live.packets = seen.packets;
        live.drops = drops;
        live.start = moment_now();
        live.thread_ns = thread_ns();
    } else if (mark == MARK_END && live.begun) {
        uint64_t thread = thread_ns() - live.thread_ns;
        printf("live packets=%lu drops=%lu cpu_ns=%lu thread_ns=%lu\n",
               seen.packets - live.packets, drops - live.drops,
               cpu_ns(moment_now()) - cpu_ns(live.start), thread);
        exit(0);
    }
}

static void say_ready(void) {
    puts("ready");
    fflush(stdout);
}
