package io.rq.template;

import org.springframework.util.Assert;

import io.rq.job.JobDefaults;
import io.rq.job.JobOptions;
import io.rq.job.Partitions;
import io.rq.job.QueueName;

/**
 * What a {@link JobTemplate} gives to jobs for which nothing else is chosen.
 *
 * @param defaultQueue the queue of functions that name none
 * @param defaults the options for what neither request nor function gives. A timeout is
 * required, because RQ's workers need it in every job; of the others, {@code null} leaves
 * the choice to the worker
 * @param maxPayload how many bytes arguments and meta data of a job may have
 * @param partitions the queues that are divided
 */
public record TemplateOptions(String defaultQueue, JobDefaults defaults, long maxPayload, Partitions partitions) {

	/**
	 * Validates the values.
	 * @throws IllegalArgumentException if the queue name is malformed or the timeout is
	 * missing
	 */
	public TemplateOptions {
		Assert.isTrue(maxPayload >= 1, () -> "'maxPayload' must be at least 1 but is " + maxPayload);
		QueueName.requireValid(defaultQueue);
		Assert.notNull(defaults.common().timeout(), "'defaults' must have a timeout: RQ workers need one in every job");
	}

	/**
	 * Creates options that are the same for all queues, none of which is divided.
	 * @param defaultQueue the queue of functions that name none
	 * @param defaults the options for what neither request nor function gives
	 * @param maxPayload how many bytes arguments and meta data of a job may have
	 */
	public TemplateOptions(String defaultQueue, JobOptions defaults, long maxPayload) {
		this(defaultQueue, JobDefaults.of(defaults), maxPayload, Partitions.NONE);
	}

}
