package io.flowscope.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class AddressTextTest {
    /** Examples of RFC 5952 and the cases between them. */
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:db8:0:0:0:0:0:0, 2001:db8::",
        "2001:0db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:AAAA:BBBB:CCCC:DDDD:EEEE:0001, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
        "1:0:0:0:0:0:0:0, 1::",
        "0:0:1:0:0:0:0:0, 0:0:1::",
        "0:1:0:0:0:0:0:0, 0:1::",
        "fe80:0:0:0:a0b:c0d:e0f:1020, fe80::a0b:c0d:e0f:1020",
        "0:0:0:0:0:0:1:2, ::1:2",
        "0:0:0:0:0:0:102:304, ::102:304"
    })
    void ipv6IsCanonical(String from, String expected) throws Exception {
        assertEquals(expected, AddressText.of(InetAddress.getByName(from).getAddress()));
    }

    @Test
    void mappedIpv4IsDotted() {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = -1;
        mapped[12] = 10;
        mapped[15] = (byte) 200;
        assertEquals("::ffff:10.0.0.200", AddressText.of(mapped));
    }

    @Test
    void whatIsWrittenReadsBackAsTheSameAddress() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            for (int j = 0; j < address.length; j++) {
                address[j] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
            }
            String text = AddressText.of(address);
            assertEquals(InetAddress.getByAddress(address), InetAddress.getByName(text), text);
        }
    }
}
