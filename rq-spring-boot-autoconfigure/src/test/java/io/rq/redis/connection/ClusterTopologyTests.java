package io.rq.redis.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for finding the node of a cluster that has a slot.
 */
class ClusterTopologyTests {

	private static final int SLOT = 141;

	private static final String A = "0a a:7000@17000 %s - 0 0 1 connected %s\n";

	private static final String B = "0b b:7000@17000 %s - 0 0 2 connected %s\n";

	private final List<String> asked = new ArrayList<>();

	private final RedisClusterConfiguration cluster = new RedisClusterConfiguration(List.of("a:7000"));

	@Test
	void ownersAreFoundAmongNodesThatWereNotConfigured() {
		this.cluster.setUsername("app");
		ClusterTopology topology = new ClusterTopology(this.cluster);
		assertThat(topology.owner(SLOT)).isNull();
		refresh(topology, null, Map.of("a", nodes("master", "8192-16383", "master", "0-8191")));
		assertThat(owner(topology, SLOT)).isEqualTo("b");
		assertThat(owner(topology, 16_383)).isEqualTo("a");
		assertThat(topology.server(topology.owner(SLOT)).getUsername()).isEqualTo("app");
	}

	@Test
	void theOneThatIsSuspectedIsAskedLast() {
		ClusterTopology topology = new ClusterTopology(this.cluster);
		String before = nodes("slave", "", "master", "0-16383");
		refresh(topology, null, Map.of("a", before));
		this.asked.clear();
		refresh(topology, topology.owner(SLOT), Map.of("a", nodes("master", "0-16383", "slave", ""), "b", before));
		assertThat(this.asked).containsExactly("a");
		assertThat(owner(topology, SLOT)).isEqualTo("a");
	}

	@Test
	void theOneThatSentTheCallAwayIsAskedFirst() {
		ClusterTopology topology = new ClusterTopology(this.cluster);
		refresh(topology, null, Map.of("a", nodes("master", "8192-16383", "master", "0-8191")));
		this.asked.clear();
		topology.refresh(topology.owner(SLOT), null,
				(node) -> answer(node.getRequiredHost(), Map.of("b", nodes("master", "0-16383", "master", ""))));
		assertThat(this.asked).containsExactly("b");
		assertThat(owner(topology, SLOT)).isEqualTo("a");
	}

	@Test
	void aNodeThatHasLeftTheClusterIsNotBelieved() {
		ClusterTopology topology = new ClusterTopology(this.cluster);
		String whole = nodes("master", "8192-16383", "master", "0-8191");
		refresh(topology, null, Map.of("a", whole));
		this.asked.clear();
		refresh(topology, null, Map.of("a", "0a a:7000@17000 myself,master - 0 0 1 connected\n", "b", whole));
		assertThat(this.asked).containsExactlyInAnyOrder("a", "b");
		assertThat(topology.members()).hasSize(2);
		assertThat(owner(topology, SLOT)).isEqualTo("b");
	}

	@Test
	void nodesThatDoNotAnswerOrDoNotKnowAreNoObstacle() {
		ClusterTopology topology = new ClusterTopology(this.cluster);
		refresh(topology, null, Map.of("a", nodes("master", "", "master", "0-16383")));
		this.asked.clear();
		refresh(topology, topology.owner(SLOT), Map.of("b", nodes("master", "0-16383", "slave", "")));
		assertThat(this.asked).containsExactly("a", "b");
		assertThat(owner(topology, SLOT)).isEqualTo("a");
		refresh(topology, null, Map.of());
		assertThat(owner(topology, SLOT)).isEqualTo("a");
	}

	@Test
	void aSlotThatNobodyClaimsForAMomentStaysWhereItWas() {
		ClusterTopology topology = new ClusterTopology(this.cluster);
		refresh(topology, null, Map.of("a", nodes("master", "8192-16383", "master", "0-8191")));
		refresh(topology, null,
				Map.of("a", nodes("master", "8192-16383 [141-<-0b]", "master", "0-140 142-8191 [141->-0a]")));
		assertThat(owner(topology, SLOT)).isEqualTo("b");
	}

	@Test
	void aNodeThatDoesNotKnowItsAddressIsWhereItWasAsked() {
		ClusterTopology topology = new ClusterTopology(this.cluster);
		refresh(topology, null, Map.of("a", "0a :7000@17000 myself,master - 0 0 0 connected 0-16383\n"));
		assertThat(owner(topology, SLOT)).isEqualTo("a");
	}

	private static String owner(ClusterTopology topology, int slot) {
		return Objects.requireNonNull(topology.owner(slot)).getRequiredHost();
	}

	private static String nodes(String a, String slotsOfA, String b, String slotsOfB) {
		return A.formatted(a, slotsOfA) + B.formatted(b, slotsOfB);
	}

	private void refresh(ClusterTopology topology, @Nullable RedisNode suspect, Map<String, String> answers) {
		topology.refresh(null, suspect, (node) -> answer(node.getRequiredHost(), answers));
	}

	private @Nullable String answer(String host, Map<String, String> answers) {
		this.asked.add(host);
		if (!answers.containsKey(host)) {
			throw new IllegalStateException("gone");
		}
		return answers.get(host);
	}

}
