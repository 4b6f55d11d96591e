/**
 * Work that takes long, tells how far it has come, and can be stopped: a film is made of
 * a picture.
 */
@NullMarked
package io.rq.sample.film;

import org.jspecify.annotations.NullMarked;
