/**
 * CPU work: uploaded pictures become thumbnails.
 */
@NullMarked
package io.rq.sample.thumbnail;

import org.jspecify.annotations.NullMarked;
