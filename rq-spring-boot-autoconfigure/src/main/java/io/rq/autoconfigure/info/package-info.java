/**
 * Auto-configuration of what {@code /actuator/info} tells.
 */
@NullMarked
package io.rq.autoconfigure.info;

import org.jspecify.annotations.NullMarked;
