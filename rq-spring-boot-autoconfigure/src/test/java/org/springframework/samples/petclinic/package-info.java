/**
 * An application whose packages are below those of Spring.
 */
@NullMarked
package org.springframework.samples.petclinic;

import org.jspecify.annotations.NullMarked;
