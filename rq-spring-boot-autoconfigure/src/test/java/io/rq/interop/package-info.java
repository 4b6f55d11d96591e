/**
 * Python RQ as the other side of whole scenarios.
 */
@NullMarked
package io.rq.interop;

import org.jspecify.annotations.NullMarked;
