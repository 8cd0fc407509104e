// Counts what a thread executes: stops it at each instruction, STEPS times, and says how many fell on
// which piece of compiled code. Slows the thread down some thousand times, changes nothing of what it does.
//   steps THREAD STEPS [MAP]
// MAP has a line "ADDRESS BYTES NAME" per piece of code, in hexadecimal, the newest last. Prints
//   steps=N packets=N
//   instructions=N NAME
// packets: how often that was executed on which most instructions fell; what is done once for each
// packet dominates.
#define _GNU_SOURCE
#include <elf.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#define NAME_BYTES 200

typedef struct {
    uint64_t start, end, order, instructions;
    char name[NAME_BYTES];
} code;

static uint64_t address_of(pid_t thread) {
    struct user_regs_struct registers;
    struct iovec all = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &all)) return 0;
#ifdef __x86_64__
    return registers.rip;
#else
    return registers.pc;
#endif
}

// A thread may be left stepping after we have gone, and die of the next trap: its flag is taken back.
static void stop_stepping(pid_t thread) {
#ifdef __x86_64__
    struct user_regs_struct registers;
    struct iovec all = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &all)) return;
    registers.eflags &= ~0x100ull;  // TF
    ptrace(PTRACE_SETREGSET, thread, (void *)NT_PRSTATUS, &all);
#else
    (void)thread;
#endif
}

static int by_address(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

static int by_start(const void *a, const void *b) {
    const code *left = a, *right = b;
    if (left->start != right->start) return left->start < right->start ? -1 : 1;
    return left->order < right->order ? -1 : 1;
}

static int by_instructions(const void *a, const void *b) {
    const code *left = a, *right = b;
    return left->instructions > right->instructions ? -1 : left->instructions < right->instructions;
}

static code *read_map(const char *file, size_t *count) {
    FILE *in = fopen(file, "r");
    if (!in) return NULL;
    size_t room = 1 << 16;
    code *map = calloc(room, sizeof *map);
    code line = {0};
    uint64_t bytes;
    *count = 0;
    while (fscanf(in, "%" SCNx64 " %" SCNx64 " %199[^\n]", &line.start, &bytes, line.name) == 3) {
        line.end = line.start + bytes;
        line.order = *count;
        if (*count == room) map = realloc(map, (room *= 2) * sizeof *map);
        map[(*count)++] = line;
    }
    fclose(in);
    qsort(map, *count, sizeof *map, by_start);
    return map;
}

// The piece of code with an address: of those that begin last before it, the newest.
static code *find(code *map, size_t count, uint64_t address) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (map[middle].start <= address) low = middle + 1;
        else high = middle;
    }
    return low > 0 && address < map[low - 1].end ? &map[low - 1] : NULL;
}

static uint64_t step(pid_t thread, uint64_t *addresses, uint64_t steps) {
    int status;
    if (ptrace(PTRACE_SEIZE, thread, 0, 0) || ptrace(PTRACE_INTERRUPT, thread, 0, 0)) {
        perror("the thread cannot be stopped");
        exit(1);
    }
    if (waitpid(thread, &status, __WALL) < 0 || !WIFSTOPPED(status)) exit(1);
    uint64_t done = 0;
    long signal = 0;
    while (done < steps) {
        addresses[done++] = address_of(thread);
        if (ptrace(PTRACE_SINGLESTEP, thread, 0, (void *)signal)) break;
        if (waitpid(thread, &status, __WALL) < 0 || !WIFSTOPPED(status)) return done;
        signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
    }
    stop_stepping(thread);
    ptrace(PTRACE_DETACH, thread, 0, 0);
    return done;
}

int main(int count_of_arguments, char **arguments) {
    if (count_of_arguments < 3) return 2;
    uint64_t steps = strtoull(arguments[2], NULL, 10);
    uint64_t *addresses = malloc(steps * sizeof *addresses);
    steps = step(atoi(arguments[1]), addresses, steps);
    qsort(addresses, steps, sizeof *addresses, by_address);

    size_t count = 0;
    code *map = count_of_arguments > 3 ? read_map(arguments[3], &count) : NULL;
    uint64_t *often = calloc(steps + 1, sizeof *often);
    for (uint64_t i = 0, next; i < steps; i = next) {
        for (next = i + 1; next < steps && addresses[next] == addresses[i]; next++) {}
        often[next - i]++;
        code *found = map ? find(map, count, addresses[i]) : NULL;
        if (found) found->instructions += next - i;
    }
    uint64_t packets = 1;
    for (uint64_t i = 1; i <= steps; i++) {
        if (i * often[i] > packets * often[packets]) packets = i;
    }
    printf("steps=%" PRIu64 " packets=%" PRIu64 "\n", steps, packets);
    if (map) qsort(map, count, sizeof *map, by_instructions);
    for (size_t i = 0; i < count && map[i].instructions > 0; i++) {
        printf("instructions=%" PRIu64 " %s\n", map[i].instructions, map[i].name);
    }
    return 0;
}
