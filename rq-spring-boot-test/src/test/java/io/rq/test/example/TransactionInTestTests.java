package io.rq.test.example;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.rq.test.RqTestOperations;
import io.rq.test.autoconfigure.AutoConfigureRq;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for jobs in transactions of tests.
 */
@SpringBootTest
@AutoConfigureRq
class TransactionInTestTests {

	@Autowired
	private SignUpService service;

	@Autowired
	private RqTestOperations test;

	@Autowired
	private PlatformTransactionManager transactions;

	@Test
	@Transactional
	void jobsAreSeenBeforeTheRollback() {
		this.service.signUp("ada@example.org", 42L);
		assertThat(this.test).hasEnqueued(MailJobs::sendWelcome).withArguments("ada@example.org", 42L);
		assertThat(this.test).hasEnqueued("survey.ask").onQueue("python").after(Duration.ofDays(7));
		assertThat(this.test.runDue()).isEmpty();
		TestTransaction.end();
		assertThat(this.test).hasEnqueuedNothing();
	}

	@Test
	@Transactional
	void jobsRunAfterTheCommit() {
		this.service.signUp("ada@example.org", 42L);
		TestTransaction.flagForCommit();
		TestTransaction.end();
		assertThat(this.test).hasEnqueuedCount(2);
		assertThat(this.test.runDue()).hasSize(1);
	}

	@Test
	void jobsOfAnApplicationThatRollsBackAreNotEnqueued() {
		new TransactionTemplate(this.transactions).executeWithoutResult((status) -> {
			this.service.signUp("ada@example.org", 42L);
			status.setRollbackOnly();
		});
		assertThat(this.test).hasEnqueuedNothing();
	}

	@TestConfiguration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Transactions {

		@Bean
		PlatformTransactionManager transactionManager() {
			return new AbstractPlatformTransactionManager() {

				@Override
				protected Object doGetTransaction() {
					return new Object();
				}

				@Override
				protected boolean isExistingTransaction(Object transaction) {
					return TransactionSynchronizationManager.isActualTransactionActive();
				}

				@Override
				protected void doBegin(Object transaction, TransactionDefinition definition) {
				}

				@Override
				protected void doCommit(DefaultTransactionStatus status) {
				}

				@Override
				protected void doRollback(DefaultTransactionStatus status) {
				}

				@Override
				protected void doSetRollbackOnly(DefaultTransactionStatus status) {
				}

			};
		}

	}

}
