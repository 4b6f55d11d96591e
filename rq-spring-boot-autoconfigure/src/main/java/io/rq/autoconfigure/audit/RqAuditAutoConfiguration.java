package io.rq.autoconfigure.audit;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.operations.AuditEntry;
import io.rq.operations.AuditListener;
import io.rq.operations.RqOperations;

/**
 * Auto-configuration that publishes an {@link AuditApplicationEvent} for every operation
 * that changes something, and for every one that was refused. Its type is the operation,
 * as {@code RQ_REQUEUE}.
 */
@AutoConfiguration(after = RqAutoConfiguration.class)
@ConditionalOnClass(AuditApplicationEvent.class)
@ConditionalOnBean(RqOperations.class)
public final class RqAuditAutoConfiguration {

	@Bean
	AuditListener rqAuditEvents(ApplicationEventPublisher events) {
		return (entry) -> events.publishEvent(new AuditApplicationEvent(event(entry)));
	}

	private static AuditEvent event(AuditEntry entry) {
		Map<String, Object> data = new LinkedHashMap<>();
		data.put("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
		data.put("face", entry.face());
		data.put("targets", entry.targets());
		data.put("count", entry.count());
		if (entry.queue() != null) {
			data.put("queue", entry.queue());
		}
		if (entry.detail() != null) {
			data.put("detail", entry.detail());
		}
		return new AuditEvent(entry.time(), entry.operator(),
				"RQ_" + entry.operation().toUpperCase(Locale.ROOT).replace('-', '_'), data);
	}

}
