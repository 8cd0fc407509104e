package io.flowscope.tracker.session.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.flowscope.tracker.session.ByteText;
import io.flowscope.tracker.session.Mutations;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Compares with the platform's own reader, on a certificate that keytool makes. */
@Execution(ExecutionMode.CONCURRENT)
class CertificateReaderTest {
    private static byte[] der;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "a",
                                "-keyalg",
                                "EC",
                                "-storepass",
                                "secret",
                                "-keystore",
                                store.toString(),
                                "-validity",
                                "9000",
                                "-dname",
                                "CN=h.example \\, x\\+y, OU=\u00d6st, O=\"A <b>\", L=Wien, ST=W,"
                                        + " C=AT, UID=u1, DC=dc1",
                                "-ext",
                                "san=dns:h.example,dns:*.h.example,ip:192.0.2.1,ip:2001:db8::1,"
                                        + "email:a@h.example,uri:http://h.example/")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(keytool.waitFor(30, TimeUnit.SECONDS), output);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(new ByteArrayInputStream(Files.readAllBytes(store)), "secret".toCharArray());
        assertNotNull(keys.getCertificate("a"), output);
        der = keys.getCertificate("a").getEncoded();
    }

    private static TlsCertificate.Details read(byte[] bytes) {
        return new TlsCertificate(ByteText.copyOf(bytes, 0, bytes.length)).details();
    }

    @Test
    void fieldsAreThoseOfThePlatformsReader() throws Exception {
        X509Certificate expected =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(der));
        TlsCertificate.Details details = read(der);
        assertTrue(details.wellFormed());
        assertEquals(expected.getSubjectX500Principal().getName(), details.subject());
        assertEquals(expected.getIssuerX500Principal().getName(), details.issuer());
        assertEquals(expected.getNotBefore().toInstant(), details.notBefore());
        assertEquals(expected.getNotAfter().toInstant(), details.notAfter());
        assertEquals(expected.getSerialNumber(), new BigInteger(details.serialHex(), 16));
        assertEquals(
                new TreeSet<>(
                        List.of(
                                "DNS:h.example",
                                "DNS:*.h.example",
                                "IP:192.0.2.1",
                                "IP:2001:db8::1",
                                "email:a@h.example",
                                "URI:http://h.example/")),
                new TreeSet<>(details.alternativeNames()));
    }

    @Test
    void cutCertificatesNeverThrow() {
        for (int length = 0; length < der.length; length++) {
            TlsCertificate.Details details = read(Arrays.copyOf(der, length));
            assertFalse(details.wellFormed(), "length " + length);
        }
    }

    @Test
    void damagedCertificatesNeverThrow() {
        Random random = new Random(7);
        int readable = 0;
        for (int i = 0; i < 20_000; i++) {
            readable += read(Mutations.of(der, random)).wellFormed() ? 1 : 0;
        }
        assertTrue(readable > 1000 && readable < 20_000, "readable " + readable);
    }
}
