package io.rq.sample.film;

import java.io.IOException;

import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import io.rq.handler.JobContext;
import io.rq.sample.job.AcceptedJob;
import io.rq.sample.thumbnail.PictureStore;
import io.rq.template.JobTemplate;

/**
 * Lets a worker make films of a picture of the application's own.
 */
@RestController
class FilmController {

	private static final int LONGEST = 10_000;

	private final PictureStore pictures;

	private final JobTemplate jobs;

	FilmController(PictureStore pictures, JobTemplate jobs) {
		this.pictures = pictures;
		this.jobs = jobs;
	}

	@PostMapping("/films")
	ResponseEntity<AcceptedJob> zoom(@RequestParam(defaultValue = "600") int frames) throws IOException {
		if (frames < 1 || frames > LONGEST) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"'frames' must be between 1 and " + LONGEST + " but is " + frames);
		}
		String picture = this.pictures.store(new ClassPathResource("pictures/mountains.jpg").getContentAsByteArray())
			.name();
		return AcceptedJob.answer(this.jobs.enqueue(FilmJobs::zoom, JobContext.SUPPLIED, picture, frames));
	}

}
