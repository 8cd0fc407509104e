package io.flowscope.capture;

/** Told of what happens to a live source. */
@FunctionalInterface
public interface CaptureListener {
    /** Called by the reading thread, or by the opening one; what it throws ends the reading. */
    void onEvent(CaptureEvent event);
}
