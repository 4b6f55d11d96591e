package io.rq.benchmarks.rqueue;

import java.util.concurrent.TimeUnit;

import com.github.sonus21.rqueue.annotation.RqueueListener;
import com.github.sonus21.rqueue.config.SimpleRqueueListenerContainerFactory;
import com.github.sonus21.rqueue.utils.backoff.FixedTaskExecutionBackOff;
import io.rq.benchmarks.harness.BenchmarkJob;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * The application around Rqueue.
 */
@SpringBootApplication(proxyBeanMethods = false)
class RqueueApplication {

	@Bean
	SimpleRqueueListenerContainerFactory simpleRqueueListenerContainerFactory(
			@Value("${bench.polling:1}") long pollingMillis) {
		SimpleRqueueListenerContainerFactory factory = new SimpleRqueueListenerContainerFactory();
		factory.setPollingInterval(pollingMillis);
		factory.setTaskExecutionBackOff(new FixedTaskExecutionBackOff(
				TimeUnit.SECONDS.toMillis(BenchmarkJob.RETRY_SECONDS), RqueueSystem.RETRIES));
		return factory;
	}

	@RqueueListener(value = RqueueSystem.QUEUE, concurrency = "${bench.concurrency}", batchSize = "${bench.batch:10}",
			numRetries = "" + RqueueSystem.RETRIES)
	void count(CountMessage message) {
		BenchmarkJob.run(message.getText(), message.getNumber());
	}

}
