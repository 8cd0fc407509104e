package io.flowscope.cli;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collections;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The endpoint's own key and certificate, and those who may sign its clients'. Each file that is
 * not what it should be is a sentence with that file's name.
 */
final class EndpointKeys {
    /** The environment's variable that the key file's password is taken from. */
    static final String PASSWORD = "FLOWSCOPE_METRICS_KEYSTORE_PASSWORD";

    private EndpointKeys() {}

    /**
     * What TLS is served with.
     *
     * @param keys a PKCS#12 file
     * @param clientAuthorities certificates in PEM, null if clients need none
     */
    static SSLContext context(Path keys, @Nullable Path clientAuthorities) {
        char[] password = System.getenv().getOrDefault(PASSWORD, "").toCharArray();
        KeyStore own = open(keys, password);
        try {
            KeyManagerFactory mine =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            mine.init(own, password);
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(clientAuthorities == null ? null : authorities(clientAuthorities));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(mine.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new CommandFailure("cannot use the keys in " + keys + ": " + e.getMessage(), e);
        }
    }

    private static KeyStore open(Path keys, char[] password) {
        readable(keys);
        try {
            KeyStore store = KeyStore.getInstance(keys.toFile(), password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    return store;
                }
            }
            throw new CommandFailure(keys + " holds no private key");
        } catch (KeyStoreException e) {
            throw new CommandFailure(
                    keys
                            + " is no PKCS#12 file; openssl pkcs12 -export -in CERTIFICATE -inkey"
                            + " KEY -out FILE makes one",
                    e);
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailure(
                    "cannot open "
                            + keys
                            + ": "
                            + e.getMessage()
                            + "; its password is taken from $"
                            + PASSWORD,
                    e);
        }
    }

    private static KeyStore authorities(Path file) throws GeneralSecurityException {
        readable(file);
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, each);
            }
            if (number == 0) {
                throw new CommandFailure(file + " holds no certificate in PEM");
            }
            return trusted;
        } catch (CertificateException e) {
            throw new CommandFailure(file + " holds no certificate in PEM", e);
        } catch (IOException e) {
            throw new CommandFailure(FileProblem.sentence("read", file.toString(), e), e);
        }
    }

    /** Whatever reads the file later says less well what is wrong with it. */
    private static void readable(Path file) {
        try {
            Files.newByteChannel(file).close();
        } catch (IOException e) {
            throw new CommandFailure(FileProblem.sentence("read", file.toString(), e), e);
        }
    }
}
