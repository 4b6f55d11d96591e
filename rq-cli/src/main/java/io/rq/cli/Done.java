package io.rq.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

import io.rq.operations.Refusal;

/**
 * What a command has done.
 *
 * @param done what was done, by ids or names
 * @param count how many things were changed
 * @param notFound what was not there
 * @param refused what could not be done, and why
 * @param away whether Redis went away before all was done
 */
record Done(List<String> done, long count, List<String> notFound, List<Refused> refused, boolean away) {

	static Done of(String name, long count) {
		return new Done(List.of(name), count, List.of(), List.of(), false);
	}

	/**
	 * Does something to each, whatever becomes of the others. When Redis goes away
	 * meanwhile, the rest is refused without being tried.
	 * @param names ids or names
	 * @param change does it and returns how many things were changed, empty if there is
	 * nothing of that id or name
	 * @throws RuntimeException if Redis is away before anything was done
	 */
	static Done each(List<String> names, Function<String, OptionalLong> change) {
		List<String> done = new ArrayList<>();
		List<String> notFound = new ArrayList<>();
		List<Refused> refused = new ArrayList<>();
		long count = 0;
		boolean away = false;
		for (String name : names) {
			if (away) {
				refused.add(new Refused(name, "Not tried, since Redis went away before it"));
				continue;
			}
			try {
				OptionalLong changed = change.apply(name);
				(changed.isPresent() ? done : notFound).add(name);
				count += changed.orElse(0);
			}
			catch (RuntimeException ex) {
				away = Refusal.of(ex) == Refusal.AWAY;
				if (away && done.isEmpty()) {
					throw ex;
				}
				refused.add(new Refused(name, Failure.of(ex).text()));
			}
		}
		return new Done(done, count, notFound, refused, away);
	}

	void print(String verb, PrintWriter out) {
		out.println(Text.count(this.count, "job") + " " + verb);
		this.notFound.forEach((name) -> out.println("Not found: " + Text.line(name)));
		this.refused.forEach((refused) -> out.println("Refused: " + Text.line(refused.name() + ": " + refused.why())));
	}

	int exitCode() {
		if (this.away) {
			return RqCli.AWAY;
		}
		return (this.notFound.isEmpty() && this.refused.isEmpty()) ? RqCli.OK : RqCli.REFUSED;
	}

	/**
	 * What could not be done.
	 *
	 * @param name the id or name
	 * @param why why not
	 */
	record Refused(String name, String why) {

	}

}
