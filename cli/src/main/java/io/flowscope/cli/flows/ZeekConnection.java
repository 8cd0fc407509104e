package io.flowscope.cli.flows;

import io.flowscope.tracker.TcpState;

/**
 * How Zeek names the way a connection went. It looks at where each end has come: has it shown a SYN
 * (or its answer), a FIN, a RST, or only packets from the middle of a connection.
 *
 * <pre>
 *   S0    SYN, no answer                     SF    opened and closed in good order
 *   S1    open                               REJ   SYN answered by a RST
 *   S2    open, initiator has closed         RSTO  open, initiator reset it
 *   S3    open, responder has closed         RSTR  open, responder reset it
 *   SH    FIN, and never an answer           RSTOS0  RST of the initiator, never an answer
 *   SHR   FIN of the responder, never a SYN  RSTRH   RST of the responder, never a SYN
 *   OTH   picked up in the middle
 * </pre>
 */
final class ZeekConnection {
    private ZeekConnection() {}

    private enum End {
        INACTIVE,
        PARTIAL,
        SYN_SENT,
        OPEN,
        CLOSED,
        RESET;

        /** It has shown neither a SYN nor an answer to one. */
        boolean isOutside() {
            return this == INACTIVE || this == PARTIAL;
        }
    }

    static String state(FlowRow row) {
        return switch (row.protocol) {
            case Protocols.TCP -> tcp(row);
            case Protocols.UDP -> udp(row);
            default -> "OTH";
        };
    }

    private static String udp(FlowRow row) {
        if (row.initiator.packets == 0) {
            return "SHR";
        }
        return row.responder.packets == 0 ? "S0" : "SF";
    }

    private static String tcp(FlowRow row) {
        boolean syn = shows(row, 'S');
        boolean answer = shows(row, 'h');
        boolean resetCounts = row.state == TcpState.RESET && !closedBeforeReset(row.history);
        End initiator =
                end(
                        resetCounts && shows(row, 'R'),
                        shows(row, 'F'),
                        syn || shows(row, 'H'),
                        answer || shows(row, 's'),
                        row.initiator.packets);
        End responder =
                end(
                        resetCounts && shows(row, 'r'),
                        shows(row, 'f'),
                        answer || shows(row, 's'),
                        true,
                        row.responder.packets);
        if (responder == End.RESET) {
            boolean refused =
                    initiator == End.SYN_SENT
                            || (initiator == End.RESET && row.payload() == 0 && !answer);
            return refused ? "REJ" : initiator.isOutside() ? "RSTRH" : "RSTR";
        }
        return switch (initiator) {
            case RESET -> responder.isOutside() ? "RSTOS0" : "RSTO";
            case CLOSED -> responder == End.CLOSED ? "SF" : responder.isOutside() ? "SH" : "S2";
            case INACTIVE, PARTIAL -> responder == End.CLOSED ? "SHR" : "OTH";
            case SYN_SENT, OPEN -> begun(initiator, responder);
        };
    }

    private static String begun(End initiator, End responder) {
        return switch (responder) {
            case CLOSED -> "S3";
            case INACTIVE -> "S0";
            case OPEN -> initiator == End.OPEN ? "S1" : "OTH";
            default -> "OTH";
        };
    }

    private static End end(
            boolean reset, boolean fin, boolean syn, boolean answered, long packets) {
        if (reset) {
            return End.RESET;
        }
        if (fin) {
            return End.CLOSED;
        }
        if (syn) {
            return answered ? End.OPEN : End.SYN_SENT;
        }
        return packets == 0 ? End.INACTIVE : End.PARTIAL;
    }

    /** A RST after both FINs is how some systems say goodbye. */
    private static boolean closedBeforeReset(String history) {
        int fins = Math.min(history.indexOf('F'), history.indexOf('f'));
        int last = Math.max(history.indexOf('F'), history.indexOf('f'));
        int reset = Math.max(history.indexOf('R'), history.indexOf('r'));
        return fins >= 0 && reset > last;
    }

    private static boolean shows(FlowRow row, char letter) {
        return row.history.indexOf(letter) >= 0;
    }
}
