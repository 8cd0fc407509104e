package io.flowscope.cli.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.TcpState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names of connections, against the rules of Zeek and what it says of its own captures. */
@Execution(ExecutionMode.CONCURRENT)
class ZeekBaselinesTest {
    private static final String LETTERS = "SHADFRTGW";

    /** One line of the baselines; without a reason ours must be what Zeek has. */
    private record Baseline(
            String name,
            String zeekState,
            String zeekHistory,
            String zeekPackets,
            String state,
            String history,
            String packets,
            String reason) {
        boolean agrees() {
            return reason.isEmpty();
        }
    }

    private static List<Baseline> baselines() throws IOException {
        try (InputStream in = ZeekBaselinesTest.class.getResourceAsStream("zeek-baselines.tsv")) {
            if (in == null) {
                throw new IOException("zeek-baselines.tsv is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .map(
                            f ->
                                    new Baseline(
                                            f[1] + " " + f[2],
                                            f[3],
                                            f[4],
                                            f[5],
                                            f[6],
                                            f[7],
                                            f[8],
                                            f.length > 9 ? f[9] : ""))
                    .toList();
        }
    }

    /** A flow as its history says it was; ends that show a letter have sent a packet. */
    private static FlowRow row(String history, boolean payload) {
        FlowRow row = new FlowRow();
        row.protocol = Protocols.TCP;
        row.history = history;
        row.state =
                history.indexOf('R') >= 0 || history.indexOf('r') >= 0
                        ? TcpState.RESET
                        : TcpState.ACTIVE;
        for (char letter : history.toCharArray()) {
            (letter < 'a' ? row.initiator : row.responder).packets++;
        }
        row.initiator.payload = payload ? 10 : 0;
        return row;
    }

    private static String state(String history) {
        boolean payload = history.indexOf('D') >= 0 || history.indexOf('d') >= 0;
        return ZeekConnection.state(row(history, payload));
    }

    /** Each letter once, without those that are Zeek's alone. */
    private static String reduced(String zeekHistory) {
        StringBuilder once = new StringBuilder();
        zeekHistory
                .chars()
                .filter(c -> LETTERS.indexOf(Character.toUpperCase(c)) >= 0)
                .filter(c -> once.indexOf(String.valueOf((char) c)) < 0)
                .forEach(c -> once.append((char) c));
        return once.toString();
    }

    @Test
    void statesFollowFromHistoriesAsInZeeksBaselines() throws IOException {
        List<Baseline> all = baselines();
        assertTrue(all.size() >= 40, "only " + all.size());
        for (Baseline each : all) {
            assertEquals(each.state(), state(each.history()), each.name());
            if (each.agrees()) {
                assertEquals(each.zeekState(), each.state(), each.name());
            }
        }
    }

    @Test
    void historiesAndPacketsAreZeeksUnlessAReasonIsGiven() throws IOException {
        for (Baseline each : baselines()) {
            boolean same =
                    reduced(each.zeekHistory()).equals(each.history())
                            && each.zeekPackets().equals(each.packets())
                            && each.zeekState().equals(each.state());
            assertEquals(each.agrees(), same, each.name());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "S, S0",
        "ShA, S1",
        "ShADadF, S2",
        "ShADadf, S3",
        "ShADadFf, SF",
        "Sr, REJ",
        "ShR, RSTO",
        "ShADr, RSTR",
        "SR, RSTOS0",
        "SAR, OTH",
        "Dr, RSTRH",
        "DR, OTH",
        "SF, SH",
        "hf, SHR",
        "DdA, OTH",
        "hADd, S1",
        "h, OTH",
        "ShADadFfR, SF",
        "ShADadFRf, SF",
        "ShADadfrF, SF",
        "ShADadFR, RSTO",
        "ShADadFr, RSTR",
        "Ss, S1",
        "Sa, S0",
        "DS, S0",
        "H, OTH",
    })
    void everyWayOfGoingHasItsName(String history, String name) {
        assertEquals(name, state(history), history);
    }

    @Test
    void resetThatWasNotObeyedDoesNotCount() {
        FlowRow row = row("ShADadr", true);
        row.state = TcpState.ESTABLISHED;
        assertEquals("S1", ZeekConnection.state(row));
    }

    @Test
    void refusalIsToldFromAResetByThePayload() {
        assertEquals("REJ", ZeekConnection.state(row("SRr", false)));
        assertNotEquals("REJ", ZeekConnection.state(row("SRr", true)));
        assertFalse(ZeekConnection.state(row("ShADr", false)).equals("REJ"));
    }
}
