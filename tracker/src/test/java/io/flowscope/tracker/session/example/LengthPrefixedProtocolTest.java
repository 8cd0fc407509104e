package io.flowscope.tracker.session.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.flowscope.tracker.session.ParserStatus;
import io.flowscope.tracker.session.Ports;
import io.flowscope.tracker.session.SessionParser;
import io.flowscope.tracker.session.Splits;
import io.flowscope.tracker.session.Talk;
import io.flowscope.tracker.session.example.LengthPrefixedProtocol.Line;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

class LengthPrefixedProtocolTest {
    private static SessionParser<Line> parser() {
        return Objects.requireNonNull(
                new LengthPrefixedProtocol().newFactory().newStreamParser(new Ports(1, 7007)));
    }

    @Test
    void linesAreTheSameHoweverTheStreamIsCut() {
        Talk talk = new Talk().client("\0\5hello\0\0\0\1x").server("\0\2ok").client("\0\1y");
        Talk.Run run = Splits.same(talk, LengthPrefixedProtocolTest::parser);
        assertEquals(
                List.of("hello", "", "x", "ok", "y"),
                run.all(Line.class).stream().map(Line::text).toList());
    }

    @Test
    void aLineBeyondTheLimitFails() {
        Talk.Run run = Splits.same(new Talk().client("\7\7"), LengthPrefixedProtocolTest::parser);
        assertEquals(ParserStatus.FAILED, run.status());
        assertEquals("a line longer than 1000 bytes", run.failure());
    }
}
