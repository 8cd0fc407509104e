package io.flowscope.bench.report;

/**
 * What flows cost in a table that holds so many of them, in CPU nanoseconds of the packets' thread.
 *
 * @param flows how many are live
 * @param roundTrips whether they are measured, as by default
 * @param bytesPerFlow resident memory of each, index and all that belongs to it included
 * @param start the first packet of a flow that is not known yet
 * @param packet a further packet; flows in random order
 * @param sweep the look at a flow that stays
 * @param replace the first packet of a flow for which another one is ended, as the table is full
 * @param end the end of a flow that is idle for too long
 */
public record FlowCost(
        long flows,
        boolean roundTrips,
        double bytesPerFlow,
        double start,
        double packet,
        double sweep,
        double replace,
        double end) {}
