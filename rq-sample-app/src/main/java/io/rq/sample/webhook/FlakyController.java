package io.rq.sample.webhook;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A receiver with bad days: it refuses the first two requests for each key with 503.
 */
@RestController
class FlakyController {

	private static final int REFUSALS = 2;

	private final Map<String, Integer> requests = new RecentKeys();

	@PostMapping("/flaky/{key}")
	ResponseEntity<Void> receive(@PathVariable String key) {
		boolean refused = count(key) <= REFUSALS;
		return ResponseEntity.status(refused ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.NO_CONTENT).build();
	}

	private int count(String key) {
		synchronized (this.requests) {
			return this.requests.merge(key, 1, Integer::sum);
		}
	}

	private static final class RecentKeys extends LinkedHashMap<String, Integer> {

		private static final long serialVersionUID = 1L;

		private static final int CAPACITY = 1000;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
			return size() > CAPACITY;
		}

	}

}
