package io.flowscope.capture;

/** A filter that cannot be compiled. */
public class FilterException extends CaptureException {
    private static final long serialVersionUID = 1L;

    private final int position;

    /** With the place in the filter's text, counted from 0, or -1 if it is not known. */
    public FilterException(String message, int position) {
        super(message);
        this.position = position;
    }

    /** Index of the character at which compiling stopped, counted from 0; -1 if it is not known. */
    public int position() {
        return position;
    }
}
