package io.flowscope.obs.teams;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Address ranges and the teams they belong to; of several ranges that hold an address the longest
 * prefix counts. Immutable. Ranges are flattened into disjoint stretches, so that a lookup is a
 * binary search that allocates nothing.
 */
public final class TeamTable {
    /** The most ranges that a table takes. */
    public static final int MOST_RANGES = 65_536;

    /** Longest name of a team. */
    private static final int MOST_CHARACTERS = 128;

    /** A table without ranges. */
    public static final TeamTable EMPTY = new TeamTable(new HashMap<>());

    private final long[] starts;
    private final int[] teamOf;
    private final String[] teams;

    private TeamTable(Map<Cidr, String> ranges) {
        teams = new LinkedHashSet<>(ranges.values()).toArray(new String[0]);
        List<Cidr> sorted = new ArrayList<>(ranges.keySet());
        sorted.sort(TeamTable::compare);
        Flattening flat = new Flattening(sorted.size());
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < teams.length; i++) {
            numbers.put(teams[i], i);
        }
        for (Cidr range : sorted) {
            flat.add(range, numbers.getOrDefault(ranges.get(range), -1));
        }
        flat.finish();
        starts = Arrays.copyOf(flat.starts, 2 * flat.count);
        teamOf = Arrays.copyOf(flat.teamOf, flat.count);
    }

    private static int compare(Cidr a, Cidr b) {
        int high = Long.compareUnsigned(a.firstHigh(), b.firstHigh());
        int low = high != 0 ? high : Long.compareUnsigned(a.firstLow(), b.firstLow());
        return low != 0 ? low : Integer.compare(a.bits(), b.bits());
    }

    /**
     * Reads a table: a range and a team per line, separated by blanks; {@code #} begins a comment.
     *
     * @throws IllegalArgumentException that names every bad line, up to ten
     */
    public static TeamTable parse(List<String> lines) {
        Map<Cidr, String> ranges = new LinkedHashMap<>();
        List<String> mistakes = new ArrayList<>();
        for (int i = 0; i < lines.size() && mistakes.size() < 10; i++) {
            String line = lines.get(i).replaceFirst("#.*", "").strip();
            if (line.isEmpty()) {
                continue;
            }
            String mistake = add(ranges, line);
            if (mistake != null) {
                mistakes.add("line " + (i + 1) + ": " + mistake);
            }
            if (ranges.size() > MOST_RANGES) {
                mistakes.add("more than " + MOST_RANGES + " ranges");
                break;
            }
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        return new TeamTable(ranges);
    }

    private static @Nullable String add(Map<Cidr, String> ranges, String line) {
        String[] parts = line.split("\\s+", 2);
        if (parts.length < 2) {
            return "a range and a team are needed, was " + line;
        }
        if (parts[1].length() > MOST_CHARACTERS) {
            return "a team's name has at most " + MOST_CHARACTERS + " characters";
        }
        try {
            String before = ranges.putIfAbsent(Cidr.parse(parts[0]), parts[1]);
            return before == null || before.equals(parts[1])
                    ? null
                    : parts[0] + " belongs to " + before + " already";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** The number of an IPv4 address's team, -1 for none. */
    public int teamOfV4(long address) {
        return find(0, Cidr.MAPPED | address & 0xffff_ffffL);
    }

    /** The number of an IPv6 address's team, -1 for none. */
    public int teamOfV6(long high, long low) {
        return find(high, low);
    }

    private int find(long high, long low) {
        int from = 0;
        int to = teamOf.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            int order = Long.compareUnsigned(starts[2 * middle], high);
            if (order == 0) {
                order = Long.compareUnsigned(starts[2 * middle + 1], low);
            }
            if (order <= 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return to < 0 ? -1 : teamOf[to];
    }

    /** The teams by number. */
    public List<String> teams() {
        return Collections.unmodifiableList(Arrays.asList(teams));
    }

    /** Writes down where the team changes, from ranges sorted by start and then length. */
    private static final class Flattening {
        private static final Comparator<long[]> BY_ADDRESS =
                Comparator.comparing((long[] a) -> a[0], Long::compareUnsigned)
                        .thenComparing(a -> a[1], Long::compareUnsigned);

        final long[] starts;
        final int[] teamOf;
        int count;
        private final ArrayDeque<Cidr> open = new ArrayDeque<>();
        private final ArrayDeque<Integer> openTeams = new ArrayDeque<>();

        Flattening(int ranges) {
            // Each range begins one stretch and may end one.
            starts = new long[4 * ranges];
            teamOf = new int[2 * ranges];
        }

        void add(Cidr range, int team) {
            closeBefore(range.firstHigh(), range.firstLow());
            mark(range.firstHigh(), range.firstLow(), team);
            open.push(range);
            openTeams.push(team);
        }

        void finish() {
            while (!open.isEmpty()) {
                closeLast();
            }
        }

        private void closeBefore(long high, long low) {
            while (!open.isEmpty()
                    && BY_ADDRESS.compare(
                                    new long[] {
                                        open.element().lastHigh(), open.element().lastLow()
                                    },
                                    new long[] {high, low})
                            < 0) {
                closeLast();
            }
        }

        /** Behind a range's end that of the one around it goes on, or nobody's land. */
        private void closeLast() {
            Cidr range = open.pop();
            openTeams.pop();
            long low = range.lastLow() + 1;
            long high = range.lastHigh() + (low == 0 ? 1 : 0);
            boolean wrapped = low == 0 && high == 0;
            if (!wrapped) {
                mark(high, low, openTeams.isEmpty() ? -1 : openTeams.element());
            }
        }

        private void mark(long high, long low, int team) {
            boolean same =
                    count > 0 && starts[2 * count - 2] == high && starts[2 * count - 1] == low;
            int at = same ? count - 1 : count++;
            starts[2 * at] = high;
            starts[2 * at + 1] = low;
            teamOf[at] = team;
        }
    }
}
