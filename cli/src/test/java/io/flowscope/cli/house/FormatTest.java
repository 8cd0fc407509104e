package io.flowscope.cli.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holds the sources to one format; with {@code -Dflowscope.format=apply} it writes that format. */
class FormatTest {
    private final Formatter formatter =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    @Test
    void sourcesAreInTheOneFormat() throws IOException, FormatterException {
        boolean apply = System.getProperty("flowscope.format", "check").equals("apply");
        List<String> unformatted = new ArrayList<>();
        for (Path source : Checkout.handWrittenSources()) {
            String is = Files.readString(source);
            String should = formatter.formatSourceAndFixImports(is);
            if (should.equals(is)) {
                continue;
            }
            if (apply) {
                Files.writeString(source, should);
            } else {
                unformatted.add(Checkout.root().relativize(source).toString());
            }
        }
        assertEquals(
                List.of(),
                unformatted,
                "run: mvn -q -pl cli -am test -Dtest=FormatTest -Dflowscope.format=apply"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }
}
