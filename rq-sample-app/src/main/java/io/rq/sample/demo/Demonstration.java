package io.rq.sample.demo;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

import io.rq.job.Job;
import io.rq.job.JobRequest;
import io.rq.sample.SampleProperties;
import io.rq.sample.report.Report;
import io.rq.sample.report.ReportJobs;
import io.rq.sample.thumbnail.Picture;
import io.rq.sample.thumbnail.PictureStore;
import io.rq.sample.thumbnail.Thumbnail;
import io.rq.sample.thumbnail.ThumbnailJobs;
import io.rq.sample.webhook.Delivery;
import io.rq.sample.webhook.WebhookJobs;
import io.rq.template.JobBatch;
import io.rq.template.JobTemplate;

/**
 * Shows what the application does: some jobs of each kind, followed to their ends.
 */
@Component
class Demonstration implements ApplicationRunner, ApplicationListener<ContextClosedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(Demonstration.class);

	private static final List<String> PICTURES = List.of("harbour.jpg", "mountains.jpg", "balloons.png", "rings.png");

	private static final List<String> ORDERS = List.of("order-1", "order-2");

	private static final Duration REPORT_DELAY = Duration.ofSeconds(3);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final SampleProperties properties;

	private final Environment environment;

	private final PictureStore pictures;

	private final JobTemplate jobs;

	private final CountDownLatch closed = new CountDownLatch(1);

	Demonstration(SampleProperties properties, Environment environment, PictureStore pictures, JobTemplate jobs) {
		this.properties = properties;
		this.environment = environment;
		this.pictures = pictures;
		this.jobs = jobs;
	}

	@Override
	public void run(ApplicationArguments args) throws IOException, InterruptedException {
		if (!this.properties.demo()) {
			return;
		}
		logger.info(
				"Demonstration: {} pictures and a report when all are done, {} webhooks to a receiver that refuses twice, "
						+ "a report in {} s",
				PICTURES.size(), ORDERS.size(), REPORT_DELAY.toSeconds());
		long start = System.nanoTime();
		List<DemoJob<?>> demoJobs = enqueue();
		while (!isOver(demoJobs) && System.nanoTime() - start < PATIENCE.toNanos()) {
			if (this.closed.await(50, TimeUnit.MILLISECONDS)) {
				return;
			}
			demoJobs.forEach((job) -> job.follow(this.jobs));
		}
		summarize(demoJobs, Duration.ofNanos(System.nanoTime() - start));
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		this.closed.countDown();
	}

	private List<DemoJob<?>> enqueue() throws IOException {
		List<DemoJob<?>> demoJobs = new ArrayList<>();
		demoJobs.addAll(shrink());
		for (String order : ORDERS) {
			demoJobs.add(deliver(order));
		}
		demoJobs.add(report("report", this.jobs.enqueueIn(REPORT_DELAY, ReportJobs::write)));
		return demoJobs;
	}

	/** All pictures as one group, and a report that waits for it. */
	private List<DemoJob<?>> shrink() throws IOException {
		List<Picture> stored = new ArrayList<>();
		for (String name : PICTURES) {
			stored.add(this.pictures.store(new ClassPathResource("pictures/" + name).getContentAsByteArray()));
		}
		JobBatch thumbnails = this.jobs.group("pictures-" + UUID.randomUUID())
			.enqueueAll(stored.stream()
				.map((picture) -> JobRequest.of(ThumbnailJobs::shrink, picture.name(), ThumbnailJobs.SIZE))
				.toList());
		List<DemoJob<?>> demoJobs = new ArrayList<>();
		for (int i = 0; i < PICTURES.size(); i++) {
			demoJobs.add(shrink(PICTURES.get(i), stored.get(i), thumbnails.jobs().get(i)));
		}
		demoJobs.add(report("report of the pictures", thumbnails.then(JobRequest.of(ReportJobs::write))));
		return demoJobs;
	}

	private static DemoJob<Thumbnail> shrink(String name, Picture picture, Job job) {
		return new DemoJob<>("thumbnail " + name, job, Thumbnail.class, (thumbnail) -> "%d x %d pixels become %d x %d"
			.formatted(picture.width(), picture.height(), thumbnail.width(), thumbnail.height()));
	}

	private DemoJob<Delivery> deliver(String order) {
		URI receiver = URI.create(address() + "/flaky/" + order);
		String payload = "{\"paid\":\"" + order + "\"}";
		return new DemoJob<>("webhook " + order,
				this.jobs.enqueue(WebhookJobs::deliver, receiver, "application/json", payload), Delivery.class,
				(delivery) -> "the receiver answered " + delivery.status());
	}

	private static DemoJob<Report> report(String name, Job job) {
		return new DemoJob<>(name, job, Report.class,
				(report) -> "%d thumbnails made, %d webhooks delivered, %d refused".formatted(report.thumbnails(),
						report.deliveries(), report.refusals()));
	}

	private static boolean isOver(List<DemoJob<?>> demoJobs) {
		return demoJobs.stream().allMatch(DemoJob::isOver);
	}

	private void summarize(List<DemoJob<?>> demoJobs, Duration time) {
		long over = demoJobs.stream().filter(DemoJob::isOver).count();
		long finished = demoJobs.stream().filter(DemoJob::isFinished).count();
		long retried = demoJobs.stream().filter(DemoJob::isRetried).count();
		String waiting = (over < demoJobs.size()) ? ", %d still waiting".formatted(demoJobs.size() - over) : "";
		logger.info("Demonstration over after {} s: {} jobs finished, {} failed, {} retried{}. See {}, {} and {}",
				time.toSeconds(), finished, over - finished, retried, waiting, address(), address() + "/actuator/rq",
				address() + "/actuator/health");
	}

	private String address() {
		return "http://localhost:" + this.environment.getRequiredProperty("local.server.port");
	}

}
