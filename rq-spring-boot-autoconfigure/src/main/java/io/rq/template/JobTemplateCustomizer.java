package io.rq.template;

/**
 * Changes the template that an application gets by itself. Beans of this type are called
 * in their order.
 */
@FunctionalInterface
public interface JobTemplateCustomizer {

	/**
	 * Changes the template.
	 * @param template the template, which nobody uses yet
	 */
	void customize(JobTemplate template);

}
