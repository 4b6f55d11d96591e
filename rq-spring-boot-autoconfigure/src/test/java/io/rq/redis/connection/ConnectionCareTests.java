package io.rq.redis.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import io.rq.lifecycle.Listeners;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionCare}.
 */
class ConnectionCareTests {

	private final List<ConnectionTrouble> replaced = new ArrayList<>();

	private final List<ConnectionTrouble> told = new ArrayList<>();

	private ConnectionCare care(ConnectionListener... listeners) {
		return new ConnectionCare(this.replaced::add, 1, false, new Listeners<>(List.of(listeners)));
	}

	@Test
	void connectionsOfAnEarlierGenerationAreNotReplacedAgain() {
		ConnectionCare care = care(this.told::add);
		care.met(ConnectionTrouble.CLOSED, 0);
		care.met(ConnectionTrouble.CLOSED, 0);
		assertThat(this.replaced).containsExactly(ConnectionTrouble.CLOSED);
		assertThat(this.told).containsExactly(ConnectionTrouble.CLOSED);
		assertThat(care.generation()).isOne();
	}

	@Test
	void aListenerThatMeetsTheTroubleItselfIsNotToldOfThat() {
		AtomicReference<ConnectionCare> own = new AtomicReference<>();
		own.set(care(this.told::add, (trouble) -> own.get().met(trouble, own.get().generation())));
		own.get().met(ConnectionTrouble.REFUSED, 0);
		assertThat(this.replaced).containsExactly(ConnectionTrouble.REFUSED, ConnectionTrouble.REFUSED);
		assertThat(this.told).containsExactly(ConnectionTrouble.REFUSED);
		own.get().met(ConnectionTrouble.REFUSED, 2);
		assertThat(this.told).hasSize(2);
	}

	@Test
	void nobodyWaitsForAListener() throws Exception {
		AtomicReference<ConnectionCare> own = new AtomicReference<>();
		own.set(care((trouble) -> {
			Thread other = new Thread(() -> own.get().met(ConnectionTrouble.TIMEOUT, 0));
			other.start();
			try {
				other.join();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			this.told.add(trouble);
		}));
		own.get().met(ConnectionTrouble.CLOSED, 0);
		assertThat(this.told).containsExactly(ConnectionTrouble.CLOSED);
	}

}
