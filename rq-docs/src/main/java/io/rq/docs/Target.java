package io.rq.docs;

import java.net.URI;

import org.jspecify.annotations.Nullable;

/**
 * Where a link within the repository leads.
 *
 * @param path path of the file from the root of the repository, with slashes
 * @param anchor anchor in that file, empty for none
 */
record Target(String path, String anchor) {

	/**
	 * Resolves a link.
	 * @param from path of the file that has the link
	 * @param destination what the link says
	 * @return where it leads, or {@code null} if that is out of the repository
	 */
	static @Nullable Target of(String from, String destination) {
		URI uri = URI.create(destination);
		if (uri.isAbsolute()) {
			return null;
		}
		URI resolved = URI.create("/" + from).resolve(uri);
		String fragment = resolved.getFragment();
		return new Target(resolved.getPath().substring(1), (fragment != null) ? fragment : "");
	}

	boolean isPage() {
		return this.path.endsWith(".md");
	}

}
