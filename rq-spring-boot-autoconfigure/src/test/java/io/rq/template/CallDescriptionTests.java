package io.rq.template;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallDescription}.
 */
class CallDescriptionTests {

	@Test
	void readsLikeAPythonCall() {
		assertThat(CallDescription.of("tasks.add", List.of(1), Map.of("b", 2))).isEqualTo("tasks.add(1, b=2)");
		assertThat(CallDescription.of("f", List.of(), Map.of())).isEqualTo("f()");
		assertThat(CallDescription.of("f", List.of(), Map.of("a", 1))).isEqualTo("f(a=1)");
	}

	@Test
	void argumentsByNameAreSorted() {
		Map<String, Object> kwargs = new LinkedHashMap<>();
		kwargs.put("z", 1);
		kwargs.put("a", "x");
		assertThat(CallDescription.of("f", List.of(true), kwargs)).isEqualTo("f(True, a='x', z=1)");
	}

	@Test
	void valuesReadLikePythonValues() {
		assertThat(describe((Object) null)).isEqualTo("None");
		assertThat(describe(false)).isEqualTo("False");
		assertThat(describe(1.5)).isEqualTo("1.5");
		assertThat(describe('c')).isEqualTo("'c'");
		assertThat(describe(LocalDate.of(2026, 11, 23))).isEqualTo("'2026-11-23'");
		assertThat(describe(Thread.State.NEW)).isEqualTo("'NEW'");
		assertThat(describe(Path.of("a", "b"))).isEqualTo("'" + Path.of("a", "b") + "'");
		assertThat(describe(Optional.of(1))).isEqualTo("1");
		assertThat(describe(Arrays.asList(1, null, "x"))).isEqualTo("[1, None, 'x']");
		assertThat(describe((Object) new int[] { 1, 2 })).isEqualTo("[1, 2]");
		assertThat(describe(Collections.singletonMap("k", true))).isEqualTo("{'k': True}");
		assertThat(describe(new Point(1, 2))).isEqualTo("Point[x=1, y=2]");
	}

	@Test
	void stringsAreQuotedAndEscaped() {
		assertThat(describe("it's")).isEqualTo("\"it's\"");
		assertThat(describe("it's \"x\"")).isEqualTo("'it\\'s \"x\"'");
		assertThat(describe("a\n\t\r\\\u0001ä")).isEqualTo("'a\\n\\t\\r\\\\\\x01ä'");
	}

	@Test
	void eachArgumentIsCutAt75Characters() {
		String exact = "x".repeat(73);
		assertThat(describe(exact)).isEqualTo("'" + exact + "'");
		assertThat(describe("x".repeat(74))).isEqualTo("'" + "x".repeat(74) + "...");
		assertThat(CallDescription.of("f", List.of("x".repeat(1000), 2), Map.of()))
			.isEqualTo("f('" + "x".repeat(74) + "..., 2)");
		assertThat(describe(Collections.nCopies(1_000_000, 1))).hasSize(78);
	}

	@Test
	void aCutDoesNotSplitACharacter() {
		assertThat(describe("x".repeat(73) + "😀😀")).isEqualTo("'" + "x".repeat(73) + "...");
	}

	@Test
	void aCollectionThatContainsItselfEnds() {
		List<Object> self = new ArrayList<>();
		self.add(self);
		assertThat(describe(self)).startsWith("[[[").endsWith("...");
	}

	@Test
	void aValueThatCannotDescribeItselfIsNamedByItsType() {
		assertThat(describe(new Object() {
			@Override
			public String toString() {
				throw new IllegalStateException();
			}
		})).startsWith("<" + CallDescriptionTests.class.getName());
	}

	private static String describe(@Nullable Object value) {
		String text = CallDescription.of("", Collections.singletonList(value), Map.of());
		return text.substring(1, text.length() - 1);
	}

	record Point(int x, int y) {

	}

	@Test
	void argumentThatCannotSayWhatItIsIsNamedByItsClass() {
		Circular circular = new Circular();
		assertThat(CallDescription.of("f", List.of(circular, 1), Map.of("k", List.of(circular))))
			.isEqualTo("f(<" + Circular.class.getName() + ">, 1, k=[<" + Circular.class.getName() + ">])");
		assertThat(CallDescription.of("f", List.of(Fussy.ONE, 1), Map.of()))
			.isEqualTo("f(<" + Fussy.class.getName() + ">, 1)");
	}

	@Test
	void listThatContainsItselfIsCut() {
		List<Object> list = new ArrayList<>();
		list.add(list);
		assertThat(CallDescription.of("f", List.of(list), Map.of())).isEqualTo("f(" + "[".repeat(75) + "...)");
	}

	static class Circular {

		@Override
		public String toString() {
			return "circular " + this;
		}

	}

	enum Fussy {

		ONE;

		@Override
		public String toString() {
			throw new AssertionError("no text");
		}

	}

}
