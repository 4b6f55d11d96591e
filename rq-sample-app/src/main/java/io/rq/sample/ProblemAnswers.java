package io.rq.sample;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.multipart.MultipartException;

/**
 * Problem details for what Spring MVC has no answer of its own.
 */
@RestControllerAdvice
class ProblemAnswers {

	@ExceptionHandler
	ProblemDetail unreadableUpload(MultipartException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST,
				"The upload cannot be read: send multipart/form-data");
	}

	@ExceptionHandler
	ProblemDetail redisIsAway(DataAccessException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE,
				"Redis does not answer: try again later");
	}

}
