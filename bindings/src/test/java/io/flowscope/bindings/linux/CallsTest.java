package io.flowscope.bindings.linux;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.lang.foreign.Arena;

/** What tests of calls need: memory and a place for errno, gone after each. */
abstract class CallsTest {
    Arena arena = Arena.global();
    ErrnoCapture errno = ErrnoCapture.allocate(arena);

    @BeforeEach
    void open() {
        arena = Arena.ofShared();
        errno = ErrnoCapture.allocate(arena);
    }

    @AfterEach
    void close() {
        arena.close();
    }
}
