package io.flowscope.cli;

import io.flowscope.capture.CaptureException;

import java.util.function.Supplier;

/** A network interface, read until the user interrupts or the time is over. */
final class LiveInput implements Inputs {
    private final Supplier<LiveSource> opening;
    private final Stdio stdio;
    private final Interruption interruption;

    /**
     * @param opening opens the interface, when it is to be read
     */
    LiveInput(Supplier<LiveSource> opening, Stdio stdio, Interruption interruption) {
        this.opening = opening;
        this.stdio = stdio;
        this.interruption = interruption;
    }

    @Override
    public boolean readAll(Reader reader) {
        try (LiveSource source = opening.get()) {
            interruption.onInterrupt(source::stop);
            reader.read(null, source);
            return true;
        } catch (CaptureException | CommandFailure e) {
            stdio.sayFailure(String.valueOf(e.getMessage()), e);
            return false;
        }
    }
}
