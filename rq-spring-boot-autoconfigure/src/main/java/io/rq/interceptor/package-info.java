/**
 * What an application puts around the enqueueing and the running of its jobs. A package
 * of its own because both the template and the worker call it.
 */
@NullMarked
package io.rq.interceptor;

import org.jspecify.annotations.NullMarked;
