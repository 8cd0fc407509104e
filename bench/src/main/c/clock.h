// Time, and the line that every program prints after each pass over a file:
//   pass=N packets=N bytes=N flows=N cpu_ns=N user_ns=N wall_ns=N
// Totals of the pass; cpu_ns is user and system time of the whole process.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

typedef struct {
    uint64_t wall_ns;
    uint64_t user_ns;
    uint64_t system_ns;
} moment;

static uint64_t timeval_ns(struct timeval t) {
    return t.tv_sec * 1000000000ull + t.tv_usec * 1000ull;
}

static moment moment_now(void) {
    struct timespec wall;
    struct rusage used;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    getrusage(RUSAGE_SELF, &used);
    moment m = {wall.tv_sec * 1000000000ull + wall.tv_nsec, timeval_ns(used.ru_utime),
                timeval_ns(used.ru_stime)};
    return m;
}

static void print_pass(int pass, moment from, uint64_t packets, uint64_t bytes, uint64_t flows) {
    moment to = moment_now();
    uint64_t user = to.user_ns - from.user_ns;
    printf("pass=%d packets=%lu bytes=%lu flows=%lu cpu_ns=%lu user_ns=%lu wall_ns=%lu\n", pass,
           packets, bytes, flows, user + to.system_ns - from.system_ns, user,
           to.wall_ns - from.wall_ns);
    fflush(stdout);
}
