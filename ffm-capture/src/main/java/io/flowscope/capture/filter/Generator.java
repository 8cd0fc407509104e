package io.flowscope.capture.filter;

import java.util.List;

/**
 * Turns a condition into blocks, from its end to its beginning: each part is given the blocks to
 * continue with when it holds and when it does not.
 */
final class Generator {
    private Generator() {}

    /** Follows the left side in a loop: a filter of thousands of parts is a chain on its left. */
    static Block generate(Condition condition, Block ifTrue, Block ifFalse) {
        Condition at = condition;
        Block holds = ifTrue;
        Block fails = ifFalse;
        for (; ; ) {
            switch (at) {
                case Condition.Constant(boolean value) -> {
                    return value ? holds : fails;
                }
                case Condition.Compare compare -> {
                    return comparison(compare, holds, fails);
                }
                case Condition.Not(Condition inner) -> {
                    Block swapped = holds;
                    holds = fails;
                    fails = swapped;
                    at = inner;
                }
                case Condition.And(Condition left, Condition right) -> {
                    holds = generate(right, holds, fails);
                    at = left;
                }
                case Condition.Or(Condition left, Condition right) -> {
                    fails = generate(right, holds, fails);
                    at = left;
                }
            }
        }
    }

    private static Block comparison(Condition.Compare compare, Block ifTrue, Block ifFalse) {
        if (compare.right() instanceof Value.Fixed(int constant)) {
            if (constant == 0
                    && compare.jump() == Bpf.JEQ
                    && compare.left()
                            instanceof
                            Value.Binary(int operation, Value left, Value.Fixed(int mask))
                    && operation == Bpf.AND) {
                return constantComparison(left, Bpf.JSET, mask, ifFalse, ifTrue);
            }
            return constantComparison(compare.left(), compare.jump(), constant, ifTrue, ifFalse);
        }
        Block block = Block.branch(ifTrue, ifFalse);
        block.jump = Bpf.JMP | compare.jump() | Bpf.X;
        new Computation(block.statements).pair(compare.left(), compare.right());
        return block;
    }

    private static Block constantComparison(
            Value value, int jump, int constant, Block ifTrue, Block ifFalse) {
        Block block = Block.branch(ifTrue, ifFalse);
        block.jump = Bpf.JMP | jump;
        block.k = constant;
        new Computation(block.statements).intoA(value);
        return block;
    }

    /** Emits what computes values; scratch words are taken and given back like a stack. */
    private static final class Computation {
        private final List<Long> statements;
        private int scratch;

        Computation(List<Long> statements) {
            this.statements = statements;
        }

        private void emit(int code, int k) {
            statements.add(Bpf.instruction(code, k));
        }

        void intoA(Value value) {
            switch (value) {
                case Value.Fixed(int constant) -> emit(Bpf.LD | Bpf.IMM, constant);
                case Value.Length() -> emit(Bpf.LD | Bpf.LEN, 0);
                case Value.Packet packet -> load(packet);
                case Value.Negated(Value inner) -> {
                    intoA(inner);
                    emit(Bpf.ALU | Bpf.NEG, 0);
                }
                case Value.Binary(int operation, Value left, Value.Fixed(int constant)) -> {
                    intoA(left);
                    emit(Bpf.ALU | operation, constant);
                }
                case Value.Binary(int operation, Value left, Value right) -> {
                    pair(left, right);
                    emit(Bpf.ALU | operation | Bpf.X, 0);
                }
            }
        }

        /** The left value into A, the right one into X. */
        void pair(Value left, Value right) {
            intoA(right);
            if (left instanceof Value.Fixed(int constant)) {
                emit(Bpf.TAX, 0);
                emit(Bpf.LD | Bpf.IMM, constant);
                return;
            }
            int slot = scratch++;
            if (slot >= Bpf.SCRATCH_WORDS) {
                throw FilterSyntaxException.at(0, "arithmetic nested too deeply");
            }
            emit(Bpf.ST, slot);
            intoA(left);
            emit(Bpf.LDX | Bpf.MEM, slot);
            scratch--;
        }

        private void load(Value.Packet packet) {
            int size = packet.sizeBytes() == 4 ? Bpf.W : packet.sizeBytes() == 2 ? Bpf.H : Bpf.B;
            boolean fixed = packet.index() instanceof Value.Fixed;
            int offset =
                    packet.base() + (packet.index() instanceof Value.Fixed(int index) ? index : 0);
            if (fixed && packet.ipHeader() < 0) {
                emit(Bpf.LD | size | Bpf.ABS, offset);
                return;
            }
            if (!fixed) {
                intoA(packet.index());
            }
            if (packet.ipHeader() >= 0) {
                emit(Bpf.LDX | Bpf.B | Bpf.MSH, packet.ipHeader());
                if (!fixed) {
                    emit(Bpf.ALU | Bpf.ADD | Bpf.X, 0);
                    emit(Bpf.TAX, 0);
                }
            } else {
                emit(Bpf.TAX, 0);
            }
            emit(Bpf.LD | size | Bpf.IND, offset);
        }
    }
}
