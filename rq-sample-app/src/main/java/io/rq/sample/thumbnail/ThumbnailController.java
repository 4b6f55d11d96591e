package io.rq.sample.thumbnail;

import java.io.IOException;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

import io.rq.sample.job.AcceptedJob;
import io.rq.template.JobTemplate;

/**
 * Takes pictures and lets a worker shrink them.
 */
@RestController
class ThumbnailController {

	private final PictureStore pictures;

	private final JobTemplate jobs;

	ThumbnailController(PictureStore pictures, JobTemplate jobs) {
		this.pictures = pictures;
		this.jobs = jobs;
	}

	@PostMapping("/thumbnails")
	ResponseEntity<AcceptedJob> shrink(@RequestParam(required = false) MultipartFile picture) throws IOException {
		if (picture == null || picture.isEmpty()) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"No picture was sent: add it as the part 'picture' of a multipart/form-data request");
		}
		Picture stored = store(picture);
		return AcceptedJob.answer(this.jobs.enqueue(ThumbnailJobs::shrink, stored.name(), ThumbnailJobs.SIZE));
	}

	private Picture store(MultipartFile picture) throws IOException {
		try {
			return this.pictures.store(picture.getBytes());
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage(), ex);
		}
	}

}
