package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.EACCES;
import static io.flowscope.bindings.linux.linux_h.EBUSY;
import static io.flowscope.bindings.linux.linux_h.EINVAL;
import static io.flowscope.bindings.linux.linux_h.EMFILE;
import static io.flowscope.bindings.linux.linux_h.ENETDOWN;
import static io.flowscope.bindings.linux.linux_h.ENFILE;
import static io.flowscope.bindings.linux.linux_h.ENODEV;
import static io.flowscope.bindings.linux.linux_h.ENOMEM;
import static io.flowscope.bindings.linux.linux_h.ENXIO;
import static io.flowscope.bindings.linux.linux_h.EPERM;

import io.flowscope.bindings.linux.Errno;

/** Turns what a system call refused into a sentence that says what to do about it. */
final class SystemErrors {
    /** What gives a program the right to capture, shortest first. */
    static final String CAPTURE_RIGHTS =
            "run as root, or grant CAP_NET_RAW: in a container add --cap-add=NET_RAW, under systemd"
                    + " AmbientCapabilities=CAP_NET_RAW, or for a Java of its own"
                    + " setcap cap_net_raw+ep <java-home>/bin/java";

    private SystemErrors() {}

    /**
     * The exception for a call that failed.
     *
     * @param call as its manual page is named, with the option if there is one
     * @param subject what it was done to, such as an interface
     * @param result the negated errno
     */
    static CaptureException failure(String call, String subject, int result) {
        return new CaptureException(message(call, subject, result));
    }

    static String message(String call, String subject, int result) {
        int errno = -result;
        String hint = hint(errno);
        return "%s for %s failed: %s%s"
                .formatted(call, subject, Errno.name(errno), hint.isEmpty() ? "" : "; " + hint);
    }

    private static String hint(int errno) {
        if (errno == EPERM() || errno == EACCES()) {
            return CAPTURE_RIGHTS;
        }
        if (errno == ENODEV() || errno == ENXIO()) {
            return "there is no such interface: 'ip link' lists those there are";
        }
        if (errno == ENETDOWN()) {
            return "it is down: 'ip link set dev NAME up' switches an interface on";
        }
        if (errno == EMFILE() || errno == ENFILE()) {
            return "too many open files: raise the limit with ulimit -n";
        }
        if (errno == ENOMEM()) {
            return "not enough memory: use fewer or smaller blocks";
        }
        if (errno == EBUSY()) {
            return "it is in use";
        }
        return errno == EINVAL() ? "the kernel does not take this value" : "";
    }
}
