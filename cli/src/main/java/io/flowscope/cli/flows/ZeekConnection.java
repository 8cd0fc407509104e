package io.flowscope.cli.flows;

import io.flowscope.tracker.TcpState;

/**
 * How Zeek names the way a connection went. It follows where each end has come: has it shown a SYN
 * (or its answer), a FIN, a RST, or only packets from the middle of a connection. The letters of
 * the history, in their order, lead each end through the same states.
 *
 * <pre>
 *   S0    SYN, no answer                     SF    opened and closed in good order
 *   S1    open                               REJ   SYN answered by a RST
 *   S2    open, initiator has closed         RSTO  open, initiator reset it
 *   S3    open, responder has closed         RSTR  open, responder reset it
 *   SH    FIN, and never an answer           RSTOS0  SYN and RST of the initiator, nothing else
 *   SHR   FIN of the responder, never a SYN  RSTRH   RST of the responder, never a SYN
 *   OTH   picked up in the middle
 * </pre>
 */
final class ZeekConnection {
    private static final String MORE_THAN_SYN_BEFORE_RESET = "HAFG";

    private enum End {
        INACTIVE,
        PARTIAL,
        SYN_SENT,
        ANSWER_SENT,
        OPEN,
        CLOSED,
        RESET;

        /** It has shown neither a SYN nor an answer to one. */
        boolean isOutside() {
            return this == INACTIVE || this == PARTIAL;
        }

        /** It has shown a SYN, or an answer to one, and waits for the other. */
        boolean hasBegun() {
            return this == SYN_SENT || this == ANSWER_SENT;
        }
    }

    private End initiator = End.INACTIVE;
    private End responder = End.INACTIVE;
    private boolean initiatorClosedBeforeReset;
    private boolean responderClosedBeforeReset;

    private ZeekConnection(FlowRow row) {
        String history = row.history;
        for (int i = 0; i < history.length(); i++) {
            char letter = history.charAt(i);
            boolean first = letter < 'a';
            char kind = Character.toUpperCase(letter);
            // A RST that was not obeyed is in the history as well.
            if (kind != 'R' || row.state == TcpState.RESET || row.state == TcpState.CLOSED) {
                shown(kind, first);
            }
        }
    }

    static String state(FlowRow row) {
        return switch (row.protocol) {
            case Protocols.TCP -> new ZeekConnection(row).tcp(row);
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

    private void shown(char kind, boolean byInitiator) {
        End is = byInitiator ? initiator : responder;
        End peer = byInitiator ? responder : initiator;
        End next =
                switch (is) {
                    case INACTIVE -> first(kind, byInitiator, peer);
                    case PARTIAL ->
                            kind == 'S' && peer == End.INACTIVE ? End.SYN_SENT : later(is, kind);
                    case SYN_SENT, ANSWER_SENT, OPEN -> later(is, kind);
                    case CLOSED -> kind == 'R' && peer != End.CLOSED ? End.RESET : is;
                    case RESET -> is;
                };
        boolean answers = is == End.INACTIVE && (kind == 'S' || kind == 'H') && !byInitiator;
        if (answers && initiator.hasBegun()) {
            initiator = End.OPEN;
        }
        boolean closes = next == End.CLOSED && (is == End.OPEN || is == End.PARTIAL);
        if (closes) {
            forgiveReset(byInitiator);
        }
        if (byInitiator) {
            initiatorClosedBeforeReset |= is == End.CLOSED && next == End.RESET;
            initiator = next;
        } else {
            responderClosedBeforeReset |= is == End.CLOSED && next == End.RESET;
            responder = next;
        }
    }

    /** An end's first letter. */
    private static End first(char kind, boolean byInitiator, End peer) {
        return switch (kind) {
            case 'S' -> byInitiator ? End.SYN_SENT : End.OPEN;
            case 'H' -> byInitiator ? End.ANSWER_SENT : End.OPEN;
            case 'F' -> End.CLOSED;
            case 'R' -> End.RESET;
            case 'A' -> {
                // Some systems acknowledge a SYN before they answer it.
                boolean early = !byInitiator && peer == End.SYN_SENT;
                yield early ? End.INACTIVE : peer == End.OPEN ? End.OPEN : End.PARTIAL;
            }
            default -> peer == End.OPEN ? End.OPEN : End.PARTIAL;
        };
    }

    private static End later(End is, char kind) {
        return kind == 'F' ? End.CLOSED : kind == 'R' ? End.RESET : is;
    }

    /** FIN and then RST of one end, and then the other's FIN, is a good order after all. */
    private void forgiveReset(boolean closedByInitiator) {
        if (closedByInitiator && responder == End.RESET && responderClosedBeforeReset) {
            responder = End.CLOSED;
        } else if (!closedByInitiator && initiator == End.RESET && initiatorClosedBeforeReset) {
            initiator = End.CLOSED;
        }
    }

    private String tcp(FlowRow row) {
        if (responder == End.RESET) {
            boolean refused =
                    initiator.hasBegun() || (initiator == End.RESET && row.payload() == 0);
            return refused ? "REJ" : initiator.isOutside() ? "RSTRH" : "RSTR";
        }
        return switch (initiator) {
            case RESET -> !responder.isOutside() ? "RSTO" : onlySynAndReset(row) ? "RSTOS0" : "OTH";
            case CLOSED -> responder == End.CLOSED ? "SF" : responder.isOutside() ? "SH" : "S2";
            case INACTIVE, PARTIAL -> responder == End.CLOSED ? "SHR" : "OTH";
            case SYN_SENT, ANSWER_SENT, OPEN -> begun();
        };
    }

    private static boolean onlySynAndReset(FlowRow row) {
        int reset = row.history.indexOf('R');
        if (!row.history.startsWith("S")) {
            return false;
        }
        return row.history
                .substring(0, reset)
                .chars()
                .noneMatch(letter -> MORE_THAN_SYN_BEFORE_RESET.indexOf(letter) >= 0);
    }

    private String begun() {
        return switch (responder) {
            case CLOSED -> "S3";
            case INACTIVE -> initiator == End.SYN_SENT ? "S0" : "OTH";
            case OPEN -> initiator == End.OPEN ? "S1" : "OTH";
            default -> "OTH";
        };
    }
}
