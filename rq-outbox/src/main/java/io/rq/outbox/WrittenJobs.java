package io.rq.outbox;

import java.io.Serializable;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.Callback;
import io.rq.job.JobMethod;
import io.rq.job.NewJob;

/**
 * The jobs of a transaction as they stand in the database. The text is made here and not
 * by the scheduler, so that it does not depend on how an application has set that up.
 *
 * @param json the jobs in JSON, in the order in which they are enqueued
 */
public record WrittenJobs(String json) implements Serializable {

	private static final TypeReference<List<NewJob>> JOBS = new TypeReference<>() {
	};

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.changeDefaultVisibility((visibility) -> visibility
			.withVisibility(com.fasterxml.jackson.annotation.PropertyAccessor.ALL, Visibility.NONE)
			.withFieldVisibility(Visibility.ANY)
			.withCreatorVisibility(Visibility.ANY))
		.changeDefaultPropertyInclusion((inclusion) -> inclusion.withValueInclusion(Include.NON_NULL))
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.addMixIn(Callback.class, NamedCallback.class)
		.build();

	static WrittenJobs of(List<NewJob> jobs) {
		return new WrittenJobs(MAPPER.writerFor(JOBS).writeValueAsString(jobs));
	}

	List<NewJob> jobs() {
		return MAPPER.readValue(this.json, JOBS);
	}

	/** A prepared job knows its callbacks by name. */
	private abstract static class NamedCallback {

		@JsonIgnore
		@Nullable JobMethod method;

	}

}
