package io.rq.sample.report;

/**
 * The result of writing a report.
 *
 * @param file the path of the text file
 * @param thumbnails how many thumbnails were made
 * @param deliveries how many webhooks were delivered
 * @param refusals how many deliveries were refused
 */
public record Report(String file, long thumbnails, long deliveries, long refusals) {

}
