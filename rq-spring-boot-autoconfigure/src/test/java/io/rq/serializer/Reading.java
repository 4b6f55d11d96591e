package io.rq.serializer;

/**
 * The things of a job that are serialized, each with what reads it.
 */
enum Reading {

	CALL {
		@Override
		void read(JobSerializer serializer, byte[] input) {
			SerializedCall call = serializer.readCall(input);
			call.args();
			call.kwargs();
		}
	},

	VALUE {
		@Override
		void read(JobSerializer serializer, byte[] input) {
			serializer.readValue(input, Object.class);
		}
	},

	META {
		@Override
		void read(JobSerializer serializer, byte[] input) {
			MetaData.read(serializer, input);
		}
	};

	/**
	 * Reads an input or refuses it.
	 * @param serializer reads it
	 * @param input the input
	 */
	abstract void read(JobSerializer serializer, byte[] input);

}
