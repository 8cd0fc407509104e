package io.flowscope.cli.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.TcpState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.nio.ByteBuffer;

@Execution(ExecutionMode.CONCURRENT)
class ZeekConnectionTest {
    private static FlowRow tcp(String history, TcpState state) {
        FlowRow row = new FlowRow();
        row.protocol = Protocols.TCP;
        row.history = history;
        row.state = state;
        row.initiator.packets = history.chars().anyMatch(Character::isUpperCase) ? 1 : 0;
        row.responder.packets = history.chars().anyMatch(Character::isLowerCase) ? 1 : 0;
        return row;
    }

    @ParameterizedTest
    @CsvSource({
        "S, SYN_SENT, S0",
        "Sr, RESET, REJ",
        "SrR, RESET, REJ",
        "Sh, SYN_RECEIVED, S1",
        "ShADad, ESTABLISHED, S1",
        "ShADadF, FIN_WAIT, S2",
        "ShADadf, FIN_WAIT, S3",
        "ShADadFf, CLOSED, SF",
        "ShADadfF, CLOSED, SF",
        "ShADadFfR, CLOSED, SF",
        "ShADadFfr, RESET, SF",
        "ShADadR, RESET, RSTO",
        "ShADadFR, RESET, RSTO",
        "ShADadr, RESET, RSTR",
        "ShADadfR, RESET, RSTO",
        "SR, RESET, RSTOS0",
        "hr, RESET, RSTRH",
        "SF, FIN_WAIT, SH",
        "hf, FIN_WAIT, SHR",
        "Dd, ACTIVE, OTH",
        "ADad, ACTIVE, OTH",
        "DdFf, CLOSED, SF",
        "h, SYN_RECEIVED, OTH"
    })
    void tcpIsNamedByHowItWent(String history, TcpState state, String expected) {
        assertEquals(expected, ZeekConnection.state(tcp(history, state)));
    }

    @Test
    void udpIsNamedByWhoSpoke() {
        FlowRow row = new FlowRow();
        row.protocol = Protocols.UDP;
        row.initiator.packets = 1;
        assertEquals("S0", ZeekConnection.state(row));
        row.responder.packets = 1;
        assertEquals("SF", ZeekConnection.state(row));
        row.initiator.packets = 0;
        assertEquals("SHR", ZeekConnection.state(row));
        row.protocol = Protocols.ICMP;
        assertEquals("OTH", ZeekConnection.state(row));
    }

    @Test
    void icmpsTypeAndCodeStandForPortsAndAHatForExchangedEnds() {
        FlowRow row = tcp("hAd", TcpState.ESTABLISHED);
        row.flipped = true;
        assertEquals("^hAd", ZeekFields.history(row));
        row.icmpType = 8;
        row.icmpCode = 3;
        assertEquals(8, ZeekFields.sourcePort(row));
        assertEquals(3, ZeekFields.destinationPort(row));
    }

    private static boolean isLocal(String address) throws Exception {
        byte[] bytes = InetAddress.getByName(address).getAddress();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return bytes.length == 4
                ? ZeekFields.isLocal(4, 0, Integer.toUnsignedLong(buffer.getInt()))
                : ZeekFields.isLocal(6, buffer.getLong(), buffer.getLong());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.0",
                "10.255.255.255",
                "127.0.0.1",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.1.1",
                "100.64.0.0",
                "100.127.255.255",
                "fc00::1",
                "fdff::1",
                "fe80::1",
                "febf::1",
                "::1"
            })
    void privateAddressesAreLocal(String address) throws Exception {
        assertTrue(isLocal(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.255.255.255",
                "11.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.0.1",
                "192.169.0.1",
                "169.253.0.1",
                "100.63.255.255",
                "100.128.0.0",
                "8.8.8.8",
                "2001:db8::1",
                "fec0::1",
                "fb00::1",
                "::2"
            })
    void allOthersAreNot(String address) throws Exception {
        assertFalse(isLocal(address));
    }
}
