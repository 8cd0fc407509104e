package io.flowscope.capture;

import io.flowscope.bindings.pcap.Libpcap;
import io.flowscope.capture.filter.FilterCompiler;
import io.flowscope.capture.filter.FilterSyntaxException;

import java.util.regex.Pattern;

/**
 * Compiles filters in the language of tcpdump, such as {@code tcp port 443 and not host 10.0.0.1}.
 * The same text filters rings, files and every other source.
 *
 * <p>libpcap's compiler is used where it is installed, except for what it cannot know without a
 * live handle: {@code vlan} (the kernel takes the tag out of the frame before a filter sees it),
 * {@code inbound} and {@code outbound}, and BSD loopback frames of other systems. Without libpcap
 * this module's own compiler does the rest as well; it knows the common language, for Ethernet, raw
 * IP, Linux cooked and BSD loopback frames. Thread-safe.
 */
public final class Filters {
    private static final int LINKTYPE_NULL = 0;
    private static final int LINKTYPE_LOOP = 108;

    /** Words for which libpcap would need a live handle. */
    private static final Pattern NEEDS_HANDLE = Pattern.compile("\\b(vlan|inbound|outbound)\\b");

    private Filters() {}

    /**
     * Compiles a filter; an empty one lets everything through.
     *
     * @param linkType the LINKTYPE_ number of the packets
     * @throws FilterException with the position in the text and what was expected there
     */
    public static BpfProgram compile(String expression, int linkType) {
        if (expression.indexOf('\0') >= 0) {
            throw new FilterException("a filter has no NUL characters", expression.indexOf('\0'));
        }
        boolean libpcap = Libpcap.isAvailable();
        if (!FilterCompiler.knowsLinkType(linkType)) {
            if (!libpcap) {
                throw new FilterException(
                        "filters for link type "
                                + linkType
                                + " need libpcap: "
                                + LibpcapCompiler.absence(),
                        -1);
            }
            return LibpcapCompiler.compile(expression, linkType);
        }
        long[] own;
        try {
            own = FilterCompiler.compile(expression, linkType, true);
        } catch (FilterSyntaxException refused) {
            return afterRefusal(refused, expression, linkType, libpcap);
        }
        boolean ownFrames = linkType == LINKTYPE_NULL || linkType == LINKTYPE_LOOP;
        if (!FilterCompiler.usesAncillary(own) && !ownFrames && libpcap) {
            try {
                return LibpcapCompiler.compile(expression, linkType);
            } catch (FilterException refused) {
                // Such as "net 10/8": what is understood without libpcap is so with it.
                return BpfProgram.of(own);
            }
        }
        return BpfProgram.of(own);
    }

    /** libpcap may know what this compiler does not; where both refuse, this one says why. */
    private static BpfProgram afterRefusal(
            FilterSyntaxException refused, String expression, int linkType, boolean libpcap) {
        if (libpcap && !NEEDS_HANDLE.matcher(expression).find()) {
            try {
                return LibpcapCompiler.compile(expression, linkType);
            } catch (FilterException bothRefuse) {
                throw refusal(refused, expression, "");
            }
        }
        boolean mayHelp = refused.isBeyondThisCompiler() && !libpcap;
        throw refusal(refused, expression, mayHelp ? "; " + LibpcapCompiler.absence() : "");
    }

    private static FilterException refusal(
            FilterSyntaxException refused, String expression, String advice) {
        return new FilterException(
                "filter '%s', at character %d: %s%s"
                        .formatted(
                                expression, refused.position() + 1, refused.getMessage(), advice),
                refused.position());
    }
}
