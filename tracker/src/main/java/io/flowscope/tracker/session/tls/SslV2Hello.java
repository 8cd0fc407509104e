package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.buffer.WireCursor;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The hello of SSL 2, in which clients of the time also offered SSL 3 and TLS (RFC 5246, E.2).
 *
 * <pre>
 *   type 1 | version 2 | suites' length 2 | session id's 2 | challenge's 2 | suites 3 each | …
 * </pre>
 */
final class SslV2Hello {
    private SslV2Hello() {}

    static @Nullable ClientHello read(ByteText message) {
        WireCursor in = new WireCursor(message);
        in.skip(1);
        int version = in.u16();
        int suiteBytes = in.u16();
        int sessionIdBytes = in.u16();
        int challengeBytes = in.u16();
        ByteText suites = in.take(suiteBytes);
        ByteText sessionId = in.take(sessionIdBytes);
        ByteText challenge = in.take(challengeBytes);
        boolean knownVersion = version == 2 || version >> 8 == 3;
        if (in.broken() || !knownVersion || suiteBytes % 3 != 0 || suiteBytes == 0) {
            return null;
        }
        return new ClientHello(
                false,
                true,
                version,
                challenge,
                sessionId,
                tlsSuites(suites),
                CodeList.EMPTY,
                CodeList.EMPTY,
                null,
                List.of(),
                CodeList.EMPTY,
                CodeList.EMPTY,
                CodeList.EMPTY,
                CodeList.EMPTY,
                CodeList.EMPTY,
                false,
                false,
                false,
                false,
                false);
    }

    /** Those of three bytes whose first is zero; the others exist in SSL 2 only. */
    private static CodeList tlsSuites(ByteText suites) {
        char[] codes = new char[suites.length() / 3];
        int count = 0;
        for (int i = 0; i < suites.length(); i += 3) {
            if (suites.at(i) == 0) {
                codes[count++] = (char) suites.u16(i + 1);
            }
        }
        return CodeList.of(codes, count);
    }
}
