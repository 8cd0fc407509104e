/* Umbrella header of io.flowscope.bindings.pcap. */
#include <pcap/pcap.h>
