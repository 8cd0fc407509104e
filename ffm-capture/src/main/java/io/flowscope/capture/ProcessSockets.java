package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * Which process has which socket open, read from {@code /proc}. Reading all of it takes
 * milliseconds where few processes run and far more where many do, so at most a tenth of the time
 * goes into that. Processes that had a socket lately are likely to have the next one, and are
 * looked at first. For one thread.
 */
final class ProcessSockets {
    private static final Path PROC = Path.of("/proc");
    private static final int REST_PER_READING = 9;
    private static final int REST_PER_GLANCE = 1;
    private static final long LEAST_REST_NANOS = 10_000_000;
    private static final int MOST_RECENT = 8;
    private static final int MOST_RECENT_DESCRIPTORS = 256;

    /** A process's number for a socket, as its {@code fd} folder has it. */
    private record Place(long process, long descriptor) {
        Path link() {
            return PROC.resolve(process + "/fd/" + descriptor);
        }
    }

    private final int maxSockets;
    private final Map<Long, Place> placeOf = new HashMap<>();
    private final LinkedHashSet<Long> recent = new LinkedHashSet<>();
    private long readNotBeforeNanos = System.nanoTime();
    private long glanceNotBeforeNanos = readNotBeforeNanos;

    ProcessSockets(int maxSockets) {
        this.maxSockets = Math.max(maxSockets, 1 << 16);
    }

    /** The process, null if none has the socket, or none that may be seen, or it is too early. */
    @Nullable SocketOwner owner(SocketDiagnosis.Socket socket) {
        Place place = placeOf.get(socket.inode());
        // Numbers of processes and sockets are given away again: what was read before may be old.
        if (place == null || inode(place.link()) != socket.inode()) {
            placeOf.remove(socket.inode());
            glance();
            place = placeOf.get(socket.inode());
        }
        if (place == null) {
            refresh();
            place = placeOf.get(socket.inode());
        }
        if (place == null) {
            return null;
        }
        remember(place.process);
        try {
            String command = Files.readString(PROC.resolve(place.process + "/comm")).strip();
            return new SocketOwner(place.process, command, socket.userId());
        } catch (IOException gone) {
            return null;
        }
    }

    private void remember(long process) {
        recent.remove(process);
        recent.addFirst(process);
        if (recent.size() > MOST_RECENT) {
            recent.removeLast();
        }
    }

    private void glance() {
        long begin = System.nanoTime();
        if (begin - glanceNotBeforeNanos < 0) {
            return;
        }
        for (long process : recent) {
            read(PROC.resolve(Long.toString(process)), MOST_RECENT_DESCRIPTORS);
        }
        long end = System.nanoTime();
        glanceNotBeforeNanos = end + REST_PER_GLANCE * (end - begin);
    }

    private void refresh() {
        long begin = System.nanoTime();
        if (begin - readNotBeforeNanos < 0) {
            return;
        }
        placeOf.clear();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                read(process, Integer.MAX_VALUE);
                if (placeOf.size() > maxSockets) {
                    break;
                }
            }
        } catch (IOException | RuntimeException noProc) {
            placeOf.clear();
        }
        long end = System.nanoTime();
        readNotBeforeNanos = end + Math.max(LEAST_REST_NANOS, REST_PER_READING * (end - begin));
    }

    /** Of several processes that share a socket the lowest has it. */
    private void read(Path process, int mostDescriptors) {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            long id = number(process);
            int left = mostDescriptors;
            for (Path descriptor : descriptors) {
                if (left-- == 0) {
                    return;
                }
                long inode = inode(descriptor);
                if (inode >= 0) {
                    Place place = new Place(id, number(descriptor));
                    placeOf.merge(inode, place, (a, b) -> a.process <= b.process ? a : b);
                }
            }
        } catch (IOException | RuntimeException goneOrForbidden) {
            return;
        }
    }

    private static long number(Path path) {
        return Long.parseLong(String.valueOf(path.getFileName()));
    }

    private static long inode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[")
                    ? Long.parseLong(target.substring(8, target.length() - 1))
                    : -1;
        } catch (IOException | NumberFormatException closedMeanwhile) {
            return -1;
        }
    }
}
