package io.flowscope.cli;

import static io.flowscope.cli.output.JsonLines.name;

import io.flowscope.cli.doctor.SystemFiles;
import io.flowscope.cli.output.AddressText;
import io.flowscope.cli.output.JsonLines;
import io.flowscope.cli.output.TextTable;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

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
        List<Row> rows;
        try (Stream<NetworkInterface> found = NetworkInterface.networkInterfaces()) {
            rows =
                    found.map(InterfacesCommand::row)
                            .sorted(Comparator.comparingInt(Row::index))
                            .toList();
        } catch (SocketException e) {
            throw new CommandFailure("cannot list the interfaces: " + e.getMessage(), e);
        }
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
                        .column("MAC")
                        .column("ADDRESSES");
        for (Row row : rows) {
            table.row(
                    TextTable.printable(row.name),
                    row.state,
                    row.type,
                    Integer.toString(row.mtu),
                    row.speedMbit > 0 ? row.speedMbit + " Mbit/s" : "",
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
            json.textIfPresent(name("mac"), row.mac.isEmpty() ? null : row.mac)
                    .beginArray(name("addresses"));
            row.addresses.forEach(json::element);
            json.endArray().endLine();
        }
    }

    private static Row row(NetworkInterface from) {
        String folder = "sys/class/net/" + from.getName() + "/";
        try {
            byte[] mac = from.getHardwareAddress();
            return new Row(
                    from.getName(),
                    from.getIndex(),
                    state(from, SYSTEM.read(folder + "operstate")),
                    type(from, SYSTEM.read(folder + "type")),
                    from.getMTU(),
                    number(SYSTEM.read(folder + "speed")),
                    mac == null ? "" : HexFormat.ofDelimiter(":").formatHex(mac),
                    from.getInterfaceAddresses().stream()
                            .map(
                                    a ->
                                            AddressText.of(a.getAddress().getAddress())
                                                    + "/"
                                                    + a.getNetworkPrefixLength())
                            .toList());
        } catch (SocketException e) {
            // Removed while we looked.
            return new Row(from.getName(), from.getIndex(), "gone", "", 0, 0, "", List.of());
        }
    }

    private static String state(NetworkInterface from, @Nullable String operational)
            throws SocketException {
        // Loopback and tunnels have no carrier to speak of: the kernel says "unknown" for them.
        if (operational == null || operational.equals("unknown")) {
            return from.isUp() ? "up" : "down";
        }
        return operational;
    }

    /** The hardware type's number is that of the kernel's if_arp.h. */
    private static String type(NetworkInterface from, @Nullable String number)
            throws SocketException {
        return switch (number) {
            case null -> from.isLoopback() ? "loopback" : "";
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
            String mac,
            List<String> addresses) {}
}
