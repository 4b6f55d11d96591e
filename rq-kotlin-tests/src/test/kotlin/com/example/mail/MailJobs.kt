package com.example.mail

import io.rq.annotation.RqJob
import org.springframework.stereotype.Component

data class Mail(val address: String, val subject: String = "Welcome", val copyTo: String? = null)

@Component
class MailJobs {

	@RqJob(queue = "mail", retries = 3, intervals = [10, 60])
	fun sendWelcome(address: String, userId: Long): String = "sent to $address"

	@RqJob(queue = "mail")
	fun send(mail: Mail): Mail = mail.copy(subject = mail.subject.uppercase())

	@RqJob(queue = "mail")
	fun remind(address: String?, times: Int = 1): String = "reminded $address $times times"

	@RqJob(queue = "mail")
	fun cleanUp() {
		println("clean")
	}

}
