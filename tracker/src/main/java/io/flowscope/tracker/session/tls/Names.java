package io.flowscope.tracker.session.tls;

import io.flowscope.tracker.session.ByteText;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Distinguished names in the form of RFC 2253: last part first, special characters escaped, unknown
 * attributes by number with their encoding in hexadecimal.
 */
final class Names {
    private static final int UTF8_STRING = 0x0c;
    private static final int PRINTABLE_STRING = 0x13;
    private static final int TELETEX_STRING = 0x14;
    private static final int IA5_STRING = 0x16;
    private static final int UNIVERSAL_STRING = 0x1c;
    private static final int BMP_STRING = 0x1e;
    private static final int MAX_PARTS = 256;

    private Names() {}

    static String text(ByteText name) {
        DerCursor sets = new DerCursor(name);
        List<String> parts = new ArrayList<>();
        while (parts.size() < MAX_PARTS && sets.next(DerCursor.SET)) {
            parts.add(part(sets.inside()));
        }
        return String.join(",", parts.reversed());
    }

    private static String part(DerCursor set) {
        StringBuilder text = new StringBuilder();
        while (set.next(DerCursor.SEQUENCE)) {
            DerCursor pair = set.inside();
            if (!pair.next(DerCursor.OID)) {
                break;
            }
            String type = ObjectIds.text(pair.content());
            String keyword = keyword(type);
            if (!pair.next()) {
                break;
            }
            text.append(text.isEmpty() ? "" : "+").append(keyword.isEmpty() ? type : keyword);
            text.append('=');
            Charset charset = charset(pair.tag());
            if (keyword.isEmpty() || charset == null) {
                text.append('#').append(pair.whole().toHex());
            } else {
                escape(text, new String(pair.content().toArray(), charset));
            }
        }
        return text.toString();
    }

    private static String keyword(String type) {
        return switch (type) {
            case "2.5.4.3" -> "CN";
            case "2.5.4.6" -> "C";
            case "2.5.4.7" -> "L";
            case "2.5.4.8" -> "ST";
            case "2.5.4.9" -> "STREET";
            case "2.5.4.10" -> "O";
            case "2.5.4.11" -> "OU";
            case "0.9.2342.19200300.100.1.1" -> "UID";
            case "0.9.2342.19200300.100.1.25" -> "DC";
            default -> "";
        };
    }

    private static @Nullable Charset charset(int tag) {
        return switch (tag) {
            case UTF8_STRING -> StandardCharsets.UTF_8;
            case PRINTABLE_STRING, IA5_STRING, TELETEX_STRING -> StandardCharsets.ISO_8859_1;
            case BMP_STRING -> StandardCharsets.UTF_16BE;
            case UNIVERSAL_STRING -> Charset.forName("UTF-32BE");
            default -> null;
        };
    }

    private static void escape(StringBuilder text, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean edge = i == 0 || i == value.length() - 1;
            if (",+\"\\<>;".indexOf(c) >= 0 || (c == ' ' && edge) || (c == '#' && i == 0)) {
                text.append('\\');
            }
            text.append(c);
        }
    }
}
