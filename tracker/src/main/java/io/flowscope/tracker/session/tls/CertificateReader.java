package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.buffer.AddressText;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what is shown of a certificate.
 *
 * <pre>
 *   SEQUENCE {
 *     SEQUENCE { [0] version, serial, algorithm, issuer, SEQUENCE { from, to }, subject, key,
 *                [1], [2], [3] { SEQUENCE of SEQUENCE { OID, BOOLEAN, OCTET STRING } } }
 *     algorithm, signature }
 * </pre>
 */
final class CertificateReader {
    private static final int VERSION = 0xa0;
    private static final int EXTENSIONS = 0xa3;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;

    /** 2.5.29.17. */
    private static final ByteText ALTERNATIVE_NAME = ByteText.of("U\u001d\u0011");

    private static final int MAX_NAMES = 4096;

    private CertificateReader() {}

    static TlsCertificate.Details read(ByteText der) {
        DerCursor outer = new DerCursor(der);
        DerCursor in = outer.next(DerCursor.SEQUENCE) ? outer.inside() : outer;
        DerCursor body = in.next(DerCursor.SEQUENCE) ? in.inside() : in;
        boolean any = body.next();
        if (any && body.tag() == VERSION) {
            any = body.next();
        }
        String serial = any && body.tag() == DerCursor.INTEGER ? body.content().toHex() : "";
        boolean sound = !serial.isEmpty() && body.next(DerCursor.SEQUENCE);
        String issuer = sound && body.next(DerCursor.SEQUENCE) ? Names.text(body.content()) : "";
        Instant notBefore = null;
        Instant notAfter = null;
        if (sound && body.next(DerCursor.SEQUENCE)) {
            DerCursor validity = body.inside();
            notBefore = validity.next() ? time(validity.tag(), validity.content()) : null;
            notAfter = validity.next() ? time(validity.tag(), validity.content()) : null;
        }
        String subject = sound && body.next(DerCursor.SEQUENCE) ? Names.text(body.content()) : "";
        List<String> names = new ArrayList<>();
        while (sound && body.next()) {
            if (body.tag() == EXTENSIONS) {
                extensions(body.inside(), names);
            }
        }
        return new TlsCertificate.Details(
                subject,
                issuer,
                serial,
                notBefore,
                notAfter,
                List.copyOf(names),
                sound && !body.broken() && notBefore != null && notAfter != null);
    }

    private static void extensions(DerCursor wrapper, List<String> names) {
        if (!wrapper.next(DerCursor.SEQUENCE)) {
            return;
        }
        DerCursor list = wrapper.inside();
        while (list.next(DerCursor.SEQUENCE)) {
            DerCursor extension = list.inside();
            if (!extension.next(DerCursor.OID) || !extension.content().equals(ALTERNATIVE_NAME)) {
                continue;
            }
            boolean more = extension.next();
            if (more && extension.tag() == DerCursor.BOOLEAN) {
                more = extension.next();
            }
            if (more && extension.tag() == DerCursor.OCTET_STRING) {
                alternativeNames(extension.inside(), names);
            }
        }
    }

    private static void alternativeNames(DerCursor wrapper, List<String> names) {
        if (!wrapper.next(DerCursor.SEQUENCE)) {
            return;
        }
        DerCursor list = wrapper.inside();
        while (list.next() && names.size() < MAX_NAMES) {
            ByteText value = list.content();
            switch (list.tag()) {
                case 0x81 -> names.add("email:" + value);
                case 0x82 -> names.add("DNS:" + value);
                case 0x86 -> names.add("URI:" + value);
                case 0x87 -> names.add("IP:" + AddressText.of(value));
                default -> {}
            }
        }
    }

    /** {@code YYMMDDhhmmssZ}, the year being 1950 to 2049, or the same with four digits. */
    private static @Nullable Instant time(int tag, ByteText text) {
        int yearDigits = tag == UTC_TIME ? 2 : 4;
        boolean known = tag == UTC_TIME || tag == GENERALIZED_TIME;
        if (!known || text.length() != yearDigits + 11 || text.at(text.length() - 1) != 'Z') {
            return null;
        }
        int year = number(text, 0, yearDigits);
        if (yearDigits == 2) {
            year += year < 50 ? 2000 : 1900;
        }
        try {
            return LocalDateTime.of(
                            year,
                            number(text, yearDigits, 2),
                            number(text, yearDigits + 2, 2),
                            number(text, yearDigits + 4, 2),
                            number(text, yearDigits + 6, 2),
                            number(text, yearDigits + 8, 2))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** A decimal number; an impossible one if there are other characters. */
    private static int number(ByteText text, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = text.at(i) - '0';
            if (digit < 0 || digit > 9) {
                return 1_000_000_000;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
