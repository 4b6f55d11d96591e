package io.rq.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import io.rq.job.JobStatus;

/**
 * Reads groups of jobs in parts, however large they are, and takes off them what is no
 * more. Jobs join a group when they are enqueued.
 */
public class GroupStore {

	private static final int PART = 500;

	private static final int PARTS_AT_ONCE = 4;

	private final RedisScripts scripts;

	private final KeyLayout layout;

	private final Deque<String> groupsToTidy = new ArrayDeque<>();

	private String nextGroups = "0";

	private String nextMembers = "0";

	/**
	 * Creates the store.
	 * @param scripts the scripts on the connections to Redis
	 */
	public GroupStore(RedisScripts scripts) {
		this.scripts = scripts;
		this.layout = scripts.layout();
	}

	/**
	 * Returns the names of all groups.
	 * @return the names in alphabetical order
	 */
	public Set<String> names() {
		return this.scripts.members(this.layout.groups());
	}

	/**
	 * Returns the jobs of a group.
	 * @param group the group's name
	 * @return the ids of its jobs, of which some may be gone
	 */
	public Set<String> ids(String group) {
		Set<String> ids = new TreeSet<>();
		this.scripts.members(this.layout.group(group)).forEach((name) -> ids.add(this.layout.jobId(name)));
		return ids;
	}

	/**
	 * Counts the jobs of a group by their status.
	 * @param group the group's name
	 * @return the numbers of those that there are; those of a status that only a newer RQ
	 * knows count as deferred
	 */
	public Map<JobStatus, Long> counts(String group) {
		Set<String> seen = new HashSet<>();
		Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
		eachPart(this.layout.group(group), (members) -> {
			List<String> unseen = members.stream().filter(seen::add).toList();
			statuses(group, unseen).values().stream().filter((status) -> !status.isEmpty()).forEach((status) -> {
				JobStatus known = JobStatus.find(status);
				counts.merge((known != null) ? known : JobStatus.DEFERRED, 1L, Long::sum);
			});
		});
		return counts;
	}

	private void eachPart(String set, Consumer<List<String>> part) {
		String cursor = "0";
		do {
			Part next = scan(set, cursor);
			part.accept(next.members());
			cursor = next.cursor();
		}
		while (!cursor.equals("0"));
	}

	private Part scan(String set, String cursor) {
		List<?> reply = this.scripts.run(Script.SCAN, ScriptArguments.keys(set).add(cursor).add(PART));
		return new Part(Replies.text(reply.get(0)), Replies.list(reply, 1).stream().map(Replies::text).toList());
	}

	/** The status of each member, empty if it is none any more. */
	private Map<String, String> statuses(String group, List<String> members) {
		Map<String, String> statuses = new HashMap<>();
		for (List<String> call : this.layout.calls(members, this.layout::jobQueue)) {
			if (!call.isEmpty()) {
				ScriptArguments arguments = ScriptArguments.keys();
				call.forEach((name) -> arguments.key(this.layout.jobKey(name)));
				List<?> reply = this.scripts.run(Script.STATUSES, arguments.add(group));
				for (int i = 0; i < call.size(); i++) {
					statuses.put(call.get(i), Replies.text(reply.get(i)));
				}
			}
		}
		return statuses;
	}

	/**
	 * Takes off the groups what is no more: members without a job, and names of groups
	 * without members. Looks at about two thousand and goes on from there at the next
	 * call. Not for many threads.
	 */
	void tidy() {
		int parts = 0;
		do {
			if (this.groupsToTidy.isEmpty()) {
				Part names = scan(this.layout.groups(), this.nextGroups);
				this.groupsToTidy.addAll(names.members());
				this.nextGroups = names.cursor();
			}
			else {
				tidyNext(this.groupsToTidy.element());
			}
			parts++;
		}
		while (parts < PARTS_AT_ONCE && !(this.groupsToTidy.isEmpty() && this.nextGroups.equals("0")));
	}

	private void tidyNext(String group) {
		String set = this.layout.group(group);
		Part part = scan(set, this.nextMembers);
		takeOff(group, set, part.members());
		this.nextMembers = part.cursor();
		if (part.cursor().equals("0")) {
			this.groupsToTidy.remove();
			tidyName(group, set);
		}
	}

	/**
	 * Takes off one group what is no more, and its name if nothing is left.
	 * @param group the group's name
	 */
	public void tidy(String group) {
		String set = this.layout.group(group);
		eachPart(set, (members) -> takeOff(group, set, members));
		tidyName(group, set);
	}

	private void takeOff(String group, String set, List<String> members) {
		List<String> gone = without(group, members);
		if (!gone.isEmpty()) {
			change(set, gone, false);
			// one that has come (back) in between
			List<String> back = new ArrayList<>(gone);
			back.removeAll(without(group, gone));
			change(set, back, true);
		}
	}

	private List<String> without(String group, List<String> members) {
		Map<String, String> statuses = statuses(group, members);
		return members.stream().filter((member) -> statuses.getOrDefault(member, "").isEmpty()).toList();
	}

	private void tidyName(String group, String set) {
		if (isEmpty(set)) {
			change(this.layout.groups(), List.of(group), false);
			if (!isEmpty(set)) {
				change(this.layout.groups(), List.of(group), true);
			}
		}
	}

	private boolean isEmpty(String set) {
		return !this.scripts.exists(set);
	}

	private void change(String set, List<String> members, boolean add) {
		if (!members.isEmpty()) {
			byte[][] values = members.stream().map(ScriptArguments::bytes).toArray(byte[][]::new);
			this.scripts.with(set,
					(connection) -> add ? connection.setCommands().sAdd(ScriptArguments.bytes(set), values)
							: connection.setCommands().sRem(ScriptArguments.bytes(set), values));
		}
	}

	/**
	 * A part of a set.
	 *
	 * @param cursor where to go on, 0 at the end
	 * @param members the members
	 */
	private record Part(String cursor, List<String> members) {

	}

}
