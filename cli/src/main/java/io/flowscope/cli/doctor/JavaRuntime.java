package io.flowscope.cli.doctor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which Java runs the command, and whether it may call native code. */
final class JavaRuntime {
    private static final int FIRST_THAT_DENIES = 24;
    private static final String BINDINGS = "io.flowscope.bindings";

    List<Finding> check() {
        Runtime.Version version = Runtime.version();
        Finding java =
                Finding.ok(
                        "java",
                        String.join(
                                " ",
                                System.getProperty("java.vendor", ""),
                                version.toString(),
                                "at",
                                System.getProperty("java.home", "")));
        return List.of(java, nativeAccess(version), memory());
    }

    private static Finding nativeAccess(Runtime.Version version) {
        Optional<Module> bindings = ModuleLayer.boot().findModule(BINDINGS);
        Module module = bindings.orElse(JavaRuntime.class.getModule());
        if (!module.isNativeAccessEnabled()) {
            return Finding.missing(
                    "native access",
                    "the bindings may not call native code; start Java with the line below",
                    "--enable-native-access=" + bindings.map(m -> BINDINGS).orElse("ALL-UNNAMED"));
        }
        boolean denies =
                arguments().stream().anyMatch(a -> a.equals("--illegal-native-access=deny"));
        return Finding.ok(
                "native access",
                bindings.isEmpty()
                        ? "granted to the whole class path"
                        : denies || version.feature() < FIRST_THAT_DENIES
                                ? "granted to " + BINDINGS + " alone"
                                : "granted to " + BINDINGS + "; others are warned about");
    }

    private static Finding memory() {
        return Finding.ok(
                "memory",
                Runtime.getRuntime().maxMemory() / (1 << 20)
                        + " MiB of heap at most, "
                        + Runtime.getRuntime().availableProcessors()
                        + " processors");
    }

    private static List<String> arguments() {
        return ProcessHandle.current().info().arguments().map(Arrays::asList).orElse(List.of());
    }
}
