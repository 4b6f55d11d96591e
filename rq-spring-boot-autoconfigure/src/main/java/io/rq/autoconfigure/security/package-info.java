/**
 * Wires what needs Spring Security.
 */
@NullMarked
package io.rq.autoconfigure.security;

import org.jspecify.annotations.NullMarked;
