package io.flowscope.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest of what was said while a screen is shown. Any thread may call. */
final class HeldMessages {
    private static final int MOST = 100;

    private final Deque<String> sentences = new ArrayDeque<>();

    synchronized void add(String sentence) {
        if (sentences.size() == MOST) {
            sentences.removeFirst();
        }
        sentences.addLast(sentence);
    }

    /** The last one's first line, empty if nothing was said. */
    synchronized String latest() {
        return sentences.isEmpty() ? "" : sentences.getLast().lines().findFirst().orElse("");
    }

    synchronized List<String> all() {
        return List.copyOf(sentences);
    }
}
