// The limit for a file that is read: 1 MiB pieces into one buffer, records counted in place.
//   file_read FILE PASSES
#include <fcntl.h>
#include <unistd.h>
#include "clock.h"
#include "pcap_records.h"

#define READ_BYTES (1 << 20)
#define MOST_RECORD_BYTES (1 << 18)

int main(int count_of_arguments, char **arguments) {
    int passes = count_of_arguments > 2 ? atoi(arguments[2]) : 1;
    uint8_t *buffer = zero_pages(READ_BYTES + MOST_RECORD_BYTES);
    for (int pass = 1; pass <= passes; pass++) {
        moment start = moment_now();
        int file = open(arguments[1], O_RDONLY);
        uint8_t header[PCAP_HEADER_BYTES];
        if (read(file, header, sizeof header) != sizeof header) return 1;
        uint32_t unit_ns = pcap_unit_ns(header);
        begin_pass();
        uint64_t kept = 0;
        ssize_t got;
        while ((got = read(file, buffer + kept, READ_BYTES)) > 0) {
            const uint8_t *end = buffer + kept + got;
            const uint8_t *rest_of_it = count_records(buffer, end, unit_ns);
            kept = end - rest_of_it;
            memmove(buffer, rest_of_it, kept);
        }
        close(file);
        uint64_t flows = table_flows();
        table_close();
        print_pass(pass, start, seen.packets, seen.bytes, flows);
    }
    return 0;
}
