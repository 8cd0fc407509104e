// The least that can be called counting flows: a hash table from five-tuple to packets, bytes, first
// and last time and TCP flags per direction. No states, no timeouts, no removal. One cache line per
// IPv4 flow, two per IPv6 flow; linear probing, never more than half full, doubled when it would be.
#pragma once
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef struct {
    uint64_t packets[2];
    uint64_t bytes[2];
    uint64_t first_ns, last_ns;
} flow_counts; // 48 bytes

typedef struct {
    uint32_t low, high; // addresses, the smaller one first
    uint16_t low_port, high_port;
    uint8_t protocol, taken, tcp_flags[2];
    flow_counts counts;
} __attribute__((aligned(64))) flow4;

typedef struct {
    uint64_t low[2], high[2];
    uint16_t low_port, high_port;
    uint8_t protocol, taken, tcp_flags[2];
    flow_counts counts;
} __attribute__((aligned(128))) flow6;

static struct {
    flow4 *slots4;
    flow6 *slots6;
    uint64_t mask4, mask6;
    uint64_t flows4, flows6;
} table;

static void *zero_pages(size_t bytes) {
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    return at;
}

static void table_open(void) {
    memset(&table, 0, sizeof table);
    table.mask4 = (1 << 16) - 1;
    table.mask6 = (1 << 12) - 1;
    table.slots4 = zero_pages((table.mask4 + 1) * sizeof(flow4));
    table.slots6 = zero_pages((table.mask6 + 1) * sizeof(flow6));
}

static void table_close(void) {
    munmap(table.slots4, (table.mask4 + 1) * sizeof(flow4));
    munmap(table.slots6, (table.mask6 + 1) * sizeof(flow6));
}

static uint64_t table_flows(void) { return table.flows4 + table.flows6; }

// High and low half of a 128-bit product: one multiplication mixes two words well enough.
static inline uint64_t fold(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t rest(uint16_t low_port, uint16_t high_port, uint8_t protocol) {
    return (uint64_t)low_port << 32 | (uint64_t)high_port << 16 | protocol;
}

static inline uint64_t hash4(const flow4 *f) {
    uint64_t addresses = (uint64_t)f->low << 32 | f->high;
    return fold(addresses ^ 0x8ebc6af09c88c6e3ull,
                rest(f->low_port, f->high_port, f->protocol) ^ 0x589965cc75374cc3ull);
}

static inline uint64_t hash6(const flow6 *f) {
    uint64_t low = fold(f->low[0] ^ 0x8ebc6af09c88c6e3ull, f->low[1] ^ 0xa0761d6478bd642full);
    uint64_t high = fold(f->high[0] ^ 0xe7037ed1a0b428dbull, f->high[1] ^ low);
    return fold(high, rest(f->low_port, f->high_port, f->protocol) ^ 0x589965cc75374cc3ull);
}

static void grow4(void) {
    flow4 *old = table.slots4;
    uint64_t old_mask = table.mask4;
    table.mask4 = old_mask * 2 + 1;
    table.slots4 = zero_pages((table.mask4 + 1) * sizeof(flow4));
    for (uint64_t i = 0; i <= old_mask; i++) {
        if (old[i].taken) {
            uint64_t at = hash4(&old[i]) & table.mask4;
            while (table.slots4[at].taken) at = (at + 1) & table.mask4;
            table.slots4[at] = old[i];
        }
    }
    munmap(old, (old_mask + 1) * sizeof(flow4));
}

static void grow6(void) {
    flow6 *old = table.slots6;
    uint64_t old_mask = table.mask6;
    table.mask6 = old_mask * 2 + 1;
    table.slots6 = zero_pages((table.mask6 + 1) * sizeof(flow6));
    for (uint64_t i = 0; i <= old_mask; i++) {
        if (old[i].taken) {
            uint64_t at = hash6(&old[i]) & table.mask6;
            while (table.slots6[at].taken) at = (at + 1) & table.mask6;
            table.slots6[at] = old[i];
        }
    }
    munmap(old, (old_mask + 1) * sizeof(flow6));
}

static inline int same4(const flow4 *a, const flow4 *b) {
    return a->low == b->low && a->high == b->high && a->low_port == b->low_port &&
           a->high_port == b->high_port && a->protocol == b->protocol;
}

static inline int same6(const flow6 *a, const flow6 *b) {
    return !memcmp(a->low, b->low, 16) && !memcmp(a->high, b->high, 16) &&
           a->low_port == b->low_port && a->high_port == b->high_port &&
           a->protocol == b->protocol;
}

#ifdef PARSE_ONLY
// No table: every packet belongs to the same record. The compiler may not leave out its key.
static flow4 only4;
static flow6 only6;

static inline flow4 *find4(const flow4 *key, uint64_t now_ns) {
    (void)now_ns;
    __asm__ volatile("" : : "r"(key) : "memory");
    return &only4;
}

static inline flow6 *find6(const flow6 *key, uint64_t now_ns) {
    (void)now_ns;
    __asm__ volatile("" : : "r"(key) : "memory");
    return &only6;
}
#else
// The slot of a key, taken for it if it is new.
static inline flow4 *find4(const flow4 *key, uint64_t now_ns) {
    uint64_t at = hash4(key) & table.mask4;
    flow4 *slot = &table.slots4[at];
    while (slot->taken) {
        if (same4(slot, key)) return slot;
        at = (at + 1) & table.mask4;
        slot = &table.slots4[at];
    }
    if (table.flows4 * 2 > table.mask4) {
        grow4();
        return find4(key, now_ns);
    }
    table.flows4++;
    *slot = *key;
    slot->taken = 1;
    slot->counts.first_ns = now_ns;
    return slot;
}

static inline flow6 *find6(const flow6 *key, uint64_t now_ns) {
    uint64_t at = hash6(key) & table.mask6;
    flow6 *slot = &table.slots6[at];
    while (slot->taken) {
        if (same6(slot, key)) return slot;
        at = (at + 1) & table.mask6;
        slot = &table.slots6[at];
    }
    if (table.flows6 * 2 > table.mask6) {
        grow6();
        return find6(key, now_ns);
    }
    table.flows6++;
    *slot = *key;
    slot->taken = 1;
    slot->counts.first_ns = now_ns;
    return slot;
}

#endif

static inline void count(flow_counts *counts, int direction, uint32_t wire_bytes, uint64_t now_ns) {
    counts->packets[direction]++;
    counts->bytes[direction] += wire_bytes;
    counts->last_ns = now_ns;
}
