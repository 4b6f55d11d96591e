package io.rq.autoconfigure;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Matches if there is a Redis for the jobs, also if it is for nothing else: beans that
 * are no default candidates are none for {@link ConditionalOnBean}.
 */
final class OnJobRedisCondition extends AnyNestedCondition {

	OnJobRedisCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnBean(RedisConnectionFactory.class)
	private static final class OfTheApplication {

	}

	@Conditional(OnMarkedRedis.class)
	private static final class OfTheJobs {

	}

	private static final class OnMarkedRedis implements ConfigurationCondition {

		@Override
		public ConfigurationPhase getConfigurationPhase() {
			return ConfigurationPhase.REGISTER_BEAN;
		}

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConfigurableListableBeanFactory beans = context.getBeanFactory();
			if (beans == null) {
				return false;
			}
			for (String name : beans.getBeanNamesForType(RedisConnectionFactory.class, true, false)) {
				if (beans.findAnnotationOnBean(name, RqRedis.class, false) != null) {
					return true;
				}
			}
			return false;
		}

	}

}
