package io.rq.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

import io.rq.test.JavaProcess;

/**
 * The processes of a run: workers, schedulers and producers. One that dies is replaced by
 * one of another name in its place.
 */
final class Fleet implements AutoCloseable {

	private final Path logs;

	private final List<String> common;

	private final Map<String, Member> members = new LinkedHashMap<>();

	private int started;

	/**
	 * Prepares a fleet.
	 * @param logs the directory for what they print, which is emptied
	 * @param common the properties of all
	 */
	Fleet(Path logs, List<String> common) {
		this.logs = logs;
		this.common = common;
		try {
			FileSystemUtils.deleteRecursively(logs);
			Files.createDirectories(logs);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Member start(String place, Role role, List<String> properties) {
		String name = place + "-" + this.started++;
		List<String> arguments = new ArrayList<>(this.common);
		arguments.addAll(List.of("--spring.application.name=" + name, "--rq.worker.name=" + name));
		arguments.addAll(role.properties());
		arguments.addAll(properties);
		Member member = new Member(place, name, role, properties, JavaProcess.start(ChaosApplication.class,
				this.logs.resolve(name + ".log"), arguments.toArray(String[]::new)));
		this.members.put(place, member);
		return member;
	}

	/** Starts another process in the place of one that has ended or is to end now. */
	Member replace(Member member) {
		member.process().close();
		return start(member.place(), member.role(), member.properties());
	}

	/** Ends a process that none replaces. */
	void remove(Member member) {
		member.process().close();
		this.members.remove(member.place());
	}

	List<Member> members(Role role) {
		return this.members.values().stream().filter((member) -> member.role() == role).toList();
	}

	/** Returns the process of an id, or {@code null} if it is gone. */
	@Nullable Member withPid(long pid) {
		return this.members.values()
			.stream()
			.filter((member) -> member.process().pid() == pid)
			.findFirst()
			.orElse(null);
	}

	/** Ends the producers in an orderly way and waits for that. */
	void stopProducers() {
		members(Role.PRODUCER).forEach((producer) -> producer.process().signal("TERM"));
		members(Role.PRODUCER).forEach((producer) -> producer.process().awaitEnd());
	}

	/** Counts the lines that have been printed. */
	long logLines() {
		try (Stream<Path> files = Files.list(this.logs)) {
			return files.mapToLong(Fleet::lines).sum();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long lines(Path file) {
		try (Stream<String> lines = Files.lines(file)) {
			return lines.count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.members.values().forEach((member) -> member.process().close());
	}

	/** What a process is there for. */
	enum Role {

		/** Its jobs may be in flight whenever one of them is killed, and do not kill. */
		WORKER("--rq.worker.queues=" + String.join(",", Shape.QUEUES), "--rq.worker.max-reclaims=100"),

		SCHEDULER("--rq.worker.enabled=false", "--rq.worker.with-scheduler=true"),

		PRODUCER("--rq.worker.enabled=false", "--rq.worker.with-scheduler=false"),

		/** Delivers what producers have left in the outbox. */
		COURIER("--rq.worker.enabled=false", "--rq.worker.with-scheduler=false"),

		/** A worker of jobs that kill it. */
		TASTER("--rq.worker.queues=" + ChaosJobs.POISON, "--rq.worker.with-scheduler=false");

		private final List<String> properties;

		Role(String... properties) {
			this.properties = List.of(properties);
		}

		List<String> properties() {
			return this.properties;
		}

	}

	/**
	 * A process.
	 *
	 * @param place what stays when the process is replaced
	 * @param name its name, which no other has
	 * @param role what it is there for
	 * @param properties its own properties
	 * @param process the process
	 */
	record Member(String place, String name, Role role, List<String> properties, JavaProcess process) {

	}

}
