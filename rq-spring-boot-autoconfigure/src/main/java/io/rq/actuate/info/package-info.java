/**
 * What {@code /actuator/info} tells of the workers of this application.
 */
@NullMarked
package io.rq.actuate.info;

import org.jspecify.annotations.NullMarked;
