package io.rq.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes down what checks find.
 */
class Report {

	private final List<Finding> findings = new ArrayList<>();

	private String check = "";

	/** What follows comes from this check. */
	void begin(Check check) {
		this.check = check.name();
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
		this.findings.add(new Finding(this.check, severity, text, remedy));
	}

	List<Finding> findings() {
		return List.copyOf(this.findings);
	}

}
