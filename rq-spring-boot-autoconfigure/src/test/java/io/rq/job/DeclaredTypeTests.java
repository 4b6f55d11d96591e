package io.rq.job;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeclaredType}.
 */
class DeclaredTypeTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "0|java.util.List<java.lang.String>",
			"1|java.util.List<java.util.List<java.lang.String>>", "2|java.util.List<java.util.List<java.lang.String>>",
			"3|java.util.Map<java.lang.Long, java.util.List<java.util.List<java.lang.String>>>",
			"4|java.util.List<java.lang.String>[]", "5|java.lang.Long[]", "6|java.util.List<java.lang.Object>",
			"7|java.util.Map<M, java.util.List<java.lang.String>>", "8|java.util.List<? extends java.lang.Number>" })
	void variablesAreWhatTheClassSays(int index, String expected) {
		assertThat(DeclaredType.resolve(method().getGenericParameterTypes()[index], Jobs.class).getTypeName())
			.isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "0, true", "2, true", "4, true", "6, false", "7, true", "8, false" })
	void variablesThatNobodyKnowsStay(int index, boolean stays) {
		assertThat(
				DeclaredType.hasVariable(DeclaredType.resolve(method().getGenericParameterTypes()[index], Open.class)))
			.isEqualTo(stays);
	}

	private static Method method() {
		return ReflectionUtils.findMethod(Base.class, "handle", (Class<?>[]) null);
	}

	@SuppressWarnings("unused")
	static class Base<T, K> {

		<M extends Number> void handle(T a, List<T> b, List<? extends T> c, Map<K, List<T>> d, T[] e, K[] f,
				List<? super T> g, Map<M, T> h, List<? extends Number> i) {
		}

	}

	static class Between<X> extends Base<List<X>, Long> {

	}

	static class Jobs extends Between<String> {

	}

	static class Open<T> extends Base<T, Long> {

	}

}
