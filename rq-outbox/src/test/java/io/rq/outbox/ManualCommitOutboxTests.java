package io.rq.outbox;

import java.util.List;

/**
 * The outbox on a pool whose connections do not commit by themselves.
 */
class ManualCommitOutboxTests extends AbstractOutboxTests {

	@Override
	List<String> database() {
		return List.of("spring.datasource.generate-unique-name=true", "spring.datasource.hikari.auto-commit=false");
	}

}
