package io.rq.interop;

/**
 * What scripts of Python begin with that look at the default queue of JSON jobs.
 */
final class PythonHead {

	/** Names the connection, the queue, and ways to a job and to a registry. */
	static final String TEXT = """
			import os, sys
			from datetime import datetime, timedelta
			from redis import Redis
			from rq import Queue, Retry, Worker
			from rq.job import Job
			from rq.registry import *
			from rq.serializers import JSONSerializer

			redis = Redis.from_url(os.environ['REDIS_URL'])
			q = Queue('default', connection=redis, serializer=JSONSerializer)

			def fetch(id):
			    return Job.fetch(id, connection=redis, serializer=JSONSerializer)

			def registry(kind):
			    return kind('default', connection=redis, serializer=JSONSerializer)

			""";

	private PythonHead() {
	}

}
