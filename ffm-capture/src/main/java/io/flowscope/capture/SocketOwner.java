package io.flowscope.capture;

/**
 * The process that has a socket open.
 *
 * @param processId the lowest, if several share the socket
 * @param command its name, at most 15 characters
 * @param userId the user the socket belongs to
 */
public record SocketOwner(long processId, String command, int userId) {}
