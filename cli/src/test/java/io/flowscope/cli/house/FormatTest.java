package io.flowscope.cli.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the sources to one format; with {@code -Dflowscope.format=apply} it writes that format.
 *
 * <p>What was seen in the format is remembered below {@code target}, so that only what changed is
 * formatted again: all of it takes the formatter longer than most modules' tests.
 */
@Execution(ExecutionMode.CONCURRENT)
class FormatTest {
    private static final Path REMEMBERED = Checkout.root().resolve("cli/target/in-format");

    private final Formatter formatter =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    @Test
    void sourcesAreInTheOneFormat() throws IOException {
        boolean apply = System.getProperty("flowscope.format", "check").equals("apply");
        Set<String> before =
                Files.exists(REMEMBERED) ? Set.copyOf(Files.readAllLines(REMEMBERED)) : Set.of();
        Set<String> now = ConcurrentHashMap.newKeySet();
        List<String> unformatted =
                Checkout.handWrittenSources().parallelStream()
                        .filter(source -> !isFormatted(source, apply, before, now))
                        .map(source -> Checkout.root().relativize(source).toString())
                        .toList();
        Files.createDirectories(REMEMBERED.getParent());
        Files.write(REMEMBERED, new TreeSet<>(now));
        assertEquals(
                List.of(),
                unformatted,
                "run: mvn -q -pl cli -am test -Dtest=FormatTest -Dflowscope.format=apply"
                        + " -Dsurefire.failIfNoSpecifiedTests=false");
    }

    /** Whether it is, or has been made so; its fingerprint is then among those of now. */
    private boolean isFormatted(Path source, boolean apply, Set<String> before, Set<String> now) {
        try {
            String is = Files.readString(source);
            String seen = fingerprint(is);
            if (!before.contains(seen)) {
                String should = formatter.formatSourceAndFixImports(is);
                if (!should.equals(is)) {
                    if (!apply) {
                        return false;
                    }
                    Files.writeString(source, should);
                    seen = fingerprint(should);
                }
            }
            now.add(seen);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
        }
    }

    /** Another formatter may want another format: its jar's name is part of it. */
    private static String fingerprint(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(
                    Formatter.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString()
                            .getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
