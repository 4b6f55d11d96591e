/**
 * The documentation as a static site: {@link io.rq.docs.DocumentationSite} writes what
 * {@link io.rq.docs.Documentation} finds from {@code docs/README.md} on.
 */
@NullMarked
package io.rq.docs;

import org.jspecify.annotations.NullMarked;
