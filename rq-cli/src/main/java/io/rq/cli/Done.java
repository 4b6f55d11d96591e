package io.rq.cli;

import java.io.PrintWriter;
import java.util.List;

/**
 * What a command has done.
 *
 * @param done what was done, by ids or names
 * @param count how many things were changed
 * @param notFound what was not there
 */
record Done(List<String> done, long count, List<String> notFound) {

	void print(String verb, PrintWriter out) {
		out.println(Text.count(this.count, "job") + " " + verb);
		this.notFound.forEach((name) -> out.println("Not found: " + Text.line(name)));
	}

	int exitCode() {
		return this.notFound.isEmpty() ? RqCli.OK : RqCli.REFUSED;
	}

}
