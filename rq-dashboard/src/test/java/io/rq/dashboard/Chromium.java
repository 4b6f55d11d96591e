package io.rq.dashboard;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The machine's Chromium, in which tests look at pages.
 */
final class Chromium implements AutoCloseable {

	private static final double PATIENCE = 30_000;

	private static final String AXE = axe();

	private final Playwright playwright;

	private final com.microsoft.playwright.Browser browser;

	private final String address;

	private final Map<String, Page> tabs = new HashMap<>();

	private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

	/**
	 * Starts it.
	 * @param address the dashboard's
	 */
	Chromium(String address) {
		this.address = address;
		Map<String, String> environment = new HashMap<>(System.getenv());
		environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
		environment.put("PLAYWRIGHT_NODEJS_PATH", node().orElseThrow().toString());
		PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
		this.playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
		this.browser = this.playwright.chromium()
			.launch(new LaunchOptions().setExecutablePath(program().orElseThrow()).setArgs(List.of("--no-sandbox")));
	}

	static boolean isAvailable() {
		return program().isPresent() && node().isPresent();
	}

	private static Optional<Path> program() {
		return find("chromium", "chromium-browser");
	}

	private static Optional<Path> node() {
		return find("node", "nodejs");
	}

	private static Optional<Path> find(String... names) {
		return Stream.of(System.getenv("PATH").split(File.pathSeparator))
			.flatMap((folder) -> Stream.of(names).map((name) -> Path.of(folder, name)))
			.filter(Files::isExecutable)
			.findFirst();
	}

	private static String axe() {
		try (InputStream script = Chromium.class.getResourceAsStream("/axe.min.js")) {
			return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A tab of somebody who has logged in, as wide as a phone or a desk's screen. */
	Page tab(String user, int width, ColorScheme scheme) {
		return this.tabs.computeIfAbsent(user + width + scheme, (name) -> newTab(user, width, scheme));
	}

	private Page newTab(String user, int width, ColorScheme scheme) {
		String credentials = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
		BrowserContext context = this.browser.newContext(new NewContextOptions().setViewportSize(width, 900)
			.setColorScheme(scheme)
			.setExtraHTTPHeaders(Map.of("Authorization", "Basic " + credentials)));
		context.setDefaultTimeout(PATIENCE);
		context.onConsoleMessage((message) -> {
			if (message.type().equals("error")) {
				this.complaints.add(message.text());
			}
		});
		context.onWebError((error) -> this.complaints.add(error.error()));
		return context.newPage();
	}

	/** A tab of somebody at a desk. */
	Page tab(String user) {
		return tab(user, 1440, ColorScheme.LIGHT);
	}

	/** Loads a page of the dashboard and waits until it shows what it is about. */
	void open(Page page, String path) {
		page.navigate("about:blank");
		this.complaints.clear();
		page.navigate(this.address + "#" + path);
		page.locator("main h1").waitFor();
	}

	/** What the console has said that should not have been said. */
	List<String> complaints() {
		return this.complaints;
	}

	/** Looks for what keeps people from using a page. */
	void audit(Page page) {
		// evaluated by the tools of the browser, which the page's policy does not concern
		page.evaluate(AXE);
		Object findings = page.evaluate("""
				async () => (await axe.run()).violations
				  .filter((found) => ['serious', 'critical'].includes(found.impact))
				  .map((found) => `${found.id}: ${found.nodes.map((node) => node.html).join(' | ')}`)""");
		assertThat((List<?>) findings).as(page.url()).isEmpty();
	}

	/** Presses the tab key until a button or link of that text has the focus. */
	private void tabTo(Page page, String text) {
		long start = System.nanoTime();
		while (System.nanoTime() - start < PATIENCE * 1_000_000) {
			Object focused = page.evaluate("() => document.activeElement.textContent.trim()");
			if (text.equals(focused) && Boolean.TRUE
				.equals(page.evaluate("() => document.activeElement.matches('a, button, summary')"))) {
				return;
			}
			page.keyboard().press("Tab");
		}
		throw new AssertionError("The tab key does not lead to '" + text + "' on " + page.url());
	}

	/** Presses a button, or follows a link, by keyboard. */
	void press(Page page, String text) {
		tabTo(page, text);
		page.keyboard().press("Enter");
	}

	@Override
	public void close() {
		this.browser.close();
		this.playwright.close();
	}

}
