package io.flowscope.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.cli.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The doctor on systems made of a few files. */
@Execution(ExecutionMode.CONCURRENT)
class ExaminationTest {
    private static final String ALL = "000001ffffffffff";
    private static final String NONE = "0000000000000000";
    private static final String RAW = "0000000000002000";

    @TempDir Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void capabilities(String effective, String bounding, int noNewPrivileges)
            throws IOException {
        file(
                "proc/self/status",
                "Name:\tjava\nCapInh:\t%s\nCapPrm:\t%s\nCapEff:\t%s\nCapBnd:\t%s\nCapAmb:\t%s\nNoNewPrivs:\t%d\n"
                        .formatted(NONE, effective, effective, bounding, NONE, noNewPrivileges));
    }

    private Finding finding(String check) {
        return finding(check, Trial.SUCCESS);
    }

    private Finding finding(String check, Trial trial) {
        return new Examination(new SystemFiles(root), "/java", trial)
                .findings().stream().filter(f -> f.check().equals(check)).findFirst().orElseThrow();
    }

    @Test
    void netRawAloneSuffices() throws Exception {
        capabilities(RAW, ALL, 0);
        assertEquals(Finding.Status.OK, finding("capture").status());
        assertEquals(Finding.Status.OK, finding("interface settings").status());
    }

    @Test
    void withoutNetRawTheLinesThatGrantItAreShown() throws Exception {
        capabilities(NONE, ALL, 0);
        Finding finding = finding("capture");
        assertEquals(Finding.Status.MISSING, finding.status());
        String lines = String.join("\n", finding.fixes());
        assertTrue(lines.contains("sudo setpriv"), lines);
        assertTrue(lines.contains("AmbientCapabilities=CAP_NET_RAW"), lines);
        assertTrue(lines.contains("sudo setcap cap_net_raw+ep /java/bin/java"), lines);
    }

    @Test
    void aContainerWithoutNetRawIsToldToAddIt() throws Exception {
        capabilities(NONE, NONE, 0);
        Finding finding = finding("capture");
        assertEquals(Finding.Status.MISSING, finding.status());
        assertTrue(finding.fixes().get(0).contains("--cap-add=NET_RAW"));
    }

    @Test
    void noNewPrivilegesIsNamedAsTheReason() throws Exception {
        capabilities(NONE, ALL, 1);
        assertTrue(finding("capture").found().contains("no_new_privs"));
    }

    @Test
    void missingLibrariesAreNotesWithThePackage() {
        Finding finding = finding("libpcap", new Trial(null, "no such library", null));
        assertEquals(Finding.Status.NOTE, finding.status());
        assertEquals("sudo apt install libpcap0.8", finding.fixes().get(0));
    }

    @Test
    void librariesAreFoundInTheFoldersOfDebianAndOfOthers() throws Exception {
        file("usr/lib/aarch64-linux-gnu/libpcap.so.0.8", "");
        file("usr/lib64/libzstd.so.1", "");
        assertTrue(finding("libpcap").found().endsWith("libpcap.so.0.8"));
        assertTrue(finding("libzstd").found().endsWith("usr/lib64/libzstd.so.1"));
    }

    @Test
    void aLibraryThatIsThereAndCannotBeLoadedIsANoteWithTheReason() throws Exception {
        file("usr/lib64/libzstd.so.1", "");
        Finding finding = finding("libzstd", new Trial(null, null, "wrong ELF class"));
        assertEquals(Finding.Status.NOTE, finding.status());
        assertTrue(finding.found().endsWith("libzstd.so.1 cannot be loaded: wrong ELF class"));
        assertEquals("loaded", finding("libpcap").found());
    }

    @Test
    void aSocketThatIsRefusedInSpiteOfTheCapabilityIsMissing() throws Exception {
        capabilities(RAW, ALL, 0);
        Finding finding = finding("capture", new Trial("socket failed: EPERM", null, null));
        assertEquals(Finding.Status.MISSING, finding.status());
        assertTrue(finding.found().contains("EPERM"), finding.found());
    }

    @Test
    void kernelSettingsThatCostAreNotesWithTheLine() throws Exception {
        file("proc/sys/net/core/bpf_jit_enable", "0\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
        assertTrue(finding("filters").fixes().get(0).contains("bpf_jit_enable=1"));
        assertTrue(finding("huge pages").fixes().get(0).contains("madvise"));
    }

    @Test
    void limitsAndSettingsAreShownAsTheyAre() throws Exception {
        file(
                "proc/self/limits",
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                    + "Max open files            1024                 4096                 files\n"
                    + "Max locked memory         unlimited            unlimited           "
                    + " bytes\n");
        file("proc/sys/net/core/rmem_max", "212992\n");
        assertEquals("locked memory unlimited bytes, open files 1024", finding("limits").found());
        assertTrue(finding("net.core").found().contains("rmem_max 212992"));
    }

    @Test
    void settingsOfTheKernelAreReadWhole() throws Exception {
        Path setting = Path.of("/proc/sys/net/core/rmem_default");
        Needs.file(setting.toString());
        Process cat = new ProcessBuilder("cat", setting.toString()).start();
        String whole = new String(cat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String read = new SystemFiles(Path.of("/")).read("proc/sys/net/core/rmem_default");
        assertEquals(whole.strip(), read);
    }
}
