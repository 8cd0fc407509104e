package io.flowscope.capture.generate;

import io.flowscope.capture.generate.TcpTalk.Trouble;

/**
 * A few seconds in an office network: what each conversation looks like is written down here, what
 * is random is how long things take, ports, numbers and texts. All addresses are private or
 * reserved for documentation.
 */
final class Office {
    private static final int CLIENT = 0xC0A8_0A14; // 192.168.10.20
    private static final int COLLEAGUE = 0xC0A8_0A15;
    private static final int GATEWAY = 0xC0A8_0A01;
    private static final int WEB = 0xC633_6407; // 198.51.100.7
    private static final int SHOP = 0xC633_6450;
    private static final int API = 0xCB00_7119; // 203.0.113.25
    private static final int TIME = 0xCB00_717B;

    private final FrameList frames;
    private final SplitMix random;
    private final long start;
    private int nextPort = 40_000;
    private int conversations;

    Office(FrameList frames, long seed) {
        this.frames = frames;
        random = new SplitMix(seed);
        start = 1_700_000_000_000_000L + random.below(1_000_000);
    }

    /** Connections, queries and pings so far. */
    int conversations() {
        return conversations;
    }

    void work() {
        resolveGateway();
        webPage();
        brokenName();
        largeAnswer();
        tls13();
        tls12();
        shop();
        api();
        ipv6();
        virtualLan();
        overlay();
        time();
        pings();
        refusals();
    }

    private long at(int millis) {
        return start + millis * 1_000L + random.below(1_000);
    }

    private int port() {
        return nextPort += random.between(1, 40);
    }

    private void resolveGateway() {
        long asked = at(0);
        byte[] question = arp(1, CLIENT, GATEWAY, 0);
        byte[] answer = arp(2, GATEWAY, CLIENT, Addresses.macOf(CLIENT));
        frames.raw(asked, 0xFFFF_FFFF_FFFFL, Addresses.macOf(CLIENT), 0x0806, question);
        long macClient = Addresses.macOf(CLIENT);
        frames.raw(asked + 240, macClient, Addresses.macOf(GATEWAY), 0x0806, answer);
    }

    private static byte[] arp(int operation, int from, int about, long macTo) {
        long macFrom = Addresses.macOf(from);
        return new Bytes()
                .u16(1)
                .u16(0x0800)
                .u16(0x0604)
                .u16(operation)
                .u16((int) (macFrom >>> 32))
                .u32(macFrom)
                .u32(from)
                .u16((int) (macTo >>> 32))
                .u32(macTo)
                .u32(about)
                .done();
    }

    private void ask(long when, Addresses path, byte[] query, byte[] answer) {
        conversations++;
        frames.udp(when, path, false, query);
        frames.udp(when + random.between(900, 28_000), path, true, answer);
    }

    private Addresses resolver(int client) {
        return Addresses.ipv4(client, port(), GATEWAY, 53);
    }

    private int id() {
        return random.below(0x1_0000);
    }

    private static byte[] address(int ipv4) {
        return new Bytes().u32(ipv4).done();
    }

    private static byte[] address(long low) {
        return new Bytes().u64(0x20010DB8_00020000L).u64(low).done();
    }

    private void webPage() {
        String host = "www.example.com";
        int id4 = id();
        int id6 = id();
        ask(
                at(3),
                resolver(CLIENT),
                DnsMessages.query(id4, host, DnsMessages.A),
                DnsMessages.alias(id4, host, "web.example.net", DnsMessages.A, address(WEB)));
        ask(
                at(4),
                resolver(CLIENT),
                DnsMessages.query(id6, host, DnsMessages.AAAA),
                DnsMessages.addresses(id6, host, DnsMessages.AAAA, address(0x80L)));
        var talk = connect(Addresses.ipv4(CLIENT, port(), WEB, 80), at(40), 18_000).open();
        talk.client(HttpMessages.get(host, "/"));
        String page = HttpMessages.page(random, "Example", 6_200);
        talk.server(HttpMessages.ok("text/html", page), Trouble.RETRANSMITTED);
        talk.client(HttpMessages.get(host, "/style.css"));
        talk.server(HttpMessages.notModified());
        talk.client(HttpMessages.get(host, "/favicon.ico"));
        talk.server(HttpMessages.notFound());
        talk.pause(400_000).close();
        var second = connect(Addresses.ipv4(CLIENT, port(), WEB, 80), at(140), 18_400).open();
        second.client(HttpMessages.get(host, "/news"));
        String news = HttpMessages.page(random, "News", 7_500);
        second.server(HttpMessages.ok("text/html", news), Trouble.LOST_AND_RECOVERED);
        second.pause(90_000).close();
    }

    private TcpTalk connect(Addresses path, long when, int roundTripMicros) {
        conversations++;
        return new TcpTalk(frames, path, random, when, roundTripMicros);
    }

    private void brokenName() {
        String name = "wpad.office.example.org";
        int id = id();
        ask(
                at(60),
                resolver(COLLEAGUE),
                DnsMessages.query(id, name, DnsMessages.A),
                DnsMessages.noSuchName(id, name, DnsMessages.A, "example.org"));
    }

    private void largeAnswer() {
        String name = "policy.example.org";
        int id = id();
        long when = at(300);
        byte[] query = DnsMessages.query(id, name, DnsMessages.TXT);
        ask(when, resolver(CLIENT), query, DnsMessages.truncated(id, name, DnsMessages.TXT));
        String text = HttpMessages.page(random, "v=1", 200).replace('\n', ' ').substring(0, 190);
        byte[] answer =
                DnsMessages.texts(
                        id,
                        name,
                        text,
                        "a " + text,
                        "b " + text,
                        "c " + text,
                        "d " + text,
                        "e " + text,
                        "f " + text,
                        "g " + text);
        connect(resolver(CLIENT), when + 31_000, 700)
                .open()
                .client(DnsMessages.overTcp(query))
                .server(DnsMessages.overTcp(answer))
                .close();
    }

    private void tls13() {
        byte[] session = new Bytes().random(random, 32).done();
        connect(Addresses.ipv4(CLIENT, port(), SHOP, 443), at(420), 23_500)
                .open()
                .client(
                        TlsMessages.clientHello(
                                random, session, "shop.example.com", "h2", "http/1.1"))
                .server(
                        new Bytes()
                                .bytes(TlsMessages.serverHello13(random, session))
                                .bytes(TlsMessages.changeCipherSpec())
                                .bytes(TlsMessages.application(random, 2_600))
                                .done())
                .client(
                        new Bytes()
                                .bytes(TlsMessages.changeCipherSpec())
                                .bytes(TlsMessages.application(random, 69))
                                .done())
                .client(TlsMessages.application(random, 310))
                .server(TlsMessages.application(random, 5_100), Trouble.SWAPPED)
                .pause(60_000)
                .reset();
    }

    private void tls12() {
        byte[] session = new Bytes().random(random, 32).done();
        connect(Addresses.ipv4(COLLEAGUE, port(), SHOP, 443), at(510), 24_100)
                .open()
                .client(TlsMessages.clientHello(random, session, "pay.example.com", "http/1.1"))
                .server(
                        new Bytes()
                                .bytes(TlsMessages.serverHello12(random, session, "http/1.1"))
                                .bytes(TlsMessages.changeCipherSpec())
                                .bytes(TlsMessages.encryptedFinished(random))
                                .done())
                .client(
                        new Bytes()
                                .bytes(TlsMessages.changeCipherSpec())
                                .bytes(TlsMessages.encryptedFinished(random))
                                .done())
                .client(TlsMessages.application(random, 420))
                .server(TlsMessages.application(random, 1_900))
                .close();
    }

    private void shop() {
        String host = "shop.example.com";
        connect(Addresses.ipv4(COLLEAGUE, port(), SHOP, 80), at(560), 23_900)
                .open()
                .client(
                        HttpMessages.post(
                                host,
                                "/basket",
                                "application/x-www-form-urlencoded",
                                "item=lantern&count=2"))
                .server(HttpMessages.ok("application/json", "{\"items\":2}\n"))
                .close();
    }

    private void api() {
        String host = "api.example.net";
        String[] pieces = new String[4];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = "{\"event\":" + i + ",\"value\":" + random.below(100_000) + "}\n";
        }
        connect(Addresses.ipv4(CLIENT, port(), API, 8080), at(640), 41_000)
                .open()
                .client(HttpMessages.get(host, "/events"))
                .server(HttpMessages.chunked("application/json", pieces))
                .client(HttpMessages.get(host, "/events?page=2"))
                .server(HttpMessages.ok("application/json", "[]\n"))
                .close();
    }

    private void ipv6() {
        String host = "www.example.com";
        int id = id();
        long client = 0x20L;
        ask(
                at(700),
                Addresses.ipv6(client, port(), 0x53L, 53),
                DnsMessages.query(id, host, DnsMessages.AAAA),
                DnsMessages.addresses(id, host, DnsMessages.AAAA, address(0x80L), address(0x81L)));
        connect(Addresses.ipv6(client, port(), 0x80L, 80), at(745), 17_200)
                .open()
                .client(HttpMessages.get(host, "/six"))
                .server(HttpMessages.ok("text/html", HttpMessages.page(random, "Six", 3_000)))
                .close();
        byte[] session = new Bytes().random(random, 32).done();
        connect(Addresses.ipv6(client, port(), 0x80L, 443), at(790), 17_500)
                .open()
                .client(TlsMessages.clientHello(random, session, host, "h2"))
                .server(
                        new Bytes()
                                .bytes(TlsMessages.serverHello13(random, session))
                                .bytes(TlsMessages.changeCipherSpec())
                                .bytes(TlsMessages.application(random, 1_100))
                                .done())
                .close();
        var path = Addresses.ipv6(client, 0, 0x80L, 0);
        echo(at(830), path, 128, 129, 17_000);
    }

    private void virtualLan() {
        String host = "intranet.example.org";
        connect(Addresses.ipv4(CLIENT, port(), 0x0A14_0005, 80).vlan(20), at(900), 600)
                .open()
                .client(HttpMessages.get(host, "/"))
                .server(HttpMessages.ok("text/html", HttpMessages.page(random, "Intranet", 1_900)))
                .close();
        int id = id();
        ask(
                at(930),
                Addresses.ipv4(COLLEAGUE, port(), GATEWAY, 53).vlan(100, 20),
                DnsMessages.query(id, host, DnsMessages.A),
                DnsMessages.addresses(id, host, DnsMessages.A, address(0x0A14_0005)));
    }

    private void overlay() {
        connect(
                        Addresses.ipv4(0x0A64_0002, port(), 0x0A64_0003, 8080)
                                .vxlan(4_100, 0x0A0A_0001, 0x0A0A_0002, 0xE123),
                        at(1_000),
                        350)
                .open()
                .client(HttpMessages.get("orders.cluster.example", "/health"))
                .server(HttpMessages.ok("text/plain", "ready\n"))
                .close();
        int id = id();
        ask(
                at(1_040),
                Addresses.ipv4(0x0A64_0002, port(), 0x0A64_000A, 53)
                        .vxlan(4_100, 0x0A0A_0001, 0x0A0A_0003, 0xD456),
                DnsMessages.query(id, "db.cluster.example", DnsMessages.A),
                DnsMessages.addresses(
                        id, "db.cluster.example", DnsMessages.A, address(0x0A64_0004)));
    }

    private void time() {
        long ntpSeconds = 3_908_988_800L;
        var path = Addresses.ipv4(CLIENT, 123, TIME, 123);
        byte[] question =
                new Bytes().u32(0x2300_0620).u64(0).u64(0).u64(0).u64(0).u32(0).u64(0).done();
        byte[] answer =
                new Bytes()
                        .u32(0x2402_06E9)
                        .u32(0x0000_0210)
                        .u32(0x0000_0480)
                        .u32(TIME)
                        .u64(ntpSeconds << 32)
                        .u64(0)
                        .u64((ntpSeconds + 12) << 32)
                        .u64((ntpSeconds + 12) << 32)
                        .done();
        ask(at(1_080), path, question, answer);
    }

    private void pings() {
        var path = Addresses.ipv4(CLIENT, 0, WEB, 0);
        for (int i = 0; i < 3; i++) {
            echo(at(1_100 + 1_000 * i), path, 8, 0, 18_000);
        }
        // Too long for one frame, and answered by nobody.
        conversations++;
        byte[] long8 = new Bytes().u16(0x0800).u16(0).u32(0x1234_0001).random(random, 1_992).done();
        int checksum = frames.checksum(long8);
        long8[2] = (byte) (checksum >>> 8);
        long8[3] = (byte) checksum;
        long when = at(1_300);
        frames.fragment(when, path, FrameWriter.ICMP, 0x7777, 0, true, long8, 1_480);
        frames.fragment(when + 11, path, FrameWriter.ICMP, 0x7777, 1_480, false, long8, 520);
        neighbours();
    }

    private void echo(long when, Addresses path, int request, int reply, int roundTripMicros) {
        conversations++;
        byte[] body = new Bytes().u32((long) id() << 16 | 1).random(random, 56).done();
        byte[] asked = new Bytes().u8(request).u8(0).u16(0).bytes(body).done();
        byte[] answered = new Bytes().u8(reply).u8(0).u16(0).bytes(body).done();
        frames.icmp(when, path, false, asked);
        frames.icmp(when + roundTripMicros + random.below(900), path, true, answered);
    }

    private void neighbours() {
        var path = Addresses.ipv6(0x20L, 0, 0x80L, 0);
        long mac = Addresses.macOf(0x80);
        byte[] target = address(0x80L);
        byte[] solicitation =
                new Bytes()
                        .u32(0x8700_0000L)
                        .u32(0)
                        .bytes(target)
                        .u16(0x0101)
                        .u16((int) (path.macA >>> 32))
                        .u32(path.macA)
                        .done();
        byte[] advertisement =
                new Bytes()
                        .u32(0x8800_0000L)
                        .u32(0x6000_0000L)
                        .bytes(target)
                        .u16(0x0201)
                        .u16((int) (mac >>> 32))
                        .u32(mac)
                        .done();
        long when = at(1_350);
        frames.icmp(when, path, false, solicitation);
        frames.icmp(when + 310, path, true, advertisement);
    }

    private void refusals() {
        connect(Addresses.ipv4(CLIENT, port(), API, 8443), at(1_400), 40_500).refused();
        conversations++;
        // Nobody listens on this port, and the router says so, quoting what it could not deliver.
        var path = Addresses.ipv4(CLIENT, port(), API, 33_434);
        long when = at(1_450);
        frames.udp(when, path, false, new Bytes().random(random, 32).done());
        byte[] quoted = frames.lastPacket(60);
        byte[] unreachable = new Bytes().u16(0x0303).u16(0).u32(0).bytes(quoted).done();
        frames.icmp(when + 40_900, path, true, unreachable);
    }
}
