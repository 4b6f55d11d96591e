package io.rq.serializer;

import tools.jackson.databind.json.JsonMapper;

/**
 * Changes how arguments, results and meta data of jobs are written and read, and nothing
 * else that the application's mapper serves. Beans of this type are called in their
 * order.
 */
@FunctionalInterface
public interface RqJsonMapperBuilderCustomizer {

	/**
	 * Changes the mapper of jobs.
	 * @param builder has all that the application's mapper has
	 */
	void customize(JsonMapper.Builder builder);

}
