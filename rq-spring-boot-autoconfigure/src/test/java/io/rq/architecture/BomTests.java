package io.rq.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the BOM against the modules of the build.
 */
class BomTests {

	private static final Path ROOT = Path.of("..");

	private static final String BOM = "rq-spring-boot-bom";

	@Test
	void itListsEveryPublishedModule() {
		List<String> published = read(ROOT.resolve("pom.xml"), "/project/modules/module").stream()
			.filter((module) -> !module.equals(BOM) && isPublished(module))
			.toList();
		assertThat(published).contains("rq-spring-boot-starter").doesNotContain("rq-sample-app");
		assertThat(read(pom(BOM), "/project/dependencyManagement/dependencies/dependency/artifactId")).isSorted()
			.containsExactlyInAnyOrderElementsOf(published);
	}

	private static boolean isPublished(String module) {
		return !read(pom(module), "/project/properties/maven.deploy.skip").contains("true");
	}

	private static Path pom(String module) {
		return ROOT.resolve(module).resolve("pom.xml");
	}

	private static List<String> read(Path pom, String path) {
		try {
			NodeList nodes = (NodeList) XPathFactory.newInstance()
				.newXPath()
				.evaluate(path, DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile()),
						XPathConstants.NODESET);
			return IntStream.range(0, nodes.getLength()).mapToObj((i) -> nodes.item(i).getTextContent()).toList();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Cannot read " + pom, ex);
		}
	}

}
