package io.rq.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The scripts, each named as its file. A line {@code --- @include name} stands for the
 * file of that name in the folder {@code includes}.
 */
enum Script {

	BEAT, CENSUS, CLAIM, DEPENDENTS, DISOWN, ENQUEUE, EXPIRE, FINISH, FORGET, LEAD, NOTE, PROMOTE, PURGE, RECLAIM,
	REGISTER, RELEASE, RESIGN, RESTORE, RETRY, UNREGISTER;

	private static final String INCLUDE = "--- @include ";

	private final byte[] text;

	private final String sha;

	Script() {
		StringBuilder source = new StringBuilder();
		read(fileName()).lines()
			.map((line) -> line.startsWith(INCLUDE) ? read("includes/" + line.substring(INCLUDE.length()) + ".lua")
					: line)
			.forEach((line) -> source.append(line).append('\n'));
		this.text = source.toString().getBytes(StandardCharsets.UTF_8);
		this.sha = sha1(this.text);
	}

	String fileName() {
		return name().toLowerCase(Locale.ROOT) + ".lua";
	}

	byte[] text() {
		return this.text;
	}

	String sha() {
		return this.sha;
	}

	private static String sha1(byte[] text) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

	private static String read(String file) {
		try (InputStream in = Script.class.getResourceAsStream(file)) {
			if (in == null) {
				throw new IllegalStateException("Script " + file + " is missing from the class path");
			}
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
