package io.rq.test.example;

import io.rq.test.autoconfigure.RqTest;
import io.rq.test.autoconfigure.RqTestRedis;

/**
 * Tests for jobs in Redis, which those in memory are measured by.
 */
@RqTest(redis = RqTestRedis.EMBEDDED,
		properties = { "rq.cron.enabled=false", "rq.queues.bulk.partitions=4", "rq.worker.queues=bulk,default" })
class SameOnRedisTests extends AbstractSameOnBothTests {

}
