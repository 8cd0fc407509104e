package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file opened for reading.
 *
 * @param channel to read it by
 * @param isRegular whether it is a file with a size, and no pipe or device
 * @param isCompressed whether it begins like gzip or zstd; known of regular files only
 */
record FileOpening(FileChannel channel, boolean isRegular, boolean isCompressed) {
    /**
     * Opens it.
     *
     * @throws CaptureException with the reason in words
     */
    static FileOpening of(Path file) {
        if (Files.isDirectory(file)) {
            throw new CaptureException(file + " is a folder, not a capture file");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            boolean regular = Files.isRegularFile(file);
            return new FileOpening(channel, regular, regular && beginsCompressed(channel));
        } catch (NoSuchFileException e) {
            throw new CaptureException("there is no file " + file, e);
        } catch (AccessDeniedException e) {
            throw new CaptureException(file + " must not be read by this user", e);
        } catch (IOException e) {
            close(channel);
            throw new CaptureException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean beginsCompressed(FileChannel channel) throws IOException {
        var first = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        channel.read(first, 0);
        return first.position() == 4 && CaptureHeader.isCompressed(first.getInt(0));
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            return;
        }
    }
}
