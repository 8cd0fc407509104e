package io.flowscope.capture.filter;

/** A filter that cannot be compiled: where in its text, and why. */
public final class FilterSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int position;
    private final boolean beyondThisCompiler;

    private FilterSyntaxException(int position, String message, boolean beyondThisCompiler) {
        super(message);
        this.position = position;
        this.beyondThisCompiler = beyondThisCompiler;
    }

    static FilterSyntaxException at(int position, String message) {
        return new FilterSyntaxException(position, message, false);
    }

    /** For what the language has and this compiler does not. */
    static FilterSyntaxException unsupported(int position, String message) {
        return new FilterSyntaxException(position, message, true);
    }

    /** Index of the character at which compiling stopped, counted from 0. */
    public int position() {
        return position;
    }

    /** Whether libpcap's compiler may know what this one does not. */
    public boolean isBeyondThisCompiler() {
        return beyondThisCompiler;
    }
}
