package io.flowscope.cli.doctor;

import io.flowscope.capture.CaptureException;
import io.flowscope.capture.CaptureWriter;
import io.flowscope.capture.CaptureWriterOptions;
import io.flowscope.capture.CaptureWriterOptions.Compression;
import io.flowscope.capture.PcapCapture;
import io.flowscope.capture.RingCapture;

import org.jspecify.annotations.Nullable;

import java.io.OutputStream;

/**
 * What this process can do, found out by doing it; each is null if it works, else the reason why
 * not.
 *
 * @param packetSocket opening one
 * @param libpcap loading it
 * @param libzstd loading it
 */
public record Trial(
        @Nullable String packetSocket, @Nullable String libpcap, @Nullable String libzstd) {
    /** Everything works. */
    static final Trial SUCCESS = new Trial(null, null, null);

    /** Tries everything. */
    public static Trial ofThisProcess() {
        return new Trial(
                message(RingCapture.unavailabilityCause()),
                message(PcapCapture.unavailabilityCause()),
                zstd());
    }

    private static @Nullable String zstd() {
        CaptureWriterOptions options =
                CaptureWriterOptions.builder().compression(Compression.ZSTD).build();
        try {
            CaptureWriter.to(OutputStream.nullOutputStream(), "nothing", options).close();
            return null;
        } catch (CaptureException e) {
            return message(e.getCause() == null ? e : e.getCause());
        }
    }

    private static @Nullable String message(@Nullable Throwable cause) {
        return cause == null ? null : String.valueOf(cause.getMessage());
    }
}
