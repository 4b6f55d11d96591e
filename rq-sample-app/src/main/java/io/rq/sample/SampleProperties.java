package io.rq.sample;

import java.io.File;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of the sample.
 *
 * @param workDirectory Directory for pictures, thumbnails and reports. Processes that
 * share a Redis share this too.
 * @param demo Whether to run the demonstration at start-up.
 */
@ConfigurationProperties("sample")
public record SampleProperties(File workDirectory, @DefaultValue("true") boolean demo) {

}
