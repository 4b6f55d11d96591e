package io.rq.outbox;

import java.util.List;

/**
 * The outbox on H2.
 */
class H2OutboxTests extends AbstractOutboxTests {

	@Override
	List<String> database() {
		return List.of("spring.datasource.generate-unique-name=true");
	}

}
