/**
 * The command line: commands for what is needed most of all that {@code RqOperations}
 * does, and nothing of its own. Starts no worker, no scheduler and no web server.
 */
@NullMarked
package io.rq.cli;

import org.jspecify.annotations.NullMarked;
