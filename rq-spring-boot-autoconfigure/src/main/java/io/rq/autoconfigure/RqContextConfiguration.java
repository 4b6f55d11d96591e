package io.rq.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.OnPropertyListCondition;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

import io.rq.interceptor.LocaleInterceptor;
import io.rq.interceptor.MdcInterceptor;

/**
 * Configuration of what of a caller's context goes along with jobs.
 */
@Configuration(proxyBeanMethods = false)
class RqContextConfiguration {

	@Bean
	@Conditional(OnMdcKeys.class)
	MdcInterceptor rqMdcInterceptor(RqOptions options) {
		return new MdcInterceptor(options.properties().context().mdc());
	}

	@Bean
	@ConditionalOnFlag("rq.context.locale")
	LocaleInterceptor rqLocaleInterceptor() {
		return new LocaleInterceptor();
	}

	/**
	 * Matches if there are keys: an interceptor that does nothing would still cost.
	 */
	static class OnMdcKeys extends OnPropertyListCondition {

		OnMdcKeys() {
			super("rq.context.mdc", () -> ConditionMessage.forCondition("Keys of the logging context"));
		}

	}

}
