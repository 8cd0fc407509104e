package io.flowscope.obs.resources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

class ControlGroupTest {
    @TempDir private Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Map<ResourceType, ResourceReading> read(ControlGroup group) {
        return group.read().stream()
                .collect(Collectors.toMap(ResourceReading::type, Function.identity()));
    }

    @Test
    void v2LimitsAndUse() throws IOException {
        file("cgroup.controllers", "cpu io memory\n");
        file("cpu.max", "50000 100000\n");
        file("cpu.stat", "usage_usec 123456\nuser_usec 1\n");
        file("memory.max", "1048576\n");
        file("memory.current", "524288\n");
        file("io.max", "8:0 rbps=1000 wbps=max riops=max wiops=max\n8:16 rbps=500 wbps=250\n");
        file("io.stat", "8:0 rbytes=70 wbytes=30 rios=1\n8:16 rbytes=5 wbytes=6\n8:32 rbytes=9\n");
        Map<ResourceType, ResourceReading> read = read(ControlGroup.at(root));
        assertEquals(
                new ResourceReading(ResourceType.CPU, 50_000, 123_456, 123_456, 500_000),
                read.get(ResourceType.CPU));
        assertEquals(
                new ResourceReading(ResourceType.MEMORY, 1_048_576, 524_288, 524_288, Double.NaN),
                read.get(ResourceType.MEMORY));
        assertEquals(
                new ResourceReading(ResourceType.IO, 1750, 120, 81, 1750),
                read.get(ResourceType.IO));
    }

    @Test
    void v2WithoutLimits() throws IOException {
        file("cgroup.controllers", "cpu io memory\n");
        file("cpu.max", "max 100000\n");
        file("cpu.stat", "usage_usec 5\n");
        file("memory.max", "max\n");
        file("memory.current", "7\n");
        file("io.stat", "8:0 rbytes=70 wbytes=30\n");
        read(ControlGroup.at(root)).values().forEach(r -> assertFalse(r.limited(), r.toString()));
        assertEquals(3, ControlGroup.at(root).read().size());
    }

    @Test
    void v1LimitsAndUse() throws IOException {
        file("cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
        file("cpu,cpuacct/cpu.cfs_period_us", "100000\n");
        file("cpu,cpuacct/cpuacct.usage", "5000000\n");
        file("memory/memory.limit_in_bytes", "4096\n");
        file("memory/memory.usage_in_bytes", "5000\n");
        file("blkio/blkio.throttle.read_bps_device", "8:0 1000\n");
        file("blkio/blkio.throttle.write_bps_device", "");
        file(
                "blkio/blkio.throttle.io_service_bytes",
                "8:0 Read 40\n8:0 Write 2\n8:0 Sync 42\n8:0 Total 42\nTotal 42\n");
        Map<ResourceType, ResourceReading> read = read(ControlGroup.at(root));
        assertEquals(
                new ResourceReading(ResourceType.CPU, 200_000, 5000, 5000, 2_000_000),
                read.get(ResourceType.CPU));
        assertEquals(
                new ResourceReading(ResourceType.MEMORY, 4096, 5000, 5000, Double.NaN),
                read.get(ResourceType.MEMORY));
        assertEquals(
                new ResourceReading(ResourceType.IO, 1000, 42, 40, 1000),
                read.get(ResourceType.IO));
    }

    @Test
    void v1WithoutLimits() throws IOException {
        file("cpu/cpu.cfs_quota_us", "-1\n");
        file("cpu/cpu.cfs_period_us", "100000\n");
        file("cpuacct/cpuacct.usage", "5000000\n");
        file("memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("memory/memory.usage_in_bytes", "5000\n");
        List<ResourceReading> read = ControlGroup.at(root).read();
        assertEquals(2, read.size());
        read.forEach(r -> assertFalse(r.limited(), r.toString()));
    }

    @Test
    void theOwnGroupIsFoundBelowTheRoot() throws IOException {
        file("cgroup.controllers", "memory\n");
        file("memory.current", "1\n");
        file("a/b/memory.current", "2\n");
        file("membership", "0::/a/b\n");
        assertEquals(2, ControlGroup.own(root, root.resolve("membership")).read().get(0).usage());
        file("membership", "0::/not/here\n");
        assertEquals(1, ControlGroup.own(root, root.resolve("membership")).read().get(0).usage());
        file("membership", "0::/../../etc\n");
        assertEquals(1, ControlGroup.own(root, root.resolve("membership")).read().get(0).usage());
    }

    @Test
    void theOwnGroupOfV1IsOnePerController() throws IOException {
        file("memory/x/memory.usage_in_bytes", "3\n");
        file("memory/x/memory.limit_in_bytes", "30\n");
        file("membership", "5:memory:/x\n4:cpu,cpuacct:/y\n");
        ResourceReading read = ControlGroup.own(root, root.resolve("membership")).read().get(0);
        assertEquals(3, read.usage());
        assertEquals(30, read.limit());
    }

    @Test
    void whatCannotBeReadIsLeftOut() throws IOException {
        assertTrue(ControlGroup.at(root).read().isEmpty());
        file("cgroup.controllers", "");
        file("memory.current", "not a number\n");
        file("cpu.stat", "");
        file("io.stat", "");
        assertTrue(ControlGroup.at(root).read().isEmpty());
    }
}
