package io.flowscope.cli.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs as users write them, in {@code src/test/consumers}: one is a named module, one lives on
 * the class path, one brings a protocol of its own. All must compile without a warning and run
 * where native access is denied to all but those it was granted to.
 */
@Execution(ExecutionMode.CONCURRENT)
class ConsumersTest {
    private static final List<String> CORE = List.of("bindings", "ffm-capture", "tracker");
    private static final String EXAMPLE =
            "tracker/src/test/java/io/flowscope/tracker/session/example/"
                    + "LengthPrefixedProtocol.java";

    @TempDir Path temp;

    @Test
    void aNamedModuleGrantsNativeAccessToOneModule() throws Exception {
        compile("named", "--module-path", corePath());
        assertReadsTheSample(
                run(
                        deny("io.flowscope.bindings"),
                        List.of(
                                "--module-path",
                                corePath() + ":" + temp,
                                "--module",
                                "consumer.named/consumer.named.CountFlows",
                                sample())));
    }

    @Test
    void aProgramOnTheClassPathNeedsNoModules() throws Exception {
        compile("classpath", "--class-path", corePath());
        assertReadsTheSample(
                run(
                        deny("ALL-UNNAMED"),
                        List.of(
                                "--class-path",
                                corePath() + ":" + temp,
                                "consumer.CountFlows",
                                sample())));
    }

    /** The worked example of the documentation, as a module that the tracker does not know. */
    @Test
    void aProtocolOfAModuleOfItsOwnIsFound() throws Exception {
        compile("protocol", List.of(EXAMPLE), "--module-path", corePath());
        Path capture = temp.resolve("lines.pcap");
        Files.write(capture, capture(segment(2, 0, ""), segment(16, 1, "\0\5hello\0\3you")));
        String output =
                run(
                        deny("io.flowscope.bindings"),
                        List.of(
                                "--module-path",
                                corePath() + ":" + temp,
                                "--module",
                                "consumer.protocol/consumer.protocol.PrintLines",
                                capture.toString()));
        assertEquals("hello\nyou\n", output);
    }

    @Test
    void theDocumentationShowsWhatIsCompiled() throws IOException {
        String page = Files.readString(Checkout.root().resolve("tracker/README.md"));
        String source = Files.readString(Checkout.root().resolve(EXAMPLE));
        int begin = source.indexOf('\n', source.indexOf("// @start")) + 1;
        String region = source.substring(begin, source.indexOf("// @end"));
        assertTrue(page.contains(region), "the class LengthPrefixedProtocol");
        Path module = Checkout.root().resolve("cli/src/test/consumers/protocol/module-info.java");
        assertTrue(page.contains(Files.readString(module)), "its module");
    }

    /** A pcap file of raw IP packets. */
    private static byte[] capture(byte[]... packets) {
        ByteBuffer file = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
        file.putInt(65_535).putInt(101);
        for (byte[] packet : packets) {
            file.putInt(1).putInt(0).putInt(packet.length).putInt(packet.length).put(packet);
        }
        return Arrays.copyOf(file.array(), file.position());
    }

    private static byte[] segment(int flags, int sequence, String payload) {
        ByteBuffer packet = ByteBuffer.allocate(40 + payload.length());
        packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0);
        packet.putInt(64 << 24 | 6 << 16).putInt(0x0a000001).putInt(0x0a000002);
        packet.putShort((short) 40_000).putShort((short) 7007).putInt(sequence).putInt(0);
        packet.putInt(0x5000_1000 | flags << 16).putInt(0);
        return packet.put(payload.getBytes(StandardCharsets.ISO_8859_1)).array();
    }

    @Test
    @Tag("slow")
    void theCoreModulesFitIntoARuntimeImage() throws Exception {
        compile("named", "--module-path", corePath());
        Path image = temp.resolve("image");
        tool(
                "jlink",
                "--module-path",
                corePath() + ":" + temp,
                "--add-modules",
                "consumer.named",
                "--output",
                image.toString());
        List<String> command = new ArrayList<>(List.of(image.resolve("bin/java").toString()));
        command.addAll(deny("io.flowscope.bindings"));
        command.addAll(List.of("--module", "consumer.named/consumer.named.CountFlows", sample()));
        assertReadsTheSample(output(command));
    }

    private void compile(String consumer, String... path) {
        compile(consumer, List.of(), path);
    }

    private void compile(String consumer, List<String> more, String... path) {
        Path sources = Checkout.root().resolve("cli/src/test/consumers").resolve(consumer);
        List<String> arguments =
                new ArrayList<>(
                        List.of("--release", "22", "-Xlint:all", "-Werror", "-d", temp.toString()));
        arguments.addAll(List.of(path));
        Checkout.filesBelow(sources).map(Path::toString).forEach(arguments::add);
        more.forEach(file -> arguments.add(Checkout.root().resolve(file).toString()));
        tool("javac", arguments.toArray(String[]::new));
    }

    private static void tool(String name, String... arguments) {
        StringWriter messages = new StringWriter();
        PrintWriter out = new PrintWriter(messages);
        int status = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
        assertEquals(0, status, messages::toString);
    }

    /** On 22 and 23 naming one module has the effect that denying the others has later. */
    private static List<String> deny(String granted) {
        String enable = "--enable-native-access=" + granted;
        return Runtime.version().feature() >= 24
                ? List.of("--illegal-native-access=deny", enable)
                : List.of(enable);
    }

    private static String run(List<String> options, List<String> rest)
            throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return output(
                Stream.of(List.of(java.toString()), options, rest).flatMap(List::stream).toList());
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }

    private static void assertReadsTheSample(String output) {
        assertTrue(output.matches("[1-9][0-9]* packets in [1-9][0-9]* flows\n"), output);
    }

    private static String corePath() {
        return CORE.stream()
                .map(m -> Checkout.classes(m).toString())
                .collect(Collectors.joining(":"));
    }

    private static String sample() {
        Path sample = Checkout.root().resolve("samples/sample.pcap");
        assertTrue(Files.exists(sample), "the sample is part of the checkout");
        return sample.toString();
    }
}
