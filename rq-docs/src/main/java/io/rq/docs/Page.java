package io.rq.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Block;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * A Markdown file of the documentation.
 *
 * @param path path of the file from the root of the repository, with slashes
 * @param document the parsed text
 * @param anchors the anchors of the headings, in their order; as those of git hosts
 */
record Page(String path, Node document, Map<Heading, String> anchors) {

	static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

	private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

	static Page read(Path root, String path) {
		try {
			Node document = PARSER.parse(Files.readString(root.resolve(path)));
			IdGenerator ids = IdGenerator.builder().build();
			Map<Heading, String> anchors = new LinkedHashMap<>();
			document.accept(new AbstractVisitor() {
				@Override
				public void visit(Heading heading) {
					anchors.put(heading, ids.generateId(text(heading)));
				}
			});
			return new Page(path, document, anchors);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read the page " + path, ex);
		}
	}

	/**
	 * What a reader sees of a node, without marks.
	 * @param node part of a page
	 * @return its text
	 */
	static String text(Node node) {
		StringBuilder text = new StringBuilder();
		node.accept(new AbstractVisitor() {
			@Override
			public void visit(Text part) {
				text.append(part.getLiteral());
			}

			@Override
			public void visit(Code code) {
				text.append(code.getLiteral());
			}

			@Override
			public void visit(FencedCodeBlock block) {
				text.append(block.getLiteral());
			}

			@Override
			protected void visitChildren(Node parent) {
				super.visitChildren(parent);
				if (parent instanceof Block || parent instanceof TableCell) {
					text.append(' ');
				}
			}

			@Override
			public void visit(SoftLineBreak lineBreak) {
				text.append(' ');
			}
		});
		return text.toString().strip();
	}

	String title() {
		return this.anchors.keySet().stream().findFirst().map(Page::text).orElse(this.path);
	}

	boolean hasAnchor(String anchor) {
		return anchor.isEmpty() || Set.copyOf(this.anchors.values()).contains(anchor);
	}

	/**
	 * What the links and images of this page say, in their order.
	 * @return the destinations
	 */
	List<String> destinations() {
		List<String> destinations = new ArrayList<>();
		this.document.accept(new AbstractVisitor() {
			@Override
			public void visit(Link link) {
				destinations.add(link.getDestination());
				visitChildren(link);
			}

			@Override
			public void visit(Image image) {
				destinations.add(image.getDestination());
			}
		});
		return destinations;
	}

	/**
	 * What stands below each heading, up to the next one.
	 * @return the sections that have a heading
	 */
	List<Section> sections() {
		List<Section> sections = new ArrayList<>();
		Heading heading = null;
		StringBuilder text = new StringBuilder();
		for (Node node = this.document.getFirstChild(); node != null; node = node.getNext()) {
			if (node instanceof Heading next) {
				add(sections, heading, text);
				heading = next;
				text.setLength(0);
			}
			else {
				text.append(text(node)).append('\n');
			}
		}
		add(sections, heading, text);
		return sections;
	}

	private void add(List<Section> sections, @Nullable Heading heading, StringBuilder text) {
		String anchor = (heading != null) ? this.anchors.get(heading) : null;
		if (heading != null && anchor != null) {
			sections.add(new Section(anchor, text(heading), text.toString().strip()));
		}
	}

	/**
	 * A heading and the text below it.
	 *
	 * @param anchor anchor of the heading
	 * @param heading the heading itself
	 * @param text what stands below it, without marks
	 */
	record Section(String anchor, String heading, String text) {

	}

}
