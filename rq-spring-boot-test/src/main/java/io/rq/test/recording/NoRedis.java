package io.rq.test.recording;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.data.redis.connection.RedisClusterConnection;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisSentinelConnection;

import io.rq.redis.connection.ShareableConnections;

/**
 * Stands for the Redis of the jobs in tests that record them: whatever is not recorded
 * fails here, with the remedy.
 */
public final class NoRedis implements ShareableConnections {

	@Override
	public RedisConnection getConnection() {
		throw new InvalidDataAccessApiUsageException(
				"This test records jobs and has no Redis, which this call needs: set 'redis' of @RqTest or "
						+ "@AutoConfigureRq to EMBEDDED, with io.rq:rq-embedded-redis on the class path");
	}

	@Override
	public RedisClusterConnection getClusterConnection() {
		throw new UnsupportedOperationException("This is no cluster");
	}

	@Override
	public RedisSentinelConnection getSentinelConnection() {
		throw new UnsupportedOperationException("This is no Sentinel");
	}

	@Override
	public boolean getConvertPipelineAndTxResults() {
		return true;
	}

	@Override
	public DataAccessException translateExceptionIfPossible(RuntimeException ex) {
		return (ex instanceof DataAccessException translated) ? translated
				: new InvalidDataAccessApiUsageException(ex.getMessage(), ex);
	}

}
