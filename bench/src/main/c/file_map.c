// The limit for a file that is mapped.
//   file_map FILE PASSES
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "clock.h"
#include "pcap_records.h"

int main(int count_of_arguments, char **arguments) {
    int passes = count_of_arguments > 2 ? atoi(arguments[2]) : 1;
    for (int pass = 1; pass <= passes; pass++) {
        moment start = moment_now();
        int file = open(arguments[1], O_RDONLY);
        struct stat status;
        if (file < 0 || fstat(file, &status) || status.st_size < PCAP_HEADER_BYTES) return 1;
        uint8_t *map = mmap(NULL, status.st_size, PROT_READ, MAP_SHARED, file, 0);
        if (map == MAP_FAILED) return 1;
        madvise(map, status.st_size, MADV_SEQUENTIAL);
        begin_pass();
        count_records(map + PCAP_HEADER_BYTES, map + status.st_size, pcap_unit_ns(map));
        munmap(map, status.st_size);
        close(file);
        uint64_t flows = table_flows();
        table_close();
        print_pass(pass, start, seen.packets, seen.bytes, flows);
    }
    return 0;
}
