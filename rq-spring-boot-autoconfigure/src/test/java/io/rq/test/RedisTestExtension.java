package io.rq.test;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * What {@link RedisTest} does.
 */
class RedisTestExtension implements BeforeEachCallback, ParameterResolver {

	@Override
	public void beforeEach(ExtensionContext context) {
		TestRedis.shared().flush();
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		Class<?> type = parameter.getParameter().getType();
		return type == TestRedis.class || type == RedisConnectionFactory.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		TestRedis redis = TestRedis.shared();
		return (parameter.getParameter().getType() == TestRedis.class) ? redis : redis.connectionFactory();
	}

}
