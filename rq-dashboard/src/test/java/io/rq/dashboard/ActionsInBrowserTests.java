package io.rq.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.rq.job.JobRequest;
import io.rq.job.RateLimit;
import io.rq.operations.AuditEntry;
import io.rq.operations.BulkOperation;
import io.rq.operations.JobArguments;
import io.rq.queue.Registry;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Does in a browser what operators do with the dashboard.
 */
class ActionsInBrowserTests extends AbstractBrowserTests {

	@Test
	void aFailureIsFoundExplainedMendedAndRunAgain() {
		Page page = chromium.tab("admin");
		chromium.open(page, "/");
		page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Failures")).click();
		page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("mail").setExact(true)).first().click();
		page.locator("a.row", new Page.LocatorOptions().setHasText("broken")).click();
		assertThat(page.locator("main")).containsText("IllegalArgumentException");
		page.getByText("Stack trace").click();
		assertThat(page.locator("pre[id^=trace-]")).containsText("There is no address");
		assertThat(page.locator("main")).containsText("9007199254740993");
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Edit")).click();
		Locator field = page.locator("#ask-input");
		field.fill(field.inputValue().replaceFirst("\"\"", "\"someone@example.org\""));
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Change them")).click();
		assertThat(page.locator("#toast")).hasText("The arguments were changed.");
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Requeue")).click();
		page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Requeue").setExact(true)).click();
		assertThat(page.locator("main .state").first()).hasText("finished");
		assertThat(jobs.result("broken", String.class)).contains("sent 9007199254740993");
		assertThat(chromium.complaints()).isEmpty();
	}

	/** What is to be done, where, on which buttons, and how the record calls it. */
	static Stream<Arguments> actions() {
		return Stream.of(Arguments.of("/jobs/%s", "failed", "Requeue …", "Requeue", "requeue"),
				Arguments.of("/jobs/%s", "failed", "Run again …", "Run again", "run-again"),
				Arguments.of("/jobs/%s", "failed", "Delete …", "Delete", "delete"),
				Arguments.of("/jobs/%s", "scheduled", "Run now …", "Run now", "run-now"),
				Arguments.of("/jobs/%s", "scheduled", "Cancel …", "Cancel", "cancel"),
				Arguments.of("/jobs/%s", "queued", "Edit …", "Change them", "edit"),
				Arguments.of("/jobs/%s", "started", "Stop …", "Stop", "stop"),
				Arguments.of("/queues/paper", null, "Pause …", "Pause", "pause-queue"),
				Arguments.of("/queues/paper", null, "Resume", null, "resume-queue"),
				Arguments.of("/queues/heap", "heap", "Empty …", "Delete them", "empty"),
				Arguments.of("/", null, "Suspend all …", "Suspend", "suspend"),
				Arguments.of("/", null, "Resume", null, "resume"),
				Arguments.of("/cron", null, "Run now …", "Run now", "trigger-cron"),
				Arguments.of("/cron", null, "Pause …", "Pause", "pause-cron"),
				Arguments.of("/cron", null, "Resume", null, "resume-cron"));
	}

	@ParameterizedTest
	@MethodSource("actions")
	void everythingCanBeDoneByKeyboard(String path, String kind, String button, String answer, String operation) {
		String id = (kind != null) ? job(kind) : "none";
		Page page = chromium.tab("admin");
		chromium.open(page, path.formatted(id));
		chromium.press(page, button);
		if (answer != null) {
			chromium.audit(page);
			chromium.press(page, answer);
		}
		assertThat(page.locator("#toast")).not().isEmpty();
		AuditEntry entry = operations.audit(null, 1).get(0);
		assertThat(entry.operation()).isEqualTo(operation);
		assertThat(entry.outcome()).isEqualTo(AuditEntry.Outcome.DONE);
		assertThat(entry.operator()).isEqualTo("admin");
		// the page of a job that has just been deleted looks for it once more
		assertThat(chromium.complaints())
			.allMatch((complaint) -> operation.equals("delete") && complaint.contains("404"));
	}

	@Test
	void aTimeThatIsNoNumberSuspendsNobody() {
		Page page = chromium.tab("admin");
		chromium.open(page, "/");
		chromium.press(page, "Suspend all …");
		page.locator("#ask-input").fill("10m");
		chromium.press(page, "Suspend");
		assertThat(page.locator("#toast")).containsText("'10m' is no whole number of seconds");
		assertThat(queues.isSuspended()).isFalse();
		assertThat(chromium.complaints()).isEmpty();
	}

	@Test
	void allThatMatchAreCountedAndCancelled() {
		for (int i = 0; i < 120; i++) {
			jobs.enqueue(JobRequest.of((i % 2 == 0) ? "paper.fold" : "paper.print", i).queue("bulk"));
		}
		Page page = chromium.tab("admin");
		chromium.open(page, "/queues/bulk/queued");
		page.locator("#function").fill("paper.fold");
		page.keyboard().press("Enter");
		assertThat(page.locator("main .faint").first()).containsText("Looked at");
		assertThat(page).hasURL(Pattern.compile(".*function=paper.fold"));
		chromium.press(page, "Cancel all …");
		assertThat(page.locator("#ask-question")).hasText("Cancel 60 queued jobs of bulk?");
		chromium.audit(page);
		chromium.press(page, "Cancel");
		assertThat(page.locator("h1")).hasText("Operations");
		assertThat(page.locator("tbody tr").first()).containsText("done");
		assertThat(queues.count("bulk", Registry.QUEUED)).isEqualTo(60);
		chromium.audit(page);
		assertThat(chromium.complaints()).isEmpty();
	}

	/** The server waits 30 seconds for a worker that is to stop. */
	@Test
	void changesMayTakeLongerThanALook() {
		Page page = chromium.tab("admin", 1200, ColorScheme.LIGHT);
		page.addInitScript("""
				window.limits = [];
				const limited = AbortSignal.timeout.bind(AbortSignal);
				AbortSignal.timeout = (millis) => { window.limits.push(millis); return limited(millis); };""");
		chromium.open(page, "/workers");
		chromium.press(page, "Stop …");
		page.evaluate("() => { window.limits = []; }");
		page.route("**/stop", (route) -> route.fulfill(new Route.FulfillOptions().setBody("{\"done\":true}")));
		chromium.press(page, "Stop it");
		assertThat(page.locator("#toast")).hasText("The worker has stopped.");
		assertThat((Integer) page.evaluate("() => Math.max(...window.limits)")).isGreaterThan(30_000);
	}

	@Test
	void whatIsOfferedCanBeDone() {
		JobRequest limited = JobRequest.of("paper.print")
			.queue("limited")
			.rateLimit(RateLimit.key("paper").concurrency(1));
		jobs.enqueue(limited);
		String id = jobs.enqueue(limited).id();
		Page page = chromium.tab("admin");
		chromium.open(page, "/jobs/" + id);
		assertThat(page.locator("main .state").first()).hasText("rate_limited");
		chromium.press(page, "Cancel …");
		chromium.press(page, "Cancel");
		assertThat(page.locator("#toast")).hasText("Cancel: done.");
		chromium.open(page, "/jobs/dependent");
		assertThat(page.locator("main")).containsText("Cancel …");
		assertThat(page.locator("main")).not().containsText("Requeue …");
		for (String state : List.of("scheduled", "deferred")) {
			chromium.open(page, "/queues/paper/" + state);
			assertThat(page.locator("main tbody tr").first()).isVisible();
			assertThat(page.locator("main")).not().containsText("Select page");
		}
		assertThat(chromium.complaints()).isEmpty();
	}

	@Test
	void threadOfARunningJobIsSeenByAdmins() {
		String id = job("started");
		Page page = chromium.tab("operator");
		chromium.open(page, "/jobs/" + id);
		assertThat(page.locator("main")).containsText("Stop …");
		assertThat(page.locator("main")).not().containsText("Thread");
		page = chromium.tab("admin");
		chromium.open(page, "/jobs/" + id);
		chromium.press(page, "Thread");
		assertThat(page.locator("pre#stack")).containsText("Mailing.waitLong");
		chromium.audit(page);
		operations.stop(id);
		assertThat(page.locator("h2").first()).hasText("Attempts");
		assertThat(chromium.complaints()).isEmpty();
	}

	@Test
	void whatWasDeletedIsPutBack() {
		String id = job("undone");
		Page page = chromium.tab("admin");
		chromium.open(page, "/jobs/" + id);
		chromium.press(page, "Delete …");
		chromium.press(page, "Delete");
		chromium.press(page, "Undo");
		assertThat(page.locator("main")).containsText("queued");
		assertThat(jobs.exists(id)).isTrue();
		job("undone");
		chromium.open(page, "/queues/undone/queued");
		chromium.press(page, "Delete all …");
		assertThat(page.locator("#ask-question")).hasText("Delete 2 queued jobs of undone?");
		chromium.press(page, "Delete");
		assertThat(page.locator("tbody tr").first()).containsText("2 can be put back until");
		assertThat(queues.count("undone", Registry.QUEUED)).isZero();
		chromium.press(page, "Undo");
		chromium.audit(page);
		assertThat(page.locator("#ask-question")).hasText("Put 2 deleted jobs of undone back?");
		chromium.press(page, "Undo");
		await().until(() -> queues.count("undone", Registry.QUEUED) == 2);
		assertThat(page.locator("tbody tr").first()).containsText("undo");
		// the page of a job that has just been deleted looks for it once more
		assertThat(chromium.complaints()).allMatch((complaint) -> complaint.contains("404"));
	}

	@Test
	void anAnswerThatWasOvertakenIsNotShown() {
		String id = job("undone");
		Page page = chromium.tab("admin");
		chromium.open(page, "/jobs/" + id);
		List<Route> looks = new ArrayList<>();
		page.route(Pattern.compile("/jobs/" + id + "$"), looks::add);
		page.waitForCondition(() -> looks.size() == 1);
		APIResponse beforeIt = looks.get(0).fetch();
		chromium.press(page, "Delete …");
		chromium.press(page, "Delete");
		page.waitForCondition(() -> looks.size() == 2);
		looks.get(1).resume();
		assertThat(page.locator("main")).containsText("This job was deleted");
		looks.get(0).fulfill(new Route.FulfillOptions().setResponse(beforeIt));
		page.waitForCondition(() -> looks.size() == 3);
		assertThat(page.locator("main").textContent()).contains("This job was deleted");
		page.unrouteAll();
	}

	@Test
	void buttonKeepsTheFocusWhenThePageIsDrawnAgain() {
		job("crowd");
		Page page = chromium.tab("admin");
		chromium.open(page, "/queues/crowd");
		Locator pause = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause …"));
		pause.focus();
		pause.evaluate("(button) => button.dataset.drawn = 'before'");
		job("crowd");
		page.locator("button[data-drawn]")
			.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
		assertThat(pause).isFocused();
	}

	@Test
	void tableStaysWhereItWasScrolledToWhenThePageIsDrawnAgain() {
		job("wide");
		Page page = chromium.tab("admin", 375, ColorScheme.LIGHT);
		chromium.open(page, "/queues/wide/queued");
		Locator table = page.locator(".scroll");
		table.evaluate("(div) => { div.scrollLeft = 40; div.dataset.drawn = 'before'; }");
		job("wide");
		page.locator(".scroll[data-drawn]")
			.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
		assertThat(table.evaluate("(div) => div.scrollLeft")).isEqualTo(40);
	}

	@Test
	void textStaysWhereItWasScrolledToWhenItChanges() {
		String id = jobs.enqueue(JobRequest.of("paper.print", "a".repeat(300)).queue("wide")).id();
		Page page = chromium.tab("admin", 375, ColorScheme.LIGHT);
		chromium.open(page, "/jobs/" + id);
		Locator arguments = page.locator("pre");
		arguments.evaluate("(pre) => { pre.scrollLeft = 40; pre.dataset.drawn = 'before'; }");
		operations.edit(id, new JobArguments(List.of("b".repeat(300)), Map.of()));
		page.locator("pre[data-drawn]").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
		assertThat(arguments).containsText("bbb");
		assertThat(arguments.evaluate("(pre) => pre.scrollLeft")).isEqualTo(40);
	}

	@Test
	void pausedQueueIsMarkedOnTheOverview() {
		job("resting");
		operations.pauseQueue("resting", "a migration");
		Page page = chromium.tab("viewer");
		chromium.open(page, "/");
		assertThat(page.locator("tbody tr", new Page.LocatorOptions().setHasText("resting")).first())
			.containsText("paused");
		operations.resumeQueue("resting");
	}

	@Test
	void allFailuresOfAKindAreRequeuedByTheServer() {
		job("failed");
		job("failed");
		Page page = chromium.tab("admin");
		chromium.open(page, "/failures");
		chromium.press(page, "Requeue these …");
		chromium.press(page, "Requeue");
		assertThat(page.locator("h1")).hasText("Operations");
		assertThat(page.locator("tbody tr").first()).containsText("of failure");
		assertThat(page.locator("tbody tr").first()).containsText("done");
		BulkOperation operation = operations.bulkOperations().get(0);
		assertThat(operation.operation()).isEqualTo("requeue");
		assertThat(operation.operator()).isEqualTo("admin");
		assertThat(operation.filter().failure()).isNotNull();
		assertThat(operation.done()).isGreaterThanOrEqualTo(2).isEqualTo(operation.matched());
		assertThat(chromium.complaints()).isEmpty();
	}

}
