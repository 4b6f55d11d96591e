// Compiled with Kotlin 2.1.0 and -Xno-call-assertions -Xno-param-assertions -no-stdlib.
package io.rq.template.kotlin

import io.rq.job.JobRequest

open class MailJobs {
	open fun send(address: String, id: Long): String = address + id
	fun none() {}
}

interface Api {
	fun go(id: Int)
}

class References {
	fun withResult(): JobRequest = JobRequest.of(MailJobs::send, "a", 1L)
	fun withoutResult(): JobRequest = JobRequest.of(MailJobs::none)
	fun ofInterface(): JobRequest = JobRequest.of(Api::go, 3)
	fun lambda(): JobRequest = JobRequest.of({ jobs: MailJobs, address: String -> jobs.send(address, 1L) }, "x")
}
