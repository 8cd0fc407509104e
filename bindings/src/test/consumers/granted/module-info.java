/** Stands in for the module that the bindings are for; it is granted nothing itself. */
module io.flowscope.capture {
    requires io.flowscope.bindings;
}
