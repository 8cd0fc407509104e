package io.flowscope.cli;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.capture.Interfaces;
import io.flowscope.capture.LiveInterface;
import io.flowscope.cli.doctor.SystemFiles;
import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.output.JsonLines;
import io.flowscope.cli.output.TextTable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Lists the network interfaces. */
@Command(
        name = "interfaces",
        description = "List the network interfaces, their state and addresses.")
final class InterfacesCommand implements Callable<Integer> {
    private static final SystemFiles SYSTEM = new SystemFiles(Path.of("/"));

    private final Stdio stdio;

    @Option(
            names = "--format",
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Format format = Format.table;

    InterfacesCommand(Stdio stdio) {
        this.stdio = stdio;
    }

    /** Named as they are typed. */
    enum Format {
        table,
        ndjson
    }

    @Override
    public Integer call() {
        List<Row> rows = Interfaces.list().stream().map(InterfacesCommand::row).toList();
        switch (format) {
            case table -> table(rows);
            case ndjson -> ndjson(rows);
        }
        return ExitCode.DONE;
    }

    private void table(List<Row> rows) {
        TextTable table =
                new TextTable()
                        .column("NAME")
                        .column("STATE")
                        .column("TYPE")
                        .numbers("MTU")
                        .numbers("SPEED")
                        .column("CAPTURE")
                        .column("MAC")
                        .column("ADDRESSES");
        for (Row row : rows) {
            table.row(
                    TextTable.printable(row.name),
                    row.state,
                    row.type,
                    Integer.toString(row.mtu),
                    row.speedMbit > 0 ? row.speedMbit + " Mbit/s" : "",
                    row.capture,
                    row.mac,
                    String.join(" ", row.addresses));
        }
        table.writeTo(stdio.out, stdio.colors());
    }

    private void ndjson(List<Row> rows) {
        JsonLines json = new JsonLines(stdio.out);
        for (Row row : rows) {
            json.begin()
                    .text(name("name"), row.name)
                    .number(name("index"), row.index)
                    .text(name("state"), row.state)
                    .text(name("type"), row.type)
                    .number(name("mtu"), row.mtu);
            if (row.speedMbit > 0) {
                json.number(name("speed_mbit"), row.speedMbit);
            }
            json.text(name("capture"), row.capture)
                    .textIfPresent(name("mac"), row.mac.isEmpty() ? null : row.mac)
                    .beginArray(name("addresses"));
            row.addresses.forEach(json::element);
            json.endArray().endLine();
        }
    }

    private static Row row(LiveInterface from) {
        String folder = "sys/class/net/" + from.name() + "/";
        return new Row(
                from.name(),
                from.index(),
                state(from),
                type(from, SYSTEM.read(folder + "type")),
                from.mtuBytes(),
                number(SYSTEM.read(folder + "speed")),
                from.linkType() < 0 ? "libpcap" : "ring",
                from.hardwareAddress(),
                from.addresses().stream().map(InterfacesCommand::canonical).toList());
    }

    private static String state(LiveInterface from) {
        // Loopback and tunnels have no carrier to speak of: the kernel says "unknown" for them.
        return from.operationalState().equals("unknown")
                ? from.up() ? "up" : "down"
                : from.operationalState();
    }

    /** IPv6 as RFC 5952 has it, like everywhere else in this command's output. */
    private static String canonical(String addressAndPrefix) {
        int slash = addressAndPrefix.indexOf('/');
        try {
            byte[] address =
                    InetAddress.getByName(addressAndPrefix.substring(0, slash)).getAddress();
            return AddressText.of(address) + addressAndPrefix.substring(slash);
        } catch (UnknownHostException notAnAddress) {
            return addressAndPrefix;
        }
    }

    /** The hardware type's number is that of the kernel's if_arp.h. */
    private static String type(LiveInterface from, @Nullable String number) {
        return switch (number) {
            case null -> from.loopback() ? "loopback" : "";
            case "1" -> "ethernet";
            case "32" -> "infiniband";
            case "512" -> "ppp";
            case "768" -> "ipip";
            case "772" -> "loopback";
            case "776" -> "sit";
            case "778" -> "gre";
            case "801" -> "802.11";
            case "803" -> "802.11-radiotap";
            case "823" -> "gre6";
            case "65534" -> "raw-ip";
            default -> "type-" + number;
        };
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private record Row(
            String name,
            int index,
            String state,
            String type,
            int mtu,
            int speedMbit,
            String capture,
            String mac,
            List<String> addresses) {}
}
