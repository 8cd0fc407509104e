package io.flowscope.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

class NativeLibraryTest {
    private static NativeLibrary named(String... fileNames) {
        return new NativeLibrary(
                "libtest", "flowscope.libtest", List.of(fileNames), "getpid", "install it");
    }

    @Test
    void theFirstFileThatIsFoundIsTaken() {
        Tools.require(Tools.inTheCLibrary("gnu_get_libc_version"), "needs glibc");
        NativeLibrary library = named("libnowhere.so.1", "libc.so.6");
        assertTrue(library.isAvailable());
        assertNull(library.unavailabilityCause());
        library.ensureAvailable();
        assertTrue(library.find("getpid").isPresent());
        assertTrue(library.find("no_such_function").isEmpty());
    }

    @Test
    void aMissingLibrarySaysWhatWasTriedAndWhatToDo() {
        NativeLibrary library = named("libnowhere.so.1", "libnowhere.so");
        assertFalse(library.isAvailable());
        Throwable cause = library.unavailabilityCause();
        assertNotNull(cause);
        String sentence =
                "libtest was not found (tried libnowhere.so.1, libnowhere.so): install it,"
                        + " or name its file with -Dflowscope.libtest=<path>";
        assertEquals(sentence, cause.getMessage());
        assertEquals(
                sentence,
                assertThrows(UnsatisfiedLinkError.class, library::ensureAvailable).getMessage());
        assertThrows(UnsatisfiedLinkError.class, () -> library.find("getpid"));
    }

    @Test
    void aFileWithoutTheNeededFunctionIsNotTheLibrary() {
        Tools.require(Tools.inTheCLibrary("gnu_get_libc_version"), "needs glibc");
        NativeLibrary library =
                new NativeLibrary(
                        "libtest",
                        "flowscope.libtest",
                        List.of("libc.so.6"),
                        "test_function",
                        "install it");
        Throwable cause = library.unavailabilityCause();
        assertNotNull(cause);
        assertEquals(
                "libc.so.6 has no test_function: it is too old or not libtest;"
                        + " name another file with -Dflowscope.libtest=<path>",
                cause.getMessage());
    }

    @Test
    void aPropertyNamesTheFileInPlaceOfTheUsualOnes() {
        System.setProperty("flowscope.libtest", "libelsewhere.so");
        try {
            Throwable cause = named("libc.so.6").unavailabilityCause();
            assertNotNull(cause);
            assertTrue(cause.getMessage().contains("(tried libelsewhere.so)"), cause::getMessage);
        } finally {
            System.clearProperty("flowscope.libtest");
        }
    }
}
