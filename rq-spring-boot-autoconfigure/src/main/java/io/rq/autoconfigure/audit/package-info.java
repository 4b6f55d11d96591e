/**
 * Tells the application's audit of what is done through the operations.
 */
@NullMarked
package io.rq.autoconfigure.audit;

import org.jspecify.annotations.NullMarked;
