package io.flowscope.capture.generate;

import java.nio.charset.StandardCharsets;

/** HTTP/1.1 requests and responses. */
final class HttpMessages {
    private static final String[] WORDS = {
        "packet", "flow", "river", "window", "segment", "stone", "bridge", "signal", "harbour",
        "lantern", "meadow", "counter", "winter", "copper", "paper", "garden"
    };

    private HttpMessages() {}

    static byte[] get(String host, String path) {
        return text(
                "GET " + path + " HTTP/1.1",
                "Host: " + host,
                "User-Agent: Sample/1.0",
                "Accept: */*");
    }

    static byte[] post(String host, String path, String type, String body) {
        byte[] head =
                text(
                        "POST " + path + " HTTP/1.1",
                        "Host: " + host,
                        "User-Agent: Sample/1.0",
                        "Content-Type: " + type,
                        "Content-Length: " + body.length());
        return new Bytes().bytes(head).text(body).done();
    }

    static byte[] ok(String type, String body) {
        byte[] head =
                text(
                        "HTTP/1.1 200 OK",
                        "Server: sample",
                        "Content-Type: " + type,
                        "Content-Length: " + body.length());
        return new Bytes().bytes(head).text(body).done();
    }

    /** A body of unknown length, in pieces. */
    static byte[] chunked(String type, String... pieces) {
        var message = new Bytes();
        message.bytes(
                text(
                        "HTTP/1.1 200 OK",
                        "Server: sample",
                        "Content-Type: " + type,
                        "Transfer-Encoding: chunked"));
        for (String piece : pieces) {
            message.text(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
        }
        return message.text("0\r\n\r\n").done();
    }

    static byte[] notModified() {
        return text("HTTP/1.1 304 Not Modified", "Server: sample", "ETag: \"5f1a\"");
    }

    static byte[] notFound() {
        byte[] head =
                text(
                        "HTTP/1.1 404 Not Found",
                        "Server: sample",
                        "Content-Type: text/plain",
                        "Content-Length: 10");
        return new Bytes().bytes(head).text("not found\n").done();
    }

    /** A page of at least so many characters. */
    static String page(SplitMix random, String title, int length) {
        var page = new StringBuilder();
        page.append("<!doctype html>\n<title>").append(title).append("</title>\n");
        while (page.length() < length) {
            page.append("<p>");
            for (int i = 0; i < 12; i++) {
                page.append(WORDS[random.below(WORDS.length)]).append(' ');
            }
            page.append("</p>\n");
        }
        return page.toString();
    }

    private static byte[] text(String... lines) {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
