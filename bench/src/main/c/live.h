// What a live receiver measures: the packets between two frames of the test's own EtherType. It
// prints `ready` when it listens and, when the second frame has come,
//   live packets=N drops=N cpu_ns=N
// for what was in between; cpu_ns is user and system time of the whole process.
#pragma once
#include <stdlib.h>
#include "clock.h"
#include "packet.h"

#define MARK_ETHER_TYPE 0x88b5
#define MARK_BEGIN 'B'
#define MARK_END 'E'

static struct {
    int begun;
    uint64_t packets, drops;
    moment start;
} live;

static int is_mark(const uint8_t *frame, uint32_t captured) {
    return captured > 14 && net16(frame + 12) == MARK_ETHER_TYPE;
}

static uint64_t cpu_ns(moment m) { return m.user_ns + m.system_ns; }

// drops: all so far. The marks are sent several times, in case one gets lost.
static void on_mark(char mark, uint64_t drops) {
    if (mark == MARK_BEGIN && !live.begun) {
        live.begun = 1;
        live.packets = seen.packets;
        live.drops = drops;
        live.start = moment_now();
    } else if (mark == MARK_END && live.begun) {
        printf("live packets=%lu drops=%lu cpu_ns=%lu\n", seen.packets - live.packets,
               drops - live.drops, cpu_ns(moment_now()) - cpu_ns(live.start));
        exit(0);
    }
}

static void say_ready(void) {
    puts("ready");
    fflush(stdout);
}
