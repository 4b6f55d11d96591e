package com.example.mail

import io.rq.template.JobOperations
import org.springframework.boot.ApplicationRunner
import org.springframework.boot.autoconfigure.SpringBootApplication
import org.springframework.boot.runApplication
import org.springframework.context.annotation.Bean

@SpringBootApplication
class MailApplication {

	@Bean
	fun welcome(jobs: JobOperations) = ApplicationRunner {
		val job = jobs.enqueue(MailJobs::sendWelcome, "ada@example.org", 42L)
		println("Enqueued ${job.id()}")
	}

}

fun main(args: Array<String>) {
	runApplication<MailApplication>(*args)
}
