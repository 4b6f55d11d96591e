/**
 * Arguments, meta data and results to and from bytes: JSON as RQ's {@code JSONSerializer}
 * writes it, or the plain values of a pickle, which is what RQ writes by default. The
 * only user of Jackson.
 */
@NullMarked
package io.rq.serializer;

import org.jspecify.annotations.NullMarked;
