package io.rq.redis;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.rq.job.Job;
import io.rq.job.JobHooks;
import io.rq.job.JobPayload;
import io.rq.job.Webhook;
import io.rq.queue.ReclaimedJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the jobs that follow from an outcome, in {@code finish.lua} and
 * {@code reclaim.lua}.
 */
@ExtendWith(OutputCaptureExtension.class)
class FollowingTests extends AbstractStoreTests {

	private static Job following(String id) {
		return on("rq-webhooks", job(id)).job();
	}

	/** W33: there is no moment in which one of them is there without the other. */
	@Test
	void w33WhatFollowsIsEnqueuedWithTheOutcome() {
		Execution run = started("a");
		assertThat(this.executions.finish(List.of(success(run, 0).withFollowing(List.of(following("f")))))).isEmpty();
		assertThat(state()).isEqualTo("""
				rq:job:f hash
				  created_at 2026-01-31T12:00:00.123456Z
				  data ["tasks.add",null,[1],{}]
				  description tasks.add(1)
				  enqueued_at 2026-01-31T12:00:00.123456Z
				  last_heartbeat
				  origin rq-webhooks
				  status queued
				  timeout 180
				rq:queue:rq-webhooks list
				  f
				rq:queues set
				  rq:queue:default
				  rq:queue:rq-webhooks
				""");
	}

	@Test
	void outcomesWithAndWithoutGoTogether() {
		enqueue(job("a"), job("b"), job("c"), job("d"));
		List<Execution> runs = claim(4);
		zadd("rq:wip:default", 1, "other");
		this.template.opsForZSet().remove("rq:wip:default", "c:" + runs.get(2).id());
		assertThat(this.executions
			.finish(List.of(success(runs.get(0), 500).withFollowing(List.of(following("f"), following("g"))),
					success(runs.get(1), 500), failure(runs.get(2), 500).withFollowing(List.of(following("lost"))),
					failure(runs.get(3), 500).withFollowing(List.of(following("h"))))))
			.containsExactly(runs.get(2));
		assertThat(list("rq:queue:rq-webhooks")).containsExactly("f", "g", "h");
		assertThat(field("b", "status")).isEqualTo("finished");
		assertThat(field("c", "status")).isEqualTo("started");
		assertThat(field("d", "status")).isEqualTo("failed");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job:lost");
	}

	@Test
	void ofAJobMovedMeanwhileNothingFollows() {
		Execution run = started("a");
		hash("rq:job:a", "status", "canceled");
		this.executions.finish(List.of(success(run, 500).withFollowing(List.of(following("f")))));
		assertThat(this.redis.state().keys()).doesNotContainKeys("rq:job:f", "rq:queue:rq-webhooks");
	}

	@Test
	void aQueueOfAnotherTypeKeepsNoJobFromEnding(CapturedOutput output) {
		Execution run = started("a");
		this.template.opsForValue().set("rq:queue:rq-webhooks", "of another type");
		this.executions.finish(List.of(success(run, 500).withFollowing(List.of(following("f")))));
		assertThat(field("a", "status")).isEqualTo("finished");
		assertThat(this.redis.state().keys()).doesNotContainKey("rq:job:f");
		assertThat(output).contains("rq:queue:rq-webhooks");
	}

	@Test
	void theFailureOfAJobWhoseWorkerIsGoneIsLookedAt() {
		JobHooks hooks = JobHooks.NONE.withWebhooks(Webhook.post("http://h/x"));
		Execution run = started("a", PLAIN.withHooks(hooks));
		started("plain");
		expireLeases("default");
		Job template = following("any");
		Job looking = new Job(template.id(), template.queue(), template.status(), template.options(), template.times(),
				template.run(), new JobPayload(bytes("[\"look\",null,[\"<id>\"],{}]"), null));
		assertThat(steadily(() -> this.maintenance.reclaim("default", 0, 500, looking)))
			.extracting((reclaimed) -> reclaimed.job().outcome())
			.containsExactly(ReclaimedJob.Outcome.FAILED, ReclaimedJob.Outcome.FAILED);
		assertThat(list("rq:queue:rq-webhooks")).containsExactly("webhooks-" + run.id());
		assertThat(field("webhooks-" + run.id(), "data")).isEqualTo("[\"look\",null,[\"a\"],{}]");
		assertThat(field("webhooks-" + run.id(), "status")).isEqualTo("queued");
		assertThat(field("webhooks-" + run.id(), "timeout")).isEqualTo("180");
	}

}
