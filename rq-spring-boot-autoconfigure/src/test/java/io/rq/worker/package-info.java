@NullMarked
package io.rq.worker;

import org.jspecify.annotations.NullMarked;
