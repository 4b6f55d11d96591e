package io.rq.template;

import java.io.File;
import java.io.Serializable;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.ResolvableType;
import org.springframework.util.ReflectionUtils;

import io.rq.job.Job;
import io.rq.job.JobDefinition;
import io.rq.job.JobDefinitions;
import io.rq.job.JobOptions;
import io.rq.job.JobParameter;
import io.rq.serializer.JacksonJobSerializer;
import io.rq.serializer.JobSerializationException;
import io.rq.serializer.RoundTrip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Whatever is passed to a job arrives there as it was, or is refused when it is enqueued.
 */
class RoundTripTests {

	private static final Instant NANOS = Instant.parse("2026-11-23T02:44:03.123456789Z");

	private static final ZonedDateTime BERLIN = ZonedDateTime.of(2026, 11, 23, 0, 30, 0, 1, ZoneId.of("Europe/Berlin"));

	private static final ZonedDateTime OVERLAP = ZonedDateTime.ofLocal(LocalDateTime.of(2026, 10, 25, 2, 30),
			ZoneId.of("Europe/Berlin"), ZoneOffset.ofHours(1));

	private static final List<JsonMapper> MAPPERS = List.of(JsonMapper.builder().build(), boot(),
			JsonMapper.builder()
				.enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS, DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
						DateTimeFeature.WRITE_DATE_KEYS_AS_TIMESTAMPS)
				.disable(DateTimeFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
				.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
				.enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
				.build());

	private static final Object[] PLAIN = { 1, -1L, (short) 2, (byte) 3, 1.5, 0.1f, Double.NaN, Double.MIN_VALUE,
			Float.POSITIVE_INFINITY, -0.0, true, 'c', '\u0000', '\ud800', "text", "", "ä\ud83d\ude00\u2028", "\ud800x",
			Long.MAX_VALUE, Long.MIN_VALUE, 1L + Integer.MAX_VALUE, Float.MIN_VALUE, Float.MAX_VALUE, 16777217f };

	private static final Object[] JDK = { new BigDecimal("1.10"), new BigDecimal("1E+3"), new BigDecimal("100"),
			new BigDecimal("0.1000000000000000000000000001"), new BigInteger("9".repeat(40)), BigInteger.TEN, NANOS,
			Instant.MAX, Instant.MIN, Instant.EPOCH, BERLIN, OVERLAP, BERLIN.withZoneSameInstant(ZoneOffset.UTC),
			BERLIN.withZoneSameInstant(ZoneId.of("UTC")), BERLIN.toOffsetDateTime(),
			OffsetDateTime.of(2026, 1, 1, 23, 59, 59, 999, ZoneOffset.ofHoursMinutesSeconds(5, 45, 1)),
			OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHours(-9)), LocalDate.MAX, LocalDate.of(2026, 2, 28),
			LocalDateTime.of(2026, 1, 1, 1, 1, 1, 1), LocalTime.MAX, LocalTime.MIDNIGHT, Duration.ofNanos(1),
			Duration.ofSeconds(Long.MAX_VALUE, 999_999_999), Duration.ofMillis(-1500), Period.of(1, 14, -3),
			Year.of(2026), YearMonth.of(2026, 11), MonthDay.of(2, 29), DayOfWeek.MONDAY, Month.MAY, ZoneOffset.MAX,
			ZoneId.of("Europe/Berlin"), new Date(1), new java.sql.Timestamp(1_000_000_000_123L),
			java.sql.Date.valueOf("2026-11-23"), java.sql.Time.valueOf("01:02:03"), calendar("Asia/Tokyo"),
			calendar("UTC"), TimeZone.getTimeZone("Asia/Tokyo"), new java.util.SimpleTimeZone(1234, "odd"),
			Locale.GERMANY, Locale.ROOT, Locale.forLanguageTag("zh-Hant-TW-x-lvariant-a"), Currency.getInstance("EUR"),
			new UUID(1, 2), Path.of("/tmp/a b"), Path.of("relative/x"), new File("a/b"), URI.create("http://a/b?c#d"),
			StandardCharsets.UTF_16LE, Pattern.compile("a+", Pattern.CASE_INSENSITIVE), Pattern.compile("a+"),
			String.class, int.class, new byte[] { 1, -1 }, new char[] { 'a', 'b' }, new int[] { 1, 2 }, new int[0][1],
			new float[] { Float.NaN, 0.1f }, new boolean[] { true }, new long[][] { { 1 }, {} },
			new String[] { "a", null }, new Object[] { 1, "a" }, bits(1, 70), new BitSet(), Optional.of("x"),
			Optional.empty(), Optional.of(""), OptionalInt.of(1), OptionalInt.empty(), OptionalLong.of(2),
			OptionalDouble.of(0.5), new AtomicInteger(3), new AtomicLong(4), new AtomicBoolean(true),
			new AtomicReference<>("r"), new StringBuilder("sb"), new StringBuffer("sf"), new IllegalStateException("x"),
			TimeUnit.DAYS, List.of(1).iterator(), Stream.of(1), new Object(), Thread.currentThread(),
			(Runnable & Serializable) () -> {
			}, Thread.State.NEW, Void.TYPE, new HashMap<>(Map.of(1, 2)), new java.util.Properties(),
			new java.io.ByteArrayInputStream(new byte[1]), InetAddress.getLoopbackAddress(),
			java.net.InetSocketAddress.createUnresolved("h", 1), new java.util.StringJoiner(","),
			new java.util.Random(), new java.util.concurrent.CompletableFuture<>(), new ThreadLocal<>(),
			new java.util.Scanner("a"), java.util.stream.IntStream.of(1),
			new java.util.AbstractMap.SimpleEntry<>("k", 1), Map.entry("k", 1), new java.awt.Point(1, 2),
			url("http://localhost/a"), Boolean.TRUE };

	private static JsonMapper boot() {
		return JsonMapper.builder()
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
			.build();
	}

	static List<Arguments> values() {
		List<Arguments> all = new ArrayList<>();
		Stream.of(PLAIN, JDK).flatMap(Stream::of).forEach((value) -> {
			List<Case> cases = new ArrayList<>();
			add(cases, declaredClass(value), value);
			insideTyped(cases, value);
			inside(cases, value);
			all.add(Arguments.of(value.getClass().getName() + " " + text(value), cases));
		});
		List<Case> more = new ArrayList<>();
		typed(more);
		own(more);
		more.forEach((one) -> all.add(Arguments.of(one.type().getTypeName(), List.of(one))));
		return all;
	}

	private static void insideTyped(List<Case> cases, Object value) {
		Class<?> type = declaredClass(value);
		add(cases, ResolvableType.forClassWithGenerics(List.class, type).getType(), Arrays.asList(value, null));
		add(cases, ResolvableType.forClassWithGenerics(Map.class, String.class, type).getType(), Map.of("key", value));
		add(cases, ResolvableType.forClassWithGenerics(Map.class, type, String.class).getType(), Map.of(value, "v"));
		add(cases, ResolvableType.forClassWithGenerics(Set.class, type).getType(), Set.of(value));
		add(cases, ResolvableType.forClassWithGenerics(Page.class, type).getType(), new Page<>(List.of(value), value));
		Object array = Array.newInstance(type, 1);
		Array.set(array, 0, value);
		add(cases, array.getClass(), array);
	}

	private static Class<?> declaredClass(Object value) {
		if (value instanceof Path) {
			return Path.class;
		}
		return (value instanceof ZoneId && !(value instanceof ZoneOffset)) ? ZoneId.class
				: (value instanceof TimeZone) ? TimeZone.class
						: (value instanceof Calendar) ? Calendar.class : (value instanceof Charset) ? Charset.class
								: (value instanceof InetAddress) ? InetAddress.class : value.getClass();
	}

	/** In all the places whose type says nothing of what they hold. */
	private static void inside(List<Case> values, Object value) {
		add(values, Object.class, value);
		add(values, type(new ParameterizedTypeReference<Map<String, Object>>() {
		}), Map.of("key", value));
		add(values, type(new ParameterizedTypeReference<List<Object>>() {
		}), List.of("a", value));
		add(values, type(new ParameterizedTypeReference<Map<String, List<Object>>>() {
		}), Map.of("key", List.of(value)));
		add(values, type(new ParameterizedTypeReference<Set<Object>>() {
		}), Set.of(value));
		add(values, type(new ParameterizedTypeReference<Optional<Object>>() {
		}), Optional.of(value));
		add(values, type(new ParameterizedTypeReference<Map<Object, String>>() {
		}), Map.of(value, "v"));
		add(values, Object.class, Map.of("a", List.of(Map.of("b", value))));
		add(values, Object[].class, new Object[] { value });
		add(values, Anything.class, new Anything(value));
		add(values, Bean.class, new Bean(value));
		add(values, Map.class, Collections.singletonMap("raw", value));
		if (value instanceof Serializable serializable) {
			add(values, Serializable.class, serializable);
		}
	}

	private static void typed(List<Case> values) {
		add(values, type(new ParameterizedTypeReference<Map<ZonedDateTime, String>>() {
		}), Map.of(BERLIN, "a", OVERLAP, "b"));
		add(values, type(new ParameterizedTypeReference<Map<OffsetDateTime, String>>() {
		}), Map.of(BERLIN.toOffsetDateTime(), "a"));
		add(values, type(new ParameterizedTypeReference<Map<Instant, String>>() {
		}), Map.of(NANOS, "a"));
		add(values, type(new ParameterizedTypeReference<Map<Date, String>>() {
		}), Map.of(new Date(7), "a"));
		add(values, type(new ParameterizedTypeReference<Map<Calendar, String>>() {
		}), Map.of(calendar("Asia/Tokyo"), "a"));
		add(values, type(new ParameterizedTypeReference<Map<BigDecimal, String>>() {
		}), Map.of(new BigDecimal("1.10"), "a"));
		add(values, type(new ParameterizedTypeReference<Map<Long, BigDecimal>>() {
		}), Map.of(1L, new BigDecimal("1.10")));
		add(values, type(new ParameterizedTypeReference<Map<Double, Float>>() {
		}), Map.of(0.1, 0.1f));
		add(values, type(new ParameterizedTypeReference<Map<Character, Byte>>() {
		}), Map.of('a', (byte) 1));
		add(values, type(new ParameterizedTypeReference<Map<Boolean, Short>>() {
		}), Map.of(true, (short) 1));
		add(values, type(new ParameterizedTypeReference<Map<Class<?>, Integer>>() {
		}), Map.of(String.class, 1));
		add(values, type(new ParameterizedTypeReference<Map<UUID, Locale>>() {
		}), Map.of(new UUID(1, 2), Locale.CANADA_FRENCH));
		add(values, type(new ParameterizedTypeReference<Map<Key, Integer>>() {
		}), Map.of(new Key("a", 1), 1));
		add(values, type(new ParameterizedTypeReference<Map<byte[], Integer>>() {
		}), Map.of(new byte[] { 1 }, 1));
		add(values, type(new ParameterizedTypeReference<Map<Twin, Integer>>() {
		}), Map.of(Twin.FIRST, 1, Twin.SECOND, 2));
		add(values, type(new ParameterizedTypeReference<EnumMap<Twin, Integer>>() {
		}), new EnumMap<>(Map.of(Twin.SECOND, 2)));
		add(values, type(new ParameterizedTypeReference<EnumSet<Twin>>() {
		}), EnumSet.of(Twin.SECOND));
		add(values, type(new ParameterizedTypeReference<List<Twin>>() {
		}), List.of(Twin.SECOND, Twin.FIRST));
		add(values, type(new ParameterizedTypeReference<Map<String, Integer>>() {
		}), Collections.singletonMap("a", null));
		add(values, type(new ParameterizedTypeReference<Map<String, Integer>>() {
		}), Collections.singletonMap(null, 1));
		add(values, type(new ParameterizedTypeReference<List<List<Optional<Instant>>>>() {
		}), List.of(List.of(Optional.of(NANOS), Optional.empty())));
		add(values, type(new ParameterizedTypeReference<Optional<Optional<String>>>() {
		}), Optional.of(Optional.empty()));
		add(values, type(new ParameterizedTypeReference<AtomicReference<BigDecimal>>() {
		}), new AtomicReference<>(new BigDecimal("1.10")));
		add(values, type(new ParameterizedTypeReference<Collection<Long>>() {
		}), Set.of(1L));
		add(values, type(new ParameterizedTypeReference<Iterable<Long>>() {
		}), List.of(1L, 2L));
		add(values, type(new ParameterizedTypeReference<Iterator<Long>>() {
		}), List.of(1L, 2L).iterator());
		add(values, type(new ParameterizedTypeReference<Stream<Long>>() {
		}), Stream.of(1L));
		add(values, type(new ParameterizedTypeReference<Deque<Integer>>() {
		}), new ArrayDeque<>(List.of(1, 2)));
		add(values, type(new ParameterizedTypeReference<Queue<Integer>>() {
		}), new ArrayDeque<>(List.of(1, 2)));
		add(values, type(new ParameterizedTypeReference<PriorityQueue<Integer>>() {
		}), new PriorityQueue<>(List.of(3, 1, 2)));
		add(values, type(new ParameterizedTypeReference<SortedSet<String>>() {
		}), reversed(new TreeSet<>(Comparator.<String>reverseOrder())));
		add(values, type(new ParameterizedTypeReference<SortedSet<String>>() {
		}), reversed(new TreeSet<>()));
		add(values, type(new ParameterizedTypeReference<SortedMap<String, Integer>>() {
		}), new TreeMap<>(Map.of("b", 1, "a", 2)));
		add(values, type(new ParameterizedTypeReference<Map<String, Integer>>() {
		}), caseInsensitive());
		add(values, type(new ParameterizedTypeReference<ConcurrentHashMap<String, Integer>>() {
		}), new ConcurrentHashMap<>(Map.of("a", 1)));
		add(values, type(new ParameterizedTypeReference<CopyOnWriteArrayList<String>>() {
		}), new CopyOnWriteArrayList<>(List.of("a")));
		add(values, type(new ParameterizedTypeReference<LinkedHashSet<String>>() {
		}), new LinkedHashSet<>(List.of("b", "a")));
		add(values, type(new ParameterizedTypeReference<List<byte[]>>() {
		}), List.of(new byte[] { 1 }));
		add(values, type(new ParameterizedTypeReference<Class<?>>() {
		}), String.class);
		add(values, type(new ParameterizedTypeReference<Map.Entry<String, Integer>>() {
		}), Map.entry("a", 1));
		add(values, CharSequence.class, "text");
		add(values, CharSequence.class, new StringBuilder("text"));
		add(values, Number.class, 5L);
		add(values, Number.class, new BigDecimal("1.10"));
		add(values, Comparable.class, "a");
	}

	private static void own(List<Case> values) {
		List<Shape> shapes = List.of(new Circle(2), new Square(new BigDecimal("1.10")));
		add(values, type(new ParameterizedTypeReference<List<Shape>>() {
		}), shapes);
		add(values, type(new ParameterizedTypeReference<List<? extends Shape>>() {
		}), shapes);
		add(values, type(new ParameterizedTypeReference<Map<String, List<Shape>>>() {
		}), Map.of("a", shapes));
		add(values, type(new ParameterizedTypeReference<Optional<Shape>>() {
		}), Optional.of(new Circle(1)));
		add(values, type(new ParameterizedTypeReference<Page<Shape>>() {
		}), new Page<>(shapes, new Circle(3)));
		add(values, type(new ParameterizedTypeReference<Page<Object>>() {
		}), new Page<>(List.of(1), new Circle(3)));
		add(values, Shape[].class, shapes.toArray(new Shape[0]));
		add(values, Shape.class, new Circle(1));
		add(values, Circle.class, new Circle(1));
		add(values, Object.class, new Circle(1));
		add(values, Drawing.class, new Drawing(shapes, Map.of("a", new Circle(9)), new int[] { 1 }));
		add(values, Plain.class, new Named(1, "lost"));
		add(values, Plain.class, new Plain(1));
		add(values, Twin.class, Twin.SECOND);
		add(values, Ignoring.class, new Ignoring("a", "kept out on purpose"));
		add(values, Hidden.class, new Hidden("seen", "unseen"));
		add(values, Day.class, new Day(LocalDateTime.of(2026, 1, 1, 12, 30)));
		add(values, Loop.class, new Loop());
		add(values, JsonNode.class, JsonMapper.shared().readTree("{\"a\": [1, 1.50, null, \"x\"], \"b\": 5000000000}"));
		add(values, Basket.class, new Basket(List.of("a"), "owner"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("values")
	void arrivesAsItWasOrIsRefused(String description, List<Case> cases) {
		for (JsonMapper mapper : MAPPERS) {
			for (Case one : cases) {
				Optional<Object> back = send(mapper, one);
				if (back.isPresent()) {
					assertThat(equal(one.value(), back.get()))
						.as(description + " as " + one.type() + " became " + text(back.get()))
						.isTrue();
				}
			}
		}
	}

	static List<Case> whatPeoplePass() {
		List<Case> cases = new ArrayList<>();
		Stream
			.of(BERLIN, OVERLAP, BERLIN.toOffsetDateTime(), OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHours(-9)), NANOS,
					LocalDate.EPOCH, Duration.ofNanos(1), Period.of(1, 14, -3), new BigDecimal("1.10"), BigInteger.TEN,
					new UUID(1, 2), Path.of("/tmp/a b"), URI.create("a:b"), Locale.GERMANY, Currency.getInstance("EUR"),
					TimeZone.getTimeZone("Asia/Tokyo"), StandardCharsets.UTF_16LE, new byte[] { 1, -1 }, 'c',
					Twin.SECOND, Double.NaN, new AtomicInteger(3), Optional.of("x"), calendar("UTC"), new Date(1))
			.forEach((value) -> {
				add(cases, declaredClass(value), value);
				add(cases, ResolvableType.forClassWithGenerics(Map.class, String.class, declaredClass(value)).getType(),
						Map.of("key", value));
			});
		add(cases, type(new ParameterizedTypeReference<Map<ZonedDateTime, Twin>>() {
		}), Map.of(BERLIN, Twin.FIRST));
		add(cases, type(new ParameterizedTypeReference<EnumMap<Twin, EnumSet<Twin>>>() {
		}), new EnumMap<>(Map.of(Twin.SECOND, EnumSet.of(Twin.SECOND))));
		add(cases, type(new ParameterizedTypeReference<Map<String, Object>>() {
		}), Map.of("id", 5L, "list", List.of("a", 1.5, true)));
		add(cases, type(new ParameterizedTypeReference<Page<Shape>>() {
		}), new Page<>(List.of(new Square(BigDecimal.ONE)), new Circle(3)));
		own(cases);
		cases.removeIf((one) -> REFUSED.contains(one.value().getClass()) || one.type() == Object.class);
		return cases;
	}

	private static final Set<Class<?>> REFUSED = Set.of(Named.class, Plain.class, Hidden.class, Day.class, Loop.class,
			Basket.class);

	@ParameterizedTest
	@MethodSource("whatPeoplePass")
	void isKept(Case one) {
		if (one.type().getTypeName().endsWith("Page<java.lang.Object>")) {
			return;
		}
		assertThat(send(MAPPERS.get(0), one)).hasValueSatisfying((back) -> equal(one.value(), back));
		assertThat(send(MAPPERS.get(1), one)).hasValueSatisfying((back) -> equal(one.value(), back));
	}

	@Test
	void theReasonNamesPlaceAndTypesButNoValue() {
		Case one = new Case(type(new ParameterizedTypeReference<List<Map<String, Object>>>() {
		}), List.of(Map.of("price", new BigDecimal("123.450"))));
		assertThatIllegalArgumentException().isThrownBy(() -> enqueue(MAPPERS.get(1), one))
			.withMessageContaining("Argument 1")
			.withMessageContaining("at [0][…] the value of type java.math.BigDecimal comes back as java.lang.Double")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("123"));
	}

	@Test
	@Timeout(60)
	void largeSetsAreComparedInTime() {
		Set<Object> longs = LongStream.range(0, 200_000).boxed().collect(Collectors.toSet());
		Set<Object> integers = IntStream.range(0, 200_000).boxed().collect(Collectors.toSet());
		assertThat(RoundTrip.difference(Object.class, longs, integers)).isNull();
		integers.remove(7);
		integers.add(-7);
		assertThat(RoundTrip.difference(Object.class, longs, integers)).contains("java.lang.Long");
		assertThat(RoundTrip.difference(Object.class, arrays(20_000), arrays(20_000))).isNull();
		Set<Object> halves = IntStream.range(0, 900).mapToObj((i) -> i + 0.5f).collect(Collectors.toSet());
		Set<Object> doubles = IntStream.range(0, 900).mapToObj((i) -> i + 0.5).collect(Collectors.toSet());
		assertThat(RoundTrip.difference(Object.class, halves, doubles)).isNull();
		doubles.remove(7.5);
		doubles.add(-7.5);
		assertThat(RoundTrip.difference(Object.class, halves, doubles)).contains("java.lang.Float");
		Thread.currentThread().interrupt();
		assertThat(RoundTrip.difference(Object.class, halves, doubles)).isNull();
		assertThat(Thread.interrupted()).isTrue();
	}

	private static Set<Object> arrays(int count) {
		return IntStream.range(0, count).mapToObj((i) -> new int[] { i }).collect(Collectors.toSet());
	}

	private static Optional<Object> send(JsonMapper mapper, Case one) {
		Job job;
		try {
			job = enqueue(mapper, one);
		}
		catch (IllegalArgumentException | JobSerializationException ex) {
			assertThat(ex.getMessage()).containsAnyOf("was not enqueued", "Argument 1");
			return Optional.empty();
		}
		Object back = new JacksonJobSerializer(mapper).readCall(job.payload().data()).bind(List.of(one.parameter()))[0];
		return Optional.of((back != null) ? back : "null");
	}

	private static Job enqueue(JsonMapper mapper, Case one) {
		JobDefinition definition = new JobDefinition("f", null, JobOptions.NONE, method(), List.of(one.parameter()));
		RecordingStore store = new RecordingStore();
		JobTemplate jobs = new JobTemplate(store, store.watch, new JacksonJobSerializer(mapper), new One(definition),
				new TemplateOptions("default", JobOptions.NONE.withTimeout(Duration.ofMinutes(3)), 10_000_000),
				Clock.systemUTC(), store.awaited);
		if (one.type() == String.class) {
			jobs.enqueue("f", "one that is fine");
		}
		return jobs.enqueue("f", one.value());
	}

	private static Method method() {
		return ReflectionUtils.findMethod(RoundTripTests.class, "function", Object.class);
	}

	static void function(Object value) {
	}

	/** Says independently of the code under test what equal means. */
	private static boolean equal(@Nullable Object given, @Nullable Object back) {
		if (given == null || back == null) {
			return given == back;
		}
		if (given instanceof Map<?, ?> map && back instanceof Map<?, ?> other) {
			return map.size() == other.size() && map.entrySet()
				.stream()
				.allMatch((entry) -> other.containsKey(entry.getKey())
						&& equal(entry.getValue(), other.get(entry.getKey())));
		}
		if (given instanceof Collection<?> elements && back instanceof Collection<?> others
				&& !(given instanceof Basket)) {
			return elements.size() == others.size()
					&& elements.stream().allMatch((element) -> others.stream().anyMatch((o) -> equal(element, o)));
		}
		if (given instanceof Object[] array && back instanceof Object[] other) {
			return equal(Arrays.asList(array), Arrays.asList(other));
		}
		if (given instanceof Bean bean && back instanceof Bean other) {
			return equal(bean.getValue(), other.getValue());
		}
		if (given instanceof Page<?> page && back instanceof Page<?> other) {
			return equal(page.content(), other.content()) && equal(page.first(), other.first());
		}
		return Objects.deepEquals(given, back) || text(given).equals(text(back));
	}

	private static String text(@Nullable Object value) {
		if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
			return "whole number " + value;
		}
		if (value instanceof Float || value instanceof Double) {
			return "number " + value;
		}
		if (value instanceof Anything anything) {
			return "Anything " + text(anything.value());
		}
		if (value instanceof AtomicReference<?> reference) {
			return "Reference " + text(reference.get());
		}
		if (value instanceof Pattern pattern) {
			return "Pattern " + pattern.flags() + pattern;
		}
		if (value instanceof Optional<?> optional && optional.isPresent()) {
			return "Optional " + text(optional.get());
		}
		return (value != null) ? value.getClass().getName() + value : "null";
	}

	private static void add(List<Case> values, Type type, Object value) {
		values.add(new Case(type, value));
	}

	private static Type type(ParameterizedTypeReference<?> reference) {
		return reference.getType();
	}

	private static Calendar calendar(String zone) {
		Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone), Locale.ROOT);
		calendar.setTimeInMillis(1);
		return calendar;
	}

	private static BitSet bits(int... bits) {
		BitSet set = new BitSet();
		for (int bit : bits) {
			set.set(bit);
		}
		return set;
	}

	private static URL url(String text) {
		try {
			return URI.create(text).toURL();
		}
		catch (java.net.MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static TreeSet<String> reversed(TreeSet<String> set) {
		set.addAll(List.of("a", "b"));
		return set;
	}

	private static Map<String, Integer> caseInsensitive() {
		Map<String, Integer> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		map.put("A", 1);
		return map;
	}

	record Case(Type type, Object value) {

		JobParameter parameter() {
			return new JobParameter(method().getParameters()[0], this.type,
					ResolvableType.forType(this.type).resolve(Object.class));
		}

		@Override
		public String toString() {
			return this.type.getTypeName() + " " + text(this.value);
		}

	}

	private record One(JobDefinition definition) implements JobDefinitions {

		@Override
		public JobDefinition find(String name) {
			return this.definition;
		}

		@Override
		public JobDefinition get(Class<?> type, Method method) {
			return this.definition;
		}

	}

	record Anything(Object value) {

	}

	static class Bean {

		private Object value;

		Bean() {
			this("");
		}

		Bean(Object value) {
			this.value = value;
		}

		public Object getValue() {
			return this.value;
		}

		public void setValue(Object value) {
			this.value = value;
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes({ @JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class) })
	sealed interface Shape {

	}

	@JsonTypeName("circle")
	record Circle(int radius) implements Shape {

	}

	@JsonTypeName("square")
	record Square(BigDecimal side) implements Shape {

	}

	record Page<T>(List<T> content, T first) {

	}

	@SuppressWarnings("ArrayRecordComponent")
	record Drawing(List<Shape> shapes, Map<String, Shape> named, int[] numbers) {

		@Override
		public boolean equals(Object other) {
			return other instanceof Drawing drawing && this.shapes.equals(drawing.shapes)
					&& this.named.equals(drawing.named) && Arrays.equals(this.numbers, drawing.numbers);
		}

		@Override
		public int hashCode() {
			return this.shapes.hashCode();
		}

	}

	static class Plain {

		public final int number;

		@JsonCreator
		Plain(int number) {
			this.number = number;
		}

		@Override
		public String toString() {
			return "plain " + this.number;
		}

	}

	static class Named extends Plain {

		public final String name;

		Named(int number, String name) {
			super(number);
			this.name = name;
		}

	}

	record Key(String a, int b) {

	}

	record Ignoring(String a, @JsonIgnore String b) {

		@Override
		public String toString() {
			return this.a;
		}

	}

	static class Hidden {

		public String seen;

		private final String unseen;

		@JsonCreator
		Hidden(String seen) {
			this(seen, "");
		}

		Hidden(String seen, String unseen) {
			this.seen = seen;
			this.unseen = unseen;
		}

		@Override
		public String toString() {
			return this.seen + this.unseen;
		}

	}

	record Day(@JsonFormat(pattern = "yyyy-MM-dd HH") LocalDateTime at) {

	}

	static class Loop {

		public final Loop self = this;

	}

	static class Basket extends ArrayList<String> {

		private static final long serialVersionUID = 1L;

		final String owner;

		Basket() {
			this(List.of(), "");
		}

		Basket(List<String> items, String owner) {
			super(items);
			this.owner = owner;
		}

		@Override
		public String toString() {
			return super.toString() + this.owner;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Basket basket && basket.toString().equals(toString());
		}

		@Override
		public int hashCode() {
			return this.owner.hashCode();
		}

	}

	enum Twin {

		FIRST, SECOND;

		@Override
		public String toString() {
			return "twin";
		}

	}

}
