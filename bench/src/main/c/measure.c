// Runs a command on one CPU and writes what it used to a file:
//   user_ns=N system_ns=N wall_ns=N most_resident_bytes=N status=N
// The numbers include all its children that it waited for. CPU -1 leaves the choice to the kernel.
//   measure CPU RESULT_FILE COMMAND ARGUMENTS...
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clock.h"

int main(int count, char **arguments) {
    if (count < 4) return 2;
    int cpu = atoi(arguments[1]);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid_t child = fork();
    if (child == 0) {
        if (cpu >= 0) {
            cpu_set_t only;
            CPU_ZERO(&only);
            CPU_SET(cpu, &only);
            if (sched_setaffinity(0, sizeof only, &only)) {
                perror("sched_setaffinity");
                _exit(126);
            }
        }
        execvp(arguments[3], arguments + 3);
        perror(arguments[3]);
        _exit(127);
    }
    int status;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) != child) return 1;
    clock_gettime(CLOCK_MONOTONIC, &to);
    uint64_t wall_ns = (to.tv_sec - from.tv_sec) * 1000000000ull + to.tv_nsec - from.tv_nsec;
    FILE *result = fopen(arguments[2], "w");
    if (!result) return 1;
    fprintf(result,
            "user_ns=%lu system_ns=%lu wall_ns=%lu most_resident_bytes=%lu status=%d\n",
            timeval_ns(used.ru_utime), timeval_ns(used.ru_stime),
            wall_ns, used.ru_maxrss * 1024ul, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return fclose(result) ? 1 : 0;
}
