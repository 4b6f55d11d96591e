package io.rq.test.autoconfigure;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

import io.rq.test.RqTestOperations;

/**
 * Lets each test method begin without the jobs of the others.
 */
final class RqTestExecutionListener implements TestExecutionListener {

	@Override
	public void beforeTestMethod(TestContext testContext) {
		if (testContext.hasApplicationContext()) {
			ApplicationContext context = testContext.getApplicationContext();
			context.getBeanProvider(RqTestOperations.class).ifAvailable(RqTestOperations::reset);
		}
	}

}
