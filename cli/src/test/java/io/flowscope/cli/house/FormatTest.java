package io.flowscope.cli.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Holds the sources to one format; with {@code -Dflowscope.format=apply} it writes that format. */
class FormatTest {
    private final Formatter formatter =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    @Test
    void sourcesAreInTheOneFormat() {
        boolean apply = System.getProperty("flowscope.format", "check").equals("apply");
        List<String> unformatted =
                Checkout.handWrittenSources().parallelStream()
                        .filter(source -> !isFormatted(source, apply))
                        .map(source -> Checkout.root().relativize(source).toString())
                        .toList();
        assertEquals(
                List.of(),
                unformatted,
                "run: mvn -q -pl cli -am test -Dtest=FormatTest -Dflowscope.format=apply"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }

    /** Whether it is, or has been made so. */
    private boolean isFormatted(Path source, boolean apply) {
        try {
            String is = Files.readString(source);
            String should = formatter.formatSourceAndFixImports(is);
            if (apply && !should.equals(is)) {
                Files.writeString(source, should);
                return true;
            }
            return should.equals(is);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        }
    }
}
