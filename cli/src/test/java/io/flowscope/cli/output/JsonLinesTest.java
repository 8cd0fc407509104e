package io.flowscope.cli.output;

import static io.flowscope.cli.output.JsonLines.name;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

@Execution(ExecutionMode.CONCURRENT)
class JsonLinesTest {
    @Test
    void fieldsComeInTheOrderInWhichTheyAreWritten() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteSink sink = new ByteSink(out);
        JsonLines json = new JsonLines(sink);
        json.begin()
                .text(name("b"), "x")
                .number(name("a"), -5)
                .textIfPresent(name("none"), null)
                .flag(name("yes"), true)
                .beginArray(name("list"))
                .element("1")
                .element("2")
                .endArray()
                .begin(name("inner"))
                .number(name("c"), 1)
                .end()
                .plain(name("last"), "z")
                .endLine();
        json.begin().endLine();
        sink.flush();
        assertEquals(
                "{\"b\":\"x\",\"a\":-5,\"yes\":true,\"list\":[\"1\",\"2\"],\"inner\":{\"c\":1},"
                        + "\"last\":\"z\"}\n{}\n",
                out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatJsonOrTheTerminalWouldObeyIsEscaped() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteSink sink = new ByteSink(out);
        new JsonLines(sink)
                .begin()
                .text(name("t"), "\"\\\n\r\t\u0000\u001b é\ud83d\ude00\ud83d \udc00")
                .endLine();
        sink.flush();
        assertEquals(
                "{\"t\":\"\\\"\\\\\\n\\r\\t\\u0000\\u001b é\ud83d\ude00\\ud83d \\udc00\"}\n",
                out.toString(StandardCharsets.UTF_8));
    }
}
