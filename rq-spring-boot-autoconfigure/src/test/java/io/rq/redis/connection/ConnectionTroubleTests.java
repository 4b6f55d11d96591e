package io.rq.redis.connection;

import java.net.ConnectException;
import java.net.SocketTimeoutException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.data.redis.RedisConnectionFailureException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an answer of Redis says of the connection it came on.
 */
class ConnectionTroubleTests {

	/**
	 * A connection is replaced when another may lead to a server that does what is asked:
	 * because this server is not the primary any more or not yet, or because the
	 * connection has no rights that a new one would get. Errors of the command, of the
	 * rights of the user, and of a server that is the right one but cannot write now,
	 * would meet a new connection too.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			READONLY You can't write against a read only replica.                                     | REFUSED
			MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.          | REFUSED
			LOADING Redis is loading the dataset in memory                                            | REFUSED
			NOREPLICAS Not enough good replicas to write.                                             | REFUSED
			UNBLOCKED client unblocked via CLIENT UNBLOCK                                             | REFUSED
			UNBLOCKED force unblock from blocking operation, instance state changed (master->replica) | REFUSED
			CLUSTERDOWN Hash slot not served                                                          | REFUSED
			MOVED 3999 127.0.0.1:6381                                                                 | MOVED
			NOAUTH Authentication required.                                                           | REFUSED
			ERR Protocol error: unauthenticated multibulk length                                      | REFUSED
			WRONGPASS invalid username-password pair or user is disabled.                             | REFUSED
			DENIED Redis is running in protected mode because protected mode is enabled               | REFUSED
			NOPERM User worker has no permissions to run the 'blmove' command                         | -
			OOM command not allowed when used memory > 'maxmemory'.                                   | -
			MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist   | -
			BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.    | -
			UNKILLABLE Sorry the script already executed write commands against the dataset.          | -
			NOSCRIPT No matching script. Please use EVAL.                                             | -
			WRONGTYPE Operation against a key holding the wrong kind of value                         | -
			EXECABORT Transaction discarded because of previous errors.                               | -
			NOPROTO unsupported protocol version                                                      | -
			ERR unknown command 'BLMOVE', with args beginning with:                                   | -
			""")
	void answersThatAreGivenByTheWrongServerOrToTheWrongConnectionReplaceIt(String answer,
			@Nullable ConnectionTrouble trouble) {
		assertThat(ConnectionTrouble.of(asCause(answer))).isEqualTo(trouble);
	}

	@Test
	@Timeout(30)
	void causesThatLeadBackToTheFailureTellNothing() {
		Exception failure = new IllegalStateException("outer");
		Exception cause = new IllegalStateException("inner", failure);
		failure.initCause(cause);
		assertThat(ConnectionTrouble.of(failure)).isNull();
	}

	/** As Redis 6.2 tells of the same within a script. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			-READONLY You can't write against a read only replica.          | REFUSED
			-MISCONF Redis is configured to save RDB snapshots              | -
			-OOM command not allowed when used memory > 'maxmemory'.        | -
			""")
	void answersInAScriptMeanTheSame(String answer, @Nullable ConnectionTrouble trouble) {
		String text = "ERR Error running script (call to f_2ee4e1): @user_script:12: @user_script: 12: " + answer;
		assertThat(ConnectionTrouble.of(asCause(text))).isEqualTo(trouble);
	}

	private static RuntimeException asCause(String message) {
		return new InvalidDataAccessApiUsageException(message, new IllegalStateException(message));
	}

	@Test
	void connectionThatHasEndedIsToldFromOneThatCouldNotBeMade() {
		assertThat(ConnectionTrouble.of(new RedisConnectionFailureException("Unexpected end of stream.")))
			.isEqualTo(ConnectionTrouble.CLOSED);
		assertThat(ConnectionTrouble.of(new RedisConnectionFailureException("no", new SocketTimeoutException())))
			.isEqualTo(ConnectionTrouble.TIMEOUT);
		assertThat(ConnectionTrouble.of(new RedisConnectionFailureException("no", new ConnectException())))
			.isEqualTo(ConnectionTrouble.UNREACHABLE);
	}

}
