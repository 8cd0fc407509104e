package io.flowscope.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;

@Timeout(30)
class InterfacesTest {
    @Test
    void loopbackIsThereWithItsAddress() {
        LiveInterface lo =
                Interfaces.list().stream()
                        .filter(LiveInterface::loopback)
                        .findFirst()
                        .orElseThrow();
        assertEquals("lo", lo.name());
        assertTrue(lo.index() > 0);
        assertEquals(1, lo.linkType());
        assertEquals("", lo.hardwareAddress());
        assertTrue(!lo.up() || lo.addresses().contains("127.0.0.1/8"), lo.toString());
    }

    @Test
    void stateAndAddressesOfAnInterfaceAreTheKernels() {
        try (TestNetwork network = TestNetwork.create()) {
            TestNetwork.run("ip", "addr", "add", "192.0.2.9/28", "dev", network.near);
            TestNetwork.run("ip", "link", "set", network.near, "mtu", "1400");
            TestNetwork.run("ip", "link", "set", network.near, "address", "02:00:00:00:0a:0b");
            LiveInterface near = find(network.near);
            assertTrue(near.up());
            assertEquals("up", near.operationalState());
            assertEquals(1400, near.mtuBytes());
            assertEquals("02:00:00:00:0a:0b", near.hardwareAddress());
            assertEquals(List.of("192.0.2.9/28"), near.addresses());
            TestNetwork.run("ip", "link", "set", network.near, "down");
            assertTrue(!find(network.near).up());
        }
    }

    private static LiveInterface find(String name) {
        return Interfaces.list().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theOwnerOfOurOwnSocketsIsThisProcess() throws Exception {
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (SocketOwners owners = new SocketOwners(10_000, 100);
                ServerSocket server = new ServerSocket(0, 1, here);
                Socket client = new Socket(here, server.getLocalPort());
                Socket accepted = server.accept();
                DatagramSocket datagrams = new DatagramSocket(0, here)) {
            InetSocketAddress local = (InetSocketAddress) client.getLocalSocketAddress();
            InetSocketAddress remote = (InetSocketAddress) client.getRemoteSocketAddress();
            SocketOwner owner = ask(owners, 6, local, remote);
            assertNotNull(owner);
            assertEquals(ProcessHandle.current().pid(), owner.processId());
            assertTrue(owner.command().startsWith("java"), owner.command());
            assertNotNull(ask(owners, 6, remote, local));
            InetSocketAddress bound = (InetSocketAddress) datagrams.getLocalSocketAddress();
            InetSocketAddress peer = new InetSocketAddress(here, 9);
            SocketOwner datagramOwner = ask(owners, 17, bound, peer);
            assertNotNull(datagramOwner);
            assertEquals(owner.processId(), datagramOwner.processId());
            int unused;
            try (ServerSocket closed = new ServerSocket(0, 1, here)) {
                unused = closed.getLocalPort();
            }
            assertNull(ask(owners, 6, new InetSocketAddress(here, unused), peer));
            assertNotNull(ask(owners, 6, local, remote));
            assertEquals(new SocketOwners.Outcomes(3, 1, 0, 0), owners.outcomes());
            assertTrue(accepted.isConnected());
        }
    }

    @Test
    void socketsMadeOneAfterTheOtherAreFoundAtOnce() throws Exception {
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (SocketOwners owners = new SocketOwners(10_000, 100);
                ServerSocket server = new ServerSocket(0, 50, here)) {
            for (int i = 0; i < 20; i++) {
                try (Socket client = new Socket(here, server.getLocalPort())) {
                    InetSocketAddress local = (InetSocketAddress) client.getLocalSocketAddress();
                    InetSocketAddress remote = (InetSocketAddress) client.getRemoteSocketAddress();
                    SocketOwner owner = ask(owners, 6, local, remote);
                    for (int look = 0; owner == null && look < 100; look++) {
                        Thread.sleep(20);
                        owner = ask(owners, 6, local, remote);
                    }
                    assertNotNull(owner, "connection " + i);
                    assertEquals(ProcessHandle.current().pid(), owner.processId());
                }
            }
        }
    }

    @Test
    void aConnectionThatNobodyHasIsTheListenersAndItsCallersIsNobodys() throws Exception {
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        try (SocketOwners owners = new SocketOwners(10_000, 100);
                ServerSocket server = new ServerSocket(0, 5, here)) {
            InetSocketAddress listening = (InetSocketAddress) server.getLocalSocketAddress();
            InetSocketAddress caller;
            try (Socket client = new Socket(here, server.getLocalPort())) {
                caller = (InetSocketAddress) client.getLocalSocketAddress();
                // Not accepted: the kernel has the connection, no process does.
                SocketOwner waiting = ask(owners, 6, listening, caller);
                assertNotNull(waiting);
                assertEquals(ProcessHandle.current().pid(), waiting.processId());
            }
            server.accept().close();
            SocketOwner over = ask(owners, 6, listening, caller);
            assertNotNull(over);
            assertNull(ask(owners, 6, caller, listening), "its time is waited out by the kernel");
        }
    }

    private static SocketOwner ask(
            SocketOwners owners, int protocol, InetSocketAddress local, InetSocketAddress remote) {
        CompletableFuture<SocketOwner> answer = new CompletableFuture<>();
        owners.ask(protocol, local, remote, answer::complete);
        return answer.join();
    }
}
