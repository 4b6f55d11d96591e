package io.rq.docs;

import java.util.ArrayList;
import java.util.List;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;

/**
 * The pages in the order in which they are read, as the index lists them.
 *
 * @param groups the headings of the index, with the pages below each
 */
record Navigation(List<Group> groups) {

	static Navigation of(Page index) {
		List<Group> groups = new ArrayList<>();
		index.document().accept(new AbstractVisitor() {
			@Override
			public void visit(Heading heading) {
				if (heading.getLevel() == 2) {
					groups.add(new Group(Page.text(heading), new ArrayList<>()));
				}
			}

			@Override
			public void visit(Link link) {
				Target target = Target.of(index.path(), link.getDestination());
				if (target != null && target.isPage() && !groups.isEmpty()) {
					groups.get(groups.size() - 1).entries().add(new Entry(Page.text(link), target.path()));
				}
			}
		});
		return new Navigation(groups);
	}

	List<Entry> entries() {
		return this.groups.stream().flatMap((group) -> group.entries().stream()).toList();
	}

	/**
	 * Pages under one heading.
	 *
	 * @param title the heading
	 * @param entries the pages, in their order
	 */
	record Group(String title, List<Entry> entries) {

	}

	/**
	 * A page in the navigation.
	 *
	 * @param title what the index calls it
	 * @param path path of its file from the root of the repository
	 */
	record Entry(String title, String path) {

	}

}
