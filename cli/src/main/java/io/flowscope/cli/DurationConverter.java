package io.flowscope.cli;

import picocli.CommandLine.ITypeConverter;

import java.time.Duration;

/** A time such as 500ms, 30s, 5m or 1h; seconds if no unit is given. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        return IdleTimes.duration(text);
    }
}
