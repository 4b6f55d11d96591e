package io.rq.autoconfigure;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;

import io.rq.log.SafeLog;
import io.rq.serializer.RqJsonMapperBuilderCustomizer;

/**
 * Chooses the mapper for arguments and results among those of the application.
 */
final class ApplicationMapper {

	private static final SafeLog log = SafeLog.of(ApplicationMapper.class);

	private ApplicationMapper() {
	}

	static JsonMapper choose(ObjectProvider<JsonMapper> mappers,
			ObjectProvider<RqJsonMapperBuilderCustomizer> customizers) {
		JsonMapper chosen = choose(mappers);
		List<RqJsonMapperBuilderCustomizer> changes = customizers.orderedStream().toList();
		if (changes.isEmpty()) {
			return chosen;
		}
		JsonMapper.Builder builder = chosen.rebuild();
		changes.forEach((change) -> change.customize(builder));
		return builder.build();
	}

	private static JsonMapper choose(ObjectProvider<JsonMapper> mappers) {
		JsonMapper mapper = mappers.getIfUnique();
		if (mapper != null) {
			return mapper;
		}
		long count = mappers.stream().count();
		if (count > 1) {
			log.warn("Arguments and results of jobs are written by a mapper of RQ's own, because the application has "
					+ "{} JsonMapper beans and none of them is primary. Mark one with @Primary, or declare a bean "
					+ "'new JacksonJobSerializer(mapper)' with the one for jobs", count);
		}
		return JsonMapper.shared();
	}

}
