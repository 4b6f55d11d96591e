package io.rq.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.springframework.util.Assert;

/**
 * Receives webhooks and writes into the ledger of which jobs they tell. It refuses some,
 * which are to come again then.
 */
final class Hooks implements AutoCloseable {

	private static final Pattern JOB = Pattern.compile("\"job_id\" *: *\"([^\"]+)\"");

	private static final int REFUSED_PERCENT = 20;

	private final Ledger ledger;

	private final Random random = new Random();

	private final HttpServer server;

	Hooks(Ledger ledger) {
		this.ledger = ledger;
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.createContext("/", this::receive);
		this.server.start();
	}

	private void receive(HttpExchange exchange) throws IOException {
		Matcher job = JOB.matcher(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
		Assert.state(job.find(), "A webhook names no job");
		boolean refused = this.random.nextInt(100) < REFUSED_PERCENT;
		if (!refused) {
			this.ledger.told(job.group(1));
		}
		exchange.sendResponseHeaders(refused ? 503 : 204, -1);
		exchange.close();
	}

	String address() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/";
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
