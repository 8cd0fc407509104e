package io.flowscope.tracker.stream;

/** The flow that a stream belongs to. A view, valid during the call that hands it out. */
public interface StreamFlow {
    /** Unique among the flows of one tracker. */
    long id();
}
