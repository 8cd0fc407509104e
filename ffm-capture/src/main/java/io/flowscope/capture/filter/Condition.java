package io.flowscope.capture.filter;

/**
 * What a packet must be, with every name and offset resolved. Evaluated from left to right, and no
 * further than needed; a load beyond the packet's end makes the whole filter reject it.
 */
sealed interface Condition {
    /** Holds for every packet, or for none. */
    record Constant(boolean value) implements Condition {}

    record And(Condition left, Condition right) implements Condition {}

    record Or(Condition left, Condition right) implements Condition {}

    record Not(Condition inner) implements Condition {}

    /**
     * Compares two unsigned values.
     *
     * @param jump the BPF jump that is taken when the condition holds: JEQ, JGT, JGE or JSET
     */
    record Compare(Value left, int jump, Value right) implements Condition {}

    Condition ALWAYS = new Constant(true);
    Condition NEVER = new Constant(false);

    static Condition and(Condition left, Condition right) {
        if (left instanceof Constant(boolean value)) {
            return value ? right : NEVER;
        }
        if (right instanceof Constant(boolean value) && value) {
            return left;
        }
        return new And(left, right);
    }

    static Condition or(Condition left, Condition right) {
        if (left instanceof Constant(boolean value)) {
            return value ? ALWAYS : right;
        }
        if (right instanceof Constant(boolean value) && !value) {
            return left;
        }
        return new Or(left, right);
    }

    static Condition not(Condition inner) {
        return switch (inner) {
            case Constant(boolean value) -> value ? NEVER : ALWAYS;
            case Not(Condition twice) -> twice;
            default -> new Not(inner);
        };
    }

    static Condition equal(Value value, int constant) {
        return new Compare(value, Bpf.JEQ, new Value.Fixed(constant));
    }

    /** Whether {@code (value & mask) == wanted}; a mask without bits is always satisfied. */
    static Condition masked(Value value, int mask, int wanted) {
        if (mask == 0) {
            return ALWAYS;
        }
        return equal(
                mask == -1 ? value : new Value.Binary(Bpf.AND, value, new Value.Fixed(mask)),
                wanted);
    }
}
