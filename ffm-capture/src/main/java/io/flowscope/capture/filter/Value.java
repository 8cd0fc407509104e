package io.flowscope.capture.filter;

/** An unsigned 32-bit number that a filter computes from a packet. */
sealed interface Value {
    record Fixed(int value) implements Value {}

    /** Bytes on the wire. */
    record Length() implements Value {}

    /**
     * Big endian bytes of the packet, or ancillary data where {@code base} is negative.
     *
     * @param sizeBytes 1, 2 or 4
     * @param base offset in the frame
     * @param index added to the base
     * @param ipHeader offset in the frame of an IPv4 header whose length is added as well; -1 for
     *     none
     */
    record Packet(int sizeBytes, int base, Value index, int ipHeader) implements Value {}

    /** {@code operation} is a BPF ALU operation. */
    record Binary(int operation, Value left, Value right) implements Value {}

    record Negated(Value inner) implements Value {}

    static Value packet(int sizeBytes, int offset) {
        return new Packet(sizeBytes, offset, new Fixed(0), -1);
    }

    static Value afterIpHeader(int sizeBytes, int offset, int ipHeader) {
        return new Packet(sizeBytes, ipHeader + offset, new Fixed(0), ipHeader);
    }

    /** The value, computed now where everything is constant. */
    static Value binary(int operation, Value left, Value right) {
        if (left instanceof Fixed(int a) && right instanceof Fixed(int b)) {
            return new Fixed(compute(operation, a, b));
        }
        return new Binary(operation, left, right);
    }

    static Value negated(Value inner) {
        return inner instanceof Fixed(int value) ? new Fixed(-value) : new Negated(inner);
    }

    /** As the kernel computes; the divisor is not 0. */
    static int compute(int operation, int a, int b) {
        return switch (operation) {
            case Bpf.ADD -> a + b;
            case Bpf.SUB -> a - b;
            case Bpf.MUL -> a * b;
            case Bpf.DIV -> Integer.divideUnsigned(a, b);
            case Bpf.MOD -> Integer.remainderUnsigned(a, b);
            case Bpf.AND -> a & b;
            case Bpf.OR -> a | b;
            case Bpf.XOR -> a ^ b;
            case Bpf.LSH -> a << b;
            case Bpf.RSH -> a >>> b;
            default -> throw new IllegalArgumentException("ALU operation " + operation);
        };
    }
}
