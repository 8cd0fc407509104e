package io.flowscope.capture;

/**
 * Where packets come from: a ring, a file, libpcap. One thread reads; any thread may stop or close.
 *
 * <p>{@link #stop()} makes a running {@link #forEachBatch} return, and is for good: a source that
 * was stopped hands over nothing more, so that a stop which comes just before the reading begins is
 * not lost. {@link #close()} also frees what the source holds, once the reader has left. Both may
 * be called from any thread, at any time, more than once.
 */
public interface PacketSource extends AutoCloseable {
    /**
     * The LINKTYPE_ number of this source's packets, or of its first interface where it has
     * several; each packet's own is in its descriptor.
     */
    int linkType();

    /**
     * Hands packets to the handler until the source ends or is stopped. An exception of the
     * handler's ends the reading and is thrown on to the caller.
     *
     * @return how many packets were handed over by this call
     */
    long forEachBatch(BatchHandler handler);

    /**
     * Like {@link #forEachBatch}, one packet at a time.
     *
     * @return how many packets were handed over by this call
     */
    long forEach(PacketHandler handler);

    /** Lost and received packets so far; may be called from any thread, also after close. */
    CaptureStatistics statistics();

    /**
     * Asks the reader to return soon, and every later reading to return at once with nothing; does
     * not wait for it. To read on, open the source anew.
     */
    void stop();

    @Override
    void close();
}
