package io.rq.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;

import org.springframework.util.Assert;

/**
 * A certificate of its own authority, made by the JDK's {@code keytool}, with its key.
 *
 * @param keyStore the certificate and the key (PKCS #12)
 * @param trustStore the certificate alone (PKCS #12)
 * @param certificate the certificate (PEM)
 * @param key the key (PEM)
 */
public record TestCertificate(Path keyStore, Path trustStore, Path certificate, Path key) {

	/** The password of the stores. */
	public static final String PASSWORD = "changeit";

	/**
	 * Makes a certificate for 127.0.0.1.
	 * @param folder where its files are to be
	 * @param name what their names begin with, and whom the certificate is for
	 * @return the certificate
	 * @throws Exception if that fails
	 */
	public static TestCertificate create(Path folder, String name) throws Exception {
		return create(folder, name, "ip:127.0.0.1,dns:localhost");
	}

	/**
	 * Makes a certificate.
	 * @param folder where its files are to be
	 * @param name what their names begin with, and whom the certificate is for
	 * @param hosts the hosts it is for, as {@code keytool} wants them
	 * @return the certificate
	 * @throws Exception if that fails
	 */
	public static TestCertificate create(Path folder, String name, String hosts) throws Exception {
		TestCertificate files = new TestCertificate(folder.resolve(name + ".p12"), folder.resolve(name + "-trust.p12"),
				folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
		keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=" + name,
				"-ext", "san=" + hosts, "-ext", "bc=ca:true", "-storetype", "PKCS12", "-storepass", PASSWORD,
				"-keystore", files.keyStore.toString());
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(files.keyStore)) {
			keys.load(in, PASSWORD.toCharArray());
		}
		Certificate certificate = keys.getCertificate(name);
		Key key = keys.getKey(name, PASSWORD.toCharArray());
		write(files.certificate, "CERTIFICATE", certificate.getEncoded());
		write(files.key, "PRIVATE KEY", key.getEncoded());
		keytool("-importcert", "-noprompt", "-alias", name, "-file", files.certificate.toString(), "-storetype",
				"PKCS12", "-storepass", PASSWORD, "-keystore", files.trustStore.toString());
		return files;
	}

	private static void write(Path file, String type, byte[] content) throws IOException {
		String text = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		Files.writeString(file, "-----BEGIN %s-----%n%s%n-----END %1$s-----%n".formatted(type, text));
	}

	private static void keytool(String... arguments) throws Exception {
		String[] command = new String[arguments.length + 1];
		command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
		System.arraycopy(arguments, 0, command, 1, arguments.length);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String said = new String(process.getInputStream().readAllBytes());
		Assert.state(process.waitFor() == 0, said);
	}

}
