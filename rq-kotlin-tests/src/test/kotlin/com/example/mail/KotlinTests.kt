package com.example.mail

import io.rq.annotation.RqJob
import io.rq.annotation.RqJobDefinitionException
import io.rq.autoconfigure.RqAutoConfiguration
import io.rq.job.JobRequest
import io.rq.job.JobStatus
import io.rq.template.JobOperations
import io.rq.test.RqTestOperations
import io.rq.test.autoconfigure.RqTest
import java.nio.file.Files
import java.nio.file.Path
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatIllegalArgumentException
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration
import org.springframework.boot.test.context.runner.ApplicationContextRunner

/**
 * Tests for what Kotlin's compiler makes of jobs, which is not what Java's makes.
 */
@RqTest
class KotlinTests @Autowired constructor(val jobs: JobOperations, val rq: RqTestOperations) {

	@Test
	fun referenceToAMethodWithAResultIsItsJob() {
		val job = jobs.enqueue(MailJobs::sendWelcome, "ada@example.org", 42L)
		rq.runDue()
		assertThat(jobs.result(job.id(), String::class.java)).hasValue("sent to ada@example.org")
	}

	@Test
	fun referenceToAMethodWithoutAResultIsItsJob() {
		val job = jobs.enqueue(MailJobs::cleanUp)
		rq.runDue()
		assertThat(jobs.find(job.id()).orElseThrow().status()).isEqualTo(JobStatus.FINISHED)
	}

	@Test
	fun defaultsOfADataClassFillWhatAnotherProducerLeavesOut() {
		val job = jobs.enqueue(JobRequest.of("com.example.mail.MailJobs.send", mapOf("address" to "bob@example.org")))
		rq.runDue()
		assertThat(jobs.result(job.id(), Mail::class.java)).hasValue(Mail("bob@example.org", "WELCOME"))
	}

	@Test
	fun nullIsAnArgument() {
		val job = jobs.enqueue(MailJobs::remind, null, 2)
		rq.runDue()
		assertThat(jobs.result(job.id(), String::class.java)).hasValue("reminded null 2 times")
	}

	@Test
	fun defaultOfAParameterFillsNoArgument() {
		assertThatIllegalArgumentException()
			.isThrownBy { jobs.enqueue(JobRequest.of("com.example.mail.MailJobs.remind", "ada@example.org")) }
			.withMessageContaining("Argument 2 'times'")
	}

	@Test
	fun lambdaExpressionIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy { jobs.enqueue({ mails: MailJobs, address: String -> mails.remind(address) }, "ada@example.org") }
			.withMessageContaining("lambda expression")
	}

	@Test
	fun referenceToAFunctionOfAValueClassIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy { jobs.enqueue(ValueJobs::remind, UserId(5)) }
			.withMessageContaining("a reference that the compiler had to adapt")
		assertThatIllegalArgumentException()
			.isThrownBy { jobs.enqueue(ValueJobs::count, 5u) }
			.withMessageContaining("a reference that the compiler had to adapt")
	}

	@Test
	fun suspendingFunctionEndsTheStart() {
		assertThatTheStartFails(SuspendingJobs::class.java, "it is a suspending function")
	}

	@Test
	fun overloadsForDefaultsEndTheStart() {
		assertThatTheStartFails(OverloadedJobs::class.java, "or remove @JvmOverloads.")
	}

	private fun assertThatTheStartFails(jobs: Class<*>, message: String) {
		ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RqAutoConfiguration::class.java,
				DataRedisAutoConfiguration::class.java, JacksonAutoConfiguration::class.java))
			.withBean(jobs)
			.run { context ->
				assertThat(context.startupFailure).isInstanceOf(RqJobDefinitionException::class.java)
					.hasMessageContaining(message)
			}
	}

	@Test
	fun documentationShowsTheseFiles() {
		val blocks = Regex("(?ms)^```kotlin\\n(.*?)^```$").findAll(Files.readString(Path.of("../docs/kotlin.md"))).toList()
		val sources = Path.of("src/test/kotlin/com/example/mail").toFile().listFiles()!!.map { it.readText() }
		assertThat(blocks).hasSize(3).allSatisfy { assertThat(sources).contains(it.groupValues[1]) }
	}

	class OverloadedJobs {

		@JvmOverloads
		@RqJob
		fun remind(address: String, times: Int = 1): String = "$address $times"

	}

	@JvmInline
	value class UserId(val value: Long)

	open class ValueJobs {

		@RqJob
		open fun remind(id: UserId): String = "$id"

		@RqJob
		open fun count(number: UInt): String = "$number"

	}

	class SuspendingJobs {

		@RqJob
		@Suppress("RedundantSuspendModifier")
		suspend fun send(address: String): String = address

	}

}
