// Sends the frames of a pcap file, again and again: first some to warm the receiver, with marks and
// pauses among them, then a second at the rate that will count, so that nothing is new to it later;
// then marks of the beginning, those that count, and marks of the end. Prints, of those that count,
//   sent packets=N wire_drops=N wall_ns=N
// wire_drops are packets that the kernel gave up on the way, before any receiver's socket: with a
// veth pair that happens when the processor has no time for the other end's queue.
//   live_send INTERFACE FILE WARM_PACKETS PACKETS PACKETS_PER_SECOND; 0 per second: at full speed
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include "live.h"
#include "pcap_records.h"

#define MOST_FRAMES 4000000
#define BATCH 64
#define WARM_SLICES 50
#define WARM_PAUSE_US 20000
#define BEGIN_MARKS 20
#define END_MARKS 50

static int socket_fd;
static struct iovec *frames;
static size_t frame_count;

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

// What the kernel counts as dropped on the way out of an interface of this network namespace.
static uint64_t wire_drops(const char *interface) {
    char line[512];
    uint64_t drops = 0;
    FILE *table = fopen("/proc/net/dev", "r");
    if (!table) exit(1);
    while (fgets(line, sizeof line, table)) {
        char *name = line + strspn(line, " ");
        size_t length = strlen(interface);
        if (strncmp(name, interface, length) || name[length] != ':') continue;
        if (sscanf(name + length + 1, "%*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %lu", &drops) != 1)
            exit(1);
    }
    fclose(table);
    return drops;
}

static void load(const char *name) {
    int file = open(name, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status)) exit(1);
    const uint8_t *at = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    const uint8_t *end = at + status.st_size;
    pcap_unit_ns(at);
    at += PCAP_HEADER_BYTES;
    frames = zero_pages(MOST_FRAMES * sizeof *frames);
    while (end - at >= PCAP_RECORD_BYTES && frame_count < MOST_FRAMES) {
        pcap_record r;
        memcpy(&r, at, sizeof r);
        frames[frame_count].iov_base = (void *)(at + PCAP_RECORD_BYTES);
        frames[frame_count++].iov_len = r.captured;
        at += PCAP_RECORD_BYTES + r.captured;
    }
}

// Batches are due at the rate's times; between them the processor is left alone if there is time.
static void wait_until(uint64_t due_ns) {
    uint64_t now = now_ns();
    if (due_ns > now + 100000) {
        uint64_t nap = due_ns - now - 60000;
        struct timespec t = {nap / 1000000000ull, nap % 1000000000ull};
        nanosleep(&t, NULL);
    }
    while (now_ns() < due_ns) {
    }
}

static void send_packets(uint64_t count, uint64_t per_second) {
    static size_t next;
    struct mmsghdr messages[BATCH];
    memset(messages, 0, sizeof messages);
    unsigned batch = per_second && per_second < 64000 ? 1 + per_second / 1000 : BATCH;
    uint64_t start = now_ns();
    for (uint64_t done = 0; done < count;) {
        unsigned size = count - done < batch ? count - done : batch;
        for (unsigned i = 0; i < size; i++) {
            messages[i].msg_hdr.msg_iov = &frames[(next + i) % frame_count];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
        if (per_second) wait_until(start + done * 1000000000ull / per_second);
        int sent = sendmmsg(socket_fd, messages, size, 0);
        if (sent <= 0) continue; // the queue is full for the moment
        done += sent;
        next = (next + sent) % frame_count;
    }
}

static void mark(char which, unsigned times, unsigned pause_us) {
    uint8_t frame[60] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, MARK_ETHER_TYPE >> 8,
                         MARK_ETHER_TYPE & 255, which};
    for (; times; times--) {
        if (send(socket_fd, frame, sizeof frame, 0) < 0) return; // the receiver's side is gone
        usleep(pause_us);
    }
}

// What the receiver does seldom, it does often enough here to be compiled: marks, and waiting.
static void warm(uint64_t count, uint64_t per_second) {
    if (!count) return;
    for (int slice = 0; slice < WARM_SLICES; slice++) {
        send_packets(count / WARM_SLICES, 0);
        mark(MARK_BEGIN, 1, WARM_PAUSE_US);
    }
    if (per_second) send_packets(per_second, per_second);
}

int main(int count_of_arguments, char **arguments) {
    if (count_of_arguments < 6) return 2;
    load(arguments[2]);
    socket_fd = socket(AF_PACKET, SOCK_RAW, 0);
    int on = 1;
    setsockopt(socket_fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on);
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(arguments[1])};
    if (bind(socket_fd, (void *)&to, sizeof to)) {
        perror("bind");
        return 1;
    }
    uint64_t packets = strtoull(arguments[4], NULL, 10);
    uint64_t per_second = strtoull(arguments[5], NULL, 10);
    warm(strtoull(arguments[3], NULL, 10), per_second);
    usleep(500000);
    mark(MARK_BEGIN, BEGIN_MARKS, 20000);
    uint64_t drops = wire_drops(arguments[1]);
    uint64_t start = now_ns();
    send_packets(packets, per_second);
    uint64_t wall_ns = now_ns() - start;
    usleep(300000);
    printf("sent packets=%lu wire_drops=%lu wall_ns=%lu\n", packets,
           wire_drops(arguments[1]) - drops, wall_ns);
    fflush(stdout);
    mark(MARK_END, END_MARKS, 20000);
    return 0;
}
