// A live interface through libpcap, with a buffer as large as our ring.
//   live_libpcap INTERFACE
#include <pcap/pcap.h>
#include "live.h"

#define BUFFER_BYTES (64 << 20)
#define TIMEOUT_MS 10

static pcap_t *handle;

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes) {
    (void)user;
    if (is_mark(bytes, header->caplen)) {
        struct pcap_stat statistics;
        if (pcap_stats(handle, &statistics)) exit(1);
        on_mark(bytes[14], statistics.ps_drop);
    } else {
        count_frame(bytes, header->caplen, header->len,
                    header->ts.tv_sec * 1000000000ull + header->ts.tv_usec * 1000ull);
    }
}

int main(int count_of_arguments, char **arguments) {
    char error[PCAP_ERRBUF_SIZE];
    if (count_of_arguments < 2) return 2;
    handle = pcap_create(arguments[1], error);
    if (!handle || pcap_set_snaplen(handle, 65535) || pcap_set_timeout(handle, TIMEOUT_MS) ||
        pcap_set_buffer_size(handle, BUFFER_BYTES) || pcap_activate(handle) < 0) {
        fprintf(stderr, "%s\n", handle ? pcap_geterr(handle) : error);
        return 1;
    }
    begin_pass();
    say_ready();
    return pcap_loop(handle, -1, on_packet, NULL) < 0;
}
