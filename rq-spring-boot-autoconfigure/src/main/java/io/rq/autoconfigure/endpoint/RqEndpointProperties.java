package io.rq.autoconfigure.endpoint;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties of the endpoint.
 *
 * @param showValues When to show arguments, meta data and results of jobs.
 * @param roles Roles of which one is needed to see arguments, meta data and results when
 * they are shown to the authorized only. Everyone who is authenticated is authorized if
 * there are none.
 */
@ConfigurationProperties("management.endpoint.rq")
public record RqEndpointProperties(@DefaultValue("never") Show showValues, @DefaultValue Set<String> roles) {

}
