package io.flowscope.bindings.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

class InterfaceCallsTest extends CallsTest {
    @Test
    void theLoopbackInterfaceHasANumberAndANameAgain() {
        int index = InterfaceCalls.if_nametoindex(errno, "lo");
        assertTrue(index > 0, errno::name);
        assertEquals("lo", InterfaceCalls.if_indextoname(errno, index));
    }

    @Test
    void anInterfaceThatIsNotThereIsAnErrno() {
        assertEquals(-linux_h.ENODEV(), InterfaceCalls.if_nametoindex(errno, "nosuch0"));
        assertNull(InterfaceCalls.if_indextoname(errno, 1_000_000));
        assertEquals("ENXIO", errno.name());
    }

    @Test
    void theAddressesOfTheLoopbackInterfaceAreListed() {
        List<InterfaceAddress> found = new ArrayList<>();
        assertEquals(InterfaceCalls.getifaddrs(errno, found), found.size());
        List<InterfaceAddress> loopback =
                found.stream().filter(a -> a.name().equals("lo")).toList();
        assertTrue(
                loopback.stream().allMatch(a -> (a.flags() & linux_h.IFF_LOOPBACK()) != 0),
                loopback::toString);

        InterfaceAddress link =
                loopback.stream()
                        .filter(a -> a.family() == linux_h.AF_PACKET())
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                InterfaceCalls.if_nametoindex(errno, "lo"),
                sockaddr_ll.sll_ifindex(link.address()));
        assertEquals(linux_h.ARPHRD_LOOPBACK(), sockaddr_ll.sll_hatype(link.address()) & 0xFFFF);

        InterfaceAddress v4 =
                loopback.stream()
                        .filter(a -> a.family() == linux_h.AF_INET())
                        .findFirst()
                        .orElseThrow();
        assertEquals(127, in_addr.s_addr(sockaddr_in.sin_addr(v4.address())) & 0xFF);
        assertEquals(255, in_addr.s_addr(sockaddr_in.sin_addr(v4.netmask())) & 0xFF);
    }

    @Test
    void anInterfaceRequestSaysTheFlags() {
        int socket = SocketCalls.socket(errno, linux_h.AF_INET(), linux_h.SOCK_DGRAM(), 0);
        MemorySegment request = ifreq.allocate(arena);
        request.setString(0, "lo");
        assertEquals(0, DescriptorCalls.ioctl(errno, socket, linux_h.SIOCGIFFLAGS(), request));
        int flags = ifreq.ifr_ifru.ifru_flags(ifreq.ifr_ifru(request));
        assertTrue((flags & linux_h.IFF_LOOPBACK()) != 0);
        assertEquals(0, DescriptorCalls.close(errno, socket));
    }

    @Test
    void ethtoolSaysWhichTimeStampsAnInterfaceCanMake() {
        int socket = SocketCalls.socket(errno, linux_h.AF_INET(), linux_h.SOCK_DGRAM(), 0);
        MemorySegment info = ethtool_ts_info.allocate(arena);
        ethtool_ts_info.cmd(info, linux_h.ETHTOOL_GET_TS_INFO());
        MemorySegment request = ifreq.allocate(arena);
        request.setString(0, "lo");
        ifreq.ifr_ifru.ifru_data(ifreq.ifr_ifru(request), info);
        assertEquals(0, DescriptorCalls.ioctl(errno, socket, linux_h.SIOCETHTOOL(), request));
        int software = linux_h.SOF_TIMESTAMPING_RX_SOFTWARE();
        assertEquals(software, ethtool_ts_info.so_timestamping(info) & software);
        assertEquals(0, DescriptorCalls.close(errno, socket));
    }
}
