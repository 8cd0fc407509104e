// Ethernet, VLAN tags, IPv4 and IPv6 with extension headers, TCP and UDP ports: enough to find a
// packet's flow. Tunnels are not looked into, fragments behind the first have no ports.
#pragma once
#include "flow_table.h"

static struct {
    uint64_t packets;
    uint64_t bytes;
} seen;

static inline uint16_t net16(const uint8_t *p) { return p[0] << 8 | p[1]; }

static inline uint32_t net32(const uint8_t *p) {
    uint32_t value;
    memcpy(&value, p, 4);
    return __builtin_bswap32(value);
}

typedef struct {
    uint16_t from, to;
    uint8_t tcp_flags;
} ports;

// Which of two ends is the smaller is a coin toss for the branch predictor: no branch, so that the
// processor goes on to the next packet while this one's bytes are still on their way.
#define SWAP_IF(condition, a, b)                          \
    do {                                                  \
        uint64_t both = ((a) ^ (b)) & -(uint64_t)(condition); \
        (a) ^= both;                                      \
        (b) ^= both;                                      \
    } while (0)

static inline ports read_ports(const uint8_t *p, const uint8_t *end, uint8_t protocol) {
    ports found = {0, 0, 0};
    if ((protocol == 6 || protocol == 17) && end - p >= 4) {
        found.from = net16(p);
        found.to = net16(p + 2);
        if (protocol == 6 && end - p >= 14) found.tcp_flags = p[13];
    }
    return found;
}

static inline void count_ipv4(const uint8_t *ip, const uint8_t *end, uint32_t wire_bytes,
                              uint64_t now_ns) {
    if (end - ip < 20 || ip[0] >> 4 != 4) return;
    uint32_t header = (ip[0] & 15) * 4;
    if (header < 20 || end - ip < header) return;
    uint8_t protocol = ip[9];
    ports p = {0, 0, 0};
    if (!(net16(ip + 6) & 0x1fff)) p = read_ports(ip + header, end, protocol);
    uint32_t from = net32(ip + 12), to = net32(ip + 16);
    int reversed = (from > to) | ((from == to) & (p.from > p.to));
    SWAP_IF(reversed, from, to);
    SWAP_IF(reversed, p.from, p.to);
    flow4 key = {.low = from,
                 .high = to,
                 .low_port = p.from,
                 .high_port = p.to,
                 .protocol = protocol};
    flow4 *flow = find4(&key, now_ns);
    flow->tcp_flags[reversed] |= p.tcp_flags;
    count(&flow->counts, reversed, wire_bytes, now_ns);
}

static inline void count_ipv6(const uint8_t *ip, const uint8_t *end, uint32_t wire_bytes,
                              uint64_t now_ns) {
    if (end - ip < 40) return;
    uint8_t protocol = ip[6];
    const uint8_t *next = ip + 40;
    int fragment = 0;
    while ((protocol == 0 || protocol == 43 || protocol == 44 || protocol == 60) && !fragment &&
           end - next >= 8) {
        fragment = protocol == 44 && (net16(next + 2) & 0xfff8);
        uint32_t length = protocol == 44 ? 8 : (next[1] + 1) * 8;
        protocol = next[0];
        next += length;
    }
    ports p = {0, 0, 0};
    if (!fragment) p = read_ports(next, end, protocol);
    int order = memcmp(ip + 8, ip + 24, 16);
    int reversed = (order > 0) | ((order == 0) & (p.from > p.to));
    flow6 key = {.protocol = protocol};
    memcpy(key.low, ip + 8, 16);
    memcpy(key.high, ip + 24, 16);
    SWAP_IF(reversed, key.low[0], key.high[0]);
    SWAP_IF(reversed, key.low[1], key.high[1]);
    SWAP_IF(reversed, p.from, p.to);
    key.low_port = p.from;
    key.high_port = p.to;
    flow6 *flow = find6(&key, now_ns);
    flow->tcp_flags[reversed] |= p.tcp_flags;
    count(&flow->counts, reversed, wire_bytes, now_ns);
}

static inline void count_frame(const uint8_t *frame, uint32_t captured, uint32_t wire_bytes,
                               uint64_t now_ns) {
    seen.packets++;
    seen.bytes += wire_bytes;
    if (captured < 14) return;
    const uint8_t *end = frame + captured;
    const uint8_t *type = frame + 12;
    uint16_t ether_type = net16(type);
    while ((ether_type == 0x8100 || ether_type == 0x88a8) && end - type >= 6) {
        type += 4;
        ether_type = net16(type);
    }
    if (ether_type == 0x0800)
        count_ipv4(type + 2, end, wire_bytes, now_ns);
    else if (ether_type == 0x86dd)
        count_ipv6(type + 2, end, wire_bytes, now_ns);
}

static void begin_pass(void) {
    seen.packets = seen.bytes = 0;
    table_open();
}
