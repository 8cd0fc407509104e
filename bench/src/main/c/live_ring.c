// The limit for a live interface: a ring of TPACKET_V3 as large as ours by default, walked in place.
//   live_ring INTERFACE walk|table
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "live.h"

#define BLOCK_BYTES (1 << 20)
#define BLOCKS 64
#define FRAME_BYTES 2048
#define RETIRE_MS 10

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint8_t *open_ring(int socket_fd, const char *name) {
    int version = TPACKET_V3;
    if (setsockopt(socket_fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version)) fail("version");
    struct tpacket_req3 ring = {.tp_block_size = BLOCK_BYTES,
                                .tp_block_nr = BLOCKS,
                                .tp_frame_size = FRAME_BYTES,
                                .tp_frame_nr = BLOCK_BYTES / FRAME_BYTES * BLOCKS,
                                .tp_retire_blk_tov = RETIRE_MS};
    if (setsockopt(socket_fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof ring)) fail("ring");
    uint8_t *memory = mmap(NULL, (size_t)BLOCK_BYTES * BLOCKS, PROT_READ | PROT_WRITE,
                           MAP_SHARED | MAP_POPULATE, socket_fd, 0);
    if (memory == MAP_FAILED) fail("mmap");
    struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                  .sll_protocol = htons(0x0003),
                                  .sll_ifindex = if_nametoindex(name)};
    if (bind(socket_fd, (void *)&address, sizeof address)) fail("bind");
    return memory;
}

static uint64_t drops(int socket_fd) {
    static uint64_t all;
    struct tpacket_stats_v3 since;
    socklen_t length = sizeof since;
    if (getsockopt(socket_fd, SOL_PACKET, PACKET_STATISTICS, &since, &length)) fail("statistics");
    return all += since.tp_drops;
}

int main(int count_of_arguments, char **arguments) {
    if (count_of_arguments < 3) return 2;
    int counts = !strcmp(arguments[2], "table");
    int socket_fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (socket_fd < 0) fail("socket");
    uint8_t *memory = open_ring(socket_fd, arguments[1]);
    begin_pass();
    say_ready();
    volatile uint64_t types = 0;
    for (unsigned number = 0;; number = (number + 1) % BLOCKS) {
        struct tpacket_block_desc *block = (void *)(memory + (size_t)number * BLOCK_BYTES);
        struct pollfd readable = {.fd = socket_fd, .events = POLLIN};
        while (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
            poll(&readable, 1, -1);
        uint8_t *at = (uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
        for (uint32_t i = block->hdr.bh1.num_pkts; i; i--) {
            struct tpacket3_hdr *packet = (void *)at;
            const uint8_t *frame = at + packet->tp_mac;
            if (is_mark(frame, packet->tp_snaplen)) {
                on_mark(frame[14], drops(socket_fd));
            } else if (counts) {
                count_frame(frame, packet->tp_snaplen, packet->tp_len,
                            packet->tp_sec * 1000000000ull + packet->tp_nsec);
            } else {
                seen.packets++;
                types += net16(frame + 12);
            }
            at += packet->tp_next_offset;
        }
        __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    }
}
