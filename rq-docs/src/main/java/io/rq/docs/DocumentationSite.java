package io.rq.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.html.HtmlRenderer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the documentation as HTML that needs no server. The pages lie as their Markdown
 * does in the repository, so that links between them differ in the ending only.
 */
public final class DocumentationSite {

	private static final String LUNR = "/META-INF/resources/webjars/lunr/2.3.9/lunr.min.js";

	private static final String SEARCH = "search.html";

	private final Documentation documentation;

	private final Path target;

	private final Navigation navigation;

	private final Template template = Mustache.compiler()
		.compile(new String(resource("page.mustache"), StandardCharsets.UTF_8));

	private DocumentationSite(Documentation documentation, Path target) {
		this.documentation = documentation;
		this.target = target;
		this.navigation = Navigation.of(Objects.requireNonNull(documentation.page(Documentation.INDEX)));
	}

	/**
	 * Writes the site.
	 * @param args the root of the repository, and the directory to write to
	 * @throws IOException if something cannot be written
	 */
	public static void main(String[] args) throws IOException {
		new DocumentationSite(Documentation.read(Path.of(args[0]).toRealPath()), Path.of(args[1])).write();
	}

	private void write() throws IOException {
		for (Page page : this.documentation.pages()) {
			write(html(page.path()), page.title(), html(page));
		}
		write(SEARCH, "Search", new String(resource("search.fragment.html"), StandardCharsets.UTF_8));
		for (String file : this.documentation.files()) {
			Files.createDirectories(directory(file));
			Files.copy(this.documentation.root().resolve(file), this.target.resolve(file),
					StandardCopyOption.REPLACE_EXISTING);
		}
		Files.write(this.target.resolve("site.css"), resource("site.css"));
		Files.write(this.target.resolve("search.js"), resource("search.js"));
		Files.write(this.target.resolve("lunr.js"), resource(LUNR));
		Files.writeString(this.target.resolve("sections.js"),
				"const sections = " + JsonMapper.shared().writeValueAsString(sections()) + ";\n");
	}

	private Path directory(String file) {
		return Objects.requireNonNull(this.target.resolve(file).getParent());
	}

	private void write(String file, String title, String content) throws IOException {
		Files.createDirectories(directory(file));
		String root = "../".repeat((int) file.chars().filter((character) -> character == '/').count());
		Files.writeString(this.target.resolve(file),
				this.template.execute(Map.of("title", title, "root", root, "content", content, "search",
						file.equals(SEARCH), "groups", groups(file), "neighbours", neighbours(file))));
	}

	private List<Map<String, Object>> groups(String file) {
		return this.navigation.groups()
			.stream()
			.map((group) -> Map.<String, Object>of("title", group.title(), "entries",
					group.entries().stream().map((entry) -> entry(entry, "", file)).toList()))
			.toList();
	}

	private List<Map<String, Object>> neighbours(String file) {
		List<Navigation.Entry> entries = this.navigation.entries();
		List<Map<String, Object>> neighbours = new ArrayList<>();
		for (int i = 0; i < entries.size(); i++) {
			if (html(entries.get(i).path()).equals(file)) {
				if (i > 0) {
					neighbours.add(entry(entries.get(i - 1), "prev", file));
				}
				if (i + 1 < entries.size()) {
					neighbours.add(entry(entries.get(i + 1), "next", file));
				}
			}
		}
		return neighbours;
	}

	private Map<String, Object> entry(Navigation.Entry entry, String relation, String file) {
		String address = html(entry.path());
		return Map.of("title", entry.title(), "address", address, "relation", relation, "current",
				address.equals(file));
	}

	private List<Map<String, String>> sections() {
		return this.documentation.pages()
			.stream()
			.flatMap((page) -> page.sections()
				.stream()
				.map((section) -> Map.of("page", page.title(), "heading", section.heading(), "text", section.text(),
						"address", html(page.path()) + "#" + section.anchor())))
			.toList();
	}

	private String html(Page page) {
		return HtmlRenderer.builder()
			.extensions(Page.EXTENSIONS)
			.attributeProviderFactory((context) -> (node, tag, attributes) -> complete(page, node, attributes))
			.build()
			.render(page.document());
	}

	private void complete(Page page, Node node, Map<String, String> attributes) {
		if (node instanceof Heading heading) {
			attributes.put("id", Objects.requireNonNull(page.anchors().get(heading)));
		}
		if (node instanceof Link link && Target.of(page.path(), link.getDestination()) != null) {
			attributes.put("href", html(link.getDestination()));
		}
	}

	private static String html(String path) {
		return path.replaceFirst("(^|/)README\\.md(?=#|$)", "$1index.html").replaceFirst("\\.md(?=#|$)", ".html");
	}

	private static byte[] resource(String name) {
		try (InputStream resource = Objects.requireNonNull(DocumentationSite.class.getResourceAsStream(name), name)) {
			return resource.readAllBytes();
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot read " + name, ex);
		}
	}

}
