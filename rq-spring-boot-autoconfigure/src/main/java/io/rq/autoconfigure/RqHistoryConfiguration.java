package io.rq.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.explain.DrainRate;
import io.rq.handler.JobHandlerRegistry;
import io.rq.history.HistoryLoop;
import io.rq.history.HistoryReader;
import io.rq.history.HistoryRecorder;
import io.rq.lifecycle.TimeSource;
import io.rq.monitor.LocalContainers;

/**
 * Configuration of what was counted in the past.
 */
@Configuration(proxyBeanMethods = false)
class RqHistoryConfiguration {

	@Bean
	HistoryReader rqHistoryReader(RqStores stores, RqOptions options) {
		return new HistoryReader(stores.history(), options.properties().history().enabled());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnFlag(value = "rq.history.enabled", matchIfMissing = true)
	static class RecorderConfiguration {

		@Bean
		HistoryRecorder rqHistoryRecorder(RqStores stores, RqOptions options, JobHandlerRegistry handlers,
				LocalContainers local) {
			Duration lease = options.properties().worker().lease();
			return new HistoryRecorder(stores.history(lease), (function) -> handlers.find(function) != null,
					() -> workedOn(local), TimeSource.of(stores.clock()));
		}

		private static Set<String> workedOn(LocalContainers local) {
			return local.runningWorkers().flatMap((worker) -> worker.queues().stream()).collect(Collectors.toSet());
		}

		@Bean
		HistoryLoop rqHistoryLoop(HistoryRecorder recorder, RqOptions options, LocalContainers local) {
			return new HistoryLoop(recorder, RqWorkerConfiguration.PHASE_OF_LISTENERS,
					() -> options.properties().template().inline() || !local.workers().isEmpty()
							|| !local.schedulers().isEmpty());
		}

		@Bean
		@ConditionalOnMissingBean
		DrainRate rqDrainRate(HistoryReader history) {
			return history::drainPerSecond;
		}

	}

}
