package io.flowscope.bindings;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Optional;

/**
 * A shared library that may be missing. It is looked for when it is first asked about, once, and
 * stays loaded until the JVM ends. That it is missing is an answer, not an error: {@link
 * #unavailabilityCause()} says what was tried and what to do.
 */
public final class NativeLibrary implements SymbolLookup {
    private final String title;
    private final String property;
    private final List<String> fileNames;
    private final String neededFunction;
    private final String advice;
    private volatile @Nullable State state;

    /**
     * Describes a library without looking for it.
     *
     * @param title what people call it
     * @param property the system property that names another file, in place of {@code fileNames}
     * @param fileNames what to give to the dynamic linker, the first that is found wins
     * @param neededFunction the youngest function in use: a file without it is too old, or
     *     something else
     * @param advice how to install it
     */
    public NativeLibrary(
            String title,
            String property,
            List<String> fileNames,
            String neededFunction,
            String advice) {
        this.title = title;
        this.property = property;
        this.fileNames = List.copyOf(fileNames);
        this.neededFunction = neededFunction;
        this.advice = advice;
    }

    /** Whether it can be called. */
    public boolean isAvailable() {
        return state().symbols != null;
    }

    /** Why it cannot be called, with what to do about it, or null if it can. */
    public @Nullable Throwable unavailabilityCause() {
        return state().cause;
    }

    /** Returns if it can be called, throws UnsatisfiedLinkError with the cause if not. */
    public void ensureAvailable() {
        Throwable cause = state().cause;
        if (cause != null) {
            throw (Error) new UnsatisfiedLinkError(cause.getMessage()).initCause(cause);
        }
    }

    /** The address of one of its functions, or empty if this version of it has none so named. */
    @Override
    public Optional<MemorySegment> find(String name) {
        ensureAvailable();
        SymbolLookup symbols = state().symbols;
        return symbols == null ? Optional.empty() : symbols.find(name);
    }

    private State state() {
        State known = state;
        return known != null ? known : firstState();
    }

    private synchronized State firstState() {
        State known = state;
        if (known == null) {
            known = load();
            state = known;
        }
        return known;
    }

    private State load() {
        String unsupported = Platform.unsupportedCause();
        if (unsupported != null) {
            return new State(null, new UnsupportedOperationException(unsupported));
        }
        String given = System.getProperty(property);
        List<String> tried = given == null ? fileNames : List.of(given);
        for (String fileName : tried) {
            Optional<SymbolLookup> found = open(fileName);
            if (found.isPresent()) {
                return stateWith(fileName, found.get());
            }
        }
        String message =
                "%s was not found (tried %s): %s, or name its file with -D%s=<path>"
                        .formatted(title, String.join(", ", tried), advice, property);
        return new State(null, new UnsupportedOperationException(message));
    }

    private State stateWith(String fileName, SymbolLookup symbols) {
        if (symbols.find(neededFunction).isPresent()) {
            return new State(symbols, null);
        }
        String message =
                "%s has no %s: it is too old or not %s; name another file with -D%s=<path>"
                        .formatted(fileName, neededFunction, title, property);
        return new State(null, new UnsupportedOperationException(message));
    }

    /** Never closed: handles made from its addresses live in static finals. */
    private static Optional<SymbolLookup> open(String fileName) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(fileName, Arena.global()));
        } catch (IllegalArgumentException notFound) {
            return Optional.empty();
        }
    }

    private record State(@Nullable SymbolLookup symbols, @Nullable Throwable cause) {}
}
