package io.rq.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for finding the node of a cluster that has the keys. The slot of
 * <code>{rq}</code> is 141.
 */
class SlotOwnerTests {

	private static final KeyLayout LAYOUT = KeyLayout.rq("{rq}");

	private static final String A = "0a a:7000@17000 %s - 0 0 1 connected %s\n";

	private static final String B = "0b b:7000@17000 %s - 0 0 2 connected %s\n";

	private final List<String> asked = new ArrayList<>();

	private final RedisClusterConfiguration cluster = new RedisClusterConfiguration(List.of("a:7000"));

	@Test
	void ownerIsFoundAmongNodesThatWereNotConfigured() {
		this.cluster.setUsername("app");
		SlotOwner owner = new SlotOwner(this.cluster, LAYOUT);
		assertThat(owner.server().getHostName()).isEqualTo("a");
		find(owner, Map.of("a", nodes("master", "8192-16383", "master", "0-8191")));
		assertThat(owner.server().getHostName()).isEqualTo("b");
		assertThat(owner.server().getUsername()).isEqualTo("app");
	}

	@Test
	void theLastOwnerIsAskedLast() {
		SlotOwner owner = new SlotOwner(this.cluster, LAYOUT);
		String before = nodes("slave", "", "master", "0-16383");
		find(owner, Map.of("a", before));
		this.asked.clear();
		find(owner, Map.of("a", nodes("master", "0-16383", "slave", ""), "b", before));
		assertThat(this.asked).containsExactly("a");
		assertThat(owner.server().getHostName()).isEqualTo("a");
	}

	@Test
	void nodesThatDoNotAnswerOrDoNotKnowAreNoObstacle() {
		SlotOwner owner = new SlotOwner(this.cluster, LAYOUT);
		find(owner, Map.of("a", nodes("master", "", "master", "0-16383")));
		this.asked.clear();
		find(owner, Map.of("b", nodes("master", "0-16383", "slave", "")));
		assertThat(this.asked).containsExactly("a", "b");
		assertThat(owner.server().getHostName()).isEqualTo("a");
		find(owner, Map.of());
		assertThat(owner.server().getHostName()).isEqualTo("a");
	}

	@Test
	void aNodeThatDoesNotKnowItsAddressIsWhereItWasAsked() {
		SlotOwner owner = new SlotOwner(this.cluster, LAYOUT);
		find(owner, Map.of("a", "0a :7000@17000 myself,master - 0 0 0 connected 0-16383\n"));
		assertThat(owner.server().getHostName()).isEqualTo("a");
	}

	@Test
	void keysInSeveralSlotsHaveNoOwner() {
		for (String prefix : List.of("rq", "r{}q", "r{q")) {
			assertThatIllegalArgumentException().isThrownBy(() -> new SlotOwner(this.cluster, KeyLayout.rq(prefix)))
				.withMessageContaining("hash tag");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> new SlotOwner(this.cluster, KeyLayout.tagged("rq")));
	}

	private static String nodes(String a, String slotsOfA, String b, String slotsOfB) {
		return A.formatted(a, slotsOfA) + B.formatted(b, slotsOfB);
	}

	private void find(SlotOwner owner, Map<String, String> answers) {
		owner.find((node) -> answer(node, answers));
	}

	private @Nullable String answer(RedisStandaloneConfiguration node, Map<String, String> answers) {
		this.asked.add(node.getHostName());
		if (!answers.containsKey(node.getHostName())) {
			throw new IllegalStateException("gone");
		}
		return answers.get(node.getHostName());
	}

}
