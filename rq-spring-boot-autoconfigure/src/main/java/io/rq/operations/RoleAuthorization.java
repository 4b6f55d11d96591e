package io.rq.operations;

import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Decides by roles, each of which is an authority of the application's security. The
 * application itself and the command line, whose guard is the user of Redis, may do
 * everything. Actuator's own security decides who may read through the endpoint.
 */
public class RoleAuthorization implements OperatorAuthorization {

	private final Map<Role, String> authorities;

	/**
	 * Creates the authorization.
	 * @param authorities the authority that stands for each role
	 * @throws IllegalArgumentException if one is missing or empty
	 */
	public RoleAuthorization(Map<Role, String> authorities) {
		for (Role role : Role.values()) {
			Assert.hasText(authorities.get(role), () -> "Role " + role + " needs an authority");
		}
		this.authorities = new EnumMap<>(authorities);
	}

	@Override
	public boolean isAllowed(Operator operator, Operation operation, @Nullable String queue) {
		return switch (operator.face()) {
			case APPLICATION, COMMAND_LINE -> true;
			case ENDPOINT -> operation == Operation.READ || has(operator, operation.role());
			case DASHBOARD -> has(operator, operation.role());
		};
	}

	private boolean has(Operator operator, Role needed) {
		return this.authorities.entrySet()
			.stream()
			.anyMatch(
					(role) -> role.getKey().compareTo(needed) >= 0 && operator.authorities().contains(role.getValue()));
	}

}
