package io.flowscope.cli;

import io.flowscope.capture.CaptureException;
import io.flowscope.capture.CaptureFile;
import io.flowscope.capture.CaptureFileOptions;
import io.flowscope.capture.CaptureFormat;
import io.flowscope.capture.FilteredSource;
import io.flowscope.capture.MergedSource;
import io.flowscope.capture.PacketSource;
import io.flowscope.tracker.packet.LinkType;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Capture files, one after the other. What cannot be read is reported, and the rest goes on; an
 * interruption ends the input that is being read and begins no other.
 */
final class FileInputs implements Inputs {
    static final String STANDARD_INPUT = "-";

    private final List<String> names;
    private final boolean merge;
    private final String filter;
    private final Stdio stdio;
    private final Interruption interruption;
    private boolean failed;
    private @Nullable String lastFailure;

    /**
     * @param filter of the packets that are wanted, empty for all
     */
    FileInputs(
            List<String> names,
            boolean merge,
            String filter,
            Stdio stdio,
            Interruption interruption) {
        this.names = names;
        this.merge = merge;
        this.filter = filter;
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public boolean readAll(Reader reader) {
        if (merge && names.size() > 1) {
            readMerged(reader);
            return !failed;
        }
        for (String name : names) {
            if (interruption.isInterrupted()) {
                break;
            }
            readOne(name, reader);
        }
        return !failed;
    }

    private void readOne(String name, Reader reader) {
        try (CaptureFile file = open(name)) {
            checkLinkType(file);
            read(names.size() > 1 ? name : null, file, reader);
            warn(file);
        } catch (CaptureException | CommandFailure e) {
            failed(e);
        }
    }

    private void readMerged(Reader reader) {
        List<Path> readable = new ArrayList<>();
        for (String name : names) {
            if (name.equals(STANDARD_INPUT)) {
                readable.add(Path.of("/dev/stdin"));
                continue;
            }
            try (CaptureFile file = open(name)) {
                checkLinkType(file);
                readable.add(Path.of(name));
            } catch (CaptureException | CommandFailure e) {
                failed(e);
            }
        }
        if (readable.isEmpty()) {
            return;
        }
        try (MergedSource merged = CaptureFile.merge(readable)) {
            try {
                read(null, merged, reader);
            } finally {
                merged.files().forEach(this::warn);
            }
        } catch (CaptureException e) {
            failed(e);
        }
    }

    private void read(@Nullable String name, PacketSource source, Reader reader) {
        interruption.onInterrupt(source::stop);
        // A file without an interface has no packets, and no link type to compile a filter for.
        boolean filtered = !filter.isEmpty() && source.linkType() >= 0;
        reader.read(name, filtered ? new FilteredSource(source, filter) : source);
    }

    private static CaptureFile open(String name) {
        if (name.equals(STANDARD_INPUT)) {
            return CaptureFile.standardInput(CaptureFileOptions.standard());
        }
        return CaptureFile.open(FileProblem.path("read", name));
    }

    /**
     * A pcapng file may have interfaces of several link types; its packets are told apart later.
     */
    private static void checkLinkType(CaptureFile file) {
        if (file.format() == null || file.format() == CaptureFormat.PCAPNG) {
            return;
        }
        int type = file.linkType();
        if (type >= 0 && !LinkType.isSupported(type)) {
            throw new CommandFailure(
                    file.name()
                            + " has packets of "
                            + LinkType.describe(type)
                            + ", which hold no flows that could be decoded");
        }
    }

    private void warn(CaptureFile file) {
        file.warnings().forEach(warning -> stdio.say("warning: " + warning));
        if (file.ending().isTruncated()) {
            stdio.say("warning: " + file.ending().detail());
        }
    }

    private void failed(RuntimeException e) {
        failed = true;
        String sentence = String.valueOf(e.getMessage());
        if (!sentence.equals(lastFailure)) { // a wrong filter is as wrong for the next file
            lastFailure = sentence;
            stdio.sayFailure(sentence, e);
        }
    }
}
