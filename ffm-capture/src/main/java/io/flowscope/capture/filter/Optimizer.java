package io.flowscope.capture.filter;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Shortens paths: a comparison whose outcome is known from one made before is left out, and a value
 * that the accumulator already holds is not computed again.
 *
 * <p>What is known holds on every path to a block, so leaving out never skips a load that could
 * fail: the same bytes were loaded before.
 */
final class Optimizer {
    /** Larger filters are left as they are: their cost would grow with the square of their size. */
    private static final int MAX_BLOCKS = 8192;

    /** Remembering more costs more than it saves: what is asked again was asked lately. */
    private static final int MAX_VALUES = 32;

    private static final int MAX_OUTCOMES = 16;

    /** The last ones find next to nothing. */
    private static final int MAX_PASSES = 8;

    /** What is known of one value: equal to a number, or how comparisons of it came out. */
    private record Fact(@Nullable Integer equal, Map<Long, Boolean> outcomes) {
        Fact with(int jump, int k, boolean outcome) {
            if (equal != null || (outcome && jump == (Bpf.JMP | Bpf.JEQ))) {
                return new Fact(equal != null ? equal : Integer.valueOf(k), Map.of());
            }
            if (outcomes.size() >= MAX_OUTCOMES) {
                return this;
            }
            Map<Long, Boolean> more = new HashMap<>(outcomes);
            more.put(Bpf.instruction(jump, k), outcome);
            return new Fact(null, more);
        }

        /** How the comparison comes out; null if that is not known. */
        @Nullable Boolean outcome(int jump, int k) {
            if (equal == null) {
                return outcomes.get(Bpf.instruction(jump, k));
            }
            return switch (jump & 0xf0) {
                case Bpf.JEQ -> equal == k;
                case Bpf.JGT -> Integer.compareUnsigned(equal, k) > 0;
                case Bpf.JGE -> Integer.compareUnsigned(equal, k) >= 0;
                default -> (equal & k) != 0;
            };
        }
    }

    private static final Fact NOTHING = new Fact(null, Map.of());

    private Optimizer() {}

    /** The block to begin with; blocks are changed in place. */
    static Block optimize(Block entry) {
        Block start = entry;
        int passes = MAX_PASSES;
        for (boolean changed = true; changed && passes-- > 0; ) {
            List<Block> blocks = start.inOrder();
            if (blocks.size() > MAX_BLOCKS) {
                return start;
            }
            changed = false;
            IdentityHashMap<Block, Map<List<Long>, Fact>> known = new IdentityHashMap<>();
            known.put(start, Map.of());
            for (Block block : blocks) {
                Map<List<Long>, Fact> facts = known.get(block);
                if (block.isLeaf() || facts == null) {
                    // Nothing leads to a block without facts any more.
                    continue;
                }
                for (int side = 0; side < 2; side++) {
                    boolean outcome = side == 0;
                    Map<List<Long>, Fact> after = after(facts, block, outcome);
                    Block target = outcome ? block.ifTrue : block.ifFalse;
                    Block reached = skip(target, after);
                    changed |= reached != target;
                    if (outcome) {
                        block.ifTrue = reached;
                    } else {
                        block.ifFalse = reached;
                    }
                    known.merge(reached, after, Optimizer::common);
                }
            }
            if (!start.isLeaf() && start.ifTrue == start.ifFalse && mayBeSkipped(start)) {
                start = start.ifTrue;
                changed = true;
            }
        }
        return start;
    }

    private static Map<List<Long>, Fact> after(
            Map<List<Long>, Fact> facts, Block block, boolean outcome) {
        boolean full = facts.size() >= MAX_VALUES && !facts.containsKey(block.statements);
        if (!block.comparesConstant() || full) {
            return facts;
        }
        Map<List<Long>, Fact> after = new HashMap<>(facts);
        Fact before = after.getOrDefault(block.statements, NOTHING);
        after.put(block.statements, before.with(block.jump, block.k, outcome));
        return after;
    }

    /** The first block on the way whose outcome is not known. */
    private static Block skip(Block target, Map<List<Long>, Fact> facts) {
        Block at = target;
        while (!at.isLeaf()) {
            Fact fact = at.comparesConstant() ? facts.get(at.statements) : null;
            Boolean outcome = fact == null ? null : fact.outcome(at.jump, at.k);
            if (outcome == null) {
                return at;
            }
            at = outcome ? at.ifTrue : at.ifFalse;
        }
        return at;
    }

    /** Whether a block without a choice cannot reject by itself either. */
    private static boolean mayBeSkipped(Block block) {
        for (long statement : block.statements) {
            if (Bpf.code(statement) != (Bpf.LD | Bpf.IMM)
                    && Bpf.code(statement) != (Bpf.LD | Bpf.LEN)) {
                return false;
            }
        }
        return true;
    }

    private static Map<List<Long>, Fact> common(
            Map<List<Long>, Fact> one, Map<List<Long>, Fact> other) {
        Map<List<Long>, Fact> both = new HashMap<>();
        one.forEach(
                (value, fact) -> {
                    Fact second = other.get(value);
                    if (second == null) {
                        return;
                    }
                    if (fact.equals(second)) {
                        both.put(value, fact);
                    } else {
                        Map<Long, Boolean> outcomes = new HashMap<>(fact.outcomes);
                        outcomes.entrySet().retainAll(second.outcomes.entrySet());
                        both.put(value, new Fact(null, outcomes));
                    }
                });
        return both;
    }

    /** Leaves out of each block what the accumulator and the index hold on every way to it. */
    static void dropWhatIsHeld(List<Block> inOrder) {
        IdentityHashMap<Block, List<Long>> held = new IdentityHashMap<>();
        for (Block block : inOrder) {
            if (block.isLeaf()) {
                continue;
            }
            List<Long> before = held.getOrDefault(block, List.of());
            block.needed = withoutPrefix(block.statements, before);
            for (Block next : new Block[] {block.ifTrue, block.ifFalse}) {
                held.merge(next, block.statements, (one, two) -> one.equals(two) ? one : List.of());
            }
        }
    }

    private static List<Long> withoutPrefix(List<Long> statements, List<Long> done) {
        if (!done.isEmpty()
                && done.size() <= statements.size()
                && statements.subList(0, done.size()).equals(done)) {
            return statements.subList(done.size(), statements.size());
        }
        boolean sameHeader =
                done.size() == 2
                        && statements.size() >= 2
                        && Bpf.code(done.get(0)) == (Bpf.LDX | Bpf.B | Bpf.MSH)
                        && done.get(0).equals(statements.get(0));
        return sameHeader ? statements.subList(1, statements.size()) : statements;
    }
}
