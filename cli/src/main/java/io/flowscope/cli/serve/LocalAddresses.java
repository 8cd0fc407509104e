package io.flowscope.cli.serve;

import io.flowscope.capture.CaptureException;
import io.flowscope.capture.Interfaces;
import io.flowscope.capture.LiveInterface;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The addresses that are this host's, which decide what it has sent and what received. */
public final class LocalAddresses {
    private LocalAddresses() {}

    /** Those of all interfaces, asked for anew each time; none if they cannot be asked for. */
    public static Supplier<List<InetAddress>> ofThisHost() {
        return LocalAddresses::list;
    }

    private static List<InetAddress> list() {
        List<InetAddress> addresses = new ArrayList<>();
        try {
            for (LiveInterface each : Interfaces.list()) {
                for (String address : each.addresses()) {
                    addresses.add(numeric(address.replaceFirst("/.*", "")));
                }
            }
        } catch (CaptureException | IllegalArgumentException notNow) {
            return addresses;
        }
        return addresses;
    }

    /**
     * An address in numbers.
     *
     * @throws IllegalArgumentException if it is anything else, such as a name
     */
    public static InetAddress numeric(String text) {
        // Of other ways to write a number it is not clear what they say.
        if (text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException notAnAddress) {
                throw new IllegalArgumentException("'" + text + "' is no IP address", notAnAddress);
            }
        }
        throw new IllegalArgumentException("'" + text + "' is no IP address");
    }
}
