package io.rq.serializer;

import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Compares a value with what it has become by being written and read again. It is kept if
 * it is equal, where its class says what equal means; arrays, records and objects without
 * an {@code equals} of their own are compared part by part. What its class does not let
 * anybody compare is not kept. In sets too large for that, and once the thread is
 * interrupted, elements that {@code equals} does not find are taken for kept.
 *
 * <p>
 * A value that is not of the declared type, such as a map for a record, has been
 * converted on purpose; of such a one only numbers are compared. Where the declared type
 * leaves it open, whole numbers come back in the smallest type that holds them.
 */
public final class RoundTrip {

	private static final Set<Class<?>> PLAIN = Set.of(String.class, Boolean.class, Byte.class, Short.class,
			Integer.class, Long.class, Float.class, Double.class);

	/** Larger sets without a usable {@code equals} would take minutes. */
	private static final long MOST_COMPARISONS = 1_000_000;

	private final Map<Object, Object> seen = new IdentityHashMap<>();

	private final boolean edited;

	private String path = "";

	private @Nullable String difference;

	private RoundTrip(boolean edited) {
		this.edited = edited;
	}

	/**
	 * Returns whether a value is a text, a number or a boolean that comes back as it was
	 * where it is declared as its own class.
	 * @param value the value
	 * @return whether nothing need be compared
	 */
	public static boolean isPlain(Object value) {
		return PLAIN.contains(value.getClass());
	}

	/**
	 * Says what has been lost on the way.
	 * @param declared the type the value was read as
	 * @param given the value that was written
	 * @param back the value that was read
	 * @return the end of a sentence that names place and types but no value, or
	 * {@code null} if nothing has been lost
	 */
	public static @Nullable String difference(Type declared, @Nullable Object given, @Nullable Object back) {
		return difference(declared, given, back, false);
	}

	/**
	 * Says what has been lost on the way of a value that may have been read from JSON
	 * before, where numbers have no types: a {@code BigDecimal} may have become the
	 * nearest {@code double} or {@code float}.
	 * @param declared the type the value was read as
	 * @param given the value that was written
	 * @param back the value that was read
	 * @return as {@link #difference(Type, Object, Object)}
	 */
	public static @Nullable String differenceOfEdited(Type declared, @Nullable Object given, @Nullable Object back) {
		return difference(declared, given, back, true);
	}

	private static @Nullable String difference(Type declared, @Nullable Object given, @Nullable Object back,
			boolean edited) {
		RoundTrip trip = new RoundTrip(edited);
		return trip.same(ResolvableType.forType(declared), given, back) ? null : trip.difference;
	}

	private boolean same(ResolvableType declared, @Nullable Object given, @Nullable Object back) {
		if (given == back) {
			return true;
		}
		if (given == null || back == null) {
			return (this.path.isEmpty() && given == null && OneValue.isEmpty(back)) || differs(given, back);
		}
		Class<?> type = ClassUtils.resolvePrimitiveIfNecessary(declared.resolve(Object.class));
		if (!type.isInstance(given)) {
			return !(given instanceof Number && back instanceof Number) || Numbers.convert(given, back)
					|| isNearest(given, back) || differs(given, back);
		}
		if (given instanceof Map<?, ?> map && back instanceof Map<?, ?> other) {
			return sameEntries(declared.as(Map.class), map, other) && sameParts(given, back);
		}
		if (given instanceof Collection<?> elements && back instanceof Collection<?> others) {
			boolean open = !Iterable.class.isAssignableFrom(type);
			return sameElements(declared.as(Iterable.class).getGeneric(0), elements, others, open)
					&& sameParts(given, back);
		}
		if (given.getClass().isArray() && back.getClass().isArray()) {
			return sameArrays(declared.getComponentType(), given, back);
		}
		if (given instanceof Optional<?> optional && back instanceof Optional<?> other) {
			return same(declared.getGeneric(0), optional.orElse(null), other.orElse(null));
		}
		return sameObjects(given, back);
	}

	private boolean isNearest(Object given, Object back) {
		return this.edited && Numbers.isNearest(given, back);
	}

	private boolean sameEntries(ResolvableType declared, Map<?, ?> given, Map<?, ?> back) {
		if (given.size() != back.size() || !sameOrder(given, back)) {
			return differs(given, back);
		}
		for (Map.Entry<?, ?> entry : given.entrySet()) {
			Object key = entry.getKey();
			if (key != null && !declared.getGeneric(0).resolve(Object.class).isInstance(key)) {
				continue;
			}
			if (!back.containsKey(key)) {
				return at(".key", () -> differs(key, first(back.keySet())));
			}
			Object value = back.get(key);
			if (!at("[" + (key instanceof Enum<?> ? key : "…") + "]",
					() -> same(declared.getGeneric(1), entry.getValue(), value))) {
				return false;
			}
		}
		return true;
	}

	private boolean sameElements(ResolvableType declared, Collection<?> given, Collection<?> back, boolean open) {
		boolean sets = given instanceof Set<?> && back instanceof Set<?>;
		if (given.size() != back.size() || !sameOrder(given, back)
				|| (open && given instanceof Set<?> != back instanceof Set<?>)) {
			return differs(given, back);
		}
		if (sets) {
			return sameSets(declared, given, back);
		}
		int index = 0;
		Iterator<?> others = back.iterator();
		for (Object element : given) {
			Object other = others.next();
			if (!at("[" + index++ + "]", () -> same(declared, element, other))) {
				return false;
			}
		}
		return true;
	}

	private boolean sameSets(ResolvableType declared, Collection<?> given, Collection<?> back) {
		Set<BigInteger> numbers = new HashSet<>();
		back.stream().map(Numbers::whole).filter(Objects::nonNull).forEach(numbers::add);
		List<?> others = given.stream()
			.filter((element) -> !(Numbers.isWhole(element) && numbers.contains(Numbers.whole(element)))
					&& !back.contains(element))
			.toList();
		return (long) others.size() * back.size() > MOST_COMPARISONS
				|| others.stream().allMatch((element) -> contains(declared, back, element));
	}

	private boolean contains(ResolvableType declared, Collection<?> back, @Nullable Object element) {
		for (Object candidate : back) {
			if (Thread.currentThread().isInterrupted()
					|| difference(declared.getType(), element, candidate, this.edited) == null) {
				return true;
			}
		}
		return at("[…]", () -> differs(element, first(back)));
	}

	private static @Nullable Object first(Collection<?> elements) {
		Iterator<?> iterator = elements.iterator();
		return iterator.hasNext() ? iterator.next() : null;
	}

	private static boolean sameOrder(Object given, Object back) {
		return Objects.equals(comparator(given), comparator(back));
	}

	private static @Nullable Object comparator(Object value) {
		if (value instanceof SortedMap<?, ?> map) {
			return map.comparator();
		}
		return (value instanceof SortedSet<?> set) ? set.comparator()
				: (value instanceof PriorityQueue<?> queue) ? queue.comparator() : null;
	}

	private boolean sameArrays(ResolvableType declared, Object given, Object back) {
		int length = Array.getLength(given);
		if (length != Array.getLength(back)
				|| given.getClass().getComponentType() != back.getClass().getComponentType()) {
			return differs(given, back);
		}
		if (given.getClass().getComponentType().isPrimitive()) {
			return Objects.deepEquals(given, back) || differs(given, back);
		}
		for (int i = 0; i < length; i++) {
			Object element = Array.get(given, i);
			Object other = Array.get(back, i);
			if (!at("[" + i + "]", () -> same(declared, element, other))) {
				return false;
			}
		}
		return true;
	}

	private boolean sameObjects(Object given, Object back) {
		Boolean known = OneValue.compare(given, back);
		if (known != null) {
			return known || differs(given, back);
		}
		if (OneValue.equal(given, back) || Numbers.same(given, back) || isNearest(given, back)) {
			return true;
		}
		if (given.getClass() != back.getClass() || !Parts.known(given.getClass())) {
			return differs(given, back);
		}
		return sameParts(given, back);
	}

	private boolean sameParts(Object given, Object back) {
		if (given.getClass() != back.getClass() || this.seen.put(given, back) != null) {
			return true;
		}
		return Parts.of(given.getClass())
			.stream()
			.allMatch((part) -> at("." + part.name(), () -> same(part.type(), part.get(given), part.get(back))));
	}

	private boolean at(String step, Comparison comparison) {
		String before = this.path;
		this.path = before + step;
		boolean same = comparison.same();
		this.path = before;
		return same;
	}

	private boolean differs(@Nullable Object given, @Nullable Object back) {
		String type = Failures.typeName(given);
		String other = Failures.typeName(back);
		this.difference = (this.path.isEmpty() ? "" : "at " + this.path + " ") + "the value of type " + type
				+ (type.equals(other) ? " comes back as another value" : " comes back as " + other);
		return false;
	}

	@FunctionalInterface
	private interface Comparison {

		boolean same();

	}

}
