package io.rq.benchmarks.micro;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.json.JsonMapper;

import io.rq.job.JobParameter;
import io.rq.serializer.JacksonJobSerializer;

/**
 * A call to its JSON, and its JSON to the arguments of a method.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SerializerBenchmark {

	private static final String FUNCTION = "io.rq.benchmarks.rq.BenchJobs.count";

	private final JacksonJobSerializer serializer = new JacksonJobSerializer(JsonMapper.builder().build());

	private final List<Object> arguments = List.of("x".repeat(50), 42);

	private final List<JobParameter> parameters = parameters();

	private final byte[] positional = this.serializer.writeCall(FUNCTION, this.arguments, Map.of());

	private final byte[] named = this.serializer.writeCall(FUNCTION, List.of(),
			Map.of("text", "x".repeat(50), "number", 42));

	private static List<JobParameter> parameters() {
		try {
			Method method = SerializerBenchmark.class.getMethod("count", String.class, int.class);
			return JobParameter.of(method, SerializerBenchmark.class).toList();
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The method whose arguments are bound.
	 * @param text the text
	 * @param number the number
	 */
	public static void count(String text, int number) {
	}

	/**
	 * Measures the way to JSON.
	 * @return the bytes
	 */
	@Benchmark
	public byte[] writeCall() {
		return this.serializer.writeCall(FUNCTION, this.arguments, Map.of());
	}

	/**
	 * Measures the binding by position.
	 * @return the arguments
	 */
	@Benchmark
	public @Nullable Object[] bindPositional() {
		return this.serializer.readCall(this.positional).bind(this.parameters);
	}

	/**
	 * Measures the binding by name, as Python calls do.
	 * @return the arguments
	 */
	@Benchmark
	public @Nullable Object[] bindNamed() {
		return this.serializer.readCall(this.named).bind(this.parameters);
	}

}
