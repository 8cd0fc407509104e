package io.flowscope.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class HumanTextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1049, 1.0 kB",
        "1051, 1.1 kB",
        "9949, 9.9 kB",
        "9951, 10 kB",
        "999499, 999 kB",
        "999500, 1.0 MB",
        "408000000, 408 MB",
        "9223372036854775807, 9.2 EB"
    })
    void bytesHaveThreeDigitsAtMost(long bytes, String expected) {
        assertEquals(expected, HumanText.bytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.0 µs",
        "999499, 999 µs",
        "999500, 1.0 ms",
        "1500000, 1.5 ms",
        "999500000, 1.0 s",
        "59940000000, 60 s",
        "60000000000, 1 m 0 s",
        "125000000000, 2 m 5 s",
        "3599400000000, 59 m 59 s",
        "3600000000000, 1 h 0 m",
        "86400000000000, 1 d 0 h",
        "180000000000000, 2 d 2 h"
    })
    void durationsHaveTheUnitThatFits(long nanos, String expected) {
        assertEquals(expected, HumanText.duration(nanos));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0; 0", "999; 999", "1000; 1,000", "1234567; 1,234,567"})
    void countsAreGrouped(long number, String expected) {
        assertEquals(expected, HumanText.count(number));
    }
}
