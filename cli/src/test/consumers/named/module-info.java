/** A program as a user would write it: a named module on the core modules alone. */
module consumer.named {
    requires io.flowscope.capture;
    requires io.flowscope.tracker;
}
