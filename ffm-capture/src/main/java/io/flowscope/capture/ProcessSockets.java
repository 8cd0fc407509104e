package io.flowscope.capture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Which process has which socket open, read from {@code /proc}. For one thread. */
final class ProcessSockets {
    private static final Path PROC = Path.of("/proc");

    /** Reading all of /proc takes milliseconds: not for each unknown socket. */
    private static final long LEAST_INTERVAL_NANOS = 200_000_000;

    private final int maxSockets;
    private final Map<Long, Long> processOf = new HashMap<>();
    private long readNanos = System.nanoTime() - LEAST_INTERVAL_NANOS;

    ProcessSockets(int maxSockets) {
        this.maxSockets = Math.max(maxSockets, 1 << 16);
    }

    @Nullable SocketOwner owner(SocketDiagnosis.Socket socket) {
        Long process = processOf.get(socket.inode());
        if (process == null || !holds(process, socket.inode())) {
            refresh();
            process = processOf.get(socket.inode());
        }
        if (process == null) {
            return null;
        }
        try {
            String command = Files.readString(PROC.resolve(process + "/comm")).strip();
            return new SocketOwner(process, command, socket.userId());
        } catch (IOException gone) {
            return null;
        }
    }

    /** Numbers of processes and sockets are given away again: what was read before may be old. */
    private static boolean holds(long process, long inode) {
        return sockets(PROC.resolve(Long.toString(process)), inode, null) > 0;
    }

    private void refresh() {
        if (System.nanoTime() - readNanos < LEAST_INTERVAL_NANOS) {
            return;
        }
        processOf.clear();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                sockets(process, -1, processOf);
                if (processOf.size() > maxSockets) {
                    break;
                }
            }
        } catch (IOException | RuntimeException noProc) {
            processOf.clear();
        }
        readNanos = System.nanoTime();
    }

    /**
     * Goes through a process's descriptors.
     *
     * @param wanted counts these sockets
     * @param into gets all sockets, unless null
     */
    private static int sockets(Path process, long wanted, @Nullable Map<Long, Long> into) {
        int count = 0;
        long id = Long.parseLong(String.valueOf(process.getFileName()));
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                long inode = inode(descriptor);
                if (inode < 0) {
                    continue;
                }
                count += inode == wanted ? 1 : 0;
                if (into != null) {
                    into.merge(inode, id, Math::min);
                }
            }
        } catch (IOException | RuntimeException goneOrForbidden) {
            return count;
        }
        return count;
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
