package io.rq.serializer;

import tools.jackson.databind.json.JsonMapper;

import io.rq.job.InvalidJobException;

/**
 * What Jazzer throws bytes at, led by the branches that they reach: the readers of what
 * other processes have written. What they throw beside the exceptions that are documented
 * is a finding.
 */
public final class PayloadFuzzer {

	private static final int MAX_SIZE = 20_000;

	private static final JsonMapper mapper = JsonMapper.builder().build();

	private PayloadFuzzer() {
	}

	/**
	 * Reads an input in each format, as each thing that it may be.
	 * @param input the input
	 */
	public static void fuzzerTestOneInput(byte[] input) {
		for (SerializerFormat format : SerializerFormat.values()) {
			JobSerializer serializer = format.serializer(mapper, MAX_SIZE);
			for (Reading reading : Reading.values()) {
				attempt(() -> reading.read(serializer, input));
			}
		}
	}

	private static void attempt(Runnable reading) {
		try {
			reading.run();
		}
		catch (InvalidJobException | JobSerializationException ex) {
			if (ex.getMessage() == null) {
				throw new AssertionError("Refused without a reason", ex);
			}
		}
	}

}
