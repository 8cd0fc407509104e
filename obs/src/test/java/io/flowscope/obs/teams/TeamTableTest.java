package io.flowscope.obs.teams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

class TeamTableTest {
    private static String of(TeamTable table, int team) {
        return team < 0 ? "-" : table.teams().get(team);
    }

    private static String v4(TeamTable table, String address) {
        Cidr one = Cidr.parse(address);
        return of(table, table.teamOfV4(one.firstLow() & 0xffff_ffffL));
    }

    private static String v6(TeamTable table, String address) {
        Cidr one = Cidr.parse(address);
        return of(table, table.teamOfV6(one.firstHigh(), one.firstLow()));
    }

    @Test
    void theLongestPrefixCounts() {
        TeamTable table =
                TeamTable.parse(
                        List.of(
                                "# who is where",
                                "10.0.0.0/8  everybody",
                                "10.1.0.0/16 payments # inner",
                                "10.1.2.0/24 search",
                                "10.1.2.3    one host",
                                "2001:db8::/32 v6",
                                "2001:db8:1::/48 payments",
                                ""));
        assertEquals("everybody", v4(table, "10.0.0.0"));
        assertEquals("everybody", v4(table, "10.255.255.255"));
        assertEquals("payments", v4(table, "10.1.1.255"));
        assertEquals("search", v4(table, "10.1.2.2"));
        assertEquals("one host", v4(table, "10.1.2.3"));
        assertEquals("search", v4(table, "10.1.2.4"));
        assertEquals("payments", v4(table, "10.1.3.0"));
        assertEquals("-", v4(table, "11.0.0.0"));
        assertEquals("-", v4(table, "9.255.255.255"));
        assertEquals("v6", v6(table, "2001:db8::1"));
        assertEquals("payments", v6(table, "2001:db8:1:ffff::"));
        assertEquals("v6", v6(table, "2001:db8:2::"));
        assertEquals("-", v6(table, "2001:db9::"));
        assertEquals("everybody", v6(table, "::ffff:10.9.9.9"));
    }

    @Test
    void theWholeSpaceIsARangeToo() {
        TeamTable table = TeamTable.parse(List.of("::/0 six", "0.0.0.0/0 four"));
        assertEquals("four", v4(table, "0.0.0.0"));
        assertEquals("four", v4(table, "255.255.255.255"));
        assertEquals("six", v6(table, "::"));
        assertEquals("six", v6(table, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        assertEquals("-", v4(TeamTable.EMPTY, "1.2.3.4"));
    }

    @Test
    void agreesWithLookingAtEveryRange() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<String> lines = new ArrayList<>();
            List<Cidr> ranges = new ArrayList<>();
            Set<Cidr> distinct = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                int bits = 20 + random.nextInt(13);
                int address = 10 << 24 | random.nextInt(1 << 14);
                address = bits == 0 ? 0 : address & -1 << 32 - bits;
                String text = text(address) + "/" + bits;
                Cidr range = Cidr.parse(text);
                if (distinct.add(range)) {
                    lines.add(text + " t" + ranges.size());
                    ranges.add(range);
                }
            }
            TeamTable table = TeamTable.parse(lines);
            for (int i = 0; i < 500; i++) {
                int address = 10 << 24 | random.nextInt(1 << 15);
                assertEquals(naive(ranges, address), v4(table, text(address)), text(address));
            }
        }
    }

    private static String naive(List<Cidr> ranges, int address) {
        long low = Cidr.MAPPED | address & 0xffff_ffffL;
        int best = -1;
        for (int i = 0; i < ranges.size(); i++) {
            Cidr range = ranges.get(i);
            if (range.firstLow() <= low
                    && low <= range.lastLow()
                    && (best < 0 || range.bits() > ranges.get(best).bits())) {
                best = i;
            }
        }
        return best < 0 ? "-" : "t" + best;
    }

    private static String text(int address) {
        return (address >>> 24)
                + "."
                + (address >>> 16 & 255)
                + "."
                + (address >>> 8 & 255)
                + "."
                + (address & 255);
    }

    @Test
    void everyBadLineIsNamed() {
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class,
                        () ->
                                TeamTable.parse(
                                        List.of(
                                                "10.0.0.1/8 a",
                                                "10.0.0.0/33 a",
                                                "example.org a",
                                                "10.0.0.0/8",
                                                "fe80::/129 x",
                                                "10.0.0.0/8 a",
                                                "10.0.0.0/8 b",
                                                "1.2.3 a",
                                                "::1::2 a",
                                                "999.1.1.1 a")));
        for (int line = 1; line <= 10; line++) {
            assertEquals(line != 6, e.getMessage().contains("line " + line + ":"), e.getMessage());
        }
        assertTrue(e.getMessage().contains("bits behind"), e.getMessage());
        assertTrue(e.getMessage().contains("belongs to a already"), e.getMessage());
    }

    @Test
    void aTableHasABound() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i <= TeamTable.MOST_RANGES; i++) {
            lines.add(text(10 << 24 | i) + " t");
        }
        assertThrows(IllegalArgumentException.class, () -> TeamTable.parse(lines));
        lines.remove(0);
        assertEquals("t", v4(TeamTable.parse(lines), "10.0.5.1"));
    }
}
