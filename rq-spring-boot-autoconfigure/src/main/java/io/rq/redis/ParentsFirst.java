package io.rq.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.rq.job.Dependency;
import io.rq.job.NewJob;

/**
 * The order in which jobs are stored of which some wait for others of the same call:
 * level by level, each after those that it waits for.
 */
final class ParentsFirst {

	private ParentsFirst() {
	}

	/**
	 * Divides jobs into parts that one call can store. A part has levels: where queues
	 * may lie on several nodes, one level must be there before the next.
	 * @throws IllegalArgumentException if jobs wait for each other
	 */
	static List<List<List<NewJob>>> parts(List<NewJob> jobs, int size) {
		List<List<List<NewJob>>> parts = new ArrayList<>();
		int count = size;
		int parents = 0;
		long bytes = 0;
		for (List<NewJob> level : levels(jobs)) {
			List<NewJob> levelOfPart = null;
			for (NewJob job : level) {
				int more = parents(job).size();
				long moreBytes = job.job().payload().bytes();
				if (count == size || parents + more > Dependency.MAX_JOBS
						|| (count > 0 && bytes + moreBytes > Batches.MAX_BYTES)) {
					parts.add(new ArrayList<>());
					levelOfPart = null;
					count = 0;
					parents = 0;
					bytes = 0;
				}
				if (levelOfPart == null) {
					levelOfPart = new ArrayList<>();
					parts.get(parts.size() - 1).add(levelOfPart);
				}
				levelOfPart.add(job);
				count++;
				parents += more;
				bytes += moreBytes;
			}
		}
		return parts;
	}

	private static List<List<NewJob>> levels(List<NewJob> jobs) {
		Map<String, List<NewJob>> children = new HashMap<>();
		jobs.forEach((job) -> children.put(job.job().id(), new ArrayList<>()));
		Map<NewJob, Integer> unmet = new IdentityHashMap<>();
		for (NewJob job : jobs) {
			List<String> inCall = parents(job).stream().filter(children::containsKey).toList();
			inCall.forEach((parent) -> children.computeIfAbsent(parent, (any) -> new ArrayList<>()).add(job));
			unmet.put(job, inCall.size());
		}
		List<List<NewJob>> levels = new ArrayList<>();
		List<NewJob> level = jobs.stream().filter((job) -> unmet.getOrDefault(job, 0) == 0).toList();
		while (!level.isEmpty()) {
			levels.add(level);
			List<NewJob> next = new ArrayList<>();
			for (NewJob job : level) {
				for (NewJob child : children.getOrDefault(job.job().id(), List.of())) {
					if (unmet.merge(child, -1, Integer::sum) == 0) {
						next.add(child);
					}
				}
				children.remove(job.job().id());
			}
			level = next;
		}
		refuseCycles(jobs, unmet);
		return levels;
	}

	private static void refuseCycles(List<NewJob> jobs, Map<NewJob, Integer> unmet) {
		List<String> left = jobs.stream()
			.filter((job) -> unmet.getOrDefault(job, 0) > 0)
			.map((job) -> job.job().id())
			.toList();
		if (!left.isEmpty()) {
			throw new IllegalArgumentException("Nothing was enqueued: " + ((left.size() == 1) ? "job '" : "jobs '")
					+ String.join("', '", left.subList(0, Math.min(left.size(), 5))) + "' "
					+ ((left.size() == 1) ? "waits for itself" : "wait for each other, or for such jobs,")
					+ " and could never run. Leave one of the dependencies out");
		}
	}

	private static List<String> parents(NewJob job) {
		return job.job().options().links().dependencyIds();
	}

}
