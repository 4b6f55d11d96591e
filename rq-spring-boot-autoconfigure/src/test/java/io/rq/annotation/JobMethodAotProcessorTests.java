package io.rq.annotation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ReflectionUtils;

import io.rq.handler.JobContext;
import io.rq.job.Job;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobMethodAotProcessor}.
 */
class JobMethodAotProcessorTests {

	@Test
	void keepsMethodsWithTheirArgumentsAndResults() {
		RuntimeHints hints = process(ShopJobs.class);
		for (String method : List.of("bill", "billed")) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(ReflectionUtils.getUniqueDeclaredMethods(ShopJobs.class,
						(candidate) -> candidate.getName().equals(method))[0]))
				.as(method)
				.accepts(hints);
		}
		for (Class<?> type : List.of(Order.class, Item.class, Bill.class, Receipt.class)) {
			assertThat(
					RuntimeHintsPredicates.reflection().onMethodInvocation(type.getRecordComponents()[0].getAccessor()))
				.as(type.getName())
				.accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onType(JobContext.class)).rejects(hints);
	}

	@Test
	void knowsTheTypesThatASubclassGives() {
		RuntimeHints hints = process(ItemJobs.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Item.class.getRecordComponents()[0].getAccessor())).accepts(hints);
	}

	@Test
	void leavesOtherBeansAlone() {
		assertThat(new JobMethodAotProcessor().processAheadOfTime(registered(Other.class))).isNull();
	}

	private static RegisteredBean registered(Class<?> type) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.registerBeanDefinition("bean", new RootBeanDefinition(type));
		return RegisteredBean.of(beans, "bean");
	}

	private static RuntimeHints process(Class<?> type) {
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(type);
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get(JobMethodAotProcessorTests.class)), new InMemoryGeneratedFiles());
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		return generation.getRuntimeHints();
	}

	static class ShopJobs {

		@RqJob
		CompletableFuture<Bill> bill(JobContext context, Order order, Map<String, List<Item>> more) {
			return CompletableFuture.completedFuture(new Bill(order.items().size() + more.size()));
		}

		@RqCallback
		void billed(Job job, @Nullable Receipt receipt) {
		}

	}

	abstract static class AbstractJobs<T> {

		@RqJob
		void run(T value) {
		}

	}

	static class ItemJobs extends AbstractJobs<Item> {

	}

	static class Other {

		void run(Item item) {
		}

	}

	record Order(List<Item> items) {

	}

	record Item(String name) {

	}

	record Bill(int total) {

	}

	record Receipt(String text) {

	}

}
