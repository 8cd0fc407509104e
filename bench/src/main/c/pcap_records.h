// Records of a pcap file in this machine's byte order, in place.
#pragma once
#include "packet.h"

#define PCAP_HEADER_BYTES 24
#define PCAP_RECORD_BYTES 16

typedef struct {
    uint32_t seconds, fraction, captured, length;
} pcap_record;

// Nanoseconds of one unit of a record's fraction; ends the program if the file is no such pcap.
static uint32_t pcap_unit_ns(const uint8_t *header) {
    uint32_t magic;
    memcpy(&magic, header, 4);
    if (magic == 0xa1b2c3d4) return 1000;
    if (magic == 0xa1b23c4d) return 1;
    fprintf(stderr, "not a pcap file in native byte order\n");
    exit(1);
}

// Counts all whole records; returns where the first piece of a record begins.
static inline const uint8_t *count_records(const uint8_t *at, const uint8_t *end, uint32_t unit_ns) {
    while (end - at >= PCAP_RECORD_BYTES) {
        pcap_record r;
        memcpy(&r, at, sizeof r);
        if ((uint64_t)(end - at) < PCAP_RECORD_BYTES + (uint64_t)r.captured) break;
        at += PCAP_RECORD_BYTES;
        count_frame(at, r.captured, r.length, r.seconds * 1000000000ull + r.fraction * unit_ns);
        at += r.captured;
    }
    return at;
}
