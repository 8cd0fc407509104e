// The same count through libpcap, a call per packet, as most C programs read files.
//   file_libpcap FILE PASSES
#include <pcap/pcap.h>
#include "clock.h"
#include "packet.h"

int main(int count_of_arguments, char **arguments) {
    int passes = count_of_arguments > 2 ? atoi(arguments[2]) : 1;
    char error[PCAP_ERRBUF_SIZE];
    for (int pass = 1; pass <= passes; pass++) {
        moment start = moment_now();
        pcap_t *file = pcap_open_offline_with_tstamp_precision(
            arguments[1], PCAP_TSTAMP_PRECISION_NANO, error);
        if (!file) {
            fprintf(stderr, "%s\n", error);
            return 1;
        }
        begin_pass();
        struct pcap_pkthdr *header;
        const u_char *bytes;
        while (pcap_next_ex(file, &header, &bytes) == 1)
            count_frame(bytes, header->caplen, header->len,
                        header->ts.tv_sec * 1000000000ull + header->ts.tv_usec);
        pcap_close(file);
        uint64_t flows = table_flows();
        table_close();
        print_pass(pass, start, seen.packets, seen.bytes, flows);
    }
    return 0;
}
