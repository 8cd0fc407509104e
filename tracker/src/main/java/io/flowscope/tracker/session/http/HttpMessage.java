package io.flowscope.tracker.session.http;

import io.flowscope.tracker.session.SessionMessage;

/**
 * What HTTP flows say. Each request and each response comes when its last byte was read; the
 * exchange comes when both are there, or when it is certain that one will not come.
 */
public sealed interface HttpMessage extends SessionMessage
        permits HttpRequest, HttpResponse, HttpExchange {}
