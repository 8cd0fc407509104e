package io.flowscope.cli.doctor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Native libraries that are used when they are there, and not missed otherwise. */
final class Libraries {
    private static final List<String> FOLDERS =
            List.of("lib64", "usr/lib64", "lib", "usr/lib", "usr/local/lib");

    private final SystemFiles files;
    private final Trial trial;

    Libraries(SystemFiles files, Trial trial) {
        this.files = files;
        this.trial = trial;
    }

    List<Finding> check() {
        return List.of(
                library(
                        "libpcap",
                        trial.libpcap(),
                        "the “any” device, odd link types and systems other than Linux need it;"
                                + " rings, files and filters do not",
                        "libpcap0.8",
                        "libpcap.so.1",
                        "libpcap.so.0.8",
                        "libpcap.so"),
                library(
                        "libzstd",
                        trial.libzstd(),
                        "capture files compressed with zstd need it",
                        "libzstd1",
                        "libzstd.so.1"));
    }

    private Finding library(
            String name,
            @Nullable String cause,
            String purpose,
            String debianPackage,
            String... sonames) {
        Optional<Path> file =
                Stream.of(sonames).map(this::find).flatMap(Optional::stream).findFirst();
        if (cause == null) {
            return Finding.ok(name, file.map(Path::toString).orElse("loaded"));
        }
        return file.isPresent()
                ? Finding.note(name, file.get() + " cannot be loaded: " + cause)
                : Finding.note(name, "not found: " + purpose, "sudo apt install " + debianPackage);
    }

    /** Looks in the loader's usual folders and, as Debian has it, one per architecture below. */
    private Optional<Path> find(String soname) {
        return FOLDERS.stream()
                .flatMap(folder -> candidates(files.path(folder)))
                .map(folder -> folder.resolve(soname))
                .filter(Files::exists)
                .findFirst();
    }

    private static Stream<Path> candidates(Path folder) {
        try (Stream<Path> inside = Files.list(folder)) {
            return Stream.concat(
                    Stream.of(folder),
                    inside.filter(p -> p.toString().endsWith("-linux-gnu")).toList().stream());
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
