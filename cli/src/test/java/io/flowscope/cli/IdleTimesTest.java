package io.flowscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.TypeConversionException;

import java.time.Duration;

class IdleTimesTest {
    private static IdleTimes read(String text) {
        return new IdleTimes.Converter().convert(text);
    }

    @Test
    void whatIsLeftOutStays() {
        assertEquals(IdleTimes.DEFAULT, read("tcp=300s,udp=60s,other=30s"));
        assertEquals(
                new IdleTimes(
                        Duration.ofSeconds(300), Duration.ofMinutes(2), Duration.ofSeconds(30)),
                read("udp=2m"));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "30, 30000", "2m, 120000", "1h, 3600000", "5S, 5000"})
    void timesHaveUnits(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), IdleTimes.duration(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tcp",
                "tcp=",
                "tcp=0s",
                "tcp=-1s",
                "tcp=5y",
                "=5s",
                "icmp=5s",
                "tcp=99999999999999999999s",
                "tcp=9223372036854775807h",
                "tcp=1s,,udp=1s"
            })
    void everythingElseIsRefused(String text) {
        assertThrows(TypeConversionException.class, () -> read(text));
    }
}
