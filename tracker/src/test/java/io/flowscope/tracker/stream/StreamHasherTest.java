package io.flowscope.tracker.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.Side;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

class StreamHasherTest {
    @TempDir Path folder;

    @Test
    void everySideThatEndsIsSummedUp() throws Exception {
        List<StreamSummary> results = new ArrayList<>();
        try (StreamHasher hasher = new StreamHasher(results::add);
                Conversation flow = new Conversation(hasher)) {
            flow.handshake().send(0, 0, "hello ").send(0, 6, "world").send(1, 4, "gap");
            flow.fin(0, 11).finish();
        }
        assertEquals(2, results.size());
        StreamSummary asked = results.get(0);
        assertEquals(Side.INITIATOR, asked.side());
        assertEquals(11, asked.length());
        assertEquals(sha256("hello world"), asked.sha256());
        assertTrue(asked.complete());
        assertEquals("10.0.0.1", asked.sourceAddress());
        assertEquals(40_000, asked.sourcePort());
        assertEquals("10.0.0.2", asked.destinationAddress());
        assertEquals(80, asked.destinationPort());
        assertNull(asked.file());
        StreamSummary answered = results.get(1);
        assertEquals(sha256("gap"), answered.sha256());
        assertEquals(4, answered.gapBytes());
        assertFalse(answered.complete());
        assertEquals("10.0.0.2", answered.sourceAddress());
    }

    @Test
    void filesHoldTheStreamsHoweverFewMayBeOpenAtATime() throws Exception {
        List<StreamSummary> results = new ArrayList<>();
        try (StreamHasher hasher = new StreamHasher(results::add, folder.resolve("out"), 1);
                Conversation flow = new Conversation(hasher)) {
            flow.handshake();
            for (int i = 0; i < 20; i++) {
                flow.send(0, 2 * i, "a" + i % 10).send(1, 3 * i, "bc" + i % 10);
            }
            flow.fin(0, 40).fin(1, 60).finish();
        }
        String a = "";
        String b = "";
        for (int i = 0; i < 20; i++) {
            a += "a" + i % 10;
            b += "bc" + i % 10;
        }
        assertEquals(a, Files.readString(Objects.requireNonNull(results.get(0).file())));
        assertEquals(b, Files.readString(Objects.requireNonNull(results.get(1).file())));
        assertEquals(
                "000001_10.0.0.1.40000-10.0.0.2.80",
                Objects.requireNonNull(results.get(0).file()).getFileName().toString());
    }

    @Test
    void aSideWithoutBytesHasNoFile() throws Exception {
        List<StreamSummary> results = new ArrayList<>();
        try (StreamHasher hasher = new StreamHasher(results::add, folder, 4);
                Conversation flow = new Conversation(hasher)) {
            flow.handshake().send(0, 0, "only").finish();
        }
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertEquals(sha256(""), results.get(1).sha256());
    }

    @Test
    void atLeastOneFileMustBeAllowed() {
        assertThrows(IllegalArgumentException.class, () -> new StreamHasher(one -> {}, folder, 0));
    }

    private static String sha256(String text) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidAtOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThrows(IOException.class, () -> new StreamHasher(one -> {}, file.resolve("x"), 4));
    }
}
