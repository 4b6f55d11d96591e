package io.rq.dashboard;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/**
 * Starts applications with the dashboard, on a free port and with a Redis of their own.
 */
final class Applications {

	private static final List<String> PROPERTIES = List.of("server.port=0", "rq.embedded-redis.enabled=true",
			"rq.dashboard.enabled=true", "rq.worker.enabled=false",
			"spring.jackson.property-naming-strategy=SNAKE_CASE", "spring.main.banner-mode=off");

	private static final List<UserDetails> USERS = List.of(user("nobody", "OTHER"), user("viewer", "RQ_VIEWER"),
			user("operator", "RQ_OPERATOR"), user("admin", "RQ_ADMIN"));

	/** With both servers at hand Spring Boot cannot choose. */
	private static final String NETTY_ONLY = "spring.autoconfigure.exclude="
			+ TomcatReactiveManagementContextAutoConfiguration.class.getName();

	private Applications() {
	}

	static ConfigurableApplicationContext secured(String... properties) {
		return new SpringApplicationBuilder(Secured.class).properties(all(properties)).run();
	}

	/** One that works on jobs itself. */
	static ConfigurableApplicationContext working(Class<?> jobs, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("rq.worker.enabled=true");
		return new SpringApplicationBuilder(Secured.class, jobs).properties(all(all.toArray(String[]::new))).run();
	}

	static ConfigurableApplicationContext open(String... properties) {
		return new SpringApplicationBuilder(Open.class)
			.resourceLoader(new DefaultResourceLoader(new FilteredClassLoader("org.springframework.security")))
			.properties(all(properties))
			.run();
	}

	/** One with the reactive server, and without Spring Security. */
	static ConfigurableApplicationContext reactive(String... properties) {
		return new SpringApplicationBuilder(Open.class).web(WebApplicationType.REACTIVE)
			.resourceLoader(new DefaultResourceLoader(new FilteredClassLoader("org.springframework.security",
					"jakarta.servlet", "org.springframework.web.servlet")))
			.properties(NETTY_ONLY)
			.properties(all(properties))
			.run();
	}

	/** One with the reactive server and reactive Spring Security. */
	static ConfigurableApplicationContext securedReactive(String... properties) {
		return new SpringApplicationBuilder(SecuredReactive.class).web(WebApplicationType.REACTIVE)
			.properties(NETTY_ONLY)
			.properties(all(properties))
			.run();
	}

	static Browser browser(ConfigurableApplicationContext application, @Nullable String user) {
		return new Browser(port(application), "/rq", user);
	}

	static int managementPort(ConfigurableApplicationContext application) {
		return application.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
	}

	static int port(ConfigurableApplicationContext application) {
		return application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	private static UserDetails user(String name, String role) {
		return User.withUsername(name).password("{noop}secret").roles(role).build();
	}

	private static String[] all(String... properties) {
		List<String> all = new ArrayList<>(PROPERTIES);
		all.addAll(List.of(properties));
		return all.toArray(String[]::new);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Open {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SecuredReactive {

		@Bean
		SecurityWebFilterChain security(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		MapReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(USERS);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Secured {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(USERS);
		}

	}

}
