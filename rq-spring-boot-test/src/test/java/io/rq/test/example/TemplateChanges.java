package io.rq.test.example;

import org.springframework.stereotype.Component;

import io.rq.template.JobTemplate;
import io.rq.template.JobTemplateCustomizer;

/**
 * What the application changes of its template.
 */
@Component
class TemplateChanges implements JobTemplateCustomizer {

	private int templates;

	@Override
	public void customize(JobTemplate template) {
		this.templates++;
	}

	int templates() {
		return this.templates;
	}

}
