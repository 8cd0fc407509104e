package io.flowscope.capture;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The examples of this module's README; each stands between two marks, as it stands there. */
final class ReadmeSnippets {
    private ReadmeSnippets() {}

    static long[] readAFile(Path path) {
        // snippet file
        try (CaptureFile file = CaptureFile.open(path)) {
            long[] bytes = new long[1];
            long packets =
                    file.forEach(
                            (memory, offset, captured, length, timestampNanos) ->
                                    bytes[0] += length);
            System.out.println(packets + " packets, " + bytes[0] + " bytes");
            // end
            return new long[] {packets, bytes[0]};
        }
    }

    static CaptureStatistics captureFor(String name, long millis, BatchHandler handler)
            throws InterruptedException {
        // snippet ring
        RingOptions options =
                RingOptions.builder(name)
                        .profile(RingProfile.LOW_LATENCY)
                        .filter("tcp port 443")
                        .listener(event -> System.err.println(event.message()))
                        .build();
        try (RingCapture ring = RingCapture.open(options)) {
            Thread reader = Thread.ofPlatform().start(() -> ring.forEachBatch(handler));
            Thread.sleep(millis);
            ring.stop(); // from any thread; the reader leaves within 100 ms, traffic or not
            reader.join();
            CaptureStatistics counted = ring.statistics(); // drops are always counted
            // end
            return counted;
        }
    }

    static long shareAmongWorkers(String name, long millis, BatchHandler[] handlers) {
        // snippet workers
        RingOptions options = RingOptions.builder(name).fanout(Fanout.byFlow()).build();
        try (Workers workers = Workers.open(options, 2, 0, 1)) { // 2 rings, on processors 0 and 1
            CompletableFuture.delayedExecutor(millis, MILLISECONDS).execute(workers::stop);
            long packets = workers.forEachBatch(worker -> handlers[worker]);
            // end
            return packets;
        }
    }

    static void writeDown(PacketSource source, Path target) {
        // snippet writer
        CaptureWriterOptions options =
                CaptureWriterOptions.builder()
                        .layout(CaptureWriterOptions.Layout.PCAPNG)
                        .rotateBytes(100_000_000)
                        .ringFiles(10)
                        .build();
        try (CaptureWriter writer = CaptureWriter.open(target, options)) {
            source.forEachBatch(writer);
        }
        // end
    }

    static long sendAgain(Path path, String name) {
        // snippet injector
        try (Injector injector = Injector.open(InjectorOptions.of(name))) {
            long sent =
                    injector.replay(
                            () -> CaptureFile.open(path), // once per round
                            new ReplayOptions(2, 1)); // twice as fast, one round
            // end
            return sent;
        }
    }

    static long filtered(Path path) {
        // snippet filter
        try (PacketSource dns = new FilteredSource(CaptureFile.open(path), "udp port 53")) {
            return dns.forEach((memory, offset, captured, length, timestampNanos) -> {});
        }
        // end
    }

    static List<MemorySegment> keptWrongly(PacketSource source) {
        // snippet wrong
        // WRONG: the source owns this memory, and puts other packets there.
        List<MemorySegment> kept = new ArrayList<>();
        source.forEach(
                (memory, offset, captured, length, timestampNanos) ->
                        kept.add(memory.asSlice(offset, captured)));
        // end
        return kept;
    }

    static List<byte[]> keptRightly(PacketSource source) {
        // snippet right
        // RIGHT: what is needed later is copied before the handler returns.
        List<byte[]> kept = new ArrayList<>();
        source.forEach(
                (memory, offset, captured, length, timestampNanos) ->
                        kept.add(memory.asSlice(offset, captured).toArray(ValueLayout.JAVA_BYTE)));
        // end
        return kept;
    }
}
