package io.rq.autoconfigure;

import java.util.Map;
import java.util.function.Supplier;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.rq.cron.CronOperations;
import io.rq.doctor.Doctor;
import io.rq.explain.JobExplainer;
import io.rq.history.HistoryReader;
import io.rq.lifecycle.Listeners;
import io.rq.monitor.LocalContainers;
import io.rq.monitor.RqMonitor;
import io.rq.operations.AuditListener;
import io.rq.operations.AuditTrail;
import io.rq.operations.BulkRunner;
import io.rq.operations.Deletions;
import io.rq.operations.OperationsParts;
import io.rq.operations.OperationsTemplate;
import io.rq.operations.OperatorAuthorization;
import io.rq.operations.Overviews;
import io.rq.operations.Role;
import io.rq.operations.RoleAuthorization;
import io.rq.operations.RqOperations;
import io.rq.template.JobOperations;
import io.rq.template.QueueOperations;
import io.rq.template.WorkerOperations;

/**
 * Configuration of what the people who look after the queues read and do.
 */
@Configuration(proxyBeanMethods = false)
class RqOperationsConfiguration {

	@Bean
	@ConditionalOnMissingBean
	OperatorAuthorization rqOperatorAuthorization(RqOptions options) {
		RqProperties.Operations.Roles roles = options.properties().operations().roles();
		return new RoleAuthorization(
				Map.of(Role.VIEWER, roles.viewer(), Role.OPERATOR, roles.operator(), Role.ADMIN, roles.admin()));
	}

	@Bean
	@ConditionalOnMissingBean
	AuditTrail rqAuditTrail(RqStores stores, ObjectProvider<AuditListener> listeners) {
		return new AuditTrail(stores.audit(), new Listeners<>(() -> listeners.orderedStream().iterator()),
				stores.clock(), WorkerParts.hostname() + "." + ProcessHandle.current().pid());
	}

	@Bean
	OperationsParts rqOperationsParts(JobOperations jobs, QueueOperations queues, WorkerOperations workers,
			ObjectProvider<CronOperations> cron, RqMonitor monitor, LocalContainers local, JobExplainer explainer,
			Doctor doctor, RqStores stores, HistoryReader history, RqOptions options) {
		Supplier<CronOperations> cronJobs = () -> cron.getIfAvailable(() -> NoCronJobs.INSTANCE);
		return new OperationsParts(jobs, queues, workers, cronJobs,
				new Overviews(monitor, local, cronJobs, history, options.partitions()),
				new OperationsParts.Physicians(explainer, doctor),
				new OperationsParts.Stores(stores.pages(), stores.queues(), stores.jobs(), history, stores.bulk(),
						new Deletions(stores.deleted(), options.properties().operations().undo(), stores.clock())));
	}

	@Bean
	BulkRunner rqBulkRunner(OperationsParts parts, AuditTrail trail, RqOptions options) {
		return new BulkRunner(parts, trail, BulkRunner.Settings.of(options.properties().operations().bulk().enabled()));
	}

	@Bean
	@ConditionalOnMissingBean(RqOperations.class)
	OperationsTemplate rqOperations(OperationsParts parts, OperatorAuthorization authorization, AuditTrail trail,
			BulkRunner runner) {
		return new OperationsTemplate(parts, authorization, trail, runner);
	}

}
