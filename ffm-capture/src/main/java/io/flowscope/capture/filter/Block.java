package io.flowscope.capture.filter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Statements without a jump, then a comparison of the accumulator that leads to one of two blocks.
 * The statements compute the accumulator from nothing but the packet, whatever was computed before.
 */
final class Block {
    final List<Long> statements = new ArrayList<>();

    /** Code and operand of the comparison; unused in a leaf. */
    int jump;

    int k;

    /** The block itself in a leaf. */
    Block ifTrue = this;

    Block ifFalse = this;

    /** Where it begins in the program, once it is laid out. */
    int start;

    /** Bit 0: the way when true is too long for a conditional jump; bit 1: the other one. */
    int detours;

    /** The statements that are still needed once its predecessors have run. */
    List<Long> needed = List.of();

    private final boolean leaf;

    /** What a leaf returns: the bytes to keep, 0 to reject. */
    final int verdict;

    private Block(int verdict, boolean leaf) {
        this.verdict = verdict;
        this.leaf = leaf;
    }

    static Block leaf(int verdict) {
        return new Block(verdict, true);
    }

    static Block branch(Block ifTrue, Block ifFalse) {
        Block block = new Block(0, false);
        block.ifTrue = ifTrue;
        block.ifFalse = ifFalse;
        return block;
    }

    boolean isLeaf() {
        return leaf;
    }

    /**
     * Whether the comparison is with a constant, so that its outcome says something of the value.
     */
    boolean comparesConstant() {
        return !isLeaf() && (jump & Bpf.X) == 0;
    }

    /** Every block reachable from this one, each before those it leads to. */
    List<Block> inOrder() {
        Set<Block> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Block> finished = new ArrayList<>();
        List<Block> path = new ArrayList<>();
        path.add(this);
        while (!path.isEmpty()) {
            Block block = path.getLast();
            Block next = null;
            seen.add(block);
            if (!block.isLeaf()) {
                next = unseen(block.ifFalse, seen);
                next = next == null ? unseen(block.ifTrue, seen) : next;
            }
            if (next == null) {
                path.removeLast();
                finished.add(block);
            } else {
                path.add(next);
            }
        }
        return finished.reversed();
    }

    private static @Nullable Block unseen(Block block, Set<Block> seen) {
        return seen.contains(block) ? null : block;
    }
}
