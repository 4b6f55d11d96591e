package io.rq.dashboard;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.ClassUtils;

/**
 * Whether the application's own port serves the dashboard: that of the management
 * endpoints is not asked for, or is the same.
 */
class OnApplicationPort implements Condition {

	private static final boolean WITH_ACTUATOR = ClassUtils.isPresent(
			"org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType",
			OnApplicationPort.class.getClassLoader());

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		if (!environment.getProperty("rq.dashboard.on-management-port", Boolean.class, false)) {
			return true;
		}
		if (!WITH_ACTUATOR) {
			throw new IllegalStateException("rq.dashboard.on-management-port is set but there is no such port: "
					+ "add spring-boot-starter-actuator or remove the property");
		}
		return Ports.isSame(environment);
	}

	/** Apart, since the actuator is optional. */
	private static final class Ports {

		static boolean isSame(Environment environment) {
			return ManagementPortType.get(environment) == ManagementPortType.SAME;
		}

	}

}
