package io.rq.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;

/**
 * Code in the documentation.
 *
 * @param page path of the page that shows it
 * @param language what the page says it is
 * @param file name of the file, if the paragraph before the code consists of it; else
 * empty
 * @param code the code itself
 */
record CodeBlock(String page, String language, String file, String code) {

	/**
	 * All code of a language, of all pages.
	 * @param languages the languages
	 * @return the blocks, in the order of the pages
	 */
	static List<CodeBlock> in(String... languages) {
		List<CodeBlock> blocks = new ArrayList<>();
		for (Page page : Documentation.read(Path.of("..")).pages()) {
			page.document().accept(new AbstractVisitor() {
				@Override
				public void visit(FencedCodeBlock block) {
					if (List.of(languages).contains(block.getInfo())) {
						blocks.add(new CodeBlock(page.path(), block.getInfo(), file(block.getPrevious()),
								block.getLiteral()));
					}
				}
			});
		}
		return blocks;
	}

	private static String file(Node before) {
		String text = (before != null) ? Page.text(before) : "";
		return text.matches("[\\w./-]+\\.\\w+") ? text : "";
	}

	@Override
	public String toString() {
		return this.page + ":\n" + this.code;
	}

}
