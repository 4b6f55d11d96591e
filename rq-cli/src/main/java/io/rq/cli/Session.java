package io.rq.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.beans.BeansException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.MapPropertySource;

import io.rq.autoconfigure.RqAutoConfiguration;
import io.rq.operations.Operator;
import io.rq.operations.RqOperations;
import io.rq.serializer.SerializerFormat;

/**
 * The operations on a Redis, called by the user of the operating system. Makes of the
 * library only what a command needs, and reads no properties of wherever it is started.
 */
final class Session implements AutoCloseable {

	/** As redis-py has it. */
	private static final Pattern DATABASE = Pattern.compile("/?\\?db=(\\d{1,9})$");

	private final AnnotationConfigApplicationContext context;

	private final RqOperations operations;

	private Session(AnnotationConfigApplicationContext context) {
		this.context = context;
		String user = System.getProperty("user.name", "");
		this.operations = context.getBean(RqOperations.class)
			.as(new Operator(user.isBlank() ? "unknown" : user, Set.of(), Operator.Face.COMMAND_LINE));
	}

	static Session open(String url, String keyPrefix, SerializerFormat serializer) {
		String address = DATABASE.matcher(url).replaceFirst("/$1");
		if (!isUrl(address)) {
			throw new IllegalArgumentException("'--url' is no URL as redis://user:password@redis.example.org:6379/0, "
					+ "where the database may also be ?db=0, and nothing else follows; "
					+ "special characters of the password need percent notation, such as %40 for @");
		}
		Map<String, Object> properties = new HashMap<>();
		properties.put("spring.data.redis.url", address);
		properties.put("spring.data.redis.client-type", "jedis");
		properties.put("spring.data.redis.timeout", "10s");
		properties.put("spring.data.redis.connect-timeout", "5s");
		properties.put("rq.key-prefix", keyPrefix);
		properties.put("rq.serializer", serializer);
		properties.put("rq.worker.enabled", false);
		properties.put("rq.worker.with-scheduler", false);
		properties.put("rq.cron.enabled", false);
		properties.put("rq.doctor.enabled", false);
		properties.put("rq.operations.bulk.enabled", false);
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("command line", properties));
		context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor());
		context.register(DataRedisAutoConfiguration.class, RqAutoConfiguration.class);
		try {
			context.refresh();
			return new Session(context);
		}
		catch (BeansException ex) {
			// nothing has been asked yet: what is wrong are the options
			context.close();
			throw new IllegalArgumentException(NestedExceptionUtils.getMostSpecificCause(ex).getMessage(), ex);
		}
	}

	/** Asked before anybody else is, whose messages would quote the password. */
	private static boolean isUrl(String url) {
		try {
			URI uri = new URI(url);
			String user = uri.getRawUserInfo();
			int at = (user != null) ? (uri.getScheme() + "://" + user).length() : -1;
			return Set.of("redis", "rediss").contains(String.valueOf(uri.getScheme())) && uri.getHost() != null
					&& uri.getPath().matches("(/\\d{0,9})?") && uri.getRawQuery() == null
					&& uri.getRawFragment() == null && url.lastIndexOf('@') == at;
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	RqOperations operations() {
		return this.operations;
	}

	@Override
	public void close() {
		this.context.close();
	}

}
