package io.flowscope.tracker;

import io.flowscope.tracker.session.SessionOptions;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Events as a stream to pull from, where a source pushes packets:
 *
 * <pre>{@code
 * try (var events = FlowEvents.stream(options, tracker -> file.forEachBatch(tracker::trackBatch))) {
 *     events.forEach(…);
 * }
 * }</pre>
 *
 * <p>The source runs on a thread of its own, which waits when it is some thousand events ahead and
 * ends when the stream is closed. When the source has no more packets all flows end.
 */
public final class FlowEvents implements Iterator<FlowEvent>, AutoCloseable {
    private static final int CHUNK = 256;
    private static final int CHUNKS_AHEAD = 16;
    private static final Chunk NOTHING = new Chunk(List.of(), true);

    private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
    private final Thread reader;
    private List<FlowEvent> filling = new ArrayList<>(CHUNK);
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;
    private Iterator<FlowEvent> current = Collections.emptyIterator();
    private boolean ended;

    private record Chunk(List<FlowEvent> events, boolean last) {}

    /** Thrown through the source to make it end. */
    private static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Closed() {
            super("the events are no longer wanted", null, false, false);
        }
    }

    private FlowEvents(TrackerOptions options, Consumer<FlowTracker> source) {
        reader =
                Thread.ofPlatform()
                        .daemon()
                        .name("flowscope-events")
                        .unstarted(() -> read(options, source));
    }

    /**
     * All events of the flows in a source, in order; close it.
     *
     * @param options how to track
     * @param source gives a tracker all its packets, and returns
     */
    public static Stream<FlowEvent> stream(TrackerOptions options, Consumer<FlowTracker> source) {
        FlowEvents events = iterator(options, source);
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(
                                events, Spliterator.ORDERED | Spliterator.NONNULL),
                        false)
                .onClose(events::close);
    }

    /** The same as an iterator; close it. */
    public static FlowEvents iterator(TrackerOptions options, Consumer<FlowTracker> source) {
        FlowEvents events = new FlowEvents(options, source);
        events.reader.start();
        return events;
    }

    /** The flows of a source as they end, in order; close it. */
    public static Stream<FlowRecord> flows(TrackerOptions options, Consumer<FlowTracker> source) {
        TrackerOptions endings = options.toBuilder().events(Set.of(EventKind.ENDED)).build();
        return stream(endings, source)
                .filter(FlowEvent.Ended.class::isInstance)
                .map(event -> ((FlowEvent.Ended) event).flow());
    }

    /**
     * The messages in a source, in order; close it.
     *
     * @param options how to track; without {@link TrackerOptions#sessions()} all protocols that are
     *     found are read
     */
    public static Stream<FlowEvent.Message> messages(
            TrackerOptions options, Consumer<FlowTracker> source) {
        TrackerOptions.Builder only = options.toBuilder().events(Set.of(EventKind.MESSAGE));
        if (options.sessions() == null) {
            only.sessions(SessionOptions.defaults());
        }
        return stream(only.build(), source).map(FlowEvent.Message.class::cast);
    }

    /** The messages of one kind in a source, without the flows they are of; close it. */
    public static <M> Stream<M> messages(
            Class<M> kind, TrackerOptions options, Consumer<FlowTracker> source) {
        return messages(options, source)
                .map(FlowEvent.Message::message)
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    private void read(TrackerOptions options, Consumer<FlowTracker> source) {
        try (FlowTracker tracker = new FlowTracker(options, FlowEvent.listener(this::add))) {
            source.accept(tracker);
            tracker.finish();
        } catch (Closed expected) {
            // The consumer has gone: nobody is there to be told.
        } catch (Throwable t) {
            failure = t;
        }
        hand(new Chunk(filling, true));
    }

    private void add(FlowEvent event) {
        if (closed) {
            throw new Closed();
        }
        filling.add(event);
        if (filling.size() == CHUNK) {
            hand(new Chunk(filling, false));
            filling = new ArrayList<>(CHUNK);
        }
    }

    private void hand(Chunk chunk) {
        try {
            if (!closed) {
                queue.put(chunk);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public boolean hasNext() {
        while (!current.hasNext() && !ended) {
            Chunk chunk = take();
            ended = chunk.last();
            current = chunk.events().iterator();
        }
        Throwable thrown = failure;
        if (ended && thrown != null) {
            failure = null;
            throw new IllegalStateException("the source failed: " + thrown.getMessage(), thrown);
        }
        return current.hasNext();
    }

    private Chunk take() {
        try {
            return closed ? NOTHING : queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return NOTHING;
        }
    }

    @Override
    public FlowEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return current.next();
    }

    /** Ends the source and its thread. */
    @Override
    public void close() {
        closed = true;
        reader.interrupt();
    }
}
