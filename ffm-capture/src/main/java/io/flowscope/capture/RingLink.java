package io.flowscope.capture;

import static io.flowscope.bindings.linux.linux_h.ENETDOWN;

import io.flowscope.bindings.linux.ErrnoCapture;
import io.flowscope.bindings.linux.InterfaceCalls;
import io.flowscope.capture.CaptureEvent.Kind;

import java.util.Objects;

/**
 * Follows what happens to a ring's interface, and brings the ring back to it. The kernel goes on by
 * itself when an interface that was down is up again; a new interface of the same name must be
 * bound anew. For the reading thread.
 */
final class RingLink {
    private static final int FIRST_RETRY_MILLIS = 50;
    private static final int LAST_RETRY_MILLIS = 2000;
    private static final int IDLE_CHECK_MILLIS = 1000;

    private final RingCapture capture;
    private String name;
    private boolean present = true;
    private boolean up;
    private int retryMillis = FIRST_RETRY_MILLIS;
    private String lastFailure = "";

    RingLink(RingCapture capture) {
        this.capture = capture;
        NetworkInterfaceState link = capture.ring().link();
        name = link.name();
        up = link.isUp();
    }

    /** How long the reader may sleep before it must look at the interface again. */
    int sleepMillis() {
        if (present) {
            return IDLE_CHECK_MILLIS;
        }
        int millis = retryMillis;
        retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
        return millis;
    }

    /** Compares the interface with what is known of it, and tells what has changed. */
    void check(ErrnoCapture errno) {
        if (!present) {
            comeBack(errno);
            return;
        }
        boolean wasDown = capture.ring().socket().takeError(errno) == ENETDOWN();
        int index = capture.ring().link().index();
        String now = InterfaceCalls.if_indextoname(errno, index);
        if (now == null) {
            vanish(errno);
            return;
        }
        NetworkInterfaceState state;
        try {
            state = NetworkInterfaceState.of(errno, now);
        } catch (CaptureException vanishedMeanwhile) {
            vanish(errno);
            return;
        }
        if (state.index() != index) {
            // Renamed between the two questions; the next look sees one of both answers.
            return;
        }
        if (!now.equals(name)) {
            String former = name;
            name = now;
            tell(Kind.INTERFACE_RENAMED, "%s is now called %s".formatted(former, now));
        }
        capture.ring().link(state);
        boolean goesDown = up && (!state.isUp() || wasDown);
        boolean comesUp = state.isUp() && (!up || wasDown);
        up = state.isUp();
        if (goesDown) {
            tell(Kind.INTERFACE_DOWN, name + " is down");
        }
        if (comesUp) {
            tell(Kind.INTERFACE_UP, name + " is up");
        }
    }

    private void vanish(ErrnoCapture errno) {
        present = false;
        up = false;
        retryMillis = FIRST_RETRY_MILLIS;
        tell(Kind.INTERFACE_REMOVED, name + " is gone; waiting for an interface of that name");
        comeBack(errno);
    }

    private void comeBack(ErrnoCapture errno) {
        if (InterfaceCalls.if_nametoindex(errno, name) < 0) {
            return;
        }
        try {
            attach(errno);
        } catch (CaptureException refused) {
            String why = Objects.requireNonNullElse(refused.getMessage(), "");
            if (!why.equals(lastFailure)) {
                lastFailure = why;
                tell(Kind.DEGRADED, "%s is back, but: %s".formatted(name, why));
            }
            return;
        }
        // What the old interface left behind is no news of the new one.
        capture.ring().socket().takeError(errno);
        present = true;
        lastFailure = "";
        up = capture.ring().link().isUp();
        tell(Kind.INTERFACE_BACK, name + " is back" + (up ? "" : ", and down"));
    }

    private void attach(ErrnoCapture errno) {
        NetworkInterfaceState state = NetworkInterfaceState.of(errno, name);
        RingOptions options = capture.options();
        Fanout fanout = options.fanout();
        if (fanout == null && state.linkType() == capture.ring().linkType()) {
            capture.ring().rebind(errno, options, state);
            return;
        }
        RingOptions.Builder fresh = options.toBuilder().interfaceName(name);
        if (fanout != null) {
            // A group is of one interface: all its rings go on to the same new group.
            int group = capture.fanoutGroup() + state.index() & 0xffff;
            fresh.fanout(fanout.inGroup(group));
        }
        capture.reopen(errno, fresh.build());
    }

    private void tell(Kind kind, String message) {
        capture.tell(kind, name, message);
    }
}
