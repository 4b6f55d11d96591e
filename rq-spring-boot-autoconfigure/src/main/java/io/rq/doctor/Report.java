package io.rq.doctor;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes down what checks find.
 */
class Report {

	/** With the nodes on which each was found. */
	private final Map<Finding, Set<String>> findings = new LinkedHashMap<>();

	private String check = "";

	private String node = "";

	/** What follows comes from this check. */
	void begin(Check check) {
		begin(check, "");
	}

	/** What follows comes from this check of a node, if there are several. */
	void begin(Check check, String node) {
		this.check = check.name();
		this.node = node;
	}

	void warn(String text, String remedy) {
		add(Severity.WARNING, text, remedy);
	}

	void inform(String text, String remedy) {
		add(Severity.INFORMATION, text, remedy);
	}

	void unknown(String text, String remedy) {
		add(Severity.UNKNOWN, text, remedy);
	}

	private void add(Severity severity, String text, String remedy) {
		this.findings.computeIfAbsent(new Finding(this.check, severity, text, remedy), (any) -> new LinkedHashSet<>())
			.add(this.node);
	}

	/** Returns what was found, once if it is the same on several nodes. */
	List<Finding> findings() {
		return this.findings.entrySet().stream().map((entry) -> on(entry.getValue(), entry.getKey())).toList();
	}

	private static Finding on(Set<String> nodes, Finding finding) {
		return nodes.contains("") ? finding : new Finding(finding.check(), finding.severity(),
				"On " + String.join(", ", nodes) + ": " + finding.text(), finding.remedy());
	}

}
