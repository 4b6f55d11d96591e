package io.rq.docs;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the dependencies in the documentation: those that are ours exist, in the
 * present version.
 */
class DocumentedDependenciesTests {

	static Stream<CodeBlock> blocks() {
		return CodeBlock.in("xml").stream();
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void oursAreModulesInThePresentVersion(CodeBlock block) throws Exception {
		String version = text(parse(Files.readString(Path.of("pom.xml"))), "version").get(0);
		for (Element dependency : elements(parse(block.code()), "dependency")) {
			if (text(dependency, "groupId").equals(List.of("io.rq"))) {
				assertThat(Path.of("..", text(dependency, "artifactId").get(0), "pom.xml")).exists();
				assertThat(text(dependency, "version")).isSubsetOf(version);
			}
		}
	}

	private static Element parse(String xml) throws Exception {
		String content = xml.replaceFirst("<\\?.*\\?>", "");
		return DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader("<blocks>" + content + "</blocks>")))
			.getDocumentElement();
	}

	private static List<Element> elements(Element root, String name) {
		NodeList nodes = root.getElementsByTagName(name);
		return IntStream.range(0, nodes.getLength()).mapToObj((i) -> (Element) nodes.item(i)).toList();
	}

	private static List<String> text(Element element, String name) {
		return elements(element, name).stream().map(Element::getTextContent).toList();
	}

}
