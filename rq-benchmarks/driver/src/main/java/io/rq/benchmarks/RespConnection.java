package io.rq.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that speaks to Redis: one connection, calls one by one or in pipelines.
 */
final class RespConnection implements AutoCloseable {

	private final Socket socket;

	private final InputStream in;

	private final OutputStream out;

	RespConnection(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.in = new BufferedInputStream(this.socket.getInputStream(), 1 << 16);
		this.out = new BufferedOutputStream(this.socket.getOutputStream(), 1 << 16);
	}

	Object call(String... command) throws IOException {
		send(command);
		flush();
		return receive();
	}

	void send(String... command) throws IOException {
		byte[][] words = new byte[command.length][];
		for (int i = 0; i < command.length; i++) {
			words[i] = command[i].getBytes(StandardCharsets.UTF_8);
		}
		send(words);
	}

	void send(byte[][] command) throws IOException {
		this.out.write(("*" + command.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
		for (byte[] word : command) {
			this.out.write(("$" + word.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
			this.out.write(word);
			this.out.write('\r');
			this.out.write('\n');
		}
	}

	void flush() throws IOException {
		this.out.flush();
	}

	Object receive() throws IOException {
		Object reply = receiveAny();
		if (reply instanceof Refusal refusal) {
			throw new IOException(refusal.message());
		}
		return reply;
	}

	/**
	 * Receives a reply that may be a {@link Refusal}.
	 */
	Object receiveAny() throws IOException {
		int type = this.in.read();
		String line = line();
		return switch (type) {
			case '+' -> line;
			case ':' -> Long.parseLong(line);
			case '$' -> bulk(Integer.parseInt(line));
			case '*' -> array(Integer.parseInt(line));
			case '-' -> new Refusal(line);
			default -> throw new EOFException("Redis closed the connection");
		};
	}

	private String bulk(int length) throws IOException {
		if (length < 0) {
			return null;
		}
		byte[] bytes = this.in.readNBytes(length);
		this.in.skipNBytes(2);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private List<Object> array(int length) throws IOException {
		List<Object> elements = new ArrayList<>();
		for (int i = 0; i < length; i++) {
			elements.add(receiveAny());
		}
		return elements;
	}

	private String line() throws IOException {
		return new String(receiveLine(), StandardCharsets.UTF_8);
	}

	/**
	 * Receives the bytes up to the end of a line.
	 */
	byte[] receiveLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int c = this.in.read();
		while (c != '\r' && c >= 0) {
			line.write(c);
			c = this.in.read();
		}
		this.in.skip(1);
		return line.toByteArray();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// Nothing is left to do.
		}
	}

	/**
	 * An error that Redis replied.
	 *
	 * @param message what it says
	 */
	record Refusal(String message) {

	}

}
