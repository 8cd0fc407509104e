package io.flowscope.cli.top;

import io.flowscope.cli.top.Layout.Display;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A terminal's whole screen, drawn over and over until the user leaves. */
public final class Screen extends Face {
    /** How soon a new size of the terminal is seen. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final int MOST_KEYS = 256;

    private final Terminal terminal;
    private final ScreenOptions options;
    private final Supplier<String> messages;
    private final BlockingQueue<Key> keys = new LinkedBlockingQueue<>();

    /** Gives the terminal back whatever ends the process. */
    private final Thread rescue;

    private volatile boolean ended;

    private TopSort sort;
    private boolean paused;
    private boolean help;
    private @Nullable Size size;
    private String message = "";

    /**
     * @param messages what was said last, empty if nothing was
     * @param leave ends the run
     */
    public Screen(
            Terminal terminal,
            Watch watch,
            ScreenOptions options,
            Supplier<String> messages,
            Runnable leave) {
        super(watch, leave);
        this.terminal = terminal;
        this.options = options;
        this.messages = messages;
        sort = options.sort();
        rescue = new Thread(terminal::leave, "flowscope-terminal");
    }

    @Override
    void begin() throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(rescue);
        } catch (IllegalStateException theProcessEnds) {
            return;
        }
        terminal.enter();
        Thread.ofPlatform().daemon().name("flowscope-keys").start(this::readKeys);
    }

    private void readKeys() {
        byte[] typed = new byte[MOST_KEYS];
        try (InputStream in = terminal.keys()) {
            for (int length = in.read(typed); length >= 0; length = in.read(typed)) {
                keys.addAll(Keys.of(typed, length));
            }
        } catch (IOException noKeysThen) {
            return;
        }
    }

    @Override
    boolean run() throws IOException, InterruptedException {
        Moment moment = watch.take();
        long due = System.nanoTime() + options.intervalNanos();
        boolean changed = true;
        while (!ended) {
            long left = due - System.nanoTime();
            if (!paused && !moment.over() && (left <= 0 || watch.isOver())) {
                moment = watch.take();
                left = options.intervalNanos();
                due = System.nanoTime() + left;
                changed = true;
            }
            if (looksDifferent(moment) || changed) {
                draw(moment);
            }
            boolean idle = paused || moment.over();
            Key key =
                    keys.poll(idle ? LOOK_NANOS : Math.min(LOOK_NANOS, left), TimeUnit.NANOSECONDS);
            if (key == Key.QUIT) {
                return true;
            }
            changed = key != null && press(key);
        }
        return false;
    }

    /** Takes over what has changed around it. */
    private boolean looksDifferent(Moment moment) {
        String said = messages.get();
        String now = said.isEmpty() && moment.over() ? "all is read; q leaves" : said;
        Size large = terminal.size();
        boolean different = !large.equals(size) || !now.equals(message);
        size = large;
        message = now;
        return different;
    }

    private void draw(Moment moment) throws IOException {
        Size on = size == null ? Size.USUAL : size;
        Display display =
                new Display(sort, options.rows(), options.unicode(), paused, help, message, true);
        terminal.draw(Frame.of(Layout.of(moment, display, on), on, options.colors()));
    }

    /** Whether there is something new to draw. */
    private boolean press(Key key) throws IOException {
        switch (key) {
            case NONE, QUIT -> {
                return false;
            }
            case PAUSE -> paused = !paused;
            case HELP -> help = !help;
            case BACK -> help = false;
            case SORT_NEXT -> sort = sort.next();
            case SORT_RATE -> sort = TopSort.RATE;
            case SORT_BYTES -> sort = TopSort.BYTES;
            case SORT_PACKETS -> sort = TopSort.PACKETS;
            case SORT_RTT -> sort = TopSort.RTT;
            case SORT_RETRANSMITS -> sort = TopSort.RETRANSMITS;
            case REDRAW -> terminal.reset();
            case SUSPEND -> terminal.suspend();
        }
        return true;
    }

    @Override
    void end() {
        ended = true;
        keys.add(Key.NONE);
    }

    /** Ends showing and gives the terminal back. */
    @Override
    public void close() {
        super.close();
        terminal.leave();
        try {
            Runtime.getRuntime().removeShutdownHook(rescue);
        } catch (IllegalStateException theProcessEnds) {
            return;
        }
    }
}
