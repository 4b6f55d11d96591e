package io.rq.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import tools.jackson.databind.json.JsonMapper;

import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializer;
import io.rq.webhook.WebhookHandler;
import io.rq.webhook.WebhookJobs;
import io.rq.worker.WorkerContainer;

/**
 * Configuration of webhooks: whatever serializer and worker the application has, theirs
 * are their own.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnFlag("rq.webhooks.enabled")
class RqWebhookConfiguration {

	private final JobSerializer json = new JacksonJobSerializer(JsonMapper.builder().build());

	@Bean
	WebhookJobs rqWebhookJobs(RqStores stores) {
		return new WebhookJobs(this.json, stores.clock());
	}

	@Bean
	@Fallback
	WorkerContainer rqWebhookWorkerContainer(WorkerParts parts, WebhookJobs jobs, RqOptions options, RqStores stores,
			JobSerializer serializer) {
		return parts.webhookWorker(
				new WebhookHandler(jobs, serializer, stores.jobs(), stores.clock(), options.webhooks()), this.json);
	}

	/**
	 * Says which dependency is missing. No starter brings it, because it is also what
	 * Spring's HTTP clients of the application would use then.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("org.apache.hc.client5.http.classic.methods.HttpUriRequestBase")
	static class MissingHttpClientConfiguration {

		MissingHttpClientConfiguration() {
			throw new InvalidRqConfigurationException(
					"Webhooks are enabled ('rq.webhooks.enabled' is true), "
							+ "but the HTTP client that sends them is not on the class path.",
					"Add the dependency org.apache.httpcomponents.client5:httpclient5 (Spring Boot knows the version), "
							+ "or remove 'rq.webhooks.enabled' to send no webhooks.");
		}

	}

}
