package io.flowscope.obs;

import io.flowscope.obs.jfr.JvmLatencies;

import java.util.function.LongSupplier;

/** Bytes that this JVM has read from and written to files. */
record FileBytes(String prefix, JvmLatencies jvm, String processName) implements Section {
    @Override
    public void refresh(Leaf leaf) {
        counter(leaf, "read", jvm::bytesRead);
        counter(leaf, "write", jvm::bytesWritten);
    }

    private void counter(Leaf leaf, String operation, LongSupplier bytes) {
        leaf.counterOnce(
                prefix + MetricNames.FILESYSTEM_BYTES,
                "Bytes that this JVM has read from and written to files",
                bytes,
                MetricNames.TYPE,
                "FS",
                MetricNames.PROCESS_NAME,
                processName,
                MetricNames.OPERATION,
                operation);
    }
}
