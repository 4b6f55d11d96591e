@NullMarked
package io.rq.interop;

import org.jspecify.annotations.NullMarked;
