package io.flowscope.cli.top;

import io.flowscope.cli.top.Layout.Display;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Frames as plain text, one below the other: one per interval, and the last one at the end. */
public final class Frames extends Face {
    /** The header and the flows that are asked for always have room. */
    private static final int HEIGHT = Integer.MAX_VALUE;

    private final OutputStream out;
    private final ScreenOptions options;
    private final int width;
    private final long count;
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * @param count most frames, 0 for any number
     * @param leave ends the run
     */
    public Frames(
            OutputStream out,
            Watch watch,
            ScreenOptions options,
            int width,
            long count,
            Runnable leave) {
        super(watch, leave);
        this.out = out;
        this.options = options;
        this.width = width;
        this.count = count;
    }

    @Override
    void begin() {}

    @Override
    boolean run() throws IOException, InterruptedException {
        boolean last = false;
        for (long frames = 1; !last; frames++) {
            last = ended.await(options.intervalNanos(), TimeUnit.NANOSECONDS);
            print(watch.take());
            if (frames == count) {
                return true;
            }
        }
        return false;
    }

    private void print(Moment moment) throws IOException {
        Display display =
                new Display(
                        options.sort(), options.rows(), options.unicode(), false, false, "", false);
        out.write(Frame.plain(Layout.of(moment, display, new Size(width, HEIGHT))));
        out.flush();
    }

    @Override
    void end() {
        ended.countDown();
    }
}
