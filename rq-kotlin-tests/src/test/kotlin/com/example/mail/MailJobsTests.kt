package com.example.mail

import io.rq.template.JobOperations
import io.rq.test.RqTestOperations
import io.rq.test.autoconfigure.RqTest
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired

@RqTest
class MailJobsTests @Autowired constructor(val jobs: JobOperations, val rq: RqTestOperations) {

	@Test
	fun sendsMail() {
		val job = jobs.enqueue(MailJobs::send, Mail("ada@example.org"))
		rq.runDue()
		assertThat(jobs.result(job.id(), Mail::class.java)).hasValue(Mail("ada@example.org", "WELCOME"))
	}

}
