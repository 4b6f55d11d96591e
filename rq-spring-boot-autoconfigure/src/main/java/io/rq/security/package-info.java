/**
 * Who enqueued a job, where the application has Spring Security. It goes along as data
 * and gives nobody any right.
 */
@NullMarked
package io.rq.security;

import org.jspecify.annotations.NullMarked;
