package io.flowscope.cli.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

@Execution(ExecutionMode.CONCURRENT)
class SortedOutputTest {
    private static List<FlowRow> through(List<FlowRow> rows, SortKey key, long limit) {
        List<FlowRow> out = new ArrayList<>();
        SortedOutput sorted = new SortedOutput(row -> out.add(row.copy()), key, limit);
        sorted.begin();
        FlowRow shared = new FlowRow();
        for (FlowRow row : rows) {
            shared.number = row.number;
            shared.initiator.bytes = row.initiator.bytes;
            shared.startedNanos = row.startedNanos;
            sorted.write(shared);
        }
        sorted.end();
        assertEquals(rows.size() - out.size(), sorted.leftOut());
        return out;
    }

    private static List<FlowRow> random(int count) {
        Random random = new Random(11);
        List<FlowRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            FlowRow row = new FlowRow();
            row.number = i;
            row.initiator.bytes = random.nextInt(50);
            row.startedNanos = random.nextLong();
            rows.add(row);
        }
        return rows;
    }

    @Test
    void theFirstOfManyAreThoseOfSortingAll() {
        List<FlowRow> rows = random(2_000);
        for (SortKey key : SortKey.values()) {
            List<Long> expected = rows.stream().sorted(key.order()).map(row -> row.number).toList();
            for (int limit : new int[] {1, 7, 1_999, 2_000, 3_000, 0}) {
                List<Long> numbers =
                        through(rows, key, limit).stream().map(row -> row.number).toList();
                int size = limit == 0 ? 2_000 : Math.min(limit, 2_000);
                assertEquals(expected.subList(0, size), numbers);
            }
        }
    }

    @Test
    void equalRowsKeepTheOrderInWhichTheyEnded() {
        List<FlowRow> rows = random(100);
        rows.forEach(row -> row.initiator.bytes = 5);
        List<Long> numbers =
                through(rows, SortKey.BYTES, 10).stream().map(row -> row.number).toList();
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L), numbers);
    }
}
