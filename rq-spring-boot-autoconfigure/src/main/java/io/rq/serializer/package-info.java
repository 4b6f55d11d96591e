/**
 * Arguments, meta data and results to and from bytes: JSON as RQ's {@code JSONSerializer}
 * writes it. The only user of Jackson.
 */
@NullMarked
package io.rq.serializer;

import org.jspecify.annotations.NullMarked;
