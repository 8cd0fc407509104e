package io.flowscope.bench.spread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianIsTheMiddleOneAndTheQuartilesLieBetween() {
        Spread spread = Spread.of(5, 1, 4, 2, 3);
        assertEquals(new Spread(3, 2, 4, 5), spread);
        assertEquals(2.5, Spread.of(4, 1, 3, 2).median());
    }

    @Test
    void oneWildValueMovesNeitherMedianNorConfidence() {
        Spread spread = Spread.confidence(1.00, 1.01, 1.02, 1.01, 1.00, 1.02, 1.01, 1.01, 40);
        assertEquals(1.01, spread.median(), 1e-9);
        assertTrue(spread.low() >= 1.0, spread::toString);
        assertTrue(spread.high() <= 1.02, spread::toString);
    }

    @Test
    void anHonestDifferenceIsOutsideTheIntervalOfNone() {
        Spread slower = Spread.confidence(1.09, 1.11, 1.10, 1.12, 1.08, 1.10, 1.11);
        assertTrue(slower.low() > 1.05, slower::toString);
    }
}
