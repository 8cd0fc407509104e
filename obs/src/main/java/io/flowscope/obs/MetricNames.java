package io.flowscope.obs;

/**
 * Every metric's name and every label's, once. Names are part of the interface: dashboards and
 * alerts are written against them.
 */
public final class MetricNames {
    public static final String FLOWS_CREATED = "flowscope_flows_created_total";
    public static final String FLOWS_ENDED = "flowscope_flows_ended_total";
    public static final String FLOWS_ACTIVE = "flowscope_flows_active";
    public static final String PACKETS_UNMATCHED = "flowscope_packets_unmatched_total";
    public static final String BYTES = "flowscope_bytes_total";
    public static final String FLOW_DURATION = "flowscope_flow_duration_seconds";
    public static final String FLOW_PACKETS = "flowscope_flow_packets";
    public static final String FLOW_BYTES = "flowscope_flow_bytes";
    public static final String ANOMALIES = "flowscope_anomalies_total";
    public static final String REASSEMBLY_DROPPED_OOO = "flowscope_reassembly_dropped_ooo_total";
    public static final String REASSEMBLY_DROPPED_OVERSIZE =
            "flowscope_reassembly_bytes_dropped_oversize_total";
    public static final String REASSEMBLER_HIGH_WATERMARK =
            "flowscope_reassembler_high_watermark_bytes";
    public static final String CAPTURE_PACKETS = "flowscope_capture_packets_total";
    public static final String CAPTURE_DROPS = "flowscope_capture_drops_total";
    public static final String CAPTURE_FREEZES = "flowscope_capture_freezes_total";
    public static final String CAPTURE_DROP_RATIO = "flowscope_capture_drop_ratio";

    /** What the names from here on start with, unless the user chose another prefix. */
    public static final String DEFAULT_PREFIX = "flowscope_";

    public static final String RTT = "rtt_seconds";
    public static final String RTT_LATEST = "rtt_latest_seconds";
    public static final String LATENCY = "latency_seconds";
    public static final String LATENCY_LATEST = "latency_latest_seconds";
    public static final String DNS_LATENCY = "dns_latency_seconds_histogram";
    public static final String DNS_LATENCY_LATEST = "dns_latency_seconds_gauge";
    public static final String NETWORK_BYTES = "network_bytes_total";
    public static final String FS_LATENCY = "fs_latency_seconds_histogram";
    public static final String FS_LATENCY_LATEST = "fs_latency_seconds_gauge";
    public static final String FILESYSTEM_BYTES = "filesystem_bytes_total";
    public static final String CPU_BLOCK = "cpu_block_seconds_histogram";
    public static final String CPU_BLOCK_LATEST = "cpu_block_seconds_gauge";
    public static final String RESOURCE_LIMIT = "resource_limit_bytes";
    public static final String RESOURCE_USAGE = "resource_usage_bytes";
    public static final String RESOURCE_UTILIZATION = "resource_utilization_percent";
    public static final String RESOURCE_ALERT_LEVEL = "resource_alert_level";
    public static final String TEAM_RESOURCES = "team_resources";
    public static final String CROSS_TEAM_ACCESS = "cross_team_access_attempts_total";

    /** Not in the vocabulary that dashboards were written for: how looking for processes went. */
    public static final String PROCESS_LOOKUPS = "process_lookups_total";

    public static final String L4 = "l4";
    public static final String REASON = "reason";
    public static final String SIDE = "side";
    public static final String KIND = "kind";
    public static final String SOURCE = "source";
    public static final String TYPE = "type";
    public static final String PROCESS_NAME = "process_name";
    public static final String DIRECTION = "direction";
    public static final String OPERATION = "operation";
    public static final String RESOURCE_TYPE = "resource_type";
    public static final String NAMESPACE = "namespace";
    public static final String OUTCOME = "outcome";
    public static final String TEAM = "team";
    public static final String FROM_TEAM = "from_team";
    public static final String TO_TEAM = "to_team";

    private MetricNames() {}
}
