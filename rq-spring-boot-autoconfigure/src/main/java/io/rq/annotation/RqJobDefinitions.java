package io.rq.annotation;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.context.EmbeddedValueResolverAware;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringValueResolver;

import io.rq.cron.CronJob;
import io.rq.job.JobDefinition;
import io.rq.job.JobDefinitions;
import io.rq.log.SafeLog;

/**
 * The functions that {@link RqJob @RqJob} methods declare: those of beans here by name
 * and by method, those of other classes by method only, so that a producer needs no more
 * than the class. Safe for use by many threads.
 */
public class RqJobDefinitions implements JobDefinitions, EmbeddedValueResolverAware {

	private static final SafeLog log = SafeLog.of(RqJobDefinitions.class);

	private final Map<String, Registration> registrations = new ConcurrentHashMap<>();

	private final Map<Reference, JobDefinition> references = new ConcurrentHashMap<>();

	/** Names that were asked for too early. */
	private final Set<String> missed = ConcurrentHashMap.newKeySet();

	private volatile boolean complete;

	private final CallbackDefinitions callbacks = new CallbackDefinitions(this::resolve);

	private final Map<Reference, String> callbackNames = new ConcurrentHashMap<>();

	private StringValueResolver resolver = (value) -> value;

	@Override
	public void setEmbeddedValueResolver(StringValueResolver resolver) {
		this.resolver = resolver;
	}

	/**
	 * Adds the method of a bean.
	 * @param source the method
	 * @return its definition
	 * @throws RqJobDefinitionException if it cannot be a job, or another one has its name
	 */
	JobDefinition register(RqJobMethod source) {
		JobDefinition definition = new AnnotatedJobReader(source, this.resolver).read();
		Registration registration = new Registration(source, definition);
		register(definition.name(), registration);
		definition.aliases().forEach((alias) -> register(alias, registration));
		this.references.clear();
		return definition;
	}

	private void register(String name, Registration registration) {
		RqJobMethod source = registration.source();
		Registration other = this.registrations.putIfAbsent(name, registration);
		if (other != null) {
			throw source.failure("its name '" + name + "' is that of " + other
				.source(), other.source().method().equals(source.method())
						? "Both beans run the same method: keep one of them, or give each a subclass that overrides "
								+ "the method with an @RqJob(name = …) of its own"
						: "Give one of them another @RqJob(name = …)"
								+ kotlinRemedy(source.method(), other.source().method()));
		}
		if (this.missed.remove(name)) {
			log.warn(
					"Job '{}' was enqueued by its name while the application was starting, before {} was known: it got "
							+ "neither the queue nor the options of the method. Enqueue it by a method reference, or when the "
							+ "application has started",
					name, source);
		}
	}

	/** Kotlin gives the overloads that it makes the annotations of the method. */
	private static String kotlinRemedy(Method method, Method other) {
		Class<?> type = method.getDeclaringClass();
		boolean overloads = type == other.getDeclaringClass() && method.getName().equals(other.getName());
		return (overloads && KotlinDetector.isKotlinType(type)) ? ", or remove @JvmOverloads" : "";
	}

	/** The methods of all beans that are known at the start have been added. */
	void complete() {
		this.complete = true;
		this.missed.clear();
	}

	/**
	 * Reads when a method is to run.
	 * @param source the method
	 * @param definition its definition
	 * @return its cron job, or {@code null} if it has no {@link RqCron @RqCron} or that
	 * is switched off
	 * @throws RqJobDefinitionException if the annotation makes no sense
	 */
	@Nullable CronJob cronJob(RqJobMethod source, JobDefinition definition) {
		return new AnnotatedCronReader(source, new AnnotationTexts(source, this.resolver)).read(definition);
	}

	/**
	 * Adds the callback that the method of a bean is.
	 * @param beanName the bean's name
	 * @param type the class that was looked at
	 * @param method the method
	 * @param annotation its annotation
	 * @return the callback
	 * @throws RqJobDefinitionException if it cannot be one, or another one has its name
	 */
	CallbackMethod registerCallback(String beanName, Class<?> type, Method method, RqCallback annotation) {
		CallbackMethod source = this.callbacks.register(beanName, type, method, annotation);
		this.callbackNames.clear();
		return source;
	}

	private @Nullable String resolve(String text) {
		return this.resolver.resolveStringValue(text);
	}

	@Override
	public String callback(Class<?> type, Method method) {
		return this.callbackNames.computeIfAbsent(new Reference(type, method),
				(reference) -> this.callbacks.name(reference.type(), reference.method()));
	}

	@Override
	public @Nullable JobDefinition find(String name) {
		Registration registration = this.registrations.get(name);
		if (registration == null && !this.complete) {
			this.missed.add(name);
		}
		return (registration != null) ? registration.definition() : null;
	}

	@Override
	public JobDefinition get(Class<?> type, Method method) {
		Reference reference = new Reference(type, method);
		JobDefinition definition = this.references.get(reference);
		return (definition != null) ? definition : this.references.computeIfAbsent(reference, this::resolve);
	}

	private JobDefinition resolve(Reference reference) {
		Class<?> type = ClassUtils.getUserClass(reference.type());
		Map<String, RqJobMethod> methods = this.registrations.values()
			.stream()
			.distinct()
			.collect(Collectors.toMap((registration) -> registration.definition().name(), Registration::source));
		String meant = BeanMethod.meant(methods, type, reference.method(), "jobs");
		Registration registration = (meant != null) ? this.registrations.get(meant) : null;
		return (registration != null) ? registration.definition() : declared(type, reference.method());
	}

	private JobDefinition declared(Class<?> type, Method method) {
		Method specific = BridgeMethodResolver.getMostSpecificMethod(method, type);
		RqJob annotation = RqJobMethod.findAnnotation(specific);
		if (annotation == null) {
			throw new IllegalArgumentException(
					"Method " + RqJobDefinitionException.describe(specific) + " is not a job: annotate it with @RqJob");
		}
		return new AnnotatedJobReader(new RqJobMethod(null, type, specific, annotation), this.resolver).read();
	}

	private record Registration(RqJobMethod source, JobDefinition definition) {

	}

	private record Reference(Class<?> type, Method method) {

	}

}
