package io.rq.interop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.core.StringRedisTemplate;

import io.rq.annotation.RqJob;
import io.rq.handler.JobContext;
import io.rq.test.JavaProcess;

/**
 * An application with a worker and a scheduler, whose job tells of each of its runs.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SoakApplication {

	public static void main(String[] args) throws Exception {
		SpringApplication application = new SpringApplication(SoakApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run(args);
		JavaProcess.endWithParent();
	}

	@Bean
	Jobs jobs(StringRedisTemplate redis, Environment environment) {
		return new Jobs(redis, environment.getRequiredProperty("rq.worker.name"));
	}

	/**
	 * The job, which Python's workers have too.
	 */
	static class Jobs {

		private final StringRedisTemplate redis;

		private final String worker;

		Jobs(StringRedisTemplate redis, String worker) {
			this.redis = redis;
			this.worker = worker;
		}

		@RqJob(name = "soak.work")
		int work(JobContext context, int fails, long millis) throws InterruptedException {
			String id = context.job().id();
			this.redis.opsForList().rightPush("soak:runs", id + " " + this.worker);
			Long tries = this.redis.opsForValue().increment("soak:tries:" + id);
			Thread.sleep(millis);
			if (tries == null || tries <= fails) {
				throw new IllegalStateException("failure " + tries);
			}
			return tries.intValue();
		}

	}

}
