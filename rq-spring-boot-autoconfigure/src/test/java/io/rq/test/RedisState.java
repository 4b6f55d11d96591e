package io.rq.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.InflaterInputStream;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisZSetCommands;
import org.springframework.data.redis.connection.stream.ByteRecord;
import org.springframework.data.redis.connection.zset.Tuple;
import org.springframework.data.redis.core.Cursor;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.util.Assert;

/**
 * Everything that is in a Redis database, for comparison with what should be there. Bytes
 * appear as ISO-8859-1 strings, one character per byte; see {@link #text(String)} and
 * {@link #inflate(String)}.
 *
 * @param keys what each key holds, sorted by key
 */
public record RedisState(SortedMap<String, Entry> keys) {

	/**
	 * Reads the whole database.
	 * @param connectionFactory the way to Redis
	 * @return its state
	 */
	public static RedisState of(RedisConnectionFactory connectionFactory) {
		SortedMap<String, Entry> keys = new TreeMap<>();
		try (RedisConnection connection = connectionFactory.getConnection();
				Cursor<byte[]> cursor = connection.keyCommands().scan(ScanOptions.scanOptions().count(1000).build())) {
			while (cursor.hasNext()) {
				byte[] key = cursor.next();
				Entry entry = read(connection, key);
				if (entry != null) {
					keys.put(latin(key), entry);
				}
			}
		}
		return new RedisState(Collections.unmodifiableSortedMap(keys));
	}

	private static @Nullable Entry read(RedisConnection connection, byte[] key) {
		String type = connection.keyCommands().type(key).code();
		Object value = switch (type) {
			case "none" -> null;
			case "string" -> latin(connection.stringCommands().get(key));
			case "list" -> connection.listCommands().lRange(key, 0, -1).stream().map(RedisState::latin).toList();
			case "set" -> set(connection.setCommands().sMembers(key));
			case "zset" -> zset(connection.zSetCommands(), key);
			case "hash" -> map(connection.hashCommands().hGetAll(key));
			case "stream" -> connection.streamCommands()
				.xRange(key, Range.unbounded())
				.stream()
				.map(RedisState::streamEntry)
				.toList();
			default -> throw new IllegalStateException("Unknown type " + type);
		};
		return (value != null) ? new Entry(type, connection.keyCommands().ttl(key), value) : null;
	}

	private static Set<String> set(Set<byte[]> members) {
		Set<String> result = new TreeSet<>();
		members.forEach((member) -> result.add(latin(member)));
		return result;
	}

	private static Map<String, Double> zset(RedisZSetCommands commands, byte[] key) {
		Map<String, Double> result = new LinkedHashMap<>();
		for (Tuple tuple : commands.zRangeWithScores(key, 0, -1)) {
			result.put(latin(tuple.getValue()), tuple.getScore());
		}
		return result;
	}

	private static Map<String, String> map(Map<byte[], byte[]> fields) {
		Map<String, String> result = new TreeMap<>();
		fields.forEach((field, value) -> result.put(latin(field), latin(value)));
		return result;
	}

	private static StreamEntry streamEntry(ByteRecord entry) {
		return new StreamEntry(entry.getId().getValue(), map(entry.getValue()));
	}

	private static String latin(byte @Nullable [] bytes) {
		return (bytes != null) ? new String(bytes, StandardCharsets.ISO_8859_1) : "";
	}

	/**
	 * What one key holds.
	 * @param key the key
	 * @return type, time to live and content, or {@code null} if there is no such key
	 */
	public @Nullable Entry get(String key) {
		return this.keys.get(key);
	}

	/**
	 * The time to live of a key.
	 * @param key the key
	 * @return seconds, -1 for a key without end, -2 if there is no such key
	 */
	public long ttl(String key) {
		Entry entry = get(key);
		return (entry != null) ? entry.ttl() : -2;
	}

	/**
	 * A string.
	 * @param key the key
	 * @return its value, or {@code null} if there is no such key
	 */
	public @Nullable String string(String key) {
		return (String) value(key, "string", null);
	}

	/**
	 * The elements of a list, first one first.
	 * @param key the key
	 * @return the elements, none if there is no such key
	 */
	@SuppressWarnings("unchecked")
	public List<String> list(String key) {
		return (List<String>) present(value(key, "list", List.of()));
	}

	/**
	 * The members of a set, sorted.
	 * @param key the key
	 * @return the members, none if there is no such key
	 */
	@SuppressWarnings("unchecked")
	public Set<String> set(String key) {
		return (Set<String>) present(value(key, "set", Set.of()));
	}

	/**
	 * The members of a sorted set with their scores, lowest score first.
	 * @param key the key
	 * @return the members, none if there is no such key
	 */
	@SuppressWarnings("unchecked")
	public Map<String, Double> zset(String key) {
		return (Map<String, Double>) present(value(key, "zset", Map.of()));
	}

	/**
	 * The fields of a hash, sorted by name.
	 * @param key the key
	 * @return the fields, none if there is no such key
	 */
	@SuppressWarnings("unchecked")
	public Map<String, String> hash(String key) {
		return (Map<String, String>) present(value(key, "hash", Map.of()));
	}

	/**
	 * The entries of a stream, oldest first.
	 * @param key the key
	 * @return the entries, none if there is no such key
	 */
	@SuppressWarnings("unchecked")
	public List<StreamEntry> stream(String key) {
		return (List<StreamEntry>) present(value(key, "stream", List.of()));
	}

	private @Nullable Object value(String key, String type, @Nullable Object absent) {
		Entry entry = get(key);
		if (entry == null) {
			return absent;
		}
		Assert.state(entry.type().equals(type), () -> key + " is a " + entry.type() + ", not a " + type);
		return entry.value();
	}

	private static Object present(@Nullable Object value) {
		Assert.state(value != null, "'value' must not be null");
		return value;
	}

	/**
	 * Reads a value of this state as UTF-8 text.
	 * @param value one character per byte
	 * @return the text
	 */
	public static String text(String value) {
		return new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
	}

	/**
	 * Decompresses a value of this state (zlib) and reads it as UTF-8 text.
	 * @param value one character per byte
	 * @return the text
	 */
	public static String inflate(String value) {
		byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
		try (InflaterInputStream stream = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A dump for people, a key with its type, time to live and content per line.
	 */
	@Override
	public String toString() {
		List<String> lines = new ArrayList<>();
		this.keys.forEach(
				(key, entry) -> lines.add("%s %s ttl=%d %s".formatted(key, entry.type(), entry.ttl(), entry.value())));
		return String.join(System.lineSeparator(), lines);
	}

	/**
	 * What one key holds.
	 *
	 * @param type the type as Redis calls it
	 * @param ttl the time to live in seconds, -1 for none
	 * @param value a string, list, set, map or list of {@link StreamEntry}
	 */
	public record Entry(String type, long ttl, Object value) {

	}

	/**
	 * An entry of a stream.
	 *
	 * @param id the id
	 * @param fields the fields, sorted by name
	 */
	public record StreamEntry(String id, Map<String, String> fields) {

	}

}
