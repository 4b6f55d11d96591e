/**
 * Observations of enqueueing and running, which become meters and traces where the
 * application has handlers for them. Its trace goes along in the meta data of jobs.
 */
@NullMarked
package io.rq.observation;

import org.jspecify.annotations.NullMarked;
