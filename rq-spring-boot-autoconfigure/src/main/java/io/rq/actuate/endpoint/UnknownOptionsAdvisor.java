package io.rq.actuate.endpoint;

import java.util.List;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.StringUtils;

/**
 * Refuses a change of {@link RqEndpoint} with an option that it does not know. Actuator
 * drops such options, and without a filter or {@code dryRun} more would be done than was
 * asked for.
 */
public class UnknownOptionsAdvisor implements OperationInvokerAdvisor {

	private static final EndpointId RQ = EndpointId.of("rq");

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!endpointId.equals(RQ) || operationType != OperationType.WRITE) {
			return invoker;
		}
		List<OperationParameter> known = parameters.stream()
			.filter((parameter) -> parameter.getType() != SecurityContext.class)
			.toList();
		List<String> names = known.stream().map(OperationParameter::getName).toList();
		List<String> options = known.stream()
			.filter((parameter) -> parameter.getAnnotation(Selector.class) == null)
			.map(OperationParameter::getName)
			.toList();
		return (context) -> {
			for (String name : context.getArguments().keySet()) {
				if (!names.contains(name)) {
					String detail = "There is no option '" + StringUtils.truncate(name) + "'; known are " + options;
					return new WebEndpointResponse<>(new Problem(400, "Bad Request", detail), 400);
				}
			}
			return invoker.invoke(context);
		};
	}

}
