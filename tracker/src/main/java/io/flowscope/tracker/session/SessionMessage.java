package io.flowscope.tracker.session;

/**
 * Common root of the messages that ship with the tracker. Each protocol seals its own interface
 * below this one, so that a switch over a protocol's messages is exhaustive; a user's protocol may
 * extend it or not.
 */
public interface SessionMessage {}
