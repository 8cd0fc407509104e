package io.flowscope.cli;

import io.flowscope.capture.PacketSource;

import org.jspecify.annotations.Nullable;

/** Where a command's packets come from: files, one after the other, or a network interface. */
interface Inputs {
    /**
     * Reads all inputs. What cannot be read is reported.
     *
     * @return whether every one could be read to its end
     */
    boolean readAll(Reader reader);

    /** What is done with each input. */
    @FunctionalInterface
    interface Reader {
        /**
         * Reads all of it, through {@link LiveSource#read}.
         *
         * @param name the input's name if results must say it, else null
         */
        void read(@Nullable String name, PacketSource source);
    }
}
