package io.rq.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Reads the property of {@link ConditionalOnFlag @ConditionalOnFlag}.
 */
final class OnFlagCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		MergedAnnotation<ConditionalOnFlag> flag = metadata.getAnnotations().get(ConditionalOnFlag.class);
		String name = flag.getString(MergedAnnotation.VALUE);
		boolean on = Binder.get(context.getEnvironment())
			.bind(name, Boolean.class)
			.orElse(flag.getBoolean("matchIfMissing"));
		return new ConditionOutcome(on,
				ConditionMessage.forCondition(ConditionalOnFlag.class, name).because("it is " + on));
	}

}
