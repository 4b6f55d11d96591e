package io.rq.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * The pages that a reader comes to from {@code docs/README.md}, and what they link to.
 */
final class Documentation {

	/** The page with the list of all others, in the order in which they are read. */
	static final String INDEX = "docs/README.md";

	private final Path root;

	private final Map<String, Page> pages = new TreeMap<>();

	private final Set<String> files = new TreeSet<>();

	private final List<String> brokenLinks = new ArrayList<>();

	private Documentation(Path root) {
		this.root = root;
	}

	/**
	 * Reads the documentation.
	 * @param root root of the repository
	 * @return all pages, with a list of links that lead nowhere
	 */
	static Documentation read(Path root) {
		Documentation documentation = new Documentation(root);
		documentation.follow();
		documentation.pages.values().forEach(documentation::check);
		return documentation;
	}

	private void follow() {
		Deque<String> open = new ArrayDeque<>(List.of(INDEX));
		while (!open.isEmpty()) {
			String path = open.remove();
			if (this.pages.containsKey(path)) {
				continue;
			}
			Page page = Page.read(this.root, path);
			this.pages.put(path, page);
			for (String destination : page.destinations()) {
				Target target = Target.of(path, destination);
				if (target != null && Files.isRegularFile(this.root.resolve(target.path()))) {
					(target.isPage() ? open : this.files).add(target.path());
				}
			}
		}
	}

	private void check(Page page) {
		for (String destination : page.destinations()) {
			Target target = Target.of(page.path(), destination);
			if (target != null && !exists(target)) {
				this.brokenLinks.add(page.path() + " links to " + destination);
			}
		}
	}

	private boolean exists(Target target) {
		Page page = this.pages.get(target.path());
		return (page != null) ? page.hasAnchor(target.anchor()) : this.files.contains(target.path());
	}

	Path root() {
		return this.root;
	}

	Collection<Page> pages() {
		return this.pages.values();
	}

	@Nullable Page page(String path) {
		return this.pages.get(path);
	}

	/**
	 * What is no page and linked to, such as images.
	 * @return paths from the root of the repository
	 */
	Set<String> files() {
		return this.files;
	}

	/**
	 * Links to pages, anchors and files that do not exist.
	 * @return a sentence with page and link for each
	 */
	List<String> brokenLinks() {
		return this.brokenLinks;
	}

}
