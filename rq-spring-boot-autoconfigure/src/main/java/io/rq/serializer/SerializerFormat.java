package io.rq.serializer;

import tools.jackson.databind.json.JsonMapper;

/**
 * In which of RQ's formats calls, meta data and results are written and read.
 */
public enum SerializerFormat {

	/** JSON, as RQ's {@code JSONSerializer} writes it. */
	JSON,

	/** Pickles of plain values, as RQ writes and reads them by default. */
	PICKLE,

	/**
	 * Both are read, and a job is answered in the format in which it came; the jobs of
	 * this application are JSON.
	 */
	AUTO;

	/** What every pickle since protocol 2 begins with. */
	private static final byte PICKLED = (byte) 0x80;

	/**
	 * Returns whether bytes are a pickle.
	 * @param data the bytes of a call, of meta data or of a result
	 * @return whether they begin as pickles do
	 */
	public static boolean isPickle(byte[] data) {
		return data.length > 0 && data[0] == PICKLED;
	}

	/**
	 * Creates a serializer.
	 * @param mapper the mapper to derive from; it is not changed
	 * @param maxSize how many bytes of JSON the values of a pickle may take; one that is
	 * not much smaller itself is read all the same
	 * @return the serializer
	 */
	public JobSerializer serializer(JsonMapper mapper, long maxSize) {
		JacksonJobSerializer json = new JacksonJobSerializer(mapper);
		if (this == JSON) {
			return json;
		}
		PickleJobSerializer pickle = new PickleJobSerializer(json, maxSize);
		return (this == PICKLE) ? pickle : new AutoJobSerializer(json, pickle);
	}

}
