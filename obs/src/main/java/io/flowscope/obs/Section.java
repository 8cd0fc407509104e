package io.flowscope.obs;

/** Metrics whose series come and go: brings a registry up to date. */
interface Section {
    /** Called by one thread at a time. */
    void refresh(Leaf leaf);
}
